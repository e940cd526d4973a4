import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { filterSql } from './filters.ts'
import type { MailFilters } from './filters.ts'
import { rankMatches } from './rank.ts'
import type { Match } from './rank.ts'
import { snippetOf } from './snippet.ts'
import { lexemesOf, stemsOf } from './terms.ts'
import type { Term } from './terms.ts'
import { parseWords } from './words.ts'
import type { SearchWords } from './words.ts'

export type SearchSort = 'relevance' | 'newest' | 'oldest'

export interface SearchOptions extends MailFilters {
  /** Words, "exact phrases", -words; empty: everything the filters let through. */
  readonly query: string
  readonly limit: number
  readonly cursor?: string | null | undefined
  /** `relevance` when there are words, else `newest`. */
  readonly sort?: SearchSort | undefined
  /** Only the best message of each thread. */
  readonly onePerThread?: boolean
}

export interface MailHit {
  readonly id: string
  readonly threadId: string
  readonly subject: string
  /** ISO 8601, UTC. */
  readonly sentAt: string
  readonly direction: 'inbound' | 'outbound' | 'internal'
  readonly fromAddress: string | null
  readonly fromPersonId: string | null
  readonly fromMemberId: string | null
  readonly companyId: string | null
  readonly hasAttachment: boolean
  /** At most 300 characters around the best hit. */
  readonly snippet: string
  /** BM25; 0 in order of time. */
  readonly score: number
}

export interface MailResult {
  readonly hits: readonly MailHit[]
  /** All matches; a lower bound when not `exact`. */
  readonly total: number
  readonly exact: boolean
  readonly nextCursor: string | null
  readonly words: SearchWords
  /** Words too common to search by. */
  readonly ignored: readonly string[]
}

/** Most messages one word may bring in; beyond it the rarest-ranked fall out and the total is a lower bound. */
const MAX_CANDIDATES = 20_000

const withoutExcluded = (excluded: readonly string[]): SQL =>
  excluded.length === 0
    ? sql`true`
    : sql.join(
        excluded.map(
          (word) =>
            sql`not (m.search @@ (phraseto_tsquery('english', core.fold(${word})) || phraseto_tsquery('simple', core.fold(${word}))))`,
        ),
        sql` and `,
      )

/** The index knows words by their stems; the exact words of a phrase are looked for in the text. */
const withPhrases = (phrases: readonly string[]): SQL =>
  phrases.length === 0
    ? sql`true`
    : sql.join(
        phrases.map(
          (phrase) =>
            sql`position(core.fold(${phrase}) in regexp_replace(core.fold(m.subject || E'\n' || m.body_text), '\\s+', ' ', 'g')) > 0`,
        ),
        sql` and `,
      )

interface HitRow {
  readonly id: string | null
  readonly terms: readonly number[]
  readonly score: number
}

interface PlaceRow {
  readonly id: string
  readonly thread_id: string
  readonly sent_at: string
}

/**
 * Messages that hold a term and pass the filters, and how many hold each. In two steps, by id: as one join it ran for a
 * minute on tables without statistics.
 */
const byWords = async (
  tx: TenantTx,
  terms: readonly Term[],
  required: readonly number[],
  where: SQL,
): Promise<{ readonly matches: readonly Match[]; readonly holding: readonly number[] }> => {
  const found = await rows<HitRow>(
    tx,
    sql`with hits as materialized (
        select t.term_at::int as term_at, c.id, c.score
        from unnest(${sql.param(terms.map(({ text }) => text))}::text[]) with ordinality as t(term, term_at),
          lateral intel.search_mail_candidates(array[t.term], ${MAX_CANDIDATES}) as c
      )
      select id, array_agg(term_at) as terms, sum(score)::float8 as score from hits group by id
      having array_agg(term_at) @> ${sql.param(required.map((at) => at + 1))}::int[]
      union all
      select null, array[term_at], count(*)::float8 from hits group by term_at`,
  )
  const holding = terms.map(() => 0)
  const hits = new Map<string, HitRow>()
  for (const row of found) {
    if (row.id === null) holding[row.terms[0]! - 1] = row.score
    else hits.set(row.id, row)
  }
  const places = await rows<PlaceRow>(
    tx,
    sql`select m.id, m.thread_id, m.sent_at from intel.mail_messages m
      where m.id = any(${sql.param([...hits.keys()])}::uuid[]) and ${where}`,
  )
  const matches = places.map(({ id, thread_id: threadId, sent_at: sentAt }): Match => {
    const { terms: held, score } = hits.get(id)!
    return { id, threadId, sentAt, roughScore: score, terms: held.map((at) => at - 1) }
  })
  return { matches, holding }
}

