import { z } from 'zod'
import { appendAudit } from '../../db/audit.ts'
import { entityOf } from '../../db/catalog/all.ts'
import type { Entity } from '../../db/catalog/all.ts'
import type { Database } from '../../db/connect.ts'
import { documentEntities, documentFields } from '../../db/document-shape.ts'
import { sql } from '../../db/sql.ts'
import { refreshStatistics } from '../../db/statistics.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { Workspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { TactError, asTactError, conflict } from '../../domain/errors.ts'
import { ChangeInput } from '../changes.ts'
import { assertMayDecide } from '../deciders.ts'
import { propose } from '../propose.ts'
import { lockImport, patchImport } from './store.ts'

export interface CommitOptions {
  readonly importId: string
  /** Whose yes it is. */
  readonly decider: Actor
  readonly workspace: Workspace
  readonly now: Date
  readonly signal?: AbortSignal
  readonly onProgress?: (step: string, done: number, total: number) => void
}

const CHUNK_ROWS = 500
const Wanted = z.array(z.object({ draft: z.string(), changes: z.array(ChangeInput) }))

/** One yes to the whole import as it was shown. Throws `denied`, and `not_proposed` where there is nothing to decide. */
const approveImport = (database: Database, { importId, decider }: CommitOptions): Promise<void> =>
  asTenant(database, decider, async (tx) => {
    await assertMayDecide(tx, decider)
    const stored = await lockImport(tx, importId)
    if (stored.state === 'approved' || stored.state === 'failed') return
    if (stored.state !== 'proposed') {
      throw conflict('not_proposed', `The import is ${stored.state}; there is nothing to approve.`, {
        fix: 'Import the file again.',
      })
    }
    await patchImport(tx, importId, { state: 'approved' })
    await appendAudit(tx, {
      kind: 'import.approved',
      entity: 'imports',
      recordId: importId,
      data: { counts: stored.counts },
    })
  })

