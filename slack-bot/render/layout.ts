import { forChat } from '../../digest/render.ts'
import type { Block, Layout } from '../../digest/layout.ts'
import type { DigestContent, DigestLine } from './digest.ts'

const lineOf = ({ text, detail, sources, action }: Block['lines'][number]): DigestLine => {
  const words = [text, detail, sources].filter((part) => part !== '').join(' · ')
  return action === undefined ? { text: words } : { text: words, url: action.href }
}

const sectionOf = (block: Block, heading: string): DigestContent['sections'][number] => ({
  heading,
  lines: [...block.lines.map(lineOf), ...(block.note === undefined ? [] : [{ text: block.note }])],
})

/** A digest as Slack is told it: what needs somebody first, then each person or company; a quiet day in one line. */
export const digestContent = (layout: Layout): DigestContent => {
  const { title, subtitle, quiet, root, replies, still, inboxHref } = forChat(layout)
  const inbox = { text: 'Open the inbox', url: inboxHref }
  return {
    title,
    window: subtitle,
    sections: [
      ...(quiet === null ? [] : [{ heading: 'A quiet day', lines: [{ text: quiet }] }]),
      ...root.map((block) => sectionOf(block, block.title)),
      ...replies.map(({ of, block }) => sectionOf(block, of)),
      { heading: 'More', lines: [...(still === null ? [] : [{ text: still }]), inbox] },
    ],
  }
}
