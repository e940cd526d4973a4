import { notFound } from '../domain/errors.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import type { Database } from '../db/connect.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { NO_COUNTS } from './counts.ts'
import type { Counts } from './counts.ts'

/** Row of workflow.imports as far as mail uses it. */
export interface ImportRun {
  readonly importId: string
  /** Hand it to the reader as `after`; undefined: from the beginning. */
  readonly after: string | undefined
  readonly counts: Counts
}

interface Row {
  readonly id: string
  readonly cursor: { readonly place?: string } | null
  readonly counts: Partial<Counts>
}

const toRun = (row: Row): ImportRun => ({
  importId: row.id,
  after: row.cursor?.place,
  counts: { ...NO_COUNTS, ...row.counts },
})

/** The latest import of that source that did not come to its end (killed, aborted or failed); undefined when there is none. */
export const resumeImport = (
  database: Database,
  actor: Actor,
  source: string,
): Promise<ImportRun | undefined> =>
  asTenant(
    database,
    actor,
    async (tx) => {
      const [row] = await rows<Row & { state: string }>(
        tx,
        sql`select id, cursor, counts, state from workflow.imports
          where kind = 'mail' and source = ${source} and deleted_at is null order by created_at desc, id desc limit 1`,
      )
      return row && row.state !== 'done' ? toRun(row) : undefined
    },
    { readOnly: true },
  )

/** Where the latest import of that source stood that read anything; undefined when there was none. */
export const lastPlace = (database: Database, actor: Actor, source: string): Promise<string | undefined> =>
  asTenant(
    database,
    actor,
    async (tx) => {
      const [row] = await rows<Row>(
        tx,
        sql`select id, cursor, counts from workflow.imports
          where kind = 'mail' and source = ${source} and cursor is not null and deleted_at is null
          order by created_at desc, id desc limit 1`,
      )
      return row && toRun(row).after
    },
    { readOnly: true },
  )

export const beginImport = (database: Database, actor: Actor, source: string): Promise<ImportRun> =>
  asTenant(database, actor, async (tx) => {
    const id = newId()
    await rows(
      tx,
      sql`insert into workflow.imports (id, tenant_id, kind, source, state, counts)
        values (${id}, ${actor.tenantId}, 'mail', ${source}, 'running', ${JSON.stringify(NO_COUNTS)}::jsonb)`,
    )
    return { importId: id, after: undefined, counts: NO_COUNTS }
  })

export const findImport = (database: Database, actor: Actor, importId: string): Promise<ImportRun> =>
  asTenant(
    database,
    actor,
    async (tx) => {
      const [row] = await rows<Row>(
        tx,
        sql`select id, cursor, counts from workflow.imports where id = ${importId} and kind = 'mail' and deleted_at is null`,
      )
      if (!row) throw notFound('no_such_import', 'There is no mail import with that id.')
      return toRun(row)
    },
    { readOnly: true },
  )

/** Moves the cursor in the transaction that stores the messages: both stand or neither. */
export const advanceImport = async (
  tx: TenantTx,
  importId: string,
  place: string,
  counts: Counts,
): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.imports set cursor = ${JSON.stringify({ place })}::jsonb, counts = ${JSON.stringify(counts)}::jsonb,
      state = 'running' where id = ${importId}`,
  )
}

export const endImport = (
  database: Database,
  actor: Actor,
  importId: string,
  state: 'done' | 'failed',
): Promise<void> =>
  asTenant(database, actor, async (tx) => {
    await rows(
      tx,
      sql`update workflow.imports set state = ${state}, finished_at = case when ${state} = 'done' then now() end
        where id = ${importId}`,
    )
  })
