/** Markup that is safe to send: made by the `html` template alone, which escapes every value put into it. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Characters that can make a text look like another one: controls, bidi overrides, zero widths, tags. */
const UNSEEN =
  /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]--[\u{fe0e}-\u{fe0f}\u{200c}-\u{200d}\n\r\t]]/gv

const shownCode = (character: string): string =>
  `⟦U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟧`

/** Escapes for text and quoted attributes; unseen characters are written out, so that nothing hides from who decides. */
export const escape = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!)
    .replaceAll(UNSEEN, shownCode)

export type Content = string | number | Html | null | false | readonly Content[]

const render = (content: Content): string => {
  if (content === null || content === false) return ''
  if (content instanceof Html) return content.text
  if (typeof content === 'string' || typeof content === 'number') return escape(String(content))
  return content.map(render).join('')
}

export const html = (parts: TemplateStringsArray, ...contents: readonly Content[]): Html =>
  new Html(parts.reduce((text, part, place) => text + render(contents[place - 1] ?? null) + part))
