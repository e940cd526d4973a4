import { emptyVocabulary } from '../agent/model/offline/vocabulary.ts'
import type { StageWord, Vocabulary } from '../agent/model/offline/vocabulary.ts'
import type { NamedWorkspace } from './questions-link.ts'

type Loose = Readonly<Record<string, unknown>>

/**
 * A document of the workspaces that a question set speaks of. Each is kept under its key, or in the list `workspaces`,
 * either by its names (`users`, `stages`, and lists `people`, `companies`, `listings` in any group) or as a whole
 * workspace document (`records`).
 */
export type Fixture = Loose & {
  readonly now?: string
  readonly me?: Readonly<Record<string, string>>
}

export interface ReadWorkspace {
  readonly named: NamedWorkspace
  readonly vocabulary: Vocabulary
}

const VERTICALS: Readonly<Record<string, NamedWorkspace['vertical']>> = {
  vc: 'fund',
  b2b: 'sales',
  realestate: 'brokerage',
  fund: 'fund',
  sales: 'sales',
  brokerage: 'brokerage',
}

const isLoose = (value: unknown): value is Loose =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
const objects = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.filter(isLoose) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const bare = (name: string): string => name.replace(/\s*\(.*\)$/, '')

/** The part of the document that holds one workspace; throws when it holds none of that key. */
const partOf = (fixture: Fixture, key: string): Loose => {
  const own = fixture[key]
  if (isLoose(own)) return own
  const listed = objects(fixture['workspaces']).find(
    (one) =>
      [one['key'], one['slug'], one['vertical']].includes(key) ||
      (isLoose(one['workspace']) && [one['workspace']['slug'], one['workspace']['vertical']].includes(key)),
  )
  if (listed) return listed
  const inside = isLoose(fixture['workspaces']) ? fixture['workspaces'][key] : undefined
  if (isLoose(inside)) return inside
  throw new Error(`The workspace document holds no workspace called ${key}.`)
}

/** Every text in lists of that name, at the top or in any group. */
const named = (part: Loose, ...names: readonly string[]): readonly string[] => [
  ...new Set(
    [part, ...Object.values(part).filter(isLoose)].flatMap((group) =>
      names.flatMap((name) => texts(group[name])),
    ),
  ),
]

const kindByName = (name: string): StageWord['kind'] =>
  /^(?:won|closed|closed won|signed|sold|funded|invested)$/i.test(name)
    ? 'won'
    : /^(?:lost|closed lost|passed|withdrawn|declined|dead)$/i.test(name)
      ? 'lost'
      : 'open'

const stageOf = (stage: unknown): StageWord => {
  const name = isLoose(stage) ? text(stage['name']) : text(stage)
  const kind = isLoose(stage) ? text(stage['kind']) : ''
  return { name, kind: kind === 'won' || kind === 'lost' || kind === 'open' ? kind : kindByName(name) }
}

const vocabularyOf = (vertical: NamedWorkspace['vertical'], stages: unknown, words: unknown): Vocabulary => ({
  ...emptyVocabulary(vertical),
  ...(isLoose(words)
    ? Object.fromEntries(Object.entries(words).map(([name, list]) => [name, texts(list)]))
    : {}),
  stages: (Array.isArray(stages) ? stages : []).map(stageOf),
})

const fromNames = (part: Loose, key: string, me: string): ReadWorkspace => {
  const vertical = VERTICALS[text(part['vertical'])] ?? VERTICALS[key] ?? 'sales'
  const people = named(part, 'people')
  const employers = people.flatMap((person) => {
    const inside = /\((.*)\)$/.exec(person)?.[1]?.split(', ') ?? []
    return inside.length > 1 ? [inside.at(-1)!] : []
  })
  const members = named(part, 'users', 'members')
  const vocabulary = vocabularyOf(vertical, part['stages'], part['vocabulary'])
  return {
    vocabulary,
    named: {
      key,
      vertical,
      members,
      me: me || text(part['me']) || (members[0] ?? ''),
      stages: vocabulary.stages.map(({ name }) => name),
      companies: [...new Set([...named(part, 'companies'), ...employers])],
      people: people.map(bare),
      deals: named(part, 'listings', 'deals'),
    },
  }
}

const fullName = (record: Loose): string =>
  [record['given_name'], record['family_name']].map(text).filter(Boolean).join(' ')

const fromRecords = (part: Loose, records: Loose, key: string, me: string): ReadWorkspace => {
  const about = isLoose(part['workspace']) ? part['workspace'] : {}
  const vertical = VERTICALS[text(about['vertical'])] ?? 'sales'
  const all = (entity: string): readonly Loose[] => objects(records[entity])
  const distinct = (entity: string, field: string): readonly string[] =>
    [...new Set(all(entity).map((record) => text(record[field])))].filter(Boolean)
  const vocabulary = vocabularyOf(vertical, records['stages'], {
    tags: distinct('tags', 'name'),
    roles: distinct('people', 'role'),
    titles: distinct('people', 'title'),
    cities: [...new Set([...distinct('people', 'city'), ...distinct('companies', 'city')])],
    countries: distinct('companies', 'country'),
    statuses: distinct('companies', 'status'),
    kinds: distinct('companies', 'kind'),
    industries: distinct('companies', 'industry'),
  })
  const members = all('members').map(fullName)
  return {
    vocabulary,
    named: {
      key,
      vertical,
      members,
      me: me || (members[0] ?? ''),
      stages: vocabulary.stages.map(({ name }) => name),
      companies: distinct('companies', 'name'),
      people: all('people').map(fullName).filter(Boolean),
      deals: distinct('deals', 'name'),
    },
  }
}

/** One workspace of the document: its names and its words. */
export const readWorkspace = (fixture: Fixture, key: string): ReadWorkspace => {
  const part = partOf(fixture, key)
  const me = fixture.me?.[key] ?? ''
  return isLoose(part['records']) ? fromRecords(part, part['records'], key, me) : fromNames(part, key, me)
}
