import { createHash } from 'node:crypto'
import { forChat } from '../../digest/render.ts'
import type { Block, Layout } from '../../digest/layout.ts'
import { digestMessages, replyMessages } from './digest.ts'
import type { DigestContent, DigestLine, DigestMessage } from './digest.ts'
import type { Hosts } from './text.ts'

const lineOf = ({ text, detail, sources, action }: Block['lines'][number]): DigestLine => {
  const words = [text, detail, sources].filter((part) => part !== '').join(' · ')
  return action === undefined ? { text: words } : { text: words, url: action.href }
}

const sectionOf = (block: Block, heading: string): DigestContent['sections'][number] => ({
  heading,
  lines: [...block.lines.map(lineOf), ...(block.note === undefined ? [] : [{ text: block.note }])],
})

/** A message of a digest; `key` tells it from the others, also when the digest is made anew. */
export interface DigestPost extends DigestMessage {
  readonly key: string
}

const keyOf = (block: Block): string =>
  createHash('sha256')
    .update(JSON.stringify([block.section, block.of]))
    .digest('hex')
    .slice(0, 16)

const keyed = (messages: readonly DigestMessage[], key: string): readonly DigestPost[] =>
  messages.map((message, at) => ({ ...message, key: `${key}:${at}` }))

/**
 * A digest as Slack is told it: what needs somebody in the first message, then a reply for each person or company; a
 * quiet day in one line.
 */
export const digestPosts = (layout: Layout, hosts: Hosts): readonly DigestPost[] => {
  const { title, subtitle, quiet, root, replies, still, inboxHref } = forChat(layout)
  const content: DigestContent = {
    title,
    window: subtitle,
    sections: [
      ...(quiet === null ? [] : [{ heading: 'A quiet day', lines: [{ text: quiet }] }]),
      ...root.map((block) => sectionOf(block, block.title)),
      {
        heading: 'More',
        lines: [...(still === null ? [] : [{ text: still }]), { text: 'Open the inbox', url: inboxHref }],
      },
    ],
  }
  return [
    ...keyed(digestMessages(content, hosts), 'root'),
    ...replies.flatMap(({ of, block }) => keyed(replyMessages(sectionOf(block, of), hosts), keyOf(block))),
  ]
}
