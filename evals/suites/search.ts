import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { createMember } from '../../db/members.ts'
import { migrate } from '../../db/migrate.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { ingest } from '../../mail/ingest.ts'
import { parseMessage } from '../../mail/parse.ts'
import { wordsIn } from '../../search/analyze.ts'
import type { Embedder } from '../../search/embed/embedder.ts'
import { embedQuery } from '../../search/embed/query.ts'
import type { MeantText } from '../../search/embed/query.ts'
import type { SearchMode } from '../../search/gather.ts'
import { indexMail } from '../../search/index-write.ts'
import { searchMail } from '../../search/lexical.ts'
import type { SentenceReport } from '../../search/sentence-model.ts'
import { keepMeaning } from '../../search/train.ts'
import type { Tuning } from '../../search/tune.ts'
import type { SearchSet } from './search-sets.ts'

export const ARMS = {
  lexical: 'keyword',
  expanded: 'expanded',
  semantic: 'semantic',
  fused: 'auto',
} as const satisfies Readonly<Record<string, SearchMode>>
export type ArmName = keyof typeof ARMS

export interface ArmFigures {
  readonly ndcg10: number
  readonly recall100: number
}

export interface SetReport {
  readonly set: string
  readonly documents: number
  readonly queries: number
  readonly arms: { readonly [name in ArmName]?: ArmFigures }
  /** How far the fused arm is below the best other one (negative: above). */
  readonly fusedBelowBest: number
  /** How far the fused arm is above words alone: 0.1 is ten per cent. */
  readonly fusedAboveLexical: number
  readonly tuning: Tuning | null
  readonly sentences: SentenceReport | null
}

const gain = (grades: readonly number[]): number =>
  grades.slice(0, 10).reduce((sum, grade, at) => sum + grade / Math.log2(at + 2), 0)

/** nDCG@10 with linear gains, and the share of the answers among the first hundred. */
export const judge = (found: readonly string[], answers: ReadonlyMap<string, number>): ArmFigures => ({
  ndcg10: gain(found.map((id) => answers.get(id) ?? 0)) / gain([...answers.values()].sort((a, b) => b - a)),
  recall100: found.slice(0, 100).filter((id) => answers.has(id)).length / answers.size,
})

const addActor = async (database: Database, slug: string): Promise<Actor> => {
  const workspace = await createWorkspace(database, { name: slug, slug })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const member = await asTenant(database, system, (tx) =>
    createMember(tx, { email: 'owner@eval.example', givenName: 'Owner', familyName: 'Eval', role: 'owner' }),
  )
  return { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' }
}

export interface LoadedSet {
  readonly actor: Actor
  /** Name in the set by id of the message. */
  readonly names: ReadonlyMap<string, string>
  /** How the meaning model did on the set's own replies; null where it has none to train on. */
  readonly tuning: Tuning | null
  /** The same of the sentence model, where one is tried. */
  readonly sentences: SentenceReport | null
  readonly embedder: Embedder | undefined
}

/** Imports the set's messages as mail, puts them into the index and keeps the meaning arm, all as the product does. */
export const loadSet = async (
  database: Database,
  set: SearchSet,
  embedder?: Embedder,
): Promise<LoadedSet> => {
  const actor = await addActor(database, set.name.replace(/\W+/g, '-'))
  async function* messages() {
    for (const { id, raw } of set.documents) yield { raw, place: id }
  }
  await ingest({ database, actor, messages: messages(), source: set.name })
  const system = { tenantId: actor.tenantId, memberId: null, via: 'system' } as const
  await indexMail({ database, actor: system })
  const { tuning, sentences } = await keepMeaning({ database, actor: system, embedder })
  const hashes = new Map<string, string>()
  for (const { id, raw } of set.documents) hashes.set((await parseMessage(raw, new Date())).contentHash, id)
  const stored = await asTenant(database, actor, (tx) =>
    rows<{ id: string; content_hash: string }>(tx, sql`select id, content_hash from intel.mail_messages`),
  )
  return {
    actor,
    names: new Map(stored.map((row) => [row.id, hashes.get(row.content_hash) ?? row.id])),
    tuning,
    sentences,
    embedder,
  }
}

/** The set's queries as the sentence model sees them, by id; none where it does not serve. */
const meantQueries = async (
  { embedder, sentences }: LoadedSet,
  { queries }: SearchSet,
): Promise<ReadonlyMap<string, MeantText>> => {
  const meant = new Map<string, MeantText>()
  if (embedder && sentences?.state === 'serving')
    for (const { id, text } of queries) meant.set(id, await embedQuery(embedder, text))
  return meant
}

/** The set's queries by one arm: nDCG@10 and recall@100, averaged. */
const measureArm = async (
  database: Database,
  { actor, names }: LoadedSet,
  {
    set,
    mode,
    meantOf,
  }: {
    readonly set: SearchSet
    readonly mode: SearchMode
    readonly meantOf: ReadonlyMap<string, MeantText>
  },
): Promise<ArmFigures> => {
  let [ndcg10, recall100] = [0, 0]
  for (const { id: queryId, text, answers } of set.queries) {
    const query = wordsIn(text).join(' ')
    const meant = meantOf.get(queryId)
    const { hits } = await asTenant(
      database,
      actor,
      (tx) => searchMail(tx, { query, mode, limit: 100, meant }),
      { readOnly: true },
    )
    const figures = judge(
      hits.map(({ id }) => names.get(id)!),
      answers,
    )
    ndcg10 += figures.ndcg10
    recall100 += figures.recall100
  }
  const round = (sum: number): number => Number((sum / set.queries.length).toFixed(4))
  return { ndcg10: round(ndcg10), recall100: round(recall100) }
}

/** Every set through the product's own index, by each arm. */
export const runSearch = async (
  sets: readonly SearchSet[],
  {
    embedder,
    onProgress,
  }: { readonly embedder?: Embedder | undefined; readonly onProgress: (text: string) => void },
): Promise<readonly SetReport[]> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-eval-'))
  const database = await connect({ TACT_HOME: home, DATABASE_URL: undefined, TACT_QUERY_TIMEOUT_MS: 120_000 })
  try {
    await migrate(database)
    const reports: SetReport[] = []
    for (const set of sets) {
      onProgress(`${set.name}: ${set.documents.length} messages, ${set.queries.length} queries`)
      const loaded = await loadSet(database, set, embedder)
      const meantOf = await meantQueries(loaded, set)
      const arms: { [name in ArmName]?: ArmFigures } = {}
      for (const [name, mode] of Object.entries(ARMS) as [ArmName, SearchMode][]) {
        arms[name] = await measureArm(database, loaded, { set, mode, meantOf })
        onProgress(`  ${name}: ${JSON.stringify(arms[name])}`)
      }
      const { fused, ...others } = arms
      const bestOther = Math.max(...Object.values(others).map((one) => one.ndcg10))
      reports.push({
        set: set.name,
        documents: set.documents.length,
        queries: set.queries.length,
        arms,
        tuning: loaded.tuning,
        sentences: loaded.sentences,
        fusedBelowBest: Number((bestOther - fused!.ndcg10).toFixed(4)),
        fusedAboveLexical: Number((fused!.ndcg10 / arms.lexical!.ndcg10 - 1).toFixed(4)),
      })
    }
    return reports
  } finally {
    await database.close()
    rmSync(home, { recursive: true, force: true })
  }
}
