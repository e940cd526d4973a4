import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { companies } from './catalog/companies.ts'
import { people, personEmails } from './catalog/people.ts'
import { sqlStateOf } from './errors.ts'
import { sql } from './sql.ts'
import type { SQL } from './sql.ts'
import { asSystem, asTenant, rows, runText } from './tenant.ts'
import type { TenantTx } from './tenant.ts'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

const CROWD = 3000

interface Known {
  readonly given: string
  readonly family: string
  readonly address?: string
  readonly company?: string
}

const KNOWN: readonly Known[] = [
  { given: 'Zoë', family: 'Müller', address: 'zoe.mueller@nimbus.example', company: 'Nimbus Freight' },
  { given: 'Dana', family: 'Whitfield', address: 'dana@harbor.example', company: 'Harbor & Sons' },
  { given: 'Dana', family: "O'Neil", company: 'Nimbus Freight' },
  { given: 'Иван', family: 'Жуков' },
  { given: '100%', family: 'Under_score' },
]

describe.each(testEngines)('search functions on %s', (engine) => {
  let opened: TestDatabase
  let here: Actor
  let there: Actor

  const as = <T>(actor: Actor, fn: (tx: TenantTx) => Promise<T>): Promise<T> =>
    asTenant(opened.database, actor, fn)

  const addCompany = async (
    tx: TenantTx,
    tenant: Actor['tenantId'],
    name: string,
    domain: string,
  ): Promise<string> => {
    const id = newId()
    await tx.insert(companies.table).values({ id, tenant_id: tenant, name, domain })
    return id
  }

  const fill = (actor: Actor): Promise<void> =>
    as(actor, async (tx) => {
      const tenant = actor.tenantId
      const byName = new Map([
        ['Nimbus Freight', await addCompany(tx, tenant, 'Nimbus Freight', 'nimbus.example')],
        ['Harbor & Sons', await addCompany(tx, tenant, 'Harbor & Sons', 'harbor.example')],
      ])
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name)
          select gen_random_uuid(), ${tenant}, 'Crowd' || n, 'Member' || md5(n::text) from generate_series(1, ${CROWD}::int) n`,
      )
      await rows(
        tx,
        sql`insert into crm.person_emails (id, tenant_id, person_id, address)
          select gen_random_uuid(), tenant_id, id, md5(id::text) || '@crowd.example' from crm.people`,
      )
      for (const { given, family, address, company } of KNOWN) {
        const id = newId()
        const company_id = company === undefined ? null : byName.get(company)!
        await tx
          .insert(people.table)
          .values({ id, tenant_id: tenant, given_name: given, family_name: family, company_id })
        if (address !== undefined) {
          await tx.insert(personEmails.table).values({ tenant_id: tenant, person_id: id, address })
        }
      }
    })

  beforeAll(async () => {
    opened = await openTestDatabase(engine)
    here = (await opened.addTenant()).actor()
    there = (await opened.addTenant()).actor()
    await fill(here)
    await opened.database.pool.query('analyze crm.people, crm.companies, crm.person_emails')
  })
  afterAll(() => opened.close())

  const findPeople = (query: string, actor: Actor = here): Promise<string[]> =>
    as(actor, async (tx) =>
      (
        await rows<{ name: string }>(
          tx,
          sql`select given_name || ' ' || family_name as name
            from crm.search_people(${query}, 10) found join crm.people p using (id) order by found.score desc, name`,
        )
      ).map(({ name }) => name),
    )
  const findCompanies = (query: string): Promise<string[]> =>
    as(here, async (tx) =>
      (
        await rows<{ name: string }>(
          tx,
          sql`select c.name from crm.search_companies(${query}, 10) found join crm.companies c using (id) order by found.score desc`,
        )
      ).map(({ name }) => name),
    )
  test.each([
    ['without accents', 'zoe muller', 'Zoë Müller'],
    ['in any case and order', 'MÜLLER zoë', 'Zoë Müller'],
    ['by the beginning of each word', 'da whit', 'Dana Whitfield'],
    ['with a letter wrong', 'Dana Whitfeild', 'Dana Whitfield'],
    ['by a misspelt last name alone', 'whitfeld', 'Dana Whitfield'],
    ['by e-mail address', 'dana@harbor.example', 'Dana Whitfield'],
    ['by part of the address', 'zoe.mueller', 'Zoë Müller'],
    ['by name and company', 'dana nimbus', "Dana O'Neil"],
    ['with an apostrophe', "o'neil", "Dana O'Neil"],
    ['in another script', 'жуков', 'Иван Жуков'],
  ])('a person is found %s', async (_, query, name) => {
    expect((await findPeople(query))[0]).toBe(name)
  })

  test('two people of one first name are both found', async () => {
    expect((await findPeople('dana')).slice(0, 2)).toEqual(["Dana O'Neil", 'Dana Whitfield'])
  })

  test.each(['', '   ', '%', '_', "'", '\\', "a' | 'b", ':*', '!!', 'x'.repeat(5000), '&|!()<->'])(
    'odd input is a question like any other: %j',
    async (query) => {
      expect(await findPeople(query)).not.toContain('Zoë Müller')
      await findCompanies(query)
    },
  )

  test('percent and underscore are letters, not wildcards', async () => {
    expect((await findPeople('under_score'))[0]).toBe('100% Under_score')
    const byPattern = await as(here, (tx) =>
      rows<{ p: string }>(tx, sql`select core.like_pattern('a_b%c\\d') as p`),
    )
    expect(byPattern[0]?.p).toBe('%a\\_b\\%c\\\\d%')
  })

  test('a company is found by name, typo and domain', async () => {
    expect((await findCompanies('nimbus'))[0]).toBe('Nimbus Freight')
    expect((await findCompanies('Nimbsu Freigt'))[0]).toBe('Nimbus Freight')
    expect((await findCompanies('harbor.example'))[0]).toBe('Harbor & Sons')
  })

  test('another tenant finds nothing, and neither does a session without a tenant', async () => {
    expect(await findPeople('zoe muller', there)).toEqual([])
    const nobody = await asSystem(opened.database, async (tx) => {
      await rows(tx, sql`set local role tact_app`)
      return rows(tx, sql`select * from crm.search_people('zoe', 10)`)
    })
    expect(nobody).toEqual([])
  })

  test('archived people are not found', async () => {
    await as(here, (tx) =>
      rows(tx, sql`update crm.people set deleted_at = now() where family_name = 'Жуков'`),
    )
    expect(await findPeople('жуков')).not.toContain('Иван Жуков')
    await as(here, (tx) => rows(tx, sql`update crm.people set deleted_at = null where family_name = 'Жуков'`))
  })

  const scansOf = (index: string): SQL => sql`select pg_stat_get_xact_numscans(${index}::regclass) as scans`
  test.each([
    ['crm.people_search', sql`select * from crm.search_people('dana whitfield', 5)`],
    ['crm.people_name_trigrams', sql`select * from crm.search_people('dana whitfeild', 5)`],
    ['crm.person_emails_trigrams', sql`select * from crm.search_people('zoe.mueller', 5)`],
  ])('the search functions use the index %s', async (index, search) => {
    const [before, after] = await as(here, async (tx) => {
      const first = await rows<{ scans: number }>(tx, scansOf(index))
      await rows(tx, search)
      return [first[0]!.scans, (await rows<{ scans: number }>(tx, scansOf(index)))[0]!.scans]
    })
    expect(after - before).toBe(1)
  })

  const planOf = (text: string): Promise<string> =>
    as(here, async (tx) => {
      await runText(tx, 'set local enable_seqscan = off', [])
      const { rows: lines } = await runText(tx, `explain (costs off) ${text}`, [])
      return lines.map(([line]) => String(line)).join('\n')
    })
  test('row security would keep the same search from its index, which is why the functions exist', async () => {
    const plan = await planOf(`select id from crm.people where search @@ to_tsquery('simple', 'dana')`)
    expect(plan).toMatch(/Filter: .*search @@/)
    expect(plan).not.toMatch(/Index Cond: .*search @@/)
  })
  test('equality of lower-case text keeps its index under row security', async () => {
    const plan = await planOf(
      `select person_id from crm.person_emails where address = 'dana@harbor.example' and deleted_at is null`,
    )
    expect(plan).toMatch(/Index Cond: .*tenant_id = .*address = /)
  })
  test('the newest first by time keeps its index under row security', async () => {
    const plan = await planOf(`select id from crm.people order by last_interaction_at desc limit 5`)
    expect(plan).toMatch(/Index Scan Backward using people_last_interaction_at_idx/)
  })

  test('nobody but the request role may search, and only the owner may look up tokens', async () => {
    const lookUp = as(here, (tx) => rows(tx, sql`select * from core.find_access_token('x')`))
    await expect(lookUp.catch((error: unknown) => sqlStateOf(error))).resolves.toBe('42501')
    const { rows: open } = await opened.database.pool.query<{ name: string }>(
      `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('core', 'crm', 'intel', 'workflow') and p.prosecdef
          and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`,
    )
    expect(open).toEqual([])
  })
})
