import type { RecordRef } from './records.ts'

/** Who a text comes from: the person who asks, a colleague, our own code, or somebody outside. */
export const INTEGRITIES = ['system', 'user', 'member', 'external'] as const
export type Integrity = (typeof INTEGRITIES)[number]

/** Where a value that a tool gave out comes from, and who has seen it already. */
export interface Label {
  /** Null where a query gave out text of messages without naming them. */
  readonly source: RecordRef | null
  /** What a person reads: `mail from dana@acme.example, 2026-11-03`. */
  readonly what: string
  /** Address of who wrote it, in small letters. */
  readonly author: string | null
  readonly integrity: Integrity
  /** Addresses of those it was sent to, and its author; empty where nobody is known. */
  readonly readers: readonly string[]
}

/** The least trusted of several; `system` of none. */
export const worstOf = (labels: readonly Pick<Label, 'integrity'>[]): Integrity =>
  labels.reduce<Integrity>(
    (worst, { integrity }) =>
      INTEGRITIES.indexOf(integrity) > INTEGRITIES.indexOf(worst) ? integrity : worst,
    'system',
  )

/** The same once something more was shown: a conversation never becomes cleaner. */
export const tainted = (before: Integrity, shown: readonly Pick<Label, 'integrity'>[]): Integrity =>
  worstOf([{ integrity: before }, ...shown])

/** Where the words of a proposed field stand. `model`: nowhere that we know of. */
export type Provenance = 'typed' | 'crm' | 'outside' | 'model'

/** Texts to look in, as they read on the person's own screen. */
export interface Evidence {
  /** What the member said in this conversation. */
  readonly typed: readonly string[]
  /** What the workspace's own records hold. */
  readonly crm: readonly string[]
  readonly outside: readonly OutsideText[]
}

export interface OutsideText {
  readonly label: Label
  readonly text: string
  /** The same by column of the record, for saying where in it a value stands. */
  readonly parts?: readonly { readonly column: string; readonly text: string }[]
}

/** Where in a record a value stands; `start` and `end` count UTF-16 units of that column's text. */
export interface Span {
  readonly column: string
  readonly start: number
  readonly end: number
  /** The words there, cut at 200. */
  readonly quote: string
}

const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** Letters and digits alone, without case, accents and invisible characters. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(INVISIBLE, '')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}@]+/gu, ' ')
    .trim()

const holds = (text: string, value: string): boolean => ` ${folded(text)} `.includes(` ${value} `)

const MAX_QUOTE = 200

/** Where the words of `wanted`, which is folded, stand in a text as it was written. */
const spanIn = (text: string, wanted: string): readonly [start: number, end: number] | undefined => {
  let flat = ''
  const at: number[] = []
  for (let place = 0; place < text.length;) {
    const letter = String.fromCodePoint(text.codePointAt(place)!)
    const plain = folded(letter)
    const seen =
      plain === '' ? (letter.replaceAll(INVISIBLE, '') === '' || /^\p{M}/u.test(letter) ? '' : ' ') : plain
    for (const unit of seen) {
      if (unit === ' ' && (flat === '' || flat.endsWith(' '))) continue
      flat += unit
      at.push(...Array.from({ length: unit.length }, () => place))
    }
    place += letter.length
  }
  const found = ` ${flat} `.indexOf(` ${wanted} `)
  if (found < 0) return undefined
  const last = at[found + wanted.length - 1]!
  return [at[found]!, last + String.fromCodePoint(text.codePointAt(last)!).length]
}

const spanOf = ({ parts = [] }: OutsideText, wanted: string): Span | null => {
  for (const { column, text } of parts) {
    const span = spanIn(text, wanted)
    if (span) {
      const [start, end] = span
      return { column, start, end, quote: text.slice(start, Math.min(end, start + MAX_QUOTE)).toWellFormed() }
    }
  }
  return null
}

/** Where a value stands: what was typed comes before what the records hold, and that before what came from outside. */
export const provenanceOf = (
  value: string,
  { typed, crm, outside }: Evidence,
): { readonly from: Provenance; readonly label: Label | null; readonly span: Span | null } => {
  const wanted = folded(value)
  if (wanted === '' || typed.some((text) => holds(text, wanted)))
    return { from: 'typed', label: null, span: null }
  if (crm.some((text) => holds(text, wanted))) return { from: 'crm', label: null, span: null }
  const found = outside.find(({ text }) => holds(text, wanted))
  if (!found) return { from: 'model', label: null, span: null }
  return { from: 'outside', label: found.label, span: spanOf(found, wanted) }
}
