import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { foldInPlace } from './words.ts'

/** A word or phrase of the query as the index knows it. */
export interface Term {
  readonly text: string
  /** Stems in the index: all must be met (several for a phrase, or for `e-mail`). */
  readonly lexemes: readonly string[]
  /** The same unstemmed, as names of senders are kept. */
  readonly plain: readonly string[]
  readonly isPrefix: boolean
}

const uniqueWords = (list: readonly string[]): readonly string[] => [...new Set(list)]

/** Terms that the index can find, and those that are too common to be in it. */
export const lexemesOf = async (
  tx: TenantTx,
  texts: readonly string[],
): Promise<{ readonly terms: readonly Term[]; readonly ignored: readonly string[] }> => {
  if (texts.length === 0) return { terms: [], ignored: [] }
  const found = await rows<{ stems: string[]; plain: string[] }>(
    tx,
    sql`select tsvector_to_array(to_tsvector('english', core.fold(rtrim(term, '*')))) as stems,
        tsvector_to_array(to_tsvector('simple', core.fold(rtrim(term, '*')))) as plain
      from unnest(${sql.param(texts)}::text[]) with ordinality as t(term, at) order by at`,
  )
  const terms: Term[] = []
  const ignored: string[] = []
  texts.forEach((text, at) => {
    const { stems, plain } = found[at]!
    const isPrefix = text.endsWith('*')
    const lexemes = uniqueWords(isPrefix ? plain : stems)
    if (lexemes.length === 0) ignored.push(text)
    else terms.push({ text, lexemes, plain: uniqueWords(plain), isPrefix })
  })
  return { terms, ignored }
}

/** Beginnings of words to look for in a text when its snippet is cut. */
export const stemsOf = (terms: readonly Term[]): readonly string[] =>
  terms.flatMap(({ text, lexemes }) => (/\s/.test(text) ? [foldInPlace(text)] : lexemes))
