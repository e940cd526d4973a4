import { compile } from 'html-to-text'

/** Longest text kept, in characters: what Postgres can index of one document. */
export const MAX_TEXT_CHARACTERS = 250_000
const MAX_HTML_CHARACTERS = 1_000_000

const HIDDEN = [
  '[hidden]',
  '[style*="display:none"]',
  '[style*="display: none"]',
  '[style*="visibility:hidden"]',
  '[style*="visibility: hidden"]',
  '[style*="font-size:0"]',
  '[style*="max-height:0"]',
]

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: MAX_HTML_CHARACTERS, maxDepth: 200, ellipsis: '' },
  selectors: [
    ...HIDDEN.map((selector) => ({ selector, format: 'skip' })),
    ...['img', 'style', 'script', 'head'].map((selector) => ({ selector, format: 'skip' })),
    { selector: 'a', options: { ignoreHref: true } },
    {
      selector: 'blockquote',
      format: 'blockquote',
      options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
    },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    // Most tables of mail are layout: a row is a line, its cells stand beside each other.
    { selector: 'tr', format: 'block' },
    ...['td', 'th'].map((selector) => ({ selector, format: 'inlineSurround', options: { suffix: ' ' } })),
  ],
})

/** Readable text of an HTML body: hidden parts left out, quotes with `>`. Never throws; what cannot be laid out is stripped of its tags. */
export const htmlToText = (html: string): string => {
  try {
    return convert(html)
  } catch {
    return html.slice(0, MAX_HTML_CHARACTERS).replace(/<[^>]*>/g, ' ')
  }
}

export interface CleanText {
  readonly text: string
  readonly hadControls: boolean
  readonly wasCut: boolean
}

/** Text as the database can hold it: no NUL, no lone surrogates, LF line ends, at most MAX_TEXT_CHARACTERS. */
export const storable = (text: string, maxCharacters: number = MAX_TEXT_CHARACTERS): CleanText => {
  const hadControls = text.includes('\u0000')
  const unix = text.replaceAll('\u0000', '').replace(/\r\n?/g, '\n').replaceAll('\ufeff', '')
  const wasCut = unix.length > maxCharacters
  return { text: (wasCut ? unix.slice(0, maxCharacters) : unix).toWellFormed(), hadControls, wasCut }
}
