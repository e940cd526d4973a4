import { createHash, randomUUID } from 'node:crypto'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
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
import { startPostgres } from '../scripts/test-postgres.ts'
import { createToolbox } from '../tools/call.ts'
import { createPrivacy } from '../tools/privacy/privacy.ts'
import { tools } from '../tools/registry.ts'

/**
 * Whether time tells that another workspace has a record: the same requests for ids, domains and names that the other
 * workspace has and that nobody has, in random order. p is that of the Mann-Whitney test (two-sided, normal
 * approximation); "told" is the share of pairs in which the one that exists elsewhere was slower: 0.50 tells nothing. Of
 * ten comparisons that tell nothing one has a p below 0.05 in four runs of ten: the last line names the bound for all.
 * At most `--count 500` pairs and `--seconds 4` a row, `--records 5000` in the other workspace.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '500' },
    records: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '4' },
  },
})
const COUNT = Number(values.count)
const RECORDS = Number(values.records)
const MOST_MS = Number(values.seconds) * 1_000
const WARM_UP = 5
const LEAST = 25
const TIMEOUT_MS = 60_000

/** Error function by Abramowitz and Stegun 7.1.26, to 1.5e-7. */
const errorFunction = (x: number): number => {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const y =
    1 -
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
      t *
      Math.exp(-x * x)
  return Math.sign(x) * y
}

const compare = (elsewhere: readonly number[], nowhere: readonly number[]) => {
  const all = [...elsewhere.map((ms) => ({ ms, is: true })), ...nowhere.map((ms) => ({ ms, is: false }))]
  all.sort((a, b) => a.ms - b.ms)
  let ranks = 0
  for (const [index, { is }] of all.entries()) if (is) ranks += index + 1
  const [n, m] = [elsewhere.length, nowhere.length]
  const u = ranks - (n * (n + 1)) / 2
  const z = (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
  return { told: u / (n * m), p: 1 - errorFunction(Math.abs(z) / Math.SQRT2) }
}

const median = (sample: readonly number[]): number => sample.toSorted((a, b) => a - b)[sample.length >> 1]!

const prepare = async (database: Database) => {
  const workspaces = []
  for (const slug of ['asking', 'elsewhere'])
    workspaces.push(await createWorkspace(database, { slug, name: slug }))
  const actors: Actor[] = []
  for (const workspace of workspaces) {
    const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
    const member = await asTenant(database, system, (tx) =>
      createMember(tx, {
        email: `o@${workspace.slug}.example`,
        givenName: 'O',
        familyName: 'O',
        role: 'owner',
      }),
    )
    actors.push({ tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' })
    await asTenant(database, system, (tx) =>
      rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, domain)
          select gen_random_uuid(), core.current_tenant(), ${workspace.slug} || ' company ' || md5(n::text), ${workspace.slug} || n || '.example'
          from generate_series(1, ${RECORDS}::int) n`,
      ),
    )
  }
  const [asker, other] = actors
  const theirs = await asTenant(database, other!, (tx) =>
    rows<{ id: string; domain: string; name: string }>(
      tx,
      sql`select id, domain, name from crm.companies order by md5(id::text)`,
    ),
  )
  return { asker: asker!, theirs }
}

const measure = async (database: Database): Promise<string[]> => {
  await migrate(database)
  const { asker, theirs } = await prepare(database)
  const toolbox = createToolbox({
    database,
    tools,
    privacy: createPrivacy(database),
    queryTimeoutMs: TIMEOUT_MS,
  })
  const { id: conversationId } = await asTenant(database, asker, (tx) =>
    openConversation(tx, { channel: 'chat', externalKey: null, memberId: asker.memberId }),
  )
  const call = (name: string, args: unknown) =>
    toolbox.call(name, args, { actor: asker, conversationId, signal: new AbortController().signal })
  const select = (where: ReturnType<typeof sql>) =>
    asTenant(database, asker, (tx) => rows(tx, sql`select id from crm.companies where ${where}`))
  // As theirs in every way but that nobody has them: other lengths or letters would take other times by themselves.
  const nobody = (index: number) => ({
    id: randomUUID(),
    domain: `elsewhere${RECORDS + 1 + index}.example`,
    name: `elsewhere company ${createHash('md5')
      .update(String(RECORDS + 1 + index))
      .digest('hex')}`,
  })
  const probes: readonly (readonly [string, (one: (typeof theirs)[number]) => Promise<unknown>])[] = [
    ['row by id', ({ id }) => select(sql`id = ${id}::uuid`)],
    ['row by domain', ({ domain }) => select(sql`domain = ${domain}`)],
    [
      'search by name',
      ({ name }) =>
        asTenant(database, asker, (tx) => rows(tx, sql`select * from crm.search_companies(${name}, 5)`)),
    ],
    ['get_record', ({ id }) => call('get_record', { id: recordUri({ entity: 'companies', id }) })],
    [
      'insert pointing at it',
      ({ id }) =>
        asTenant(database, asker, (tx) =>
          rows(
            tx,
            sql`insert into crm.deals (id, tenant_id, name, company_id) values (${newId()}, core.current_tenant(), 'x', ${id}::uuid)`,
          ),
        ).catch(() => 'refused'),
    ],
  ]
  const lines: string[] = []
  for (const [what, probe] of probes) {
    const took = { elsewhere: [] as number[], nowhere: [] as number[] }
    const endMs = performance.now() + MOST_MS
    for (let index = 0; index < COUNT && (index < LEAST || performance.now() < endMs); index += 1) {
      const order =
        Math.random() < 0.5 ? (['elsewhere', 'nowhere'] as const) : (['nowhere', 'elsewhere'] as const)
      for (const kind of order) {
        const one = kind === 'elsewhere' ? theirs[index % theirs.length]! : nobody(index)
        const start = performance.now()
        await probe(one)
        if (index >= WARM_UP) took[kind].push(performance.now() - start)
      }
    }
    const { told, p } = compare(took.elsewhere, took.nowhere)
    lines.push(
      `| ${database.engine} | ${what} | ${median(took.elsewhere).toFixed(3)} | ${median(took.nowhere).toFixed(3)} | ${told.toFixed(3)} | ${p.toFixed(3)} | ${took.nowhere.length} |`,
    )
  }
  return lines
}

const settings = { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: TIMEOUT_MS }
const lines: string[] = []
const embedded = await connect({ ...settings, DATABASE_URL: undefined }, { inMemory: true })
lines.push(...(await measure(embedded)))
await embedded.close()
const server = await startPostgres()
if ('reason' in server) process.stderr.write(`Postgres is left out: ${server.reason}.\n`)
else {
  try {
    const outer = await connect({ ...settings, DATABASE_URL: server.ownerUrl })
    await outer.pool.query('create database bench')
    await outer.close()
    const url = server.ownerUrl.replace(/\/postgres$/, '/bench')
    const database = await connect({ ...settings, DATABASE_URL: url })
    lines.push(...(await measure(database)))
    await database.close()
  } finally {
    await server.stop()
  }
}
process.stdout.write(
  `| engine | request | exists elsewhere, median ms | exists nowhere | told | p | pairs |\n|---|---|---|---|---|---|---|\n${lines.join('\n')}\n${RECORDS} records elsewhere, load average ${loadavg()[0]!.toFixed(1)}; significant at 5 % over ${lines.length} comparisons: p below ${(0.05 / lines.length).toFixed(3)}\n`,
)