const byFilters = async (tx: TenantTx, where: SQL): Promise<readonly Match[]> => {
  const found = await rows<PlaceRow>(
    tx,
    sql`select m.id, m.thread_id, m.sent_at from intel.mail_messages m where ${where}`,
  )
  return found.map((row) => ({
    id: row.id,
    threadId: row.thread_id,
    sentAt: row.sent_at,
    roughScore: 0,
    terms: [],
  }))
}

const inOrder = (
  matches: readonly Match[],
  scores: ReadonlyMap<string, number>,
  sort: SearchSort,
): readonly Match[] => {
  const byTime = (a: Match, b: Match): number => a.sentAt.localeCompare(b.sentAt) || a.id.localeCompare(b.id)
  switch (sort) {
    case 'oldest':
      return [...matches].sort(byTime)
    case 'newest':
      return [...matches].sort((a, b) => byTime(b, a))
    case 'relevance':
      return [...matches].sort(
        (a, b) =>
          (scores.get(b.id) ?? -1) - (scores.get(a.id) ?? -1) || b.roughScore - a.roughScore || byTime(b, a),
      )
  }
}

const firstOfThreads = (matches: readonly Match[]): readonly Match[] => {
  const seen = new Set<string>()
  return matches.filter(({ threadId }) => !seen.has(threadId) && seen.add(threadId))
}

interface MessageRow {
  readonly id: string
  readonly thread_id: string
  readonly subject: string
  readonly sent_at: string
  readonly direction: MailHit['direction']
  readonly from_address: string | null
  readonly from_person_id: string | null
  readonly from_member_id: string | null
  readonly company_id: string | null
  readonly has_attachment: boolean
  readonly body_text: string
}

const readPage = async (
  tx: TenantTx,
  page: readonly Match[],
  terms: readonly Term[],
  scores: ReadonlyMap<string, number>,
): Promise<readonly MailHit[]> => {
  const found = await rows<MessageRow>(
    tx,
    sql`select m.id, m.thread_id, m.subject, m.sent_at, m.direction, m.from_address, m.from_person_id, m.from_member_id,
        m.company_id, m.has_attachment, left(m.body_text, 100000) as body_text
      from intel.mail_messages m where m.id = any(${sql.param(page.map(({ id }) => id))}::uuid[])`,
  )
  const stems = stemsOf(terms)
  const byId = new Map(found.map((row) => [row.id, row]))
  return page.flatMap(({ id }) => {
    const row = byId.get(id)
    if (!row) return []
    return [
      {
        id,
        threadId: row.thread_id,
        subject: row.subject,
        sentAt: row.sent_at,
        direction: row.direction,
        fromAddress: row.from_address,
        fromPersonId: row.from_person_id,
        fromMemberId: row.from_member_id,
        companyId: row.company_id,
        hasAttachment: row.has_attachment,
        snippet: snippetOf(row.body_text, stems),
        score: scores.get(id) ?? 0,
      },
    ]
  })
}

/**
 * Finds mail by words and filters, best first. Words are matched by their English stems, and one of them is enough;
 * phrases must occur word for word, excluded words must not. Quoted text and signatures are not searched.
 * Throws a user error for a cursor of another search and for a record that is no party to mail.
 */
export const searchMail = async (tx: TenantTx, options: SearchOptions): Promise<MailResult> => {
  // Relative dates move with the clock from page to page; the words and the other filters must stay.
  const { limit, cursor, after: _after, before: _before, ...question } = options
  const offset = readCursor(cursor, question)
  const words = parseWords(options.query)
  const { terms: wordTerms, ignored } = await lexemesOf(tx, words.words)
  const { terms: phraseTerms } = await lexemesOf(tx, words.phrases)
  const terms = [...wordTerms, ...phraseTerms]
  const required = phraseTerms.map((_term, at) => wordTerms.length + at)
  const where = sql`${filterSql(options)} and ${withoutExcluded(words.excluded)} and ${withPhrases(words.phrases)}`

  const isSearch = terms.length > 0
  const { matches, holding } = isSearch
    ? await byWords(tx, terms, required, where)
    : { matches: await byFilters(tx, where), holding: [] }
  const sort = options.sort ?? (isSearch ? 'relevance' : 'newest')
  const scores =
    isSearch && sort === 'relevance'
      ? await rankMatches(tx, matches, terms, holding)
      : new Map<string, number>()
  const sorted = inOrder(matches, scores, isSearch || sort !== 'relevance' ? sort : 'newest')
  const listed = options.onePerThread === true ? firstOfThreads(sorted) : sorted
  const page = listed.slice(offset, offset + limit)
  const hasMore = offset + page.length < listed.length
  return {
    hits: await readPage(tx, page, terms, scores),
    total: listed.length,
    exact: holding.every((count) => count < MAX_CANDIDATES),
    nextCursor: hasMore ? writeCursor(offset + page.length, question) : null,
    words,
    ignored,
  }
}
