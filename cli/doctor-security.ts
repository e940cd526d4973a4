import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { catalog } from '../db/catalog/all.ts'
import { checkHealth } from '../db/health.ts'
import type { HealthCheck } from '../db/health.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { listWorkspaces } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import type { TenantId } from '../domain/ids.ts'
import { INBOX_LIMITS } from '../inbox/limits.ts'
import { checkBackups } from './backup-health.ts'
import type { House } from './compose.ts'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/u
const OTHERS_MAY = 0o077

const systemOf = (tenantId: TenantId): Actor => ({ tenantId, memberId: null, via: 'system', role: 'owner' })

const modeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  )

const checkSecrets = async ({ TACT_HOME: home, TACT_SECRET_KEY: key }: Config): Promise<HealthCheck> => {
  const check = 'secrets'
  if (key !== undefined) return { check, state: 'ok', detail: 'the key comes from TACT_SECRET_KEY' }
  const [file, directory] = await Promise.all([modeOf(join(home, 'secret.key')), modeOf(home)])
  const open = [file, directory].some((mode) => mode !== undefined && (mode & OTHERS_MAY) !== 0)
  if (file !== undefined && (file & OTHERS_MAY) !== 0)
    return { check, state: 'wrong', detail: 'others on this machine may read secret.key: chmod 600 it' }
  return open
    ? { check, state: 'advice', detail: 'others on this machine may look into TACT_HOME: chmod 700 it' }
    : {
        check,
        state: 'ok',
        detail: file === undefined ? 'no key was needed yet' : 'secret.key is this user’s alone',
      }
}

/** Rows of others that somebody at work in a workspace can read, over every table; of a workspace that is none, any row. */
const readableBy = (house: House, tenantId: TenantId): Promise<number> =>
  asTenant(
    house.database,
    systemOf(tenantId),
    async (tx) => {
      const parts = [...catalog.values()].map(
        ({ sqlName }) =>
          sql`select count(*)::int as rows from ${sql.raw(sqlName)} where tenant_id <> ${tenantId}::uuid`,
      )
      const [found] = await rows<{ rows: number }>(
        tx,
        sql`select sum(rows)::int as rows from (${sql.join(parts, sql` union all `)}) as of`,
      )
      return found?.rows ?? 0
    },
    { readOnly: true },
  )

const checkRowSecurity = async (house: House): Promise<HealthCheck> => {
  const workspaces = await listWorkspaces(house.database)
  const tenants = [newId() as TenantId, ...workspaces.map(({ id }) => id)]
  let seen = 0
  for (const tenantId of tenants) seen += await readableBy(house, tenantId)
  const tried = `${catalog.size} tables tried from ${workspaces.length} workspaces and from none`
  return seen === 0
    ? { check: 'row security, tried', state: 'ok', detail: tried }
    : { check: 'row security, tried', state: 'wrong', detail: `${seen} rows of others can be read; ${tried}` }
}

const checkDoors = (config: Config): readonly HealthCheck[] => {
  const { TACT_HOST: host, TACT_PUBLIC_URL: address, TACT_METRICS_TOKEN: token } = config
  const url = address === undefined ? undefined : new URL(address)
  const isOpen = !LOOPBACK.test(host)
  const isPlain = url !== undefined && url.protocol === 'http:' && !LOOPBACK.test(url.hostname)
  return [
    {
      check: 'address',
      state: isPlain ? 'wrong' : isOpen && url === undefined ? 'advice' : 'ok',
      detail: isPlain
        ? 'TACT_PUBLIC_URL is http: tokens and sign-ins would travel in the open'
        : isOpen && url === undefined
          ? `${host} is open to the network without TLS: put a proxy before it and set TACT_PUBLIC_URL`
          : `listens on ${host}${url === undefined ? '' : `, reached by ${url.origin}`}`,
    },
    {
      check: 'origins (CORS)',
      state: 'ok',
      detail: `none but its own${url === undefined ? '' : ` and ${url.origin}`}; no other page may call it`,
    },
    {
      check: 'rate limits',
      state: config.TACT_MCP_PER_MINUTE > 6_000 ? 'advice' : 'ok',
      detail: `${config.TACT_MCP_PER_MINUTE} MCP messages, ${INBOX_LIMITS.formsAMinute} forms and ${INBOX_LIMITS.failedSignInsAMinute} failed sign-ins a minute`,
    },
    {
      check: 'metrics',
      state: 'ok',
      detail: token === undefined ? 'for programs on this machine, not through a proxy' : 'by token',
    },
  ]
}

const checkRedis = ({ REDIS_URL: address }: Config): HealthCheck => {
  const check = 'Redis'
  if (address === undefined) return { check, state: 'ok', detail: 'not in use' }
  const { protocol, hostname, password } = new URL(address)
  const isHere = LOOPBACK.test(hostname)
  const missing = [
    ...(protocol === 'redis:' && !isHere ? ['TLS (rediss://)'] : []),
    ...(password === '' && !isHere ? ['a password'] : []),
  ]
  return {
    check,
    state: missing.length === 0 ? 'ok' : 'advice',
    detail: `${missing.length === 0 ? '' : `without ${missing.join(' and ')}; `}only rings: jobs are rows; at the start one that forgets is refused`,
  }
}

interface Grants {
  readonly tokens: number
  readonly endless: number
  readonly standing: number
  readonly accounts: number
  readonly webhooks: number
}

/** What acts for somebody without them, and until when. */
const checkGrants = async (house: House): Promise<readonly HealthCheck[]> => {
  const checks: HealthCheck[] = []
  for (const { id, slug, policy } of await listWorkspaces(house.database)) {
    const [found] = await asTenant(
      house.database,
      systemOf(id),
      (tx) =>
        rows<Grants>(
          tx,
          sql`select
            (select count(*) from core.access_tokens where revoked_at is null and deleted_at is null and (expires_at is null or expires_at > now()))::int as tokens,
            (select count(*) from core.access_tokens where revoked_at is null and deleted_at is null and expires_at is null)::int as endless,
            (select count(*) from workflow.standing_approvals where revoked_at is null and deleted_at is null and until > now())::int as standing,
            (select count(*) from core.oauth_links where deleted_at is null)::int as accounts,
            (select count(*) from workflow.webhooks where deleted_at is null)::int as webhooks`,
        ),
      { readOnly: true },
    )
    if (!found) continue
    const { tokens, endless, standing, accounts, webhooks } = found
    const isHiding = policy !== 'off'
    checks.push({
      check: `grants of ${slug}`,
      state: endless > 0 || !isHiding ? 'advice' : 'ok',
      detail: [
        `${tokens} tokens${endless > 0 ? ` (${endless} without an end)` : ''}`,
        `${standing} standing approvals`,
        `${accounts} linked accounts`,
        `${webhooks} webhooks`,
        ...(isHiding ? [] : ['hides nothing from models']),
      ].join(', '),
    })
  }
  return checks
}

/** `tact doctor security`: what keeps others out, tried where it can be tried. */
export const checkSecurity = async (house: House, now: Date): Promise<readonly HealthCheck[]> => [
  await checkSecrets(house.config),
  ...(await checkHealth(house.database)).filter(
    ({ check }) => check !== 'database' && check !== 'workspaces',
  ),
  await checkRowSecurity(house),
  ...checkDoors(house.config),
  await checkBackups(house, now),
  checkRedis(house.config),
  ...(await checkGrants(house)),
]
