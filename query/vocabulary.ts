import { engineOf, runText } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { ownWorkspace } from '../db/workspace.ts'

const VERTICALS = ['fund', 'sales', 'brokerage'] as const
export type Vertical = (typeof VERTICALS)[number]

const STAGE_KINDS = ['open', 'won', 'lost'] as const

export interface StageWord {
  readonly name: string
  readonly kind: (typeof STAGE_KINDS)[number]
  /** Chance of winning from here, 0 to 1. */
  readonly probability: number
}

/** The workspace's own words: closed sets and columns that the catalog marks as harmless. No name of anybody. */
export interface Vocabulary {
  readonly vertical: Vertical
  readonly stages: readonly StageWord[]
  readonly tags: readonly string[]
  /** Parts people play: `founder`, `buyer`. */
  readonly roles: readonly string[]
  /** Job titles, the most frequent first. */
  readonly titles: readonly string[]
  readonly cities: readonly string[]
  readonly countries: readonly string[]
  /** Of companies. */
  readonly statuses: readonly string[]
  readonly industries: readonly string[]
  /** Kinds of companies in use. */
  readonly kinds: readonly string[]
  /** Areas that people look for property in. */
  readonly areas: readonly string[]
}

const SOURCES = [
  ['roles', 'role', 'crm.people', 60],
  ['titles', 'title', 'crm.people', 100],
  ['cities', 'city', 'crm.people', 200],
  ['cities', 'city', 'crm.companies', 200],
  ['countries', 'country', 'crm.people', 100],
  ['countries', 'country', 'crm.companies', 100],
  ['statuses', 'status', 'crm.companies', 40],
  ['industries', 'industry', 'crm.companies', 60],
  ['kinds', 'kind', 'crm.companies', 20],
  ['areas', 'area', 'crm.property_interests', 100],
] as const

const MAX_WORD = 60

type Source = (typeof SOURCES)[number]

const frequent = (sources: readonly Source[]): string => {
  const each = sources.map(
    ([word, column, table, limit]) => `(select '${word}', min(btrim(x.${column})), count(*) from ${table} x
  where x.deleted_at is null and btrim(x.${column}) <> '' and length(x.${column}) <= ${MAX_WORD} group by lower(btrim(x.${column})) order by 3 desc, 2 limit ${limit})`,
  )
  return `select * from (${each.join('\nunion all ')}) words order by 1, 3 desc, 2`
}

/** Tables whose words are counted again only after a change, which an index tells. */
const INDEXED = ['crm.people', 'crm.companies'] as const
const isIndexed = ([, , table]: Source): boolean => INDEXED.some((one) => one === table)
const OF_INDEXED = frequent(SOURCES.filter(isIndexed))
const OF_OTHERS = frequent(SOURCES.filter((source) => !isIndexed(source)))
const CHANGED = `select extract(epoch from now()) * 1000, ${INDEXED.map((table) => `exists (select from ${table} x where x.updated_at >= $1::timestamptz)`).join(' or ')}`

/** A row carries the time its transaction began, and may be seen only this much later. */
const OVERLAP_MS = 60_000
/** The embedded engine runs one transaction at a time: only the precision of a time is to be made up for. */
const EMBEDDED_OVERLAP_MS = 10
const MOST_KEPT = 200

/** A kind of word, the word, how often it stands. */
type Row = readonly unknown[]

interface Counted {
  readonly rows: readonly Row[]
  /** Whatever changed earlier has been counted. */
  readonly since: string
}

const counted = new Map<string, Counted>()

/** The words of large tables, counted when something changed since they were counted last. */
const wordsOfIndexed = async (tx: TenantTx, workspaceId: string): Promise<readonly Row[]> => {
  const known = counted.get(workspaceId)
  const [now, changed] = (await runText(tx, CHANGED, [known?.since ?? '-infinity'])).rows[0]!
  if (known && changed === false) return known.rows
  const { rows } = await runText(tx, OF_INDEXED, [])
  const overlapMs = engineOf(tx) === 'embedded' ? EMBEDDED_OVERLAP_MS : OVERLAP_MS
  counted.delete(workspaceId)
  counted.set(workspaceId, { rows, since: new Date(Number(now) - overlapMs).toISOString() })
  if (counted.size > MOST_KEPT) counted.delete(counted.keys().next().value!)
  return rows
}

const STAGES = `select x.name, x.kind, x.probability from crm.stages x where x.deleted_at is null order by x.position, x.name`
const TAGS = `select x.name from crm.tags x where x.deleted_at is null order by lower(x.name), x.id limit 200`

/** Reads the words of the workspace that the transaction belongs to. */
export const loadVocabulary = async (tx: TenantTx): Promise<Vocabulary> => {
  const { id, vertical } = await ownWorkspace(tx)
  const stages = await runText(tx, STAGES, [])
  const tags = await runText(tx, TAGS, [])
  const words = [...(await wordsOfIndexed(tx, id)), ...(await runText(tx, OF_OTHERS, [])).rows]
  const wordsOf = (kind: (typeof SOURCES)[number][0]): readonly string[] => {
    const limit = SOURCES.find(([word]) => word === kind)![3]
    const found = words.flatMap(([word, value]) =>
      word === kind && typeof value === 'string' ? [value] : [],
    )
    const seen = new Map(found.map((value) => [value.toLowerCase(), value]))
    return [...seen.values()].slice(0, limit)
  }
  return {
    vertical: VERTICALS.find((one) => one === vertical) ?? 'sales',
    stages: stages.rows.map(([name, kind, probability]) => ({
      name: String(name),
      kind: STAGE_KINDS.find((one) => one === kind) ?? 'open',
      probability: Number(probability),
    })),
    tags: tags.rows.map(([name]) => String(name)),
    roles: wordsOf('roles'),
    titles: wordsOf('titles'),
    cities: wordsOf('cities'),
    countries: wordsOf('countries'),
    statuses: wordsOf('statuses'),
    industries: wordsOf('industries'),
    kinds: wordsOf('kinds'),
    areas: wordsOf('areas'),
  }
}
