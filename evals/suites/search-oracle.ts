import type { Database } from '../../db/connect.ts'
import { asTenant } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { createEmbedText } from '../../search/embed/ask.ts'
import type { MeantText } from '../../search/embed/query.ts'
import { indexMail } from '../../search/index-write.ts'
import { searchMail } from '../../search/lexical.ts'
import type { MailHit } from '../../search/lexical.ts'
import type { Qdrant } from '../../search/qdrant/client.ts'
import { keepQdrant } from '../../search/qdrant/keep.ts'
import { keepMeaning } from '../../search/train.ts'
import { readMailQuestion } from '../../tools/support/mail-question.ts'
import {
  addOracleMails,
  changeOracleMails,
  openOracleHouse,
  pick,
  randomFrom,
  randomMails,
} from './search-oracle-house.ts'
import type { OracleHouse, OracleMail } from './search-oracle-house.ts'
import { holdsWords, letsThrough, questionOf } from './search-oracle-question.ts'
import type { OracleQuestion } from './search-oracle-question.ts'

export interface OracleReport {
  readonly engine: string
  readonly questions: number
  /** Questions that found at least one message. */
  readonly answered: number
  readonly filters: number
  /** Questions that a vector store was asked for. */
  readonly stored: number
  /** Seed, number of the question, what differs and what was asked. */
  readonly differences: readonly string[]
}

const TIMEZONE = 'Europe/Berlin'
const NOW = new Date('2026-11-21T12:00:00Z')
/** Questions of one transaction: opening it costs more than a search. */
const AT_ONCE = 25
const PAGES = [200, 200, 200, 200, 7] as const

/** Every page of the search, one after another. */
const findAll = async (
  tx: TenantTx,
  { input }: OracleQuestion,
  { limit, meant }: { readonly limit: number; readonly meant: MeantText | undefined },
): Promise<{
  readonly hits: readonly MailHit[]
  readonly total: number
  readonly matching: number
  readonly isExact: boolean
}> => {
  const { query, filters } = readMailQuestion(input, {
    now: NOW,
    timezone: TIMEZONE,
  })
  const {
    mode,
    sort,
    dedupe_threads: onePerThread,
  } = input as {
    readonly mode?: 'auto' | 'keyword'
    readonly sort?: 'newest' | 'oldest'
    readonly dedupe_threads?: boolean
  }
  const hits: MailHit[] = []
  let cursor: string | null = null
  for (;;) {
    const page = await searchMail(tx, {
      ...filters,
      query,
      limit,
      cursor,
      mode,
      sort,
      onePerThread: onePerThread === true,
      meant,
    })
    hits.push(...page.hits)
    cursor = page.nextCursor
    if (cursor === null) return { hits, total: page.total, matching: page.matching, isExact: page.exact }
  }
}

const sorted = (ids: Iterable<string>): string => [...ids].sort().join()

/** What is wrong with the answer; undefined when nothing is. */
const faultOf = (
  house: OracleHouse,
  mails: ReadonlyMap<string, OracleMail>,
  {
    question,
    found,
  }: { readonly question: OracleQuestion; readonly found: Awaited<ReturnType<typeof findAll>> },
): string | undefined => {
  const { hits, total, matching, isExact } = found
  const listed = hits.flatMap(({ id }) => mails.get(id) ?? [])
  if (listed.length !== hits.length) return 'found a message that is not there'
  const through = [...mails.values()].filter((mail) => letsThrough(house, mail, question))
  const holding = through.filter((mail) => holdsWords(mail, question))
  if (!isExact || total !== hits.length) return `said ${total} for ${hits.length}`
  if (matching !== holding.length) return `said that ${matching} hold the words, ${holding.length} do`
  const isOnePerThread = question.input['dedupe_threads'] === true
  const ids = new Set(listed.map(({ id }) => id))
  if (ids.size !== hits.length) return 'found a message twice'
  if (hits.some(({ snippet }) => snippet.length > 300)) return 'a snippet is too long'
  if (!listed.every((mail) => through.includes(mail))) return 'found what the filters leave out'
  const isWide = question.input['mode'] === 'auto'
  if (!isOnePerThread) {
    if (!holding.every(({ id }) => ids.has(id))) return 'did not find all'
    if (!isWide && sorted(ids) !== sorted(holding.map(({ id }) => id))) return 'found too much'
  } else {
    const threads = listed.map(({ threadId }) => threadId)
    if (new Set(threads).size !== threads.length) return 'found a thread twice'
    const wanted = new Set(holding.map(({ threadId }) => threadId))
    if (![...wanted].every((id) => threads.includes(id))) return 'did not find all threads'
    if (!isWide && sorted(threads) !== sorted(wanted)) return 'found too many threads'
  }
  const { sort } = question.input
  if (sort === undefined) return undefined
  const times = listed.map(({ sentAt }) => sentAt)
  const inOrder = times.toSorted()
  return times.join() === (sort === 'oldest' ? inOrder : inOrder.toReversed()).join()
    ? undefined
    : 'not in the order of time'
}

