import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { bm25 } from './bm25.ts'
import type { Occurrences, ScoredDocument } from './bm25.ts'
import type { Term } from './terms.ts'

export interface Match {
  readonly id: string
  readonly threadId: string
  readonly sentAt: string
  /** Postgres's own rank, only to choose what is scored. */
  readonly roughScore: number
  /** Places in the query of the terms it holds. */
  readonly terms: readonly number[]
}

/** Messages that are scored; the rest follow in rough order. */
const MAX_SCORED = 2_000

const NOTHING: Occurrences = { subject: 0, sender: 0, body: 0 }

interface WordRow {
  readonly id: string
  readonly length: number
  readonly words:
    | readonly { readonly w: string; readonly a: number; readonly b: number; readonly c: number }[]
    | null
}

const holdsWord = (term: Term, lexeme: string, word: string): boolean =>
  term.isPrefix ? word.startsWith(lexeme) : word === lexeme

/** A term of several stems occurs as often as the rarest of them. */
const occurrencesOf = (term: Term, words: NonNullable<WordRow['words']>): Occurrences => {
  const counts = [term.lexemes, term.plain].map((lexemes, spelling) =>
    lexemes.map((lexeme) => {
      const own = words.filter(({ w }) => holdsWord(term, lexeme, w))
      const sum = (field: 'a' | 'b' | 'c'): number => own.reduce((total, word) => total + word[field], 0)
      // Senders' names are indexed unstemmed, the rest stemmed.
      return spelling === 0
        ? { subject: sum('a'), sender: 0, body: sum('c') }
        : { subject: 0, sender: sum('b'), body: 0 }
    }),
  )
  const rarest = (list: readonly Occurrences[], field: keyof Occurrences): number =>
    list.length === 0 ? 0 : Math.min(...list.map((one) => one[field]))
  return {
    subject: rarest(counts[0]!, 'subject'),
    sender: rarest(counts[1]!, 'sender'),
    body: rarest(counts[0]!, 'body'),
  }
}

const readWords = (tx: TenantTx, ids: readonly string[], terms: readonly Term[]): Promise<WordRow[]> => {
  const exact = terms
    .filter(({ isPrefix }) => !isPrefix)
    .flatMap(({ lexemes, plain }) => [...lexemes, ...plain])
  const beginnings = terms
    .filter(({ isPrefix }) => isPrefix)
    .flatMap(({ lexemes }) => lexemes.map((lexeme) => `${lexeme.replace(/[\\%_]/g, '\\$&')}%`))
  return rows<WordRow>(
    tx,
    sql`select m.id, all_words.length, all_words.words
      from intel.mail_messages m, lateral (
        select coalesce(sum(cardinality(u.positions)), 0)::int as length,
          jsonb_agg(jsonb_build_object('w', u.lexeme,
            'a', cardinality(array_positions(u.weights, 'A')),
            'b', cardinality(array_positions(u.weights, 'B')),
            'c', cardinality(array_positions(u.weights, 'C'))))
            filter (where u.lexeme = any(${sql.param(exact)}::text[]) or u.lexeme like any(${sql.param(beginnings)}::text[])) as words
        from unnest(m.search) as u
      ) as all_words
      where m.id = any(${sql.param(ids)}::uuid[])`,
  )
}

/** Score of each match by BM25 over this workspace's mail; idf from how many messages hold each term. */
export const rankMatches = async (
  tx: TenantTx,
  matches: readonly Match[],
  terms: readonly Term[],
  holding: readonly number[],
): Promise<ReadonlyMap<string, number>> => {
  const scored = [...matches].sort((a, b) => b.roughScore - a.roughScore).slice(0, MAX_SCORED)
  const [size] = await rows<{ messages: number }>(
    tx,
    sql`select count(*)::int as messages from intel.mail_messages where deleted_at is null`,
  )
  const words = await readWords(
    tx,
    scored.map(({ id }) => id),
    terms,
  )
  const held = new Map(scored.map((match) => [match.id, match.terms]))
  const documents = words.map((row): ScoredDocument => {
    const occurrences = new Map(
      (held.get(row.id) ?? []).map((at) => [
        at,
        row.words === null ? NOTHING : occurrencesOf(terms[at]!, row.words),
      ]),
    )
    return { id: row.id, length: row.length, occurrences }
  })
  return bm25(documents, { size: size?.messages ?? 0, holding })
}
