import { conflict, userError } from '../domain/errors.ts'
import { entityOf } from './catalog/all.ts'
import type { Entity } from './catalog/all.ts'
import { BASE_COLUMNS } from './catalog/define.ts'
import type { DocumentSource } from './document-read.ts'
import { documentEntities, documentFields } from './document-shape.ts'
import type { DocumentField } from './document-shape.ts'
import { runText } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** Records of a document by entity. */
export type StagedCounts = ReadonlyMap<string, number>

const BATCH = 500
const CHUNK = 5000
const FIX = 'Correct the document at that place and import it again; nothing was imported.'
/** Kept by the database when a record is replaced, and no difference between two records. */
const STAMPS = new Set(BASE_COLUMNS.filter((name) => name !== 'deleted_at'))

const quoted = (name: string): string => `"${name}"`
const contentOf = (entity: Entity): readonly string[] =>
  documentFields(entity).flatMap(({ name }) => (STAMPS.has(name) ? [] : [quoted(name)]))
const typedFields = (entity: Entity): string =>
  documentFields(entity)
    .map(({ name, sqlType }) => `${quoted(name)} ${sqlType}`)
    .join(', ')

export const throwIfAborted = (signal: AbortSignal | undefined): void => {
  if (!signal?.aborted) return
  throw conflict('interrupted', 'The import was interrupted. Nothing was written.', {
    fix: 'Run the same command again.',
  })
}

/**
 * Puts the records of a document, as they come, into a table that is gone with the transaction: whatever their order and
 * number, only one batch of them is held in memory.
 */
export const stageRecords = async (
  tx: TenantTx,
  source: DocumentSource,
  signal?: AbortSignal,
): Promise<StagedCounts> => {
  await runText(
    tx,
    `create temporary table staged_records (entity text not null, place integer not null, id uuid not null, content jsonb not null)
      on commit drop`,
    [],
  )
  const counts = new Map<string, number>()
  let batch: { entity: string; place: number; id: string; content: unknown }[] = []
  const flush = async (): Promise<void> => {
    throwIfAborted(signal)
    await runText(
      tx,
      `insert into staged_records select entity, place, id, content
        from jsonb_to_recordset($1::jsonb) as given(entity text, place integer, id uuid, content jsonb)`,
      [JSON.stringify(batch)],
    )
    batch = []
  }
  for await (const records of source.records()) {
    for (const { entity, index, row } of records) {
      batch.push({ entity, place: index, id: row.id, content: row })
      counts.set(entity, (counts.get(entity) ?? 0) + 1)
      if (batch.length === BATCH) await flush()
    }
  }
  if (batch.length > 0) await flush()
  await runText(tx, 'create index on staged_records (entity, place)', [])
  await runText(tx, 'analyze staged_records', [])
  return counts
}

/** Throws where two staged records of an entity have one id. */
export const refuseRepeated = async (tx: TenantTx): Promise<void> => {
  const { rows } = await runText(
    tx,
    `select entity, max(place) from staged_records group by entity, id having count(*) > 1 order by 1, 2 limit 1`,
    [],
  )
  const [found] = rows
  if (!found) return
  throw userError('duplicate_id', 'Another record of this entity has the same id.', {
    at: `records.${String(found[0])}[${Number(found[1])}].id`,
    fix: FIX,
  })
}

/** Throws for the first staged record that points to one which is neither staged nor in the workspace. */
export const refuseDangling = async (tx: TenantTx, counts: StagedCounts): Promise<void> => {
  for (const entity of documentEntities()) {
    if (!counts.has(entity.name)) continue
    for (const { name, references } of documentFields(entity)) {
      if (references === undefined) continue
      const { rows } = await runText(
        tx,
        `select min(s.place) from staged_records s
          left join staged_records o on o.entity = $3 and o.id = (s.content->>$2)::uuid
          left join ${entityOf(references).sqlName} t on t.id = (s.content->>$2)::uuid
          where s.entity = $1 and s.content->>$2 is not null and o.id is null and t.id is null`,
        [entity.name, name, references],
      )
      const place = rows[0]?.[0]
      if (typeof place !== 'number') continue
      throw userError(
        'dangling_reference',
        `This points to a record of ${references} that is neither in the document nor in the workspace.`,
        { at: `records.${entity.name}[${place}].${name}`, fix: FIX },
      )
    }
  }
}

const literal = (value: string | number | boolean): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)

