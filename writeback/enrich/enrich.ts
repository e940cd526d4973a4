import type { Database } from '../../db/connect.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows, savepoint } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { nowOf, ownWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { asTactError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import type { MemberId, TenantId } from '../../domain/ids.ts'
import { propose } from '../propose.ts'
import type { Enricher, Finding } from './port.ts'

const TIMEOUT_MS = 20_000
/** Of a workspace in one night. */
const MOST_A_NIGHT = 50

/** Companies with a domain that were never enriched, or more than thirty days ago, the longest ago first. */
export const staleCompanies = async (tx: TenantTx): Promise<readonly string[]> =>
  (
    await rows<{ id: string }>(
      tx,
      sql`select c.id from crm.companies c where c.deleted_at is null and c.domain is not null
          and (c.enriched_at is null or c.enriched_at < core.tenant_now() - interval '30 days')
        order by c.enriched_at nulls first, c.id limit ${MOST_A_NIGHT}`,
    )
  ).map(({ id }) => id)

interface Known {
  readonly domain: string
  readonly member: MemberId
}

/** The domain, and who is asked: the owner of the record, else the first owner of the workspace. */
const knownOf = async (tx: TenantTx, companyId: string): Promise<Known | undefined> => {
  const [found] = await rows<Known>(
    tx,
    sql`select c.domain, m.id as member from crm.companies c join core.members m on m.tenant_id = c.tenant_id and m.deleted_at is null
        and m.disabled_at is null and (m.id = c.owner_id or m.role = 'owner')
      where c.id = ${companyId}::uuid and c.deleted_at is null and c.domain is not null and m.role <> 'viewer'
      order by m.id = c.owner_id desc nulls last, m.created_at, m.id limit 1`,
  )
  return found
}

const keep = (tx: TenantTx, companyId: string, { set, source, url, fetchedAt }: Finding) =>
  rows(
    tx,
    sql`insert into intel.enrichments (id, tenant_id, company_id, kind, title, source, url, fetched_at)
      values (${newId()}, core.current_tenant(), ${companyId}::uuid, 'summary', ${Object.keys(set).join(', ')}, ${source}, ${url ?? null}, ${fetchedAt}::timestamptz)`,
  )

/** Proposes what differs from the record. Answers whether anything did. */
const proposeFinding = async (
  tx: TenantTx,
  { actor, companyId }: { readonly actor: Actor; readonly companyId: string },
  { set, source, url, fetchedAt }: Finding,
): Promise<boolean> => {
  const workspace = await ownWorkspace(tx)
  const reason = `Found by ${source} on ${fetchedAt.slice(0, 10)}${url === undefined ? '' : `: ${url}`}`
  const record = `companies:${companyId}`
  const input = { reason, changes: [{ op: 'update', entity: 'companies', record, set, evidence: [] }] }
  try {
    const now = nowOf(workspace)
    const made = await savepoint(tx, (inner) =>
      propose(inner, { input, actor, workspace, now, conversationId: null, openLimit: 'none' }),
    )
    return made.created
  } catch (error) {
    const { code, kind } = asTactError(error)
    if (code === 'no_change' || kind === 'user') return false
    throw error
  }
}

/**
 * Asks an enricher about one company and proposes what it found that the record does not hold, with its source; the
 * findings and the time are noted with `finish`, in one transaction. Answers how many proposals were made. Throws what
 * the enricher throws: then nothing is noted.
 */
export const enrichCompany = async (
  database: Database,
  enricher: Enricher,
  {
    tenantId,
    companyId,
    signal,
    finish,
  }: {
    readonly tenantId: TenantId
    readonly companyId: string
    readonly signal: AbortSignal
    readonly finish: (tx: TenantTx) => Promise<void>
  },
): Promise<number> => {
  const system: Actor = { tenantId, memberId: null, role: 'owner', via: 'system' }
  const known = await asTenant(database, system, (tx) => knownOf(tx, companyId), { readOnly: true })
  const findings =
    known === undefined
      ? []
      : await enricher.find(
          { domain: known.domain },
          AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        )
  return await asTenant(database, system, async (tx) => {
    let proposed = 0
    for (const finding of findings) {
      await keep(tx, companyId, finding)
      const actor: Actor = { ...system, memberId: known!.member }
      if (await proposeFinding(tx, { actor, companyId }, finding)) proposed += 1
    }
    await rows(
      tx,
      sql`update crm.companies set enriched_at = core.tenant_now() where id = ${companyId}::uuid and deleted_at is null`,
    )
    await finish(tx)
    return proposed
  })
}
