import { parseDocument, DomUtils } from 'htmlparser2'
import MarkdownIt from 'markdown-it'

/*
 * Judges what a client would do with a text, by libraries that know nothing of ours: Markdown drawn with HTML and bare
 * links switched on, then every element and attribute that loads or leads somewhere.
 */

const markdown = new MarkdownIt({ html: true, linkify: true })

const LOADS = new Set([
  'script',
  'iframe',
  'frame',
  'object',
  'embed',
  'link',
  'meta',
  'base',
  'form',
  'style',
  'svg',
  'math',
])
const LEADS = new Set([
  'href',
  'src',
  'srcset',
  'action',
  'formaction',
  'background',
  'poster',
  'data',
  'xlink:href',
  'ping',
])
const HERE = 'http://tact.here/'
const INVISIBLE = /[\u{e0000}-\u{e007f}\u200b\u202a-\u202e\u2066-\u2069]/u

/** An address to write to, with nothing written yet: it leads nowhere by itself. */
const PLAIN_ADDRESS = /^mailto:[^?]*$/iu

const leadsAway = (target: string, hosts: ReadonlySet<string>): boolean => {
  const text = target.trim()
  if (text === '' || PLAIN_ADDRESS.test(text)) return false
  if (!URL.canParse(text, HERE)) return false
  const { protocol, hostname, origin } = new URL(text, HERE)
  if (`${origin}/` === HERE) return false
  return !/^https?:$/u.test(protocol) || !hosts.has(hostname)
}

/** What an HTML page loads, runs or leads to that is on no list, in words; its own relative links are its own. */
export const liveInHtml = (page: string, hosts: ReadonlySet<string> = new Set()): readonly string[] => {
  const elements = DomUtils.findAll(
    () => true,
    parseDocument(page, { lowerCaseAttributeNames: true }).children,
  )
  return elements.flatMap(({ name, attribs }) => [
    ...(LOADS.has(name) ? [`<${name}>`] : []),
    ...Object.entries(attribs).flatMap(([attribute, value]) => {
      if (attribute.startsWith('on')) return [`${name} ${attribute}`]
      if (attribute === 'style' && /url\s*\(/iu.test(value)) return [`${name} style`]
      if (!LEADS.has(attribute)) return []
      return leadsAway(value, hosts) ? [`${name} ${attribute}=${value}`] : []
    }),
  ])
}

/** The same of a text that a client draws as Markdown, and letters in it that nobody sees. */
export const liveInMarkdown = (text: string, hosts: ReadonlySet<string> = new Set()): readonly string[] => [
  ...liveInHtml(markdown.render(text), hosts),
  ...(INVISIBLE.test(text) ? ['letters that nobody sees'] : []),
]