const valueOf = ({ name, sqlType, fallback }: DocumentField): string => {
  const given = `given.${quoted(name)}`
  if (fallback === undefined) return given
  if (fallback === 'created_at') return `coalesce(${given}, given."created_at", now())`
  return `coalesce(${given}, ${literal(fallback.value)}::${sqlType})`
}

/** A row of another tenant is never equal, so that row security refuses to take it over. */
const insertStatement = (entity: Entity, existing: 'refuse' | 'replace', isWhole: boolean): string => {
  const fields = documentFields(entity)
  const content = contentOf(entity)
  const onConflict =
    existing === 'refuse'
      ? ''
      : `on conflict (id) do update set ${content.map((name) => `${name} = excluded.${name}`).join(', ')}
         where t.tenant_id is distinct from excluded.tenant_id or (${content.map((name) => `t.${name}`).join(', ')}) is distinct from (${content.map((name) => `excluded.${name}`).join(', ')})`
  return `with written as (
      insert into ${entity.sqlName} as t (tenant_id, ${fields.map(({ name }) => quoted(name)).join(', ')})
      select core.current_tenant(), ${fields.map(valueOf).join(', ')}
      from staged_records s cross join lateral jsonb_to_record(s.content) as given(${typedFields(entity)})
      where s.entity = $1 ${isWhole ? '' : 'and s.place >= $2 and s.place < $3'} order by s.place
      ${onConflict} returning (xmax = 0) as created)
    select count(*)::int, (count(*) filter (where created))::int from written`
}

export interface InsertOptions {
  readonly existing: 'refuse' | 'replace'
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((entity: string, done: number, total: number) => void) | undefined
}

/** Writes what is staged, each entity after those it refers to. Answers how many records were written and made. */
export const insertStaged = async (
  tx: TenantTx,
  counts: StagedCounts,
  { existing, signal, onProgress }: InsertOptions,
): Promise<{ readonly written: number; readonly created: number }> => {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  let [done, written, created] = [0, 0, 0]
  for (const entity of documentEntities()) {
    const count = counts.get(entity.name) ?? 0
    // Where records refer to others of their kind, one statement takes all: references are checked at its end.
    const isWhole = documentFields(entity).some(({ references }) => references === entity.name)
    const statement = insertStatement(entity, existing, isWhole)
    for (let from = 0; from < count; from += isWhole ? count : CHUNK) {
      throwIfAborted(signal)
      const bounds = isWhole ? [] : [from, from + CHUNK]
      const { rows } = await runText(tx, statement, [entity.name, ...bounds])
      written += Number(rows[0]?.[0])
      created += Number(rows[0]?.[1])
      done += isWhole ? count : Math.min(CHUNK, count - from)
      onProgress?.(entity.name, done, total)
    }
  }
  return { written, created }
}

/** What bringing a document in would do to the records of one entity. */
export interface EntityDifference {
  readonly entity: string
  /** In the document and not here: they come (back). */
  readonly missing: number
  /** Here and different: they become as the document has them. */
  readonly changed: number
  readonly same: number
  /** Here and not in the document: they stay. */
  readonly newer: number
}

/** Compares what is staged with the workspace, by entity; stamps are no difference. */
export const differencesOf = async (
  tx: TenantTx,
  counts: StagedCounts,
): Promise<readonly EntityDifference[]> => {
  const differences: EntityDifference[] = []
  for (const entity of documentEntities()) {
    const given = documentFields(entity).filter(({ name }) => !STAMPS.has(name))
    const { rows } = await runText(
      tx,
      `select (count(*) filter (where t.id is null))::int,
          (count(*) filter (where t.id is not null and (${contentOf(entity)
            .map((name) => `t.${name}`)
            .join(', ')}) is distinct from (${given.map(valueOf).join(', ')})))::int,
          (select count(*)::int from ${entity.sqlName}), count(t.id)::int
        from staged_records s cross join lateral jsonb_to_record(s.content) as given(${typedFields(entity)})
          left join ${entity.sqlName} t on t.id = s.id where s.entity = $1`,
      [entity.name],
    )
    const [missing, changed, here, found] = (rows[0] ?? []).map(Number) as [number, number, number, number]
    if (here === 0 && !counts.has(entity.name)) continue
    differences.push({ entity: entity.name, missing, changed, same: found - changed, newer: here - found })
  }
  return differences
}
