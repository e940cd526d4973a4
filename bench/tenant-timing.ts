import { randomBytes, randomUUID } from 'node:crypto'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Database } from '../db/connect.ts'
import { openConversation } from '../db/conversations.ts'
import { createMember } from '../db/members.ts'
import { migrate } from '../db/migrate.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { recordUri } from '../domain/records.ts'
import { createToolbox } from '../tools/call.ts'
import { createPrivacy } from '../tools/privacy/privacy.ts'
import { tools } from '../tools/registry.ts'
import { onEmbedded, onPostgres, SETTINGS, timedCells } from './timing/rounds.ts'

/**
 * Whether time tells that another workspace has a record: the same requests for ids, domains and names that the other
 * workspace has, that nobody has, and that the asker has, in random order. p is that of the Mann-Whitney test (two-sided,
 * normal approximation); "told" is the share of pairs in which the one that exists was slower: 0.50 tells nothing. The
 * asker's own records are the control: where their time is told apart too, the measure would have seen the others.
 * At most `--count 1000` of each and `--seconds 8` a row, `--records 5000` in each workspace.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    records: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '8' },
  },
})
const COUNT = Number(values.count)
const RECORDS = Number(values.records)
const MOST_MS = Number(values.seconds) * 1_000

interface Company {
  readonly id: string
  readonly domain: string
  readonly name: string
}

const prepare = async (database: Database) => {
  const actors: Actor[] = []
  const companies: (readonly Company[])[] = []
  for (const slug of ['asking', 'elsewhere']) {
    const workspace = await createWorkspace(database, { slug, name: slug })
    const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
    const member = await asTenant(database, system, (tx) =>
      createMember(tx, { email: `o@${slug}.example`, givenName: 'O', familyName: 'O', role: 'owner' }),
    )
    actors.push({ tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' })
    companies.push(
      await asTenant(database, system, (tx) =>
        rows<Company>(
          tx,
          sql`insert into crm.companies (id, tenant_id, name, domain)
            select gen_random_uuid(), core.current_tenant(), 'Firm ' || md5(random()::text), md5(random()::text) || '.example'
            from generate_series(1, ${RECORDS}::int) n returning id, domain, name`,
        ),
      ),
    )
  }
  await database.pool.query('analyze crm.companies')
  return { asker: actors[0]!, own: companies[0]!, theirs: companies[1]! }
}

/** The names, domains and ids look the same, whoever has them. */
const nobody = (): Company => ({
  id: randomUUID(),
  domain: `${randomBytes(16).toString('hex')}.example`,
  name: `Firm ${randomBytes(16).toString('hex')}`,
})

type Probe = (one: Company) => Promise<unknown>

const probesOf = async (
  database: Database,
  asker: Actor,
): Promise<readonly (readonly [what: string, probe: Probe])[]> => {
  const toolbox = createToolbox({
    database,
    tools,
    privacy: createPrivacy(database),
    queryTimeoutMs: SETTINGS.TACT_QUERY_TIMEOUT_MS,
  })
  const { id: conversationId } = await asTenant(database, asker, (tx) =>
    openConversation(tx, { channel: 'chat', externalKey: null, memberId: asker.memberId }),
  )
  const call = (name: string, args: unknown) =>
    toolbox.call(name, args, { actor: asker, conversationId, signal: new AbortController().signal })
  const asked = (statement: ReturnType<typeof sql>) =>
    asTenant(database, asker, (tx) => rows(tx, statement)).catch(() => 'refused')
  return [
    ['row by id', ({ id }) => asked(sql`select id from crm.companies where id = ${id}::uuid`)],
    ['row by domain', ({ domain }) => asked(sql`select id from crm.companies where domain = ${domain}`)],
    ['search by name', ({ name }) => asked(sql`select * from crm.search_companies(${name}, 5)`)],
    [
      'insert pointing at it',
      ({ id }) =>
        asked(
          sql`insert into crm.deals (id, tenant_id, name, company_id) values (${newId()}, core.current_tenant(), 'x', ${id}::uuid)`,
        ),
    ],
    [
      'query_crm by id',
      ({ id }) => call('query_crm', { sql: `select count(*) from companies where id = '${id}'` }),
    ],
    [
      'query_crm by domain',
      ({ domain }) => call('query_crm', { sql: `select count(*) from companies where domain = '${domain}'` }),
    ],
    ['get_record', ({ id }) => call('get_record', { id: recordUri({ entity: 'companies', id }) })],
  ]
}

const measure = async (database: Database): Promise<void> => {
  await migrate(database)
  const { asker, own, theirs } = await prepare(database)
  const turnOf = (index: number) => ({
    own: own[index % own.length]!,
    others: theirs[index % theirs.length]!,
    nowhere: nobody(),
  })
  for (const [what, probe] of await probesOf(database, asker)) {
    const cells = await timedCells(probe, turnOf, { count: COUNT, mostMs: MOST_MS })
    process.stdout.write(`| ${database.engine} | ${what} | ${cells.join(' | ')} |\n`)
  }
}

process.stdout.write(
  `| engine | request | own, median ms | elsewhere | nowhere | elsewhere told | p | own told | p | of each |\n|${'---|'.repeat(10)}\n`,
)
await onEmbedded(measure)
await onPostgres(measure)
process.stdout.write(`\n${RECORDS} records in each workspace, load average ${loadavg()[0]!.toFixed(1)}\n`)
