import type { NodePgDatabase } from 'drizzle-orm/node-postgres'

declare const tenantTx: unique symbol
/** A transaction that runs as the tenant's role; only this file makes one. */
export type TenantTx = NodePgDatabase & { readonly [tenantTx]: true }
