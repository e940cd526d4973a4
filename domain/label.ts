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
  readonly outside: readonly { readonly label: Label; readonly text: string }[]
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

/** Where a value stands: what was typed comes before what the records hold, and that before what came from outside. */
export const provenanceOf = (
  value: string,
  { typed, crm, outside }: Evidence,
): { readonly from: Provenance; readonly label: Label | null } => {
  const wanted = folded(value)
  if (wanted === '' || typed.some((text) => holds(text, wanted))) return { from: 'typed', label: null }
  if (crm.some((text) => holds(text, wanted))) return { from: 'crm', label: null }
  const found = outside.find(({ text }) => holds(text, wanted))
  return found ? { from: 'outside', label: found.label } : { from: 'model', label: null }
}