/** The store itself may name only what the asker may see and the filters let through: the database looks again. */
const storeFault = (
  house: OracleHouse,
  mails: ReadonlyMap<string, OracleMail>,
  { question, meant }: { readonly question: OracleQuestion; readonly meant: MeantText | undefined },
): string | undefined =>
  meant?.nearest?.found.every(({ id }) => {
    const mail = mails.get(id)
    return mail !== undefined && letsThrough(house, mail, question)
  }) === false
    ? 'the store found what the filters leave out'
    : undefined

/**
 * Random questions (words, phrases, left-out words, all filters, as arguments and as operators) against reading every
 * message: over mail that waits for the index, mail in segments, and mail that changed since. A third of `count` each. With
 * a Qdrant also what it finds by itself, as long as it holds what the database does.
 */
export const runSearchOracle = async (
  database: Database,
  {
    count,
    seed,
    messages = 240,
    qdrant,
    onProgress,
  }: {
    readonly count: number
    readonly seed: number
    readonly messages?: number
    /** Where the meaning arm's vectors are kept and asked for; a model is trained then, for which 400 messages do. */
    readonly qdrant?: Qdrant | undefined
    readonly onProgress?: (done: number) => void
  },
): Promise<OracleReport> => {
  const random = randomFrom(seed)
  const house = await openOracleHouse(database, `oracle-${seed}`, TIMEZONE)
  let mails = randomMails(random, house, messages)
  await addOracleMails(database, house, mails)
  const differences: string[] = []
  let [asked, answered, filters, stored] = [0, 0, 0, 0]
  const embedText = createEmbedText(database, { setting: 'none', keys: {}, qdrant })
  const never = new AbortController().signal
  /** Whether the store holds what the database does. */
  let isInLine = false
  /** As a tool is called: the store is asked before the transaction. */
  const meantBy = async ({ input }: OracleQuestion): Promise<MeantText | undefined> => {
    if (!qdrant || input['mode'] !== 'auto') return undefined
    const meant = await embedText(
      house.actor,
      () => {
        const { query: text, filters: held } = readMailQuestion(input, { now: NOW, timezone: TIMEZONE })
        return { text, filters: held }
      },
      never,
    )
    if (meant?.nearest) stored += 1
    return meant
  }
  const keep = async (): Promise<void> => {
    if (!qdrant) return
    await keepMeaning({ database, actor: house.system, dimensions: 16 })
    await keepQdrant(qdrant, { database, actor: house.system })
  }
  const ask = async (most: number): Promise<void> => {
    const byId = new Map(mails.map((mail) => [mail.id, mail]))
    while (asked < most) {
      const questions = Array.from({ length: Math.min(AT_ONCE, most - asked) }, () =>
        questionOf(random, house, mails),
      )
      const limits = questions.map(() => pick(random, PAGES))
      const meant: (MeantText | undefined)[] = []
      for (const question of questions) meant.push(await meantBy(question))
      await asTenant(
        database,
        house.actor,
        async (tx) => {
          for (const [at, question] of questions.entries()) {
            const found = await findAll(tx, question, { limit: limits[at]!, meant: meant[at] })
            const fault =
              faultOf(house, byId, { question, found }) ??
              (isInLine ? storeFault(house, byId, { question, meant: meant[at] }) : undefined)
            if (fault !== undefined)
              differences.push(
                `seed ${seed}, question ${asked + at}: ${fault}: ${JSON.stringify(question.input)}`,
              )
            if (found.hits.length > 0) answered += 1
            filters += question.filters.length
          }
        },
        { readOnly: true, timeoutMs: 0 },
      )
      asked += questions.length
      onProgress?.(asked)
    }
  }
  await ask(Math.ceil(count / 3))
  await indexMail({ database, actor: house.system, segmentSize: 60 })
  await keep()
  isInLine = true
  await ask(Math.ceil((2 * count) / 3))
  isInLine = false
  mails = await changeOracleMails(database, house, { mails, random })
  await ask(count)
  return { engine: database.engine, questions: asked, answered, filters, stored, differences }
}
