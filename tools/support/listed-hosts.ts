import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'

const OUR_OWN = ['localhost', '127.0.0.1']

/** Of these hosts, in small letters, those an answer may link to: this machine and the companies of the workspace. */
export const listedHosts = async (tx: TenantTx, hosts: readonly string[]): Promise<ReadonlySet<string>> => {
  const found = await rows<{ host: string }>(
    tx,
    sql`select lower(domain) as host from crm.companies where lower(domain) = any(${sql.param(hosts)}::text[]) and deleted_at is null`,
  )
  return new Set([...OUR_OWN, ...found.map(({ host }) => host)])
}
