import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
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
  /** Whose workspace it is that the ids are of: the same probe as theirs finds them. */
  let atHome: Persona

  beforeAll(async () => {
    house = await openAccessHouse(engine)
    const { query } = house
    const company = await house.addRecord('companies')
    const person = await house.addRecord('people')
    await query(sql`update crm.companies set domain = ${DOMAIN} where id = ${company}`)
    await query(sql`update crm.people set company_id = ${company} where id = ${person}`)
    await query(sql`insert into crm.person_emails (id, tenant_id, person_id, address)
      values (${newId()}, core.current_tenant(), ${person}, ${ADDRESS})`)
    await query(
      sql`insert into crm.tags (id, tenant_id, name) values (${newId()}, core.current_tenant(), 'Quill')`,
    )
    const thread = newId()
    await query(sql`insert into intel.mail_threads (id, tenant_id, subject, person_id)
      values (${thread}, core.current_tenant(), 'Our offer', ${person})`)
    await query(sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction,
        from_address, from_person_id, subject, body_text, size_bytes, source)
      values (${newId()}, core.current_tenant(), ${thread}, 'm1@quill', 'm1', now(), 'inbound', ${ADDRESS}, ${person},
        'Our offer', 'The offer is in the post.', 10, 'test')`)
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
    const stage = sql`insert into crm.stages (id, tenant_id, name, position) values (gen_random_uuid(), core.current_tenant(), 'Open', 1)`
    await query(stage)
    await there(stage)
    atHome = house.personas.find(({ name }) => name === 'owner')!
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
    const asks: readonly (readonly [string, keyof typeof theirs, (id: string) => Record<string, unknown>])[] =
      [
        ['get_record', 'company', (id) => ({ id: uri('companies', id) })],
        ['get_proposal', 'proposal', (id) => ({ proposal: uri('proposals', id) })],
        ['brief', 'company', (id) => ({ kind: 'account', id: uri('companies', id) })],
        ['search_email', 'person', (id) => ({ query: 'offer', with: uri('people', id) })],
        [
          'query_crm',
          'company',
          (id) => ({ find: 'people', where: [{ field: 'company', op: '=', value: uri('companies', id) }] }),
        ],
        [
          'propose_writeback',
          'company',
          (id) => ({
            changes: [
              { op: 'update', entity: 'companies', record: uri('companies', id), set: { city: 'X' } },
            ],
          }),
        ],
        [
          'propose_writeback',
          'company',
          (id) => ({
            changes: [
              {
                op: 'create',
                entity: 'deals',
                set: { name: 'D', stage: 'Open', company: uri('companies', id) },
              },
            ],
          }),
        ],
        ['log_interaction', 'person', (id) => ({ kind: 'call', people: [uri('people', id)], summary: 'x' })],
      ]
    for (const [tool, kind, args] of asks) {
      for (const road of tool === 'get_record'
        ? (['toolbox', 'MCP over HTTP'] as const)
        : (['toolbox'] as const)) {
        const none = await callAs(who, road, tool, args(newId()))
        for (const id of Object.values(theirs)) {
          const real = await callAs(who, road, tool, args(id))
          expect([tool, road, real]).toEqual([tool, road, none])
          expect(real).not.toContain(house.secret)
        }
        // The probe can tell the two apart: at home it does.
        const here = await callAs(atHome, road, tool, args(theirs[kind]))
        expect([tool, road, here]).not.toEqual([tool, road, await callAs(atHome, road, tool, args(newId()))])
      }
    }
    for (const verb of ['show', 'approve', 'reject', 'undo']) {
      const say = async (asker: Persona, id: string): Promise<string> =>
        unlike((await house.cli(asker, ['proposals', verb, id])).out)
      expect(await say(who, theirs.proposal)).toBe(await say(who, newId()))
      expect(await say(atHome, theirs.proposal)).not.toBe(await say(atHome, newId()))
    }
    const page = async (asker: Persona, id: string): Promise<string> => {
      const answer = await house.get(asker, `/inbox/proposals/${id}`)
      return `${answer.status} ${unlike(await answer.text())}`
    }
    expect(await page(who, theirs.proposal)).toBe(await page(who, newId()))
    expect(await page(atHome, theirs.proposal)).not.toBe(await page(atHome, newId()))
  })

  /** Handles are random, so the answer is compared by what it says: its code, or all of it without ids. */
  const callAs = async (
    asker: Persona,
    road: 'toolbox' | 'MCP over HTTP',
    tool: string,
    args: Record<string, unknown>,
  ): Promise<string> => {
    if (road === 'MCP over HTTP') {
      const { said, text } = await house.tools[road](asker, tool, args)
      return `${said} ${unlike(text)}`
    }
    const outcome = await house.house.toolbox.call(tool, args, {
      actor: { ...asker.actor, via: 'chat' },
      conversationId: await conversation(asker),
      signal: new AbortController().signal,
    })
    return unlike(JSON.stringify(outcome.ok ? outcome.result : outcome.error)).replaceAll(
      /"as_of":"[^"]+"/g,
      '',
    )
  }
  const conversation = async ({ actor }: Persona): Promise<string> => {
    const opened = await asTenant(house.db.database, actor, (tx) =>
      openConversation(tx, { channel: 'chat', externalKey: null, memberId: actor.memberId }),
    )
    return opened.id
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
