import type { KnownBlock } from '@slack/types'
import { clip, link, mrkdwn, plain, quoted, type Hosts } from './text.ts'

export interface DigestLine {
  readonly text: string
  /** A page of the inbox. */
  readonly url?: string
}
export interface DigestContent {
  readonly title: string
  /** What it covers, e.g. `Fri 20 Nov to Sat 21 Nov`. */
  readonly window: string
  /** The most urgent first. */
  readonly sections: readonly { readonly heading: string; readonly lines: readonly DigestLine[] }[]
}
export interface DigestMessage {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

const MOST_SECTIONS = 40
const LONGEST_SECTION = 2800
const LONGEST_LINE = 280
const LONGEST_URL = 500
/** Less than Slack takes over all blocks of a message. */
const LONGEST_MESSAGE = 9000

const lineOf = ({ text, url }: DigestLine, hosts: Hosts): string => {
  const words = clip(text, LONGEST_LINE)
  return `• ${url !== undefined && url.length <= LONGEST_URL ? link(url, words, hosts) : quoted(words)}`
}

/** Lines of a section in texts that Slack takes, the first under its heading. */
const textsOf = (heading: string, lines: readonly string[]): string[] => {
  const texts = [`*${quoted(heading, 150) || 'More'}*`]
  for (const line of lines) {
    const last = texts.at(-1)!
    if (last.length + line.length + 1 > LONGEST_SECTION) texts.push(line)
    else texts[texts.length - 1] = `${last}\n${line}`
  }
  return texts
}

type Section = DigestContent['sections'][number]

const messagesOf = (
  sections: readonly Section[],
  {
    text,
    head,
    hosts,
  }: { readonly text: string; readonly head: readonly KnownBlock[]; readonly hosts: Hosts },
): readonly DigestMessage[] => {
  const texts = sections.flatMap(({ heading, lines }) =>
    textsOf(
      heading,
      lines.map((line) => lineOf(line, hosts)),
    ),
  )
  const messages: KnownBlock[][] = [[...head]]
  let length = 0
  for (const section of texts) {
    const isFull = length + section.length > LONGEST_MESSAGE || messages.at(-1)!.length >= MOST_SECTIONS
    if (isFull) messages.push([])
    length = isFull ? section.length : length + section.length
    messages.at(-1)!.push({ type: 'section', text: mrkdwn(section) })
  }
  return messages.map((blocks) => ({ text, blocks }))
}

/**
 * A digest as messages within every limit of Slack's: the first to post, the others as replies in its thread. Texts of
 * records stand for themselves in it; only addresses on the list are links.
 */
export const digestMessages = (
  { title, window, sections }: DigestContent,
  hosts: Hosts,
): readonly DigestMessage[] =>
  messagesOf(sections, {
    text: quoted(`${title}, ${window}`, 200),
    head: [
      { type: 'header', text: plain(title, 150) },
      { type: 'context', elements: [plain(window, 200)] },
    ],
    hosts,
  })

/** The reply about one person or company, in as many messages as it needs. */
export const replyMessages = (section: Section, hosts: Hosts): readonly DigestMessage[] =>
  messagesOf([section], { text: quoted(section.heading, 200) || 'More', head: [], hosts })
