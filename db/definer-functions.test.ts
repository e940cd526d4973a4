import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, testEngines } from './testing.ts'
import type { TestDatabase } from './testing.ts'

interface Definer {
  readonly name: string
  readonly owner: string
  readonly ownerIsPlain: boolean
  readonly settings: readonly string[] | null
  readonly source: string
  readonly given: readonly string[]
  readonly everybody: boolean
  readonly agent: boolean
  readonly requests: boolean
}

/** All functions of ours that run with the rights of their owner; those of an extension are its own. */
const DEFINERS = `select p.oid::regprocedure::text as name, pg_get_userbyid(p.proowner) as owner,
  (select not (r.rolcanlogin or r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb) from pg_roles r where r.oid = p.proowner) as "ownerIsPlain",
  p.proconfig as settings, p.prosrc as source,
  coalesce((p.proargnames)[1:p.pronargs]::text[], '{}') as given,
  exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0 and a.privilege_type = 'EXECUTE') as everybody,
  has_function_privilege('tact_agent', p.oid, 'execute') as agent,
  has_function_privilege('tact_app', p.oid, 'execute') as requests
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by 1`

/** Found by a secret before any tenant is known, so they run for the login alone, never for a request. */
const BEFORE_TENANT = [
  'core.find_access_token(text)',
  'core.find_invitation(text)',
  'core.find_oauth_links(text,text,text)',
  'core.find_passkey(text)',
  'core.find_slack_code(text)',
  'core.find_slack_members(text,text)',
  'workflow.tenants_with_work(text[])',
]

const faultsOf = (found: Definer): readonly string[] => {
  const path = found.settings?.find((one) => one.startsWith('search_path='))?.slice('search_path='.length)
  const schemas = path?.split(',').map((one) => one.trim().replaceAll('"', '')) ?? []
  const isBefore = BEFORE_TENANT.includes(found.name)
  const code = found.source.replaceAll(/--[^\n]*/g, '')
  const checks: readonly (readonly [boolean, string])[] = [
    [schemas[0] === 'pg_catalog' && schemas.at(-1) === 'pg_temp', 'its search path is not pinned'],
    [
      schemas.every((one) => ['pg_catalog', 'public', 'pg_temp'].includes(one)),
      'it looks elsewhere for names',
    ],
    [found.owner === 'tact_search' && found.ownerIsPlain, 'its owner is not the plain search role'],
    [!/\b(execute|set_config)\b/i.test(code), 'it makes SQL of texts, or changes settings'],
    [!found.given.some((name) => /tenant/i.test(name)), 'it is told the tenant'],
    [!found.everybody, 'everybody may run it'],
    [!found.agent, 'questions may run it'],
    [isBefore !== found.requests, isBefore ? 'requests may run it' : 'requests may not run it'],
    [
      isBefore || /\btenant uuid := core\.current_tenant\(\)/.test(code),
      'it does not take the tenant from the session',
    ],
    [isBefore || /if tenant is null/i.test(code), 'it does not stop where there is no tenant'],
    [
      isBefore ||
        [...code.matchAll(/\b(?:from|join) (?:crm|core|intel|workflow)\.\w+ (\w+)/gi)].every(([, alias]) =>
          new RegExp(`\\b${alias}\\.tenant_id = (tenant|\\w+\\.tenant_id)\\b|= ${alias}\\.tenant_id\\b`).test(
            code,
          ),
        ),
      'a table in it is not held to the tenant',
    ],
  ]
  return checks.flatMap(([holds, fault]) => (holds ? [] : [fault]))
}

describe.each(testEngines)('functions that run with their owner’s rights on %s', (engine) => {
  let opened: TestDatabase
  beforeAll(async () => {
    opened = await openTestDatabase(engine)
  })
  afterAll(() => opened.close())

  const definers = async (): Promise<readonly Definer[]> =>
    (await opened.database.pool.query<Definer>(DEFINERS)).rows

  test('each has a pinned search path, takes the tenant from the session, builds no SQL and is closed to everybody else', async () => {
    const found = await definers()
    const names = found.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining([...BEFORE_TENANT, 'crm.search_people(text,integer)']))
    expect(names.length).toBeGreaterThanOrEqual(8)
    expect(found.flatMap((one) => faultsOf(one).map((fault) => `${one.name}: ${fault}`))).toEqual([])
  })

  test('nobody who asks can put a function of their own where these look for names', async () => {
    const { rows } = await opened.database.pool.query<{ role: string; schema: string }>(
      `select r.rolname as role, n.nspname as schema from pg_roles r cross join pg_namespace n
        where r.rolname in ('tact_app', 'tact_agent', 'tact_views', 'tact_search') and n.nspname in ('pg_catalog', 'public')
          and has_schema_privilege(r.oid, n.oid, 'create')`,
    )
    expect(rows).toEqual([])
  })

  test('a careless one is found, for each thing that it does wrong', async () => {
    await opened.database.pool.query(`create function crm.careless(tenant_id uuid) returns setof text
      language plpgsql security definer as $$ begin
        return query execute 'select name from crm.companies c'; end $$`)
    const careless = (await definers()).find(({ name }) => name === 'crm.careless(uuid)')
    expect(careless && faultsOf(careless)).toEqual([
      'its search path is not pinned',
      'its owner is not the plain search role',
      'it makes SQL of texts, or changes settings',
      'it is told the tenant',
      'everybody may run it',
      'questions may run it',
      'it does not take the tenant from the session',
      'it does not stop where there is no tenant',
      'a table in it is not held to the tenant',
    ])
    await opened.database.pool.query('drop function crm.careless(uuid)')
  })
})
