import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalog, entityOf } from '../db/catalog/all.ts'
import type { Entity } from '../db/catalog/all.ts'
import { columnTypes } from '../db/document-shape.ts'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import { newId } from '../domain/ids.ts'
import { MERGEABLE } from './merge.ts'
import { tableOf } from './rows.ts'
import { makeTeam } from './testing.ts'
import type { Team } from './testing.ts'
import { undo } from './undo.ts'

/** Written by the change itself: the proposal, its trail, and the history of fields. */
const TRAIL = new Set(['proposals', 'approvals', 'proposal_events', 'audit_events', 'field_changes'])
const STAMPS = new Set(['version', 'updated_at', 'updated_by', 'updated_via'])
/** What the database demands beyond its columns. */
const ALSO: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}

interface Pointer {
  readonly entity: Entity
  readonly column: string
}

const pointersTo = (target: string): readonly Pointer[] =>
  [...catalog.values()].flatMap((entity) =>
    Object.entries(entity.columns)
      .filter(([, { marks }]) => marks.references === target)
      .map(([column]) => ({ entity, column })),
  )

describe.each(testEngines)('everything that can point to a record, merged on %s', (engine) => {
  let db: TestDatabase
  let team: Team
  let drawn = 0

  beforeAll(async () => {
    db = await openTestDatabase(engine)
  })
  afterAll(() => db.close())

  const valueFor = async (entity: Entity, column: string, type: string): Promise<unknown> => {
    const { marks } = entity.columns[column]!
    drawn += 1
    if (marks.references !== undefined) return make(entityOf(marks.references), {})
    if (marks.values) return marks.values[0]
    if (type.startsWith('timestamp')) return '2026-01-02T03:04:05Z'
    if (type === 'date') return '2026-01-02'
    if (type === 'jsonb') return '{}'
    if (type === 'uuid') return newId()
    if (type === 'boolean') return false
    if (type.endsWith('[]')) return '{}'
    if (type === 'bytea') return Buffer.from([1])
    return type === 'text' ? `${column}-${drawn}` : 1
  }

  /** The least row of an entity that the database takes, with what is given. */
  const make = async (entity: Entity, given: Readonly<Record<string, unknown>>): Promise<string> => {
    const id = newId()
    const values: Record<string, unknown> = { id, ...ALSO[entity.name], ...given }
    for (const [column, { type, needed }] of columnTypes(entity)) {
      if (!needed || column in values || !(column in entity.columns)) continue
      values[column] = await valueFor(entity, column, type)
    }
    const names = sql.raw(
      Object.keys(values)
        .map((name) => `"${name}"`)
        .join(', '),
    )
    const cells = sql.join(
      Object.values(values).map((value) => sql`${value}`),
      sql`, `,
    )
    await team.query(
      sql`insert into ${tableOf(entity)} (tenant_id, ${names}) values (core.current_tenant(), ${cells})`,
    )
    return id
  }

  /** Every row of every table, stamps and the trail of the change left out. */
  const everything = async (): Promise<ReadonlyMap<string, string>> => {
    const held = new Map<string, string>()
    for (const entity of catalog.values()) {
      if (TRAIL.has(entity.name)) continue
      const found = await team.query<{ row: Record<string, unknown> }>(
        sql`select to_jsonb(t) as row from ${tableOf(entity)} t order by id`,
      )
      for (const { row } of found) {
        const kept = Object.entries(row).filter(([name]) => !STAMPS.has(name))
        held.set(`${entity.name}:${String(row['id'])}`, JSON.stringify(kept))
      }
    }
    return held
  }

  test.each(MERGEABLE)(
    '%s: it comes along to the one that stays, and all goes back with undo',
    async (name) => {
      await db.truncate()
      team = await makeTeam(db)
      const entity = entityOf(name)
      const [loser, winner] = [await make(entity, {}), await make(entity, {})]
      const made: (Pointer & { readonly id: string })[] = []
      for (const pointer of pointersTo(name))
        made.push({ ...pointer, id: await make(pointer.entity, { [pointer.column]: loser }) })
      expect(made.length).toBeGreaterThan(10)
      const before = await everything()

      const { proposal } = await team.propose([
        { op: 'merge', entity: name, record: `${name}:${winner}`, from: `${name}:${loser}` },
      ])
      await team.carryOut(proposal)
      for (const { entity: other, column, id } of made) {
        const [row] = await team.query<Record<string, unknown>>(
          sql`select ${sql.identifier(column)} as target, deleted_at from ${tableOf(other)} where id = ${id}::uuid`,
        )
        expect({ at: `${other.name}.${column}`, ...row }).toEqual({
          at: `${other.name}.${column}`,
          target: winner,
          deleted_at: null,
        })
      }

      await undo(team.database, { proposalId: proposal.id, decider: team.owner, now: team.now })
      const after = await everything()
      const different = [...new Set([...before.keys(), ...after.keys()])].filter(
        (key) => before.get(key) !== after.get(key),
      )
      expect(different.map((key) => [key, before.get(key), after.get(key)])).toEqual([])
    },
  )
})
