import { runText } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { entityOf } from '../db/catalog/all.ts'
import type { BoundQuery, Predicate, Test } from './bound.ts'
import { compileTotal } from './compile.ts'
import { displayOf } from './fields.ts'
import type { BoundField } from './paths.ts'
import type { Clock } from './periods.ts'
import { sqlOf } from './sql-writer.ts'

type Tested = { readonly of: BoundField; readonly test: Test }

const testsIn = (predicates: readonly Predicate[]): readonly Tested[] =>
  predicates.flatMap((one) => {
    switch (one.kind) {
      case 'test':
        return [one]
      case 'any':
      case 'unless':
      case 'segment':
        return testsIn(one.of)
      case 'exists':
        return testsIn(one.where)
    }
  })

const MAX_OPTIONS = 30

/** For a name that no record has: says so, and offers the names where they are harmless. */
const unknownName = async (tx: TenantTx, { of, test }: Tested): Promise<string | undefined> => {
  if (test.is !== 'record' || test.titles.length === 0 || test.match !== 'equal' || test.not) return undefined
  const entity = entityOf(of.entity)
  const title = sqlOf(displayOf(entity).sql, 't')
  const places = test.titles.map((_, index) => `lower($${index + 1}::text)`).join(', ')
  const from = `from ${entity.viewName} t where t.deleted_at is null`
  const known = await runText(tx, `select 1 ${from} and lower(${title}) in (${places}) limit 1`, test.titles)
  if (known.rows.length > 0) return undefined
  const start = `No ${entity.one} has the name that \`${of.label}\` is compared with.`
  if (entity.titleHide !== 'none')
    return `${start} Look it up first (search_people), or ask with \`contains\`.`
  const all = await runText(tx, `select ${title} ${from} order by 1 limit ${MAX_OPTIONS}`, [])
  if (all.rows.length === 0) return `${start} There are none yet.`
  return `${start} There are: ${all.rows.map(([name]) => String(name)).join(', ')}.`
}

const isBefore = (predicate: Predicate): predicate is Extract<Predicate, { kind: 'test' }> =>
  predicate.kind === 'test' &&
  predicate.test.is === 'times' &&
  !predicate.test.not &&
  predicate.test.intervals.every((interval) => interval.from === null)

/** For "not since …": how many records have no such date at all, and so are not among the rows. */
const dateless = async (tx: TenantTx, bound: BoundQuery, clock: Clock): Promise<string | undefined> => {
  const before = bound.where.find(isBefore)
  if (!before || bound.shows.kind === 'groups') return undefined
  const where = bound.where.map((one): Predicate =>
    one === before ? { ...before, test: { is: 'empty', not: false } } : one,
  )
  const { text, parameters } = compileTotal({ ...bound, where }, clock)
  const { rows } = await runText(tx, text, parameters)
  const count = Number(rows[0]?.[0] ?? 0)
  if (count === 0) return undefined
  const { label } = before.of
  return `${count} more that meet the other conditions have no \`${label}\` at all and are not counted; to include them ask {"any": […, {"field": "${label}", "op": "empty"}]}.`
}

/** What the reader of an answer should know beyond its rows. */
export const remarksOn = async (
  tx: TenantTx,
  bound: BoundQuery,
  clock: Clock,
  total: number,
): Promise<readonly string[]> => {
  const remarks = [await dateless(tx, bound, clock)]
  if (total === 0) for (const tested of testsIn(bound.where)) remarks.push(await unknownName(tx, tested))
  return remarks.filter((remark) => remark !== undefined)
}
