import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { appendAudit, verifyAudit } from './audit.ts'
import { asTenant } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

const EVENTS = 12

/**
 * What the chain does not hold: the row's own id and the stamps that every table carries (the chain has its own time, member
 * and road). The workspace of a row is held by a foreign key and by the chains on both sides.
 */
const NOT_IN_CHAIN = new Set([
  'id',
  'tenant_id',
  'updated_at',
  'created_by',
  'updated_by',
  'created_via',
  'updated_via',
])

/** How the smallest change of a column of each type is written: one bit of one byte, where it has bytes that show. */
const FLIPS: Readonly<Record<string, (column: string, byte: number) => string>> = {
  text: (c, byte) =>
    `convert_from(set_byte(convert_to(${c}, 'UTF8'), ${byte} % octet_length(${c}), get_byte(convert_to(${c}, 'UTF8'), ${byte} % octet_length(${c})) # 1), 'UTF8')`,
  uuid: (c, byte) =>
    `encode(set_byte(uuid_send(${c}), ${byte} % 16, get_byte(uuid_send(${c}), ${byte} % 16) # 1), 'hex')::uuid`,
  jsonb: (c) => `jsonb_set(${c}, '{n}', to_jsonb((${c}->>'n')::int # 1))`,
  int8: (c) => `${c} # 1000000`,
  int4: (c) => `${c} # 1`,
  timestamptz: (c) => `coalesce(${c}, now()) + interval '1 microsecond'`,
}

/** Deterministic numbers in [0, 1). */
const sequence = (seed: number) => () => {
  seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

describe.each(testEngines)('one flipped bit in the audit on %s', (engine) => {
  let opened: TestDatabase
  let actor: Actor
  const verify = () => asTenant(opened.database, actor, (tx) => verifyAudit(tx), { readOnly: true })

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    actor = (await opened.addTenant()).actor()
    for (let n = 0; n < EVENTS; n += 1) {
      await asTenant(opened.database, actor, (tx) =>
        appendAudit(tx, { kind: 'test.happened', entity: 'people', recordId: newId(), data: { n } }),
      )
    }
    await opened.database.pool.query('alter table core.audit_events no force row level security')
    await opened.database.pool.query('alter table core.audit_events disable trigger user')
  })
  afterAll(() => opened.close())

  test('is found in every column and at every place, and nothing is found when it is flipped back', async () => {
    const { pool } = opened.database
    const { rows: columns } = await pool.query<{ name: string; type: string }>(
      `select column_name as name, udt_name as type from information_schema.columns
        where table_schema = 'core' and table_name = 'audit_events' order by ordinal_position`,
    )
    const random = sequence(20_261_121)
    const missed: string[] = []
    for (const { name, type } of columns) {
      if (NOT_IN_CHAIN.has(name)) continue
      for (let turn = 0; turn < 3; turn += 1) {
        const place = Math.floor(random() * EVENTS)
        const flip = FLIPS[type]?.(`"${name}"`, Math.floor(random() * 64))
        if (flip === undefined) throw new Error(`No way to flip ${type}.`)
        const at = `where id = (select id from core.audit_events order by position offset ${place} limit 1)`
        const before = await pool.query<{ id: string; held: string | null }>(
          `select id, "${name}"::text as held from core.audit_events ${at}`,
        )
        const { id, held } = before.rows[0]!
        const flipped = await pool.query<{ now: string | null }>(
          `update core.audit_events set "${name}" = ${flip} ${at} returning "${name}"::text as now`,
        )
        if (flipped.rows[0]!.now === held) throw new Error(`${name} was not flipped.`)
        if ((await verify()).ok) missed.push(`${name} of event ${place + 1}`)
        await pool.query(`update core.audit_events set "${name}" = $1::text::${type} where id = $2`, [
          held,
          id,
        ])
        expect(await verify()).toMatchObject({ ok: true, events: EVENTS })
      }
    }
    expect(missed).toEqual([])
  })
})
