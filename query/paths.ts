import { userError } from '../domain/errors.ts'
import type { Entity } from '../db/catalog/all.ts'
import type { Related } from './aggregate.ts'
import { askable, shapeOf } from './fields.ts'
import type { Field, Shape, ToMany, ToOne } from './fields.ts'
import { didYouMean, normalise } from '../domain/nearest.ts'
import { echo, spellings } from './names.ts'
import type { Candidate } from '../domain/nearest.ts'

/** To-one relations a path may follow. */
export const MAX_STEPS = 3

/** A field where it stands: reached over `steps` from the entity that is asked, belonging to `entity`. */
export interface BoundField {
  readonly steps: readonly ToOne[]
  readonly entity: string
  readonly field: Field
  /** The path in the catalog's own words: `company.status`. */
  readonly label: string
  /** A value over several records: `count(deals)`; `field.sql` is empty then. */
  readonly related?: Related
}

export interface BoundMany {
  readonly steps: readonly ToOne[]
  readonly relation: ToMany
  readonly label: string
}

export type Target =
  | ({ readonly kind: 'field' } & BoundField)
  /** A record reached over a to-one relation; `field` is its id. */
  | ({ readonly kind: 'one' } & BoundField)
  | ({ readonly kind: 'many' } & BoundMany)

export interface Reading {
  /** Place in the question, e.g. `where[0].field`. */
  readonly at: string
  /** Collects how words were read. */
  readonly notes: Set<string>
}

type Found =
  | { readonly kind: 'field'; readonly item: Field }
  | { readonly kind: 'one'; readonly item: ToOne }
  | { readonly kind: 'many'; readonly item: ToMany }

const itemsOf = (shape: Shape): readonly Found[] => [
  ...[...shape.fields.values()].map((item) => ({ kind: 'field' as const, item })),
  ...[...shape.ones.values()].map((item) => ({ kind: 'one' as const, item })),
  ...[...shape.manys.values()].map((item) => ({ kind: 'many' as const, item })),
]

/** Every name that can be asked of an entity. */
export const optionsOf = (shape: Shape): readonly string[] => itemsOf(shape).map(({ item }) => item.name)

const candidatesOf = (shape: Shape): readonly Candidate[] => {
  const nearby = [...shape.ones.values()].flatMap((one) =>
    [...shapeOf(one.entity).fields.values()].map((field) => ({
      name: `${one.name}.${field.name}`,
      words: field.words,
    })),
  )
  return [...itemsOf(shape).map(({ item }) => ({ name: item.name, words: item.words })), ...nearby]
}

const unknownField = (shape: Shape, word: string, reading: Reading): never => {
  throw userError('unknown_field', `${shape.entity.name} has no field${echo(word) || ' of that name'}.`, {
    at: reading.at,
    fix: 'Use one of the names in valid_options, or a path such as `company.status`.',
    validOptions: optionsOf(shape),
    didYouMean: didYouMean(word, candidatesOf(shape)),
  })
}

const lookUp = (shape: Shape, word: string, reading: Reading): Found => {
  const items = itemsOf(shape)
  const exact = items.find(({ item }) => item.name === word)
  if (exact) return exact
  const asked = spellings(word)
  const stem = normalise(word).replace(/_id$/, '')
  const tiers = [
    items.filter(({ item }) => asked.includes(item.name)),
    items.filter(({ kind, item }) => kind === 'one' && item.name === stem),
    items.filter(({ item }) => item.words.some((other) => asked.includes(normalise(other)))),
  ]
  const hits = tiers.find((tier) => tier.length > 0) ?? []
  const [hit, ...others] = hits
  if (!hit) return unknownField(shape, word, reading)
  if (others.length > 0) {
    throw userError('ambiguous_field', `${shape.entity.name} has several fields that this may mean.`, {
      at: reading.at,
      fix: 'Name one of valid_options.',
      validOptions: hits.map(({ item }) => item.name),
    })
  }
  if (normalise(word) !== hit.item.name && echo(word)) {
    reading.notes.add(`${echo(word).trim()} was read as \`${hit.item.name}\`.`)
  }
  return hit
}

