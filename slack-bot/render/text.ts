import type { MrkdwnElement, PlainTextElement } from '@slack/types'
import { closedText } from '../../domain/closed-text.ts'

/** Characters that show nothing and can hide words or turn them round; joiners that letters and emoji need stay. */
const HIDDEN = /(?!\u200c|\u200d|\ufe0f)(?:\p{Cf}|\p{Default_Ignorable_Code_Point})/gu
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
/** In place of `@` before a word that calls everybody. */
const AT = '＠'
const CALLS_ALL = /@(?=channel|here|everyone|group|subteam)/giu

/** `www.` within what reads as an address of mail: in scripts without blanks a client may begin a link there. */
const GLUED = /(?<=[^\s/.([<])www\.[\p{L}\p{N}.-]+/giu
const closed = (text: string, hosts?: Hosts): string =>
  closedText(text, hosts ? { hosts } : {}).replaceAll(GLUED, (host) => host.replaceAll('.', '[.]'))

/** Hosts, in small letters, that may be linked to: the inbox's, and those that the house lists. */
export type Hosts = ReadonlySet<string>

/** The host of an address of ours, as the only one that may be linked to. */
export const hostsOf = (inboxUrl: string): Hosts => new Set([new URL(inboxUrl).hostname.toLowerCase()])

/** At most so many characters (UTF-16 units, as Slack counts), never half of a pair, `…` where it was cut. */
export const clip = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, Math.max(0, most - 1))
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`

/** Text as it may stand anywhere: well formed, nothing hidden in it. */
export const clean = (text: string): string =>
  text.toWellFormed().replaceAll(CONTROL, '').replaceAll(HIDDEN, '').replaceAll(CALLS_ALL, AT)

/** No mark-up, no mention, no link is read in it. Slack takes no empty text: a dash stands for it. */
export const plain = (text: string, most = 3000): PlainTextElement => ({
  type: 'plain_text',
  text: clip(clean(text).trim() || '–', most),
  emoji: false,
})

/** Slack's three characters. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** What stands for itself in Slack's own mark-up: a look-alike in place of each sign that would format. */
const SIGNS: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' }

/** A text of somebody's, cut to `most` characters, within a line of our mark-up: escaped, nothing in it formats, its links lead nowhere. */
export const quoted = (text: string, most = 300): string =>
  escaped(clean(closed(clip(clean(text).replaceAll(/\s+/g, ' ').trim(), most)))).replaceAll(
    /[*_~`]/g,
    (sign) => SIGNS[sign]!,
  )

/** Our own mark-up, with `quoted` texts in it. Slack makes no link and no mention of its own in it. */
export const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true })

/** `<address|words>` where the host is listed, else the words alone. */
export const link = (url: string, words: string, hosts: Hosts): string => {
  const isOurs =
    URL.canParse(url) &&
    /^https?:$/.test(new URL(url).protocol) &&
    hosts.has(new URL(url).hostname.toLowerCase())
  const address = isOurs ? new URL(url).href.replaceAll('|', '%7C') : ''
  return isOurs ? `<${escaped(address).replaceAll('&gt;', '%3E')}|${quoted(words)}>` : quoted(words)
}

/** A line of an answer in Markdown: what formats stays, what calls, leads away or loads does not. */
export const markdownLine = (line: string, hosts: Hosts): string => {
  const dead = closed(clean(line), hosts)
  const [, quote = '', rest = ''] = /^(\s{0,3}(?:>\s?)*)([\s\S]*)$/u.exec(dead) ?? []
  return quote + escaped(rest).replaceAll(CALLS_ALL, AT)
}

/** A line within a fence of code, where entities would be shown as they are: dead like any other, no sign of a mention in it. */
export const codeLine = (line: string): string => clean(closed(clean(line))).replaceAll('<', '‹')
