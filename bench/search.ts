import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
import type { Database } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import { indexMail } from '../search/index-write.ts'
import { searchMail } from '../search/lexical.ts'
import type { SearchOptions } from '../search/lexical.ts'
import { keepMeaning } from '../search/train.ts'
import { startPostgres } from '../scripts/test-postgres.ts'

/**
 * Searching made-up mail (words drawn by rank as in real text): `--count` messages on `--engine embedded|postgres`.
 * Messages indexed a second, size of the index, and p50/p95 by kind of search. Prints a Markdown table.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    engine: { type: 'string', default: 'embedded' },
    queries: { type: 'string', default: '60' },
    meaning: { type: 'boolean', default: false },
  },
})
const count = Number(values.count)
const VOCABULARY = 60_000
const CHUNK = 5_000

/** Messages of about 60 words whose ranks fall as in real text; written by the server from a seed. */
const fill = (database: Database, actor: Parameters<typeof asTenant>[1], from: number, many: number) =>
  asTenant(
    database,
    actor,
    async (tx) => {
      await rows(
        tx,
        sql`insert into intel.mail_threads (id, tenant_id, subject)
          select md5('t' || at)::uuid, core.current_tenant(), 'Thread ' || at from generate_series(${from}::int, ${from + many - 1}::int) as at
          where at % 4 = 0 on conflict do nothing`,
      )
      await rows(
        tx,
        sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_address,
            subject, body_text, has_attachment, size_bytes, source)
          select md5('m' || at)::uuid, core.current_tenant(), md5('t' || (at - at % 4))::uuid, 'm' || at, 'h' || at,
            timestamptz '2026-11-01' - make_interval(mins => at), case at % 2 when 0 then 'inbound' else 'outbound' end,
            'p' || (hashint4(at) & 1023) || '@c.example', w.subject, w.body, at % 7 = 0, 400, 'bench'
          from generate_series(${from}::int, ${from + many - 1}::int) as at,
            lateral (select string_agg(word, ' ') filter (where n <= 5) as subject, string_agg(word, ' ') as body from (
              select n, 'w' || floor(exp(((hashint8(at::bigint * 101 + n) & 1048575) / 1048576.0) * ln(${VOCABULARY}::float8)))::int || 'x' as word
              from generate_series(1, 60) as n) as drawn) as w`,
      )
    },
    { timeoutMs: 0 },
  )

const KINDS: Readonly<Record<string, (at: number) => Partial<SearchOptions>>> = {
  plain: () => ({}),
  'by direction': () => ({ direction: 'inbound' }),
  'by sender': (at) => ({ from: `p${(at * 37) % 1024}@c.example` }),
  'by month': () => ({ after: new Date('2026-10-01'), before: new Date('2026-11-01') }),
  fused: () => ({ mode: 'auto' }),
}

const percentile = (times: readonly number[], share: number): string =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1)

const wordsOf = (at: number): string =>
  [0, 1, 2]
    .map(
      (n) =>
        `w${Math.floor(Math.exp((((at * 7919 + n * 104_729) % 9_973) / 9_973) * Math.log(VOCABULARY)))}x`,
    )
    .join(' ')

const measure = async (database: Database): Promise<void> => {
  await migrate(database)
  const workspace = await createWorkspace(database, { name: 'Bench', slug: 'bench' })
  const actor = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  let startedMs = performance.now()
  for (let from = 0; from < count; from += CHUNK)
    await fill(database, actor, from, Math.min(CHUNK, count - from))
  await database.pool.query('analyze intel.mail_messages')
  process.stderr.write(`filled in ${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`)
  startedMs = performance.now()
  const { indexed } = await indexMail({ database, actor })
  const perSecond = Math.round(indexed / ((performance.now() - startedMs) / 1000))
  if (values.meaning) await keepMeaning({ database, actor })
  const size = await database.pool.query<{ mb: number }>(
    `select round((pg_total_relation_size('intel.mail_segments') + pg_total_relation_size('intel.mail_blocks') + pg_total_relation_size('intel.mail_vectors')) / 1e6)::int as mb`,
  )
  const out = (line: string): void => void process.stdout.write(`${line}\n`)
  out(
    `${values.engine}, ${indexed} messages: ${perSecond} indexed/s, index ${size.rows[0]!.mb} MB, load ${loadavg()[0]!.toFixed(1)}`,
  )
  out('| search | p50 ms | p95 ms |\n|---|---|---|')
  for (const [kind, options] of Object.entries(KINDS)) {
    const times: number[] = []
    for (let at = 0; at < Number(values.queries) + 5; at += 1) {
      const began = performance.now()
      await asTenant(
        database,
        actor,
        (tx) => searchMail(tx, { query: wordsOf(at), limit: 10, ...options(at) }),
        {
          readOnly: true,
        },
      )
      if (at >= 5) times.push(performance.now() - began)
    }
    out(`| ${kind} | ${percentile(times, 0.5)} | ${percentile(times, 0.95)} |`)
  }
}

const home = mkdtempSync(join(tmpdir(), 'tact-bench-'))
try {
  const settings = { TACT_HOME: home, TACT_QUERY_TIMEOUT_MS: 600_000 }
  if (values.engine === 'embedded') {
    const database = await connect({ ...settings, DATABASE_URL: undefined })
    await measure(database)
    await database.close()
  } else {
    const server = await startPostgres()
    if ('reason' in server) process.stdout.write(`Postgres left out: ${server.reason}\n`)
    else {
      try {
        const owner = await connect({ ...settings, DATABASE_URL: server.ownerUrl })
        await owner.pool.query('create database search_bench')
        await owner.close()
        const url = new URL(server.ownerUrl)
        url.pathname = '/search_bench'
        const database = await connect({ ...settings, DATABASE_URL: url.href })
        await measure(database)
        await database.close()
      } finally {
        await server.stop()
      }
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
