import { repeats } from './approval-policy.ts'
import type { Label } from './label.ts'

/** Sentences and lines, with what stands between them. */
const PIECES = /[^.!?\n]+(?:[.!?]+|\n|$)\s*|[.!?\n]+\s*/gu

/**
 * A draft as `reader` may have it: a piece that repeats a text which was not sent to them is left out, and what it came
 * from is said. `reader` is an address in small letters.
 */
export const withheldFor = (
  draft: string,
  reader: string,
  sources: readonly { readonly label: Label; readonly text: string }[],
): string => {
  const closed = sources.filter(({ label }) => !label.readers.includes(reader))
  let last = ''
  return (draft.match(PIECES) ?? [])
    .flatMap((piece) => {
      const source = closed.find(({ text }) => repeats(piece, text))
      const said = source === undefined ? piece : `[left out: ${source.label.what}]\n`
      if (source !== undefined && said === last) return []
      last = said
      return [said]
    })
    .join('')
}
