import type { IndexActor } from './index-write.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { wordsIn } from './analyze.ts'
import { DEFAULT_WEIGHTS, fuse, liftThreads } from './fuse.ts'
import type { Arm } from './fuse.ts'
import { armsOf } from './gather.ts'
import type { Embedder } from './embed/embedder.ts'
import { embedQuery } from './embed/query.ts'

/** What the model scored on the workspace's own known items, by its share in the fusion. */
export interface Tuning {
  readonly queries: number
  /** nDCG@10 by share. */
  readonly figures: Readonly<Record<string, number>>
  readonly weight: number
  /** nDCG@10 with the share that each half of the queries chose, measured on the other half. */
  readonly gain: number
  /** nDCG@10 without the model. */
  readonly without: number
  /** Whether there were queries enough to tell. */
  readonly isProven: boolean
}

/** A kept model, and how it sees a question; a model trained on the mail needs nobody. */
export interface TunedModel {
  readonly id: string
  readonly embedder?: Embedder | undefined
  readonly signal?: AbortSignal | undefined
}

const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2] as const
const MOST_QUERIES = 200
/** With fewer replies than this nothing is proven: the share is the one that hurt on no set. */
const MIN_QUERIES = 40
const UNPROVEN_SHARE = 0.35
/** Differences below this are chance: the smaller share is taken. */
const NOTICEABLE = 0.005
const QUERY_WORDS = 80

interface Pair {
  readonly reply: string
  readonly parent: string
  readonly text: string
}

const positionGain = (found: readonly string[], answer: string): number => {
  const at = found.indexOf(answer)
  return at < 0 || at >= 10 ? 0 : 1 / Math.log2(at + 2)
}

const ordered = (scores: Arm): readonly string[] =>
  [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id)

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** The share that is best on half of the queries and no worse than none on the other half; 0 when there is no such share. */
const chooseShare = (gains: readonly (readonly number[])[]): Pick<Tuning, 'weight' | 'gain' | 'without'> => {
  const half = (parity: number) =>
    SHARES.map((_share, at) =>
      average(gains.filter((_one, query) => query % 2 === parity).map((row) => row[at]!)),
    )
  const [first, second] = [half(0), half(1)]
  const bestOf = (list: readonly number[]): number => {
    const most = Math.max(...list)
    return list.findIndex((gain) => gain >= most - NOTICEABLE)
  }
  const [a, b] = [bestOf(first), bestOf(second)]
  const isHarmful = second[a]! < second[0]! || first[b]! < first[0]!
  return {
    weight: isHarmful ? 0 : (SHARES[a]! + SHARES[b]!) / 2,
    gain: (second[a]! + first[b]!) / 2,
    without: (first[0]! + second[0]!) / 2,
  }
}

/**
 * Tries a model on what every mailbox holds: replies and the messages they answer. The reply's own words are asked with,
 * the reply itself left out of the answers.
 */
export const tuneMeaning = async (
  database: Database,
  actor: IndexActor,
  model: TunedModel,
): Promise<Tuning> => {
  const pairs = await asTenant(
    database,
    actor,
    (tx) =>
      rows<Pair>(
        tx,
        sql`select r.id as reply, p.id as parent, left(r.body_text, 2000) as text
          from (select * from intel.mail_messages where in_reply_to is not null and deleted_at is null and only_for is null and not_for is null and length(body_text) > 40
            order by md5(id::text) limit ${MOST_QUERIES * 2}) as r
          join intel.mail_messages p on p.message_id = r.in_reply_to and p.deleted_at is null and p.only_for is null and p.not_for is null
          order by r.id limit ${MOST_QUERIES}`,
      ),
    { readOnly: true },
  )
  if (pairs.length < MIN_QUERIES)
    return {
      queries: pairs.length,
      figures: {},
      weight: UNPROVEN_SHARE,
      gain: 0,
      without: 0,
      isProven: false,
    }
  const gains: number[][] = []
  for (const { reply, parent, text } of pairs) {
    const query = wordsIn(text).slice(0, QUERY_WORDS).join(' ')
    const meant = model.embedder ? await embedQuery(model.embedder, text, model.signal) : undefined
    const arms = await asTenant(
      database,
      actor,
      (tx) => armsOf(tx, query, { modelId: model.id, meant, without: reply }),
      {
        readOnly: true,
      },
    )
    gains.push(
      SHARES.map((semantic) =>
        positionGain(
          ordered(liftThreads(fuse(arms, { ...DEFAULT_WEIGHTS, semantic }), arms.threadOf)),
          parent,
        ),
      ),
    )
  }
  return {
    queries: pairs.length,
    figures: Object.fromEntries(
      SHARES.map((share, at) => [share, Number(average(gains.map((row) => row[at]!)).toFixed(4))]),
    ),
    ...chooseShare(gains),
    isProven: true,
  }
}
