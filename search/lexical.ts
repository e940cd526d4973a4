import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { MeantText } from './embed/query.ts'
import { filterSql, isFiltered } from './filters.ts'
import type { MailFilters } from './filters.ts'
import { gather } from './gather.ts'
import type { Gathered, MeaningArm, SearchMode } from './gather.ts'
import { messageAt, openIndex } from './index-read.ts'
import type { MailIndex } from './index-read.ts'
import { numbersHolding } from './match.ts'
import { visibleBy } from './visible.ts'
import type { Place } from './visible.ts'
import { prefersRecent, withRecency } from './recency.ts'
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
  /** `keyword` unless said. */
  readonly mode?: SearchMode | undefined
  /** The words as a sentence model sees them (`embedQuery`), where one may serve. */
  readonly meant?: MeantText | undefined
  /** With it and `auto`, newer messages come a little before older ones that fit as well. */
  readonly now?: Date | undefined
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
  /** BM25, or fused from 0 to about 1.5; 0 in order of time. */
  readonly score: number
  /** The words of the query that it holds; none when it was found by related words or by meaning. */
  readonly matched: readonly string[]
}

export interface MailResult {
  readonly hits: readonly MailHit[]
  /** All matches; a lower bound when not `exact`. */
  readonly total: number
  readonly exact: boolean
  /** How many of them hold a word of the query. */
  readonly matching: number
  /** Messages that wait for the index and were not searched. */
  readonly notIndexed: number
  /** How many of the total are beyond what can be paged through. */
  readonly unlisted: number
  readonly meaning: MeaningArm
  readonly nextCursor: string | null
  readonly words: SearchWords
  /** Words too common to search by. */
  readonly ignored: readonly string[]
}

/** Between subject and text, so that no phrase begins in one and ends in the other. */
const BREAK = '\u0001'

/**
 * The index knows words by their stems; the exact words of a phrase are looked for in the text. Latin words and figures
 * stand whole; other scripts, some of which put no space between words, wherever they are.
 */
const holdsPhrase = (phrase: string): SQL => {
  const escaped = sql`regexp_replace(core.fold(${phrase}), '([^[:alnum:][:space:]])', '\\\\\\1', 'g')`
  return sql`regexp_replace(core.fold(m.subject || ' ' || ${BREAK} || ' ' || m.body_text), '\\s+', ' ', 'g')
    ~ ('(?<![a-z0-9])' || ${escaped} || '(?![a-z0-9])')`
}

const withPhrases = (phrases: readonly string[]): SQL =>
  phrases.length === 0 ? sql`true` : sql.join(phrases.map(holdsPhrase), sql` and `)

/** Excluded words fall out by the index; excluded phrases by the text itself. */
const withoutPhrases = (phrases: readonly string[]): SQL =>
  phrases.length === 0 ? sql`true` : sql`not (${sql.join(phrases.map(holdsPhrase), sql` or `)})`

const withoutWords = async (
  tx: TenantTx,
  index: MailIndex,
  { excluded, where }: { readonly excluded: readonly Term[]; readonly where: SQL },
): Promise<Gathered> => {
  const all = (await visibleBy(tx, where, 10_000_000)) ?? []
  const out = new Set(
    [...(await numbersHolding(tx, index, excluded))].map((number) => messageAt(index, number)),
  )
  const places = all.filter(({ id }) => !out.has(id))
  return {
    places,
    scores: new Map(),
    matched: new Map(),
    matching: places.length,
    unlisted: 0,
    exact: true,
    meaning: null,
  }
}

const inOrder = (
  places: readonly Place[],
  scores: ReadonlyMap<string, number>,
  sort: SearchSort,
): readonly Place[] => {
  const byTime = (a: Place, b: Place): number => a.sentAt.localeCompare(b.sentAt) || a.id.localeCompare(b.id)
  switch (sort) {
    case 'oldest':
      return [...places].sort(byTime)
    case 'newest':
      return [...places].sort((a, b) => byTime(b, a))
    case 'relevance':
      return [...places].sort((a, b) => (scores.get(b.id) ?? -1) - (scores.get(a.id) ?? -1) || byTime(b, a))
  }
}

const firstOfThreads = (places: readonly Place[]): readonly Place[] => {
  const seen = new Set<string>()
  return places.filter(({ threadId }) => !seen.has(threadId) && seen.add(threadId))
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
  page: readonly Place[],
  terms: readonly Term[],
  { scores, matched }: Pick<Gathered, 'scores' | 'matched'>,
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
        matched: matched.get(id) ?? [],
      },
    ]
  })
}

/**
 * Finds mail by words and filters, best first. Words are matched by their stems, and one of them is enough; phrases must
 * occur word for word, excluded words must not. `keyword` (unless said) finds what holds the words; `auto` adds what query
 * expansion and the meaning arm find, once the workspace has 200 messages.
 * Throws a user error for a cursor of another search and for a record that is no party to mail.
 */
export const searchMail = async (tx: TenantTx, options: SearchOptions): Promise<MailResult> => {
  // Relative dates move with the clock from page to page; the words and the other filters must stay.
  const { limit, cursor, after: _after, before: _before, meant, now, ...question } = options
  const offset = readCursor(cursor, question)
  const words = parseWords(options.query)
  const index = await openIndex(tx)
  const { terms: wordTerms, ignored } = lexemesOf(words.words, index.languages)
  const { terms: phraseTerms } = lexemesOf(words.phrases, index.languages)
  const isPhrase = (text: string): boolean => /\s/.test(text)
  const { terms: excluded } = lexemesOf(
    words.excluded.filter((text) => !isPhrase(text)),
    index.languages,
  )
  const terms = [...wordTerms, ...phraseTerms]
  const where = sql`${filterSql(options)} and ${withoutPhrases(words.excluded.filter(isPhrase))} and ${withPhrases(words.phrases)}`

  const isSearch = terms.length > 0
  const found: Gathered = isSearch
    ? await gather(tx, index, {
        words: wordTerms,
        required: phraseTerms,
        excluded,
        text: words.words.join(' '),
        where,
        filtered: isFiltered(options),
        mode: options.mode ?? 'keyword',
        meant,
      })
    : await withoutWords(tx, index, { excluded, where })
  const sort = options.sort ?? (isSearch ? 'relevance' : 'newest')
  const scores =
    now && options.mode === 'auto' && prefersRecent(options.query, options)
      ? withRecency(found.scores, found.places, now)
      : found.scores
  const sorted = inOrder(found.places, scores, isSearch || sort !== 'relevance' ? sort : 'newest')
  const listed = options.onePerThread === true ? firstOfThreads(sorted) : sorted
  const page = listed.slice(offset, offset + limit)
  // Threads beyond what is listed are not counted.
  const unlisted = options.onePerThread === true ? 0 : found.unlisted
  const isExact = found.exact && unlisted === found.unlisted
  const hasMore = offset + page.length < listed.length
  return {
    hits: await readPage(tx, page, terms, { scores, matched: found.matched }),
    total: listed.length + unlisted,
    matching: found.matching,
    exact: isExact && index.left === 0,
    notIndexed: index.left,
    unlisted,
    meaning: found.meaning,
    nextCursor: hasMore ? writeCursor(offset + page.length, question) : null,
    words,
    ignored,
  }
}
