import { catalog, entityOf } from '../db/catalog/all.ts'
import type { Entity, FieldType, Marks } from '../db/catalog/all.ts'
import { bug, userError } from '../domain/errors.ts'
import { didYouMean, normalise } from '../domain/nearest.ts'

/** A column that a proposal may set, under the name people use for it. */
export interface SettableField {
  readonly kind: 'field'
  /** Name in proposals: the relation (`stage`), the amount without `_minor`, else the column. */
  readonly name: string
  readonly column: string
  readonly type: FieldType
  readonly integer: boolean
  /** A new record cannot be without it. */
  readonly required: boolean
  readonly nullable: boolean
  /** What the database fills in, where that is a plain value. */
  readonly fallback: string | number | boolean | undefined
  readonly marks: Marks
}

/** A to-many relation over a join table: linking makes a row there, unlinking archives it. */
export interface SettableLink {
  readonly kind: 'link'
  readonly name: string
  readonly target: string
  readonly join: string
  /** Column of the join table that holds this record, and the one that holds the other. */
  readonly from: string
  readonly to: string
}

export type Settable = SettableField | SettableLink

interface ColumnFacts {
  readonly columnType: string
  readonly notNull: boolean
  readonly hasDefault: boolean
  readonly default: unknown
}

const TYPES: Readonly<Record<string, FieldType>> = {
  PgText: 'text',
  PgInteger: 'number',
  PgBigInt53: 'number',
  PgNumericNumber: 'number',
  PgBoolean: 'boolean',
  PgDateString: 'date',
  PgTimestamp: 'timestamp',
  PgTimestampString: 'timestamp',
  PgUUID: 'record',
  PgJsonb: 'json',
}

const factsOf = (entity: Entity, column: string): ColumnFacts => {
  const found = (entity.table as unknown as Record<string, ColumnFacts | undefined>)[column]
  if (!found) throw bug('unknown_column', `The catalog has no column ${entity.name}.${column}.`)
  return found
}

export const typeOf = (entity: Entity, column: string): FieldType => {
  const { marks } = entity.columns[column] ?? {}
  if (marks?.currency !== undefined) return 'money'
  const facts = factsOf(entity, column)
  return TYPES[facts.columnType] ?? 'text'
}

const plainDefault = (value: unknown): SettableField['fallback'] =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined

const fieldOf = (entity: Entity, column: string, marks: Marks): SettableField => {
  const facts = factsOf(entity, column)
  const relation = Object.entries(entity.relations ?? {}).find(
    ([, candidate]) => candidate.kind === 'one' && candidate.column === column,
  )?.[0]
  return {
    kind: 'field',
    name: marks.references ? (relation ?? column) : marks.currency ? column.replace(/_minor$/, '') : column,
    column,
    type: typeOf(entity, column),
    integer: facts.columnType === 'PgInteger' || facts.columnType === 'PgBigInt53',
    required: facts.notNull && !facts.hasDefault,
    nullable: !facts.notNull,
    fallback: plainDefault(facts.default),
    marks,
  }
}

/** All a proposal may set of an entity. A new record may also name the parent it cannot be without. */
export const settablesOf = (entity: Entity, op: 'create' | 'update'): readonly Settable[] => {
  const fields = Object.entries(entity.columns).flatMap(([column, { marks }]): Settable[] => {
    const field = fieldOf(entity, column, marks)
    const parent = op === 'create' && marks.references !== undefined && field.required
    return marks.write || parent ? [field] : []
  })
  const links = Object.entries(entity.relations ?? {}).flatMap(([name, relation]): Settable[] =>
    relation.kind === 'through' && isLinkTable(relation.join)
      ? [
          {
            kind: 'link',
            name,
            target: relation.entity,
            join: relation.join,
            from: relation.from,
            to: relation.to,
          },
        ]
      : [],
  )
  return [...fields, ...links]
}

/** Join tables that hold nothing but links people make; mail recipients, say, are facts of a message. */
const isLinkTable = (join: string): boolean =>
  Object.values(entityOf(join).columns)
    .filter(({ marks }) => !marks.internal)
    .every(
      ({ marks }) => (marks.references !== undefined || marks.hide === 'none') && marks.derived === undefined,
    )

/** Finds a settable by its name, its column or one of the words people use. Throws `unknown_field`, which teaches. */
export const settableOf = (entity: Entity, op: 'create' | 'update', name: string, at: string): Settable => {
  const all = settablesOf(entity, op)
  const wanted = normalise(name)
  const exact = all.find(
    (one) => one.name === wanted || (one.kind === 'field' && one.type !== 'money' && one.column === wanted),
  )
  if (exact) return exact
  const byWord = all.filter((one) => wordsOf(entity, one).some((word) => normalise(word) === wanted))
  if (byWord.length === 1) return byWord[0]!
  const names = all.map((one) => one.name)
  const known = entity.columns[wanted] ?? entity.computed?.[wanted]
  throw userError(
    known ? 'field_not_writable' : 'unknown_field',
    known
      ? `The field ${wanted} of ${entity.name} is not set by hand.`
      : `There is no such field on ${entity.name} that a proposal may set.`,
    {
      at,
      fix: 'Use one of the valid options.',
      validOptions: names,
      didYouMean: didYouMean(
        wanted,
        all.map((one) => ({ name: one.name, words: wordsOf(entity, one) })),
      ),
    },
  )
}

const wordsOf = (entity: Entity, settable: Settable): readonly string[] => {
  const relation = entity.relations?.[settable.name]
  return settable.kind === 'field'
    ? [...(settable.marks.words ?? []), ...(relation?.words ?? [])]
    : (relation?.words ?? [])
}

/** Entities marked writable, and the small ones with a field that may be written: addresses, phone numbers, tags. */
const writableOnes = (): readonly Entity[] =>
  [...catalog.values()].filter(
    (entity) =>
      !entity.internal && (entity.writable || Object.values(entity.columns).some(({ marks }) => marks.write)),
  )

export const writableEntities = (): readonly string[] => writableOnes().map((entity) => entity.name)

/** The writable entity that is meant by `people`, `person` or `contact`. Throws `unknown_entity`, which teaches. */
export const writableEntity = (name: string, at: string): Entity => {
  const wanted = normalise(name)
  const writable = writableOnes()
  const found =
    writable.find((entity) => entity.name === wanted) ??
    writable.find((entity) => normalise(entity.one) === wanted) ??
    writable.find((entity) => entity.words?.some((word) => normalise(word) === wanted))
  if (found) return found
  const names = writable.map((entity) => entity.name)
  const known = catalog.get(wanted)
  throw userError(
    known && !known.internal ? 'entity_not_writable' : 'unknown_entity',
    known && !known.internal
      ? `Records of ${known.name} are not changed by proposals.`
      : 'There is no such entity that a proposal may change.',
    {
      at,
      fix: 'Use one of the valid options.',
      validOptions: names,
      didYouMean: didYouMean(
        wanted,
        writable.map(({ name: own, one, words = [] }) => ({ name: own, words: [one, ...words] })),
      ),
    },
  )
}
