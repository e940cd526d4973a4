import { parseDocument, DomUtils } from 'htmlparser2'
import MarkdownIt from 'markdown-it'

/*
 * Judges what a client would do with a text, by libraries that know nothing of ours: Markdown drawn with HTML and bare
 * links switched on, then every element and attribute that loads or leads somewhere.
 */

const markdown = new MarkdownIt({ html: true, linkify: true })

const RUNS = new Set([
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

/** A mail with nothing written yet, or to nobody: it leads nowhere by itself. */
const DEAD_MAIL = /^mailto:(?:[^?]*$|[^@]*$)/iu

const leadsAway = (target: string, hosts: ReadonlySet<string>): boolean => {
  const text = target.trim()
  if (text === '' || DEAD_MAIL.test(text)) return false
  if (!URL.canParse(text, HERE)) return false
  const { protocol, hostname, origin } = new URL(text, HERE)
  if (`${origin}/` === HERE) return false
  return !/^https?:$/u.test(protocol) || !hosts.has(hostname)
}

const elementsIn = (page: string) =>
  DomUtils.findAll(() => true, parseDocument(page, { lowerCaseAttributeNames: true }).children)

/** Where an HTML page loads from or leads to that is on no list, in words; its own relative links are its own. */
const awayInHtml = (page: string, hosts: ReadonlySet<string>): readonly string[] =>
  elementsIn(page).flatMap(({ name, attribs }) =>
    Object.entries(attribs).flatMap(([attribute, value]) =>
      LEADS.has(attribute) && leadsAway(value, hosts) ? [`${name} ${attribute}=${value}`] : [],
    ),
  )

/** The same, and what a page runs or draws by elements of its own. */
export const liveInHtml = (page: string, hosts: ReadonlySet<string> = new Set()): readonly string[] => [
  ...awayInHtml(page, hosts),
  ...elementsIn(page).flatMap(({ name, attribs }) => [
    ...(RUNS.has(name) ? [`<${name}>`] : []),
    ...Object.entries(attribs).flatMap(([attribute, value]) =>
      attribute.startsWith('on') || (attribute === 'style' && /url\s*\(/iu.test(value))
        ? [`${name} ${attribute}`]
        : [],
    ),
  ]),
]

/** What is live in a text that a client draws as Markdown with HTML in it, and letters in it that nobody sees. */
export const liveInMarkdown = (text: string): readonly string[] => [
  ...liveInHtml(markdown.render(text)),
  ...(INVISIBLE.test(text) ? ['letters that nobody sees'] : []),
]

/** Where such a text leads or loads from. */
export const awayInMarkdown = (text: string): readonly string[] =>
  awayInHtml(markdown.render(text), new Set())
