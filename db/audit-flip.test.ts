import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { appendAudit, verifyAudit } from './audit.ts'
import { asTenant } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

const EVENTS = 12

/** How the smallest change of a column of each type is written: one bit of one byte, where it has bytes that show. */
const FLIPS: Readonly<Record<string, (column: string, byte: number) => string>> = {
  text: (c, byte) =>
    `case when ${c} is null then 'x' else convert_from(set_byte(convert_to(${c}, 'UTF8'), ${byte} % octet_length(${c}), get_byte(convert_to(${c}, 'UTF8'), ${byte} % octet_length(${c})) # 1), 'UTF8') end`,
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
      // A workspace that is not there is refused by the foreign key; one that is there: the next test.
      if (name === 'tenant_id') continue
      for (let turn = 0; turn < 3; turn += 1) {
        const place = Math.floor(random() * EVENTS)
        const flip = FLIPS[type]?.(`"${name}"`, Math.floor(random() * 64))
        if (flip === undefined) throw new Error(`No way to flip ${type}.`)
        const at = `where id = (select id from core.audit_events order by position offset ${place} limit 1)`
        const before = await pool.query<{ held: string | null }>(
          `select "${name}"::text as held from core.audit_events ${at}`,
        )
        const { held } = before.rows[0]!
        const flipped = await pool.query<{ id: string; now: string | null }>(
          `update core.audit_events set "${name}" = ${flip} ${at} returning id, "${name}"::text as now`,
        )
        const { id, now } = flipped.rows[0]!
        if (now === held) throw new Error(`${name} was not flipped.`)
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

  describe('a whole row', () => {
    const at = (place: number): string =>
      `(select id from core.audit_events where tenant_id = '${actor.tenantId}' order by position offset ${place} limit 1)`
    /** Runs statements, looks what is found, and puts everything back. */
    const afterwards = async (
      statements: readonly string[],
      who: Actor = actor,
    ): Promise<Awaited<ReturnType<typeof verify>>> => {
      const { pool } = opened.database
      await pool.query('create table kept_events as select * from core.audit_events')
      for (const statement of statements) await pool.query(statement)
      const found = await asTenant(opened.database, who, (tx) => verifyAudit(tx), { readOnly: true })
      await pool.query('delete from core.audit_events')
      await pool.query('insert into core.audit_events select * from kept_events')
      await pool.query('drop table kept_events')
      expect(await verify()).toMatchObject({ ok: true, events: EVENTS })
      return found
    }
    const copied = `insert into core.audit_events select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'position', `

    test.each([0, 4, EVENTS - 2])('that is deleted is found (%i)', async (place) => {
      expect(await afterwards([`delete from core.audit_events where id = ${at(place)}`])).toMatchObject({
        ok: false,
        position: place + 2,
      })
    })

    test('that changed places with another is found', async () => {
      expect(
        await afterwards([
          `update core.audit_events set position = -position where position in (3, 7)`,
          `update core.audit_events set position = 10 + position where position < 0`,
        ]),
      ).toMatchObject({ ok: false, position: 3 })
    })

    test('that is put in is found: a copy at the end, and one with what came after it moved up', async () => {
      expect(
        await afterwards([`${copied}${EVENTS + 1}))).* from core.audit_events e where position = ${EVENTS}`]),
      ).toMatchObject({ ok: false, position: EVENTS + 1 })
      expect(
        await afterwards([
          `update core.audit_events set position = -position where position >= 6`,
          `update core.audit_events set position = 1 - position where position < 0`,
          `${copied}6))).* from core.audit_events e where position = 5`,
        ]),
      ).toMatchObject({ ok: false, position: 6 })
    })

    test('that is moved to another workspace is found in both', async () => {
      const other = (await opened.addTenant()).actor()
      const moved = [
        `update core.audit_events set tenant_id = '${other.tenantId}', position = 1 where id = ${at(5)}`,
      ]
      expect(await afterwards(moved)).toMatchObject({ ok: false, position: 7 })
      expect(await afterwards(moved, other)).toMatchObject({ ok: false, position: 1 })
    })
  })
})