const joined = (names: readonly string[]): string => names.filter((name) => name !== '').join('.')

/** The record that `steps` lead to, as a field. */
export const recordAt = (entity: string, steps: readonly ToOne[], label: string): BoundField => ({
  steps,
  entity,
  field: shapeOf(entity).fields.get('id')!,
  label,
})

/**
 * Resolves `name`, `company.status` or `company.deals` on an entity: names of the catalog, or other words for them
 * where only one thing is meant. Throws `unknown_field`, `ambiguous_field`, `path_too_long` or `to_many`.
 */
export const resolvePath = (entityName: string, path: string, reading: Reading): Target => {
  const segments = path.split('.')
  if (segments.length > MAX_STEPS + 1) {
    throw userError('path_too_long', `The path at ${reading.at} follows more than ${MAX_STEPS} relations.`, {
      at: reading.at,
      fix: 'Ask the entity in between instead.',
    })
  }
  let shape = shapeOf(entityName)
  const steps: ToOne[] = []
  for (const segment of segments.slice(0, -1)) {
    const found = lookUp(shape, segment, reading)
    if (found.kind === 'many') throw toManyInPath(found.item, reading)
    if (found.kind === 'field') return unknownField(shape, segment, reading)
    steps.push(found.item)
    shape = shapeOf(found.item.entity)
  }
  const found = lookUp(shape, segments.at(-1)!, reading)
  const label = joined([...steps.map((step) => step.name), found.item.name])
  switch (found.kind) {
    case 'field':
      return { kind: 'field', steps, entity: shape.entity.name, field: found.item, label }
    case 'one': {
      const all = [...steps, found.item]
      if (all.length > MAX_STEPS) return resolvePath(entityName, `${path}.id`, reading)
      return { kind: 'one', ...recordAt(found.item.entity, all, label) }
    }
    case 'many':
      return { kind: 'many', steps, relation: found.item, label }
  }
}

const toManyInPath = (relation: ToMany, { at }: Reading) =>
  userError('to_many', `\`${relation.name}\` leads to several records, so a path cannot go through it.`, {
    at,
    fix: `In a filter write {"some": "${relation.name}", "where": [{"field": "…", "op": "=", "value": "…"}]} (or "none"); to list or count them, find ${relation.entity}.`,
    validOptions: [...shapeOf(relation.entity).fields.keys()],
  })

/**
 * The entity a word means: its name, its singular, or another word for it (where two share a word, the one that has it
 * earlier among its words). Throws `unknown_entity`.
 */
export const resolveEntity = (word: string, reading: Reading): string => {
  const entities = askable()
  const asked = spellings(word)
  const byName = entities.find(({ name, one }) => asked.includes(name) || asked.includes(normalise(one)))
  const placeOf = ({ words = [] }: Entity): number =>
    words.findIndex((other) => asked.includes(normalise(other)))
  const byWord = entities.filter((entity) => placeOf(entity) >= 0).sort((a, b) => placeOf(a) - placeOf(b))
  const [first, second] = byWord
  const isPlain = first !== undefined && (second === undefined || placeOf(first) < placeOf(second))
  const found = byName ?? (isPlain ? first : undefined)
  if (found) {
    if (found.name !== word && echo(word))
      reading.notes.add(`${echo(word).trim()} was read as \`${found.name}\`.`)
    return found.name
  }
  const candidates = entities.map(({ name, one, words = [] }) => ({ name, words: [one, ...words] }))
  throw userError('unknown_entity', `There is no entity${echo(word) || ' of that name'}.`, {
    at: reading.at,
    fix: 'Name one of valid_options in `find`.',
    validOptions: entities.map(({ name }) => name),
    didYouMean: byWord.length > 1 ? byWord.map(({ name }) => name) : didYouMean(word, candidates),
  })
}
