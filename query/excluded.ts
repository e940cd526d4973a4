import { catalog } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import type { BoundQuery } from './bound.ts'

/** Entities of which some records are seen by some members alone: private mail, and what was made of it. */
const hasCircles = (entity: Entity): boolean => Object.hasOwn(entity.columns, 'only_for')

const sharedIn = (entity: Entity): readonly string[] =>
  Object.entries(entity.columns).flatMap(([name, { marks }]) => (marks.shared ? [name] : []))

const listed = (names: readonly string[]): string => [...new Set(names)].toSorted().join(', ')

/** What a semantic question tests and shows, as a text; in which order is often our own choice. */
export const askedIn = ({ where, shows: { order: _order, ...shows } }: BoundQuery): string =>
  JSON.stringify([where, shows])

/**
 * What a statement of ours leaves out because not everybody may see it, in sentences, by the views that it reads and the
 * columns that `asked` speaks of (`askedIn`: parts of a statement are our own wish). Said by kind, whether or not there is any:
 * whether there is would tell of what is hidden.
 */
export const excludedFrom = (text: string, asked: string = text): readonly string[] => {
  const read = new Set([...text.matchAll(/\basked\."?(\w+)/g)].map(([, name]) => name!))
  const entities = [...catalog.values()].filter(({ name }) => read.has(name))
  const circled = entities.filter(hasCircles).map(({ name }) => name.replaceAll('_', ' '))
  const shared = entities.flatMap(sharedIn).filter((name) => new RegExp(String.raw`\.${name}\b`).test(asked))
  return [
    ...(circled.length > 0
      ? [`Private mail of other members, and what was made of it, is not among: ${listed(circled)}.`]
      : []),
    ...(shared.length > 0 ? [`No private mail, whosever it is, counts in: ${listed(shared)}.`] : []),
  ]
}
