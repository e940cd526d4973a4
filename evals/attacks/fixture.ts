import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Io } from '../../cli/io.ts'
import { silentIo } from '../../cli/testing/silent-io.ts'
import { openHouse, takeDesk } from '../../cli/compose.ts'
import type { Desk, House } from '../../cli/compose.ts'
import { runCommandLine } from '../../cli/program.ts'
import { serve } from '../../cli/serve.ts'
import type { Service } from '../../cli/serve.ts'
import { loadConfig } from '../../config.ts'
import { createMember } from '../../db/members.ts'
import { asTenant } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import { fillTenant } from './fill.ts'
import type { Aftermath } from './judge.ts'

export const OURS = 'acme'
const SWEPT_MS = 400

/** The whole product over two workspaces; whatever of the other, of archived rows or of secrets comes out bears CANARY_. */
export interface Fixture {
  readonly house: House
  readonly service: Service
  readonly desk: Desk
  /** The environment of a process that works on the same data. */
  readonly environment: Readonly<Record<string, string>>
  /** What is different from the last look. */
  look(): Promise<Aftermath>
  close(): Promise<void>
}

const CHANGED = `select md5(concat_ws('|',
  (select string_agg(md5(x::text), ',' order by id) from crm.tasks x), (select string_agg(md5(x::text), ',' order by id) from core.members x),
  (select string_agg(md5(x::text), ',' order by id) from crm.people x), (select string_agg(md5(x::text), ',' order by id) from core.audit_events x where kind not like 'egress.%'),
  (select string_agg(md5((to_jsonb(x) - 'last_used_at')::text), ',' order by id) from core.access_tokens x), (select last_value::text || is_called::text from public.seq_probe),
  (select string_agg(relname || relkind::text || relpersistence::text || coalesce(relacl::text, ''), ',' order by oid) from pg_class
    where relkind <> 't' and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace) and relnamespace::regnamespace::text not like 'pg_toast_temp%'),
  (select string_agg(proname || coalesce(proacl::text, ''), ',' order by oid) from pg_proc where oid >= 16384),
  (select string_agg(rolname || coalesce(rolconfig::text, ''), ',' order by oid) from pg_roles),
  (select string_agg(slot_name, ',') from pg_replication_slots), (select count(*) from pg_publication),
  (select string_agg(extname, ',' order by oid) from pg_extension), (select count(*) from pg_largeobject_metadata),
  current_user, (select string_agg(name || '=' || setting, ',' order by name) from pg_settings where source = 'session' and name not like 'app.%'),
  (select count(*) from pg_locks where locktype = 'advisory' and granted), (select string_agg(c, ',') from pg_listening_channels() c where c <> 'tact_probe'),
  (select count(*) from pg_cursors), (select count(*) from pg_prepared_statements where from_sql))) as print, pg_backend_pid() as pid`

const PROBES = `create sequence public.seq_probe;
  create function public.evil_touch() returns int language plpgsql volatile as $$ begin update crm.tasks set title = 'evil_touch'; return 1; end $$; analyze;`

const fileTraces = (): string =>
  readdirSync(tmpdir())
    .filter((name) => /^(pwn|tact_attack)/.test(name))
    .join()

export const attackIo = (): Io => ({ ...silentIo(tmpdir()), columns: 120 })

const fill = async (house: House): Promise<void> => {
  const make = async (slug: string, name: string) => {
    const workspace = await createWorkspace(house.database, { slug, name })
    const via = { tenantId: workspace.id, memberId: null, via: 'system' as const }
    const member = await asTenant(house.database, via, (tx) =>
      createMember(tx, {
        email: `${slug}@team.example`,
        givenName: name,
        familyName: 'Owner',
        role: 'owner',
      }),
    )
    return { workspace, member }
  }
  const ours = await make(OURS, 'Acme')
  const theirs = await make('rival', 'CANARY_T2 Rival')
  const client = await house.database.pool.connect()
  // Filling is no question: on a busy machine it may take its time.
  house.database.embedded?.setDeadline(0)
  try {
    await client.query('set statement_timeout = 0')
    for (const [{ workspace, member }, offset, tag] of [
      [ours, 0, ''],
      [theirs, 500_000, 'CANARY_T2'],
    ] as const) {
      await client.query(`set app.tenant_id = '${workspace.id}'; set app.via = 'system'`)
      await client.query(fillTenant(workspace.id, member.id, offset, tag))
    }
    await client.query('reset app.tenant_id; reset app.via')
    await client.query(PROBES)
    await client.query('reset statement_timeout')
  } finally {
    house.database.embedded?.setDeadline(undefined)
    client.release()
  }
}

/** Highest memory, in megabytes, of the process that answers: this one, or the server's for this connection. */
const peakMb = (pid: number, embedded: boolean): number => {
  if (embedded) return process.memoryUsage().rss / 1e6
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return 0
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8')) ?? []
  return Number(kilobytes) / 1000
}

/** A session of its own, which is thrown out when the server falls, and hears what is notified. */
const openProbe = async (house: House) => {
  if (house.database.engine === 'embedded')
    return { heard: () => 0, alive: async () => true, close: () => {} }
  const client = await house.database.pool.connect()
  let heard = 0
  client.on('notification', () => (heard += 1))
  await client.query('listen tact_probe; listen chan')
  return {
    heard: () => heard,
    alive: () =>
      client.query('select 1').then(
        () => true,
        () => false,
      ),
    close: () => client.release(true),
  }
}

/** Opens the product with every door, on the embedded engine or on the Postgres of `postgresUrl`, and fills it. */
export const openFixture = async (postgresUrl: string | undefined): Promise<Fixture> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-hostile-'))
  const environment = {
    TACT_HOME: home,
    TACT_PORT: '0',
    TACT_MCP_PER_MINUTE: '1000000',
    TACT_LOG: 'error',
    ...(postgresUrl === undefined ? {} : { DATABASE_URL: postgresUrl }),
  }
  const config = loadConfig(environment)
  const house = await openHouse(config)
  await fill(house)
  const service = await serve(house, { config, run: runCommandLine })
  const desk = await takeDesk(house, { workspace: OURS }, 'cli')
  const probe = await openProbe(house)
  const { engine, pool } = house.database
  let last: string | undefined
  let lastMb = new Map<number, number>()
  const print = async (): Promise<{ readonly whole: string; readonly pid: number }> => {
    // The embedded engine that was just ended is opened by whoever asks next; the probe hears of a server that fell.
    const ask = () => pool.query<{ print: string; pid: number }>(CHANGED)
    const { rows } = await ask().catch(ask)
    return { whole: `${rows[0]!.print} ${fileTraces()} ${probe.heard()}`, pid: rows[0]!.pid }
  }
  const look = async (): Promise<Aftermath> => {
    try {
      let { whole, pid } = await print()
      // The house's own sweeps take a lock for a moment; what an attack did stays.
      const before = last ?? whole
      for (let tries = 0; tries < 3 && whole !== before; tries += 1) {
        await sleep(SWEPT_MS)
        ;({ whole, pid } = await print())
      }
      const mb = peakMb(pid, engine === 'embedded')
      const after = {
        changed: whole !== before,
        down: !(await probe.alive()),
        grownMb: Math.round(mb - (lastMb.get(pid) ?? mb)),
      }
      last = whole
      lastMb = new Map(lastMb).set(pid, mb)
      return after
    } catch {
      return { changed: false, down: true, grownMb: 0 }
    }
  }
  return {
    house,
    service,
    desk,
    environment,
    look,
    close: async () => {
      probe.close()
      await service.close()
      await house.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