/** Inserts what rows `from` to `to` hold of one entity, inside the database; what is there already stays. */
const insertWrites = async (
  tx: TenantTx,
  importId: string,
  entity: Entity,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> => {
  const fields = documentFields(entity).filter(
    ({ name }) => entity.columns[name] !== undefined && !entity.columns[name].marks.derived,
  )
  const names = sql.raw(fields.map(({ name }) => `"${name}"`).join(', '))
  const typed = sql.raw(fields.map(({ name, sqlType }) => `"${name}" ${sqlType}`).join(', '))
  const values = sql.join(
    fields.map(({ name, fallback }) =>
      typeof fallback === 'object'
        ? sql`coalesce(v.${sql.identifier(name)}, ${fallback.value})`
        : sql`v.${sql.identifier(name)}`,
    ),
    sql`, `,
  )
  await rows(
    tx,
    sql`insert into ${sql.raw(entity.sqlName)} (id, tenant_id, ${names})
      select (w->>'id')::uuid, core.current_tenant(), ${values}
      from workflow.import_rows r cross join jsonb_array_elements(r.mapped->'writes') w
        cross join lateral jsonb_to_record(w->'values') as v(${typed})
      where r.import_id = ${importId}::uuid and r.deleted_at is null and r.row_number between ${from} and ${to}
        and w->>'entity' = ${entity.name}
      order by r.row_number on conflict do nothing`,
  )
}

const entitiesOf = async (
  tx: TenantTx,
  importId: string,
): Promise<{ readonly names: ReadonlySet<string>; readonly last: number }> => {
  const found = await rows<{ entity: string }>(
    tx,
    sql`select distinct w->>'entity' as entity from workflow.import_rows r
      cross join jsonb_array_elements(r.mapped->'writes') w where r.import_id = ${importId}::uuid and r.deleted_at is null`,
  )
  const [bounds] = await rows<{ last: number | null }>(
    tx,
    sql`select max(row_number) as last from workflow.import_rows where import_id = ${importId}::uuid and deleted_at is null`,
  )
  return { names: new Set(found.map(({ entity }) => entity)), last: bounds?.last ?? 0 }
}

const stopped = () =>
  conflict('interrupted', 'The import was interrupted.', { fix: 'Run the same command again to go on.' })

/** Every entity after those it points to, in chunks of rows; the cursor moves with each chunk. Answers the entities. */
const writeAll = async (database: Database, options: CommitOptions): Promise<ReadonlySet<string>> => {
  const { importId, decider, onProgress, signal } = options
  const { cursor, names, last } = await asTenant(database, decider, async (tx) => ({
    cursor: (await lockImport(tx, importId)).cursor,
    ...(await entitiesOf(tx, importId)),
  }))
  const done = new Set(cursor?.done)
  const total = last * names.size
  let written = done.size * last
  for (const entity of documentEntities()) {
    if (!names.has(entity.name) || done.has(entity.name)) continue
    const start = cursor?.entity === entity.name ? cursor.row + 1 : 1
    written += start - 1
    for (let from = start; from <= last; from += CHUNK_ROWS) {
      if (signal?.aborted) throw stopped()
      const to = Math.min(last, from + CHUNK_ROWS - 1)
      await asTenant(database, decider, async (tx) => {
        await insertWrites(tx, importId, entityOf(entity.name), { from, to })
        await patchImport(tx, importId, { cursor: { done: [...done], entity: entity.name, row: to } })
      })
      written += to - from + 1
      onProgress?.(entity.name, written, total)
    }
    done.add(entity.name)
  }
  return names
}

interface Waiting {
  readonly row_number: number
  readonly changes: unknown
  readonly message: string | null
}

/** Proposes what rows would change of records that were there; a person decides about each. */
const proposeChanges = async (database: Database, options: CommitOptions): Promise<void> => {
  const { importId, decider, workspace, now, signal, onProgress } = options
  const waiting = await asTenant(database, decider, (tx) =>
    rows<Waiting>(
      tx,
      sql`select row_number, mapped->'changes' as changes, message from workflow.import_rows
        where import_id = ${importId}::uuid and deleted_at is null and proposal_id is null
          and jsonb_array_length(mapped->'changes') > 0 order by row_number`,
    ),
  )
  for (const [at, { row_number, changes }] of waiting.entries()) {
    if (signal?.aborted) throw stopped()
    let proposalId: string | undefined
    let refusal: string | undefined
    for (const [place, wanted] of Wanted.parse(changes).entries()) {
      try {
        const { proposal } = await asTenant(database, decider, (tx) =>
          propose(tx, {
            input: { reason: `Row ${row_number} of an imported file says so.`, changes: wanted.changes },
            actor: decider,
            workspace,
            now,
            conversationId: null,
            idempotencyKey: `import:${importId}:${row_number}:${place}`,
            openLimit: 'none',
          }),
        )
        proposalId ??= proposal.id
      } catch (error) {
        if (!(error instanceof TactError) || error.kind !== 'user') throw error
        refusal = error.message
      }
    }
    await asTenant(database, decider, (tx) =>
      rows(
        tx,
        sql`update workflow.import_rows set proposal_id = ${proposalId ?? null}::uuid,
            message = concat_ws('; ', message, ${refusal ?? null}::text)
          where import_id = ${importId}::uuid and row_number = ${row_number} and deleted_at is null`,
      ),
    )
    onProgress?.('proposals', at + 1, waiting.length)
  }
}

const finish = (
  database: Database,
  { importId, decider }: CommitOptions,
): Promise<Readonly<Record<string, number>>> =>
  asTenant(database, decider, async (tx) => {
    await rows(
      tx,
      sql`update workflow.import_rows set state = mapped->>'outcome'
        where import_id = ${importId}::uuid and deleted_at is null`,
    )
    const { counts } = await lockImport(tx, importId)
    await patchImport(tx, importId, { state: 'committed', failure: null, finished: true })
    await appendAudit(tx, {
      kind: 'import.committed',
      entity: 'imports',
      recordId: importId,
      data: { counts },
    })
    return counts
  })

/**
 * Carries out a staged import that a person approves as a whole: new records and links go in, what would change a record
 * becomes a proposal. Killed on the way, the same call goes on and brings nothing twice. Throws `denied` for those who
 * may not decide; on any other failure the import is `failed` and can be gone on with.
 */
export const commitImport = async (
  database: Database,
  options: CommitOptions,
): Promise<Readonly<Record<string, number>>> => {
  await approveImport(database, options)
  try {
    const written = await writeAll(database, options)
    await refreshStatistics(database, [...written, 'import_rows'])
    await proposeChanges(database, options)
    return await finish(database, options)
  } catch (error) {
    const { code } = asTactError(error)
    if (code === 'interrupted') throw error
    await asTenant(database, options.decider, (tx) =>
      patchImport(tx, options.importId, { state: 'failed', failure: code }),
    ).catch(() => {})
    throw error
  }
}
