import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invite } from '../db/invitations.ts'
import { createMember } from '../db/members.ts'
import { sqlStateOf } from '../db/errors.ts'
import { sql } from '../db/sql.ts'
import type { SQL } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { testEngines } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { recordUri } from '../domain/records.ts'
import { openAccessHouse } from './testing/access-house.ts'
import type { AccessHouse, Persona } from './testing/access-house.ts'

const DOMAIN = 'quillfeather.example'
const ADDRESS = `ada@${DOMAIN}`

/** Everything that differs between two requests of the same kind, whatever they were about. */
const unlike = (text: string): string =>
  text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>').replaceAll(/[A-Z]+_\d{5,}/g, '<handle>')

describe.each(testEngines)('what another workspace has cannot be told from nothing, on %s', (engine) => {
  let house: AccessHouse
  let theirs: { readonly company: string; readonly person: string; readonly proposal: string }
  let boss: Actor
  let who: Persona

  beforeAll(async () => {
    house = await openAccessHouse(engine)
    const { query } = house
    const company = await house.addRecord('companies')
    const person = await house.addRecord('people')
    await query(sql`update crm.companies set domain = ${DOMAIN} where id = ${company}`)
    await query(sql`insert into crm.person_emails (id, tenant_id, person_id, address)
      values (${newId()}, core.current_tenant(), ${person}, ${ADDRESS})`)
    await query(
      sql`insert into crm.tags (id, tenant_id, name) values (${newId()}, core.current_tenant(), 'Quill')`,
    )
    const change = {
      op: 'update',
      entity: 'companies',
      record: recordUri({ entity: 'companies', id: company }),
    }
    const { id: proposal } = await house.pending({ ...change, set: { city: 'Oslo' } })
    theirs = { company, person, proposal }
    // The owner of the other workspace, at home: everything they hold is good there.
    const other = house.personas.find(({ name }) => name === 'other tenant')!
    boss = { ...other.actor, tenantId: house.there.workspace.id }
    who = { ...other, actor: boss, workspace: 'there', role: 'owner' }
  })
  afterAll(() => house.close())

  const there = <T extends object>(statement: SQL): Promise<T[]> =>
    asTenant(house.db.database, boss, (tx) => rows<T>(tx, statement))

  const tried = async (statement: SQL): Promise<string> => {
    try {
      return `${(await there(statement)).length} rows`
    } catch (error) {
      return `refused ${sqlStateOf(error) ?? (error as { code?: string }).code}`
    }
  }

  test('ids: by every tool and command the answer is that of an id nobody has', async () => {
    const uri = (entity: string, id: string): string => recordUri({ entity, id })
    const asks: readonly (readonly [string, (id: string) => Record<string, unknown>])[] = [
      ['get_record', (id) => ({ id: uri('companies', id) })],
      ['get_proposal', (id) => ({ id: uri('proposals', id) })],
      ['brief', (id) => ({ kind: 'account', about: uri('companies', id) })],
      ['search_email', (id) => ({ text: 'offer', with: uri('people', id) })],
      [
        'query_crm',
        (id) => ({ find: 'people', where: [{ field: 'company', op: 'eq', value: uri('companies', id) }] }),
      ],
      [
        'propose_writeback',
        (id) => ({
          changes: [{ op: 'update', entity: 'companies', record: uri('companies', id), set: { city: 'X' } }],
        }),
      ],
      [
        'propose_writeback',
        (id) => ({
          changes: [{ op: 'create', entity: 'deals', set: { name: 'D', company: uri('companies', id) } }],
        }),
      ],
      ['log_interaction', (id) => ({ kind: 'call', people: [uri('people', id)], summary: 'x' })],
    ]
    for (const [tool, args] of asks) {
      for (const id of Object.values(theirs)) {
        for (const road of tool === 'get_record'
          ? (['toolbox', 'MCP over HTTP'] as const)
          : (['toolbox'] as const)) {
          const real = await callAs(road, tool, args(id))
          const none = await callAs(road, tool, args(newId()))
          expect([tool, road, real]).toEqual([tool, road, none])
          expect(real).not.toContain(house.secret)
        }
      }
    }
    for (const verb of ['show', 'approve', 'reject', 'undo']) {
      const [real, none] = [theirs.proposal, newId()].map((id) => house.cli(who, ['proposals', verb, id]))
      expect(unlike((await real!).out)).toBe(unlike((await none!).out))
    }
    for (const path of ['/inbox/proposals/', '/inbox/members/']) {
      const [real, none] = [theirs.proposal, newId()].map(async (id) => {
        const answer = await house.get(who, path + id)
        return `${answer.status} ${unlike(await answer.text())}`
      })
      expect(await real).toBe(await none)
    }
  })

  /** Handles are random, so the answer is compared by what it says: its code, or all of it without ids. */
  const callAs = async (
    road: 'toolbox' | 'MCP over HTTP',
    tool: string,
    args: Record<string, unknown>,
  ): Promise<string> => {
    if (road === 'MCP over HTTP') {
      const { said, text } = await house.tools[road](who, tool, args)
      return `${said} ${unlike(text)}`
    }
    const outcome = await house.house.toolbox.call(tool, args, {
      actor: { ...boss, via: 'chat' },
      conversationId: await conversation(),
      signal: new AbortController().signal,
    })
    return unlike(JSON.stringify(outcome.ok ? outcome.result : outcome.error)).replaceAll(
      /"as_of":"[^"]+"/g,
      '',
    )
  }
  const conversation = async (): Promise<string> => {
    const id = newId()
    await there(sql`insert into workflow.conversations (id, tenant_id, member_id, channel)
      values (${id}, core.current_tenant(), ${boss.memberId}, 'chat')`)
    return id
  }

  test('names: searches and counts are those of a workspace alone', async () => {
    for (const text of [house.secret, DOMAIN, ADDRESS]) {
      for (const [tool, args] of [
        ['search_people', { query: text }],
        ['query_crm', { find: 'companies', where: [{ field: 'name', op: 'contains', value: text }] }],
        ['query_crm', { find: 'people' }],
      ] as const) {
        const answer = await house.tools['MCP over HTTP'](who, tool, args)
        const total = answer.done
          ? (JSON.parse(answer.text) as { completeness: { total: number } }).completeness.total
          : 0
        expect(total).toBe(0)
        expect(answer.text).not.toContain(house.secret)
      }
    }
    expect(await there(sql`select * from crm.search_companies(${house.secret}, 5)`)).toEqual([])
    expect(await there(sql`select * from crm.search_people(${house.secret}, 5)`)).toEqual([])
  })

  test('duplicates: what is taken there is free here', async () => {
    const id = newId()
    const make = (statement: SQL): Promise<string> => tried(sql`${statement} returning id`)
    expect(
      await make(
        sql`insert into crm.companies (id, tenant_id, name, domain) values (${newId()}, core.current_tenant(), 'Q', ${DOMAIN})`,
      ),
    ).toBe('1 rows')
    expect(
      await make(
        sql`insert into crm.people (id, tenant_id, given_name, family_name) values (${id}, core.current_tenant(), 'A', 'B')`,
      ),
    ).toBe('1 rows')
    expect(
      await make(
        sql`insert into crm.person_emails (id, tenant_id, person_id, address) values (${newId()}, core.current_tenant(), ${id}, ${ADDRESS})`,
      ),
    ).toBe('1 rows')
    expect(
      await make(
        sql`insert into crm.tags (id, tenant_id, name) values (${newId()}, core.current_tenant(), 'Quill')`,
      ),
    ).toBe('1 rows')
    const member = { email: 'admin@team.example', givenName: 'A', familyName: 'B', role: 'viewer' as const }
    const invited = await asTenant(house.db.database, boss, (tx) => invite(tx, boss, member))
    expect(invited.token).toMatch(/^join_/)
    await asTenant(house.db.database, boss, (tx) => createMember(tx, member))
  })

  test('foreign keys and moves: a reference across is refused as one to nothing is', async () => {
    const refer = (id: string): Promise<string> =>
      tried(
        sql`insert into crm.deals (id, tenant_id, name, company_id) values (${newId()}, core.current_tenant(), 'x', ${id})`,
      )
    expect(await refer(theirs.company)).toBe(await refer(newId()))
    const change = (id: string): Promise<string> =>
      tried(sql`update crm.companies set city = 'X' where id = ${id} returning id`)
    expect([await change(theirs.company), await change(newId())]).toEqual(['0 rows', '0 rows'])
    const remove = (id: string): Promise<string> =>
      tried(sql`delete from crm.companies where id = ${id} returning id`)
    expect([await remove(theirs.company), await remove(newId())]).toEqual(['0 rows', '0 rows'])
    const across = tried(
      sql`insert into crm.companies (id, tenant_id, name) values (${newId()}, ${house.owner.tenantId}, 'X')`,
    )
    expect(await across).toBe('refused 42501')
  })

  test('numbers: no sequence is shared, and the audit of each workspace counts from one', async () => {
    const found = await there<{ name: string }>(
      sql`select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'S' and n.nspname in ('core', 'crm', 'fund', 'intel', 'inventory', 'workflow')`,
    )
    expect(found).toEqual([])
    const positions = await there<{ first: number; last: number; count: number }>(
      sql`select min(position) as first, max(position) as last, count(*)::int as count from core.audit_events`,
    )
    expect(positions[0]).toEqual({ first: 1, last: positions[0]!.count, count: positions[0]!.count })
  })
})
