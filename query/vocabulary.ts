import { runText } from '../db/tenant.ts'
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

const frequent = SOURCES.map(
  ([word, column, table, limit]) => `(select '${word}', min(btrim(x.${column})), count(*) from ${table} x
  where x.deleted_at is null and btrim(x.${column}) <> '' and length(x.${column}) <= ${MAX_WORD} group by lower(btrim(x.${column})) order by 3 desc, 2 limit ${limit})`,
).join('\nunion all ')

const STAGES = `select x.name, x.kind, x.probability from crm.stages x where x.deleted_at is null order by x.position, x.name`
const TAGS = `select x.name from crm.tags x where x.deleted_at is null order by lower(x.name), x.id limit 200`

/** Reads the words of the workspace that the transaction belongs to. */
export const loadVocabulary = async (tx: TenantTx): Promise<Vocabulary> => {
  const { vertical } = await ownWorkspace(tx)
  const stages = await runText(tx, STAGES, [])
  const tags = await runText(tx, TAGS, [])
  const words = await runText(tx, `select * from (${frequent}) words order by 1, 3 desc, 2`, [])
  const wordsOf = (kind: (typeof SOURCES)[number][0]): readonly string[] => {
    const limit = SOURCES.find(([word]) => word === kind)![3]
    const found = words.rows.flatMap(([word, value]) =>
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
