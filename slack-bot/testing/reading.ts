import type { FakeMessage, Fields } from './world.ts'

/** A text as Slack would take it: `marked` texts are read for mentions and links, inert ones are shown as they are. */
interface Reading {
  readonly marked: string[]
  readonly urls: string[]
}

const collect = (value: unknown, into: Reading): void => {
  if (Array.isArray(value)) return value.forEach((inner) => collect(inner, into))
  if (value === null || typeof value !== 'object') return
  const { type, text, ...rest } = value as Fields
  if (typeof text === 'string' && (type === 'mrkdwn' || type === 'markdown')) into.marked.push(text)
  else if (typeof text === 'object') collect(text, into)
  for (const [key, inner] of Object.entries(rest))
    if (['url', 'image_url', 'thumbnail_url', 'title_url'].includes(key) && typeof inner === 'string')
      into.urls.push(inner)
    else collect(inner, into)
}

const MENTIONS = /<[!@#]|@(?:channel|here|everyone)\b/iu
/** What a client may turn into a link, or load: addresses with and without a scheme, and hosts of some endings. */
const LINKS =
  /[a-z][a-z0-9+.-]*:\/\/[^\s<>|()[\]]+|(?<![\p{L}\p{N}:\]/])\/\/[\p{L}\p{N}][^\s<>|()[\]]*|\bwww\.[^\s<>|()[\]]+|(?<![@\p{L}\p{N}._%+-])[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.(?:com|net|org|example|io|test)\b(?!@)[^\s<>|()[\]]*|\b(?:javascript|data|vbscript|mailto):\S+/giu

/** `evil[.]example` leads nowhere, whatever stands before it. */
const linksIn = (text: string): string[] =>
  [...text.matchAll(LINKS)].flatMap((match) =>
    text.startsWith('[.]', match.index + match[0].length) ? [] : [match[0]],
  )

const hostOf = (address: string): string => {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address.replace(/^\/\//, '')}`
  return URL.canParse(whole) ? new URL(whole).hostname.toLowerCase() : 'unreadable'
}

/** What is dangerous in a message as Slack would read it: people called, hosts off the list that a click or a preview reaches. */
export const dangersIn = (
  message: Pick<FakeMessage, 'text' | 'markdown' | 'blocks'>,
  hosts: ReadonlySet<string>,
): string[] => {
  const reading: Reading = { marked: [message.text, message.markdown], urls: [] }
  collect(message.blocks, reading)
  const mentions = reading.marked.flatMap((text) => MENTIONS.exec(text)?.[0] ?? [])
  const links = [...reading.urls, ...reading.marked.flatMap(linksIn)]
  const foreign = links.filter(
    (address) => !hosts.has(hostOf(address.replaceAll('&amp;', '&').replace(/&[lg]t;.*$/u, ''))),
  )
  return [
    ...mentions.map((mention) => `mention: ${mention}`),
    ...foreign.map((address) => `link: ${address.slice(0, 80)}`),
  ]
}
