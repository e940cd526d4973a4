import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse } from '../../cli/compose.ts'
import type { House } from '../../cli/compose.ts'
import { loadConfig } from '../../config.ts'
import { createMember } from '../../db/members.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { newId } from '../../domain/ids.ts'
import { recordUri } from '../../domain/records.ts'
import { reject } from '../../writeback/approve.ts'
import { approveAndExecute } from '../../writeback/execute.ts'
import { propose } from '../../writeback/propose.ts'
import type { StoredProposal } from '../../writeback/store.ts'
import type { Effect } from './workbench-actions.ts'
import { FORMS, NOW, STATUSES, TABLES, formOf } from './workbench-tables.ts'
import type { FieldValues, Row, State, TableForm, TableName } from './workbench-tables.ts'

/** One workspace that holds the benchmark's tables. Its records change by approved proposals alone, but for `reset`. */
export interface Bench {
  /** Records effects as one pending proposal; undefined where every record is so already. */
  propose(effects: readonly Effect[]): Promise<StoredProposal | undefined>
  /** A person's yes; answers whether it was carried out. */
  approve(proposal: StoredProposal): Promise<boolean>
  reject(proposal: StoredProposal): Promise<void>
  /** What no change to any record leaves the same: counts, versions, and the transactions that wrote the rows. */
  print(): Promise<string>
  /** The tables as the records say now. */
  read(): Promise<State>
  /** Puts the touched records back as they were, past the product. */
  reset(): Promise<void>
}

export interface BenchHouse {
  readonly engine: string
  openBench(start: State): Promise<Bench>
  close(): Promise<void>
}

const ENTITY_TABLES = [...new Set(FORMS.map(({ sqlName }) => sqlName))]
const MOMENTS = new Set(['starts_at', 'occurred_at', 'due_at'])

/** Field values as columns of the table, for rows that are seeded or reset. */
const columnsOf = (
  values: FieldValues,
  stages: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]) => {
      if (field === 'stage') return ['stage_id', stages.get(String(value))]
      if (!MOMENTS.has(field) || value === null) return [field, value]
      const text = String(value).replace(' ', 'T')
      return [field, text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`]
    }),
  )

const putRows = async (
  tx: TenantTx,
  { sqlName }: TableForm,
  records: readonly Readonly<Record<string, unknown>>[],
): Promise<void> => {
  if (records.length === 0) return
  const table = sql.raw(sqlName)
  const names = Object.keys(records[0]!)
  const columns = sql.raw(names.join(', '))
  const updates = sql.raw(
    [
      ...names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`),
      'deleted_at = null',
    ].join(', '),
  )
  await rows(
    tx,
    sql`insert into ${table} (tenant_id, ${columns})
      select core.current_tenant(), ${columns} from jsonb_populate_recordset(null::${table}, ${JSON.stringify(records)}::jsonb)
      on conflict (id) do update set ${updates}`,
  )
}

/** What a proposal is asked to do for one effect. */
const changeOf = ({ table, row, was }: Effect, record: string | undefined): object => {
  const { entity, write } = formOf(table)
  if (was === undefined) return { op: 'create', entity, set: dropNulls(write(row!)) }
  if (row === undefined) return { op: 'archive', entity, record }
  const [before, then] = [write(was), write(row)]
  return {
    op: 'update',
    entity,
    record,
    set: Object.fromEntries(Object.entries(then).filter(([field, value]) => before[field] !== value)),
  }
}

const dropNulls = (values: FieldValues): FieldValues =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

const isIdle = ({ table, was, row }: Effect): boolean => {
  const { write } = formOf(table)
  return was !== undefined && row !== undefined && JSON.stringify(write(was)) === JSON.stringify(write(row))
}

const readRows = async (
  tx: TenantTx,
  form: TableForm,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Row>> => {
  const stage =
    form.entity === 'deals' ? sql`(select s.name from crm.stages s where s.id = t.stage_id)` : sql`null`
  const kind =
    form.table === 'email'
      ? sql`and t.kind = 'email'`
      : form.table === 'plots'
        ? sql`and t.kind = 'note'`
        : sql``
  const found = await rows<{ record: Record<string, unknown> }>(
    tx,
    sql`select to_jsonb(t) || jsonb_build_object('stage', ${stage}) as record from ${sql.raw(form.sqlName)} t
      where t.id = any(${sql.param(ids)}::uuid[]) and t.deleted_at is null ${kind}`,
  )
  return new Map(found.map(({ record }) => [String(record['id']), form.read(record)]))
}

const openBench = async (house: House, start: State): Promise<Bench> => {
  const { database } = house
  const slug = `bench-${newId().slice(-12)}`
  const workspace = await createWorkspace(database, {
    slug,
    name: slug,
    clockAt: new Date(`${NOW.replace(' ', 'T')}Z`),
  })
  const system: Actor = { tenantId: workspace.id, memberId: null, via: 'system', role: 'owner' }
  const member = await asTenant(database, system, (tx) =>
    createMember(tx, { email: 'sam@atlas.example', givenName: 'Sam', familyName: 'Atlas', role: 'owner' }),
  )
  const person: Actor = { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' }
  const model: Actor = { ...person, via: 'chat' }
  const now = new Date(`${NOW.replace(' ', 'T')}Z`)
  const stages = new Map(STATUSES.map((name) => [name as string, newId()]))
  const home = new Map<string, string>()
  const seeds = new Map<string, Readonly<Record<string, unknown>>>()
  await asTenant(database, system, async (tx) => {
    for (const [place, name] of STATUSES.entries()) {
      const kind = name === 'Won' ? 'won' : name === 'Lost' ? 'lost' : 'open'
      await rows(
        tx,
        sql`insert into crm.stages (id, tenant_id, name, position, kind) values (${stages.get(name)}, core.current_tenant(), ${name}, ${place}, ${kind})`,
      )
    }
    for (const form of FORMS) {
      const records = [...start[form.table]].map(([id, row]) => {
        const record = {
          id: newId(),
          ...columnsOf(form.write(row), stages),
          ...(form.entity === 'deals' ? { currency: 'USD' } : {}),
        }
        home.set(`${form.table}:${id}`, record.id)
        seeds.set(record.id, record)
        return record
      })
      await putRows(tx, form, records)
    }
  })
  const uuids = new Map(home)
  const touched = new Map<string, TableName>()

  const read = (): Promise<State> =>
    asTenant(
      database,
      person,
      async (tx) => {
        const state = { ...start } as Record<TableName, ReadonlyMap<string, Row>>
        for (const table of TABLES) {
          const ids = [...touched].filter(([, one]) => one === table).map(([key]) => key)
          if (ids.length === 0) continue
          const found = await readRows(
            tx,
            formOf(table),
            ids.map((key) => uuids.get(key)!),
          )
          const next = new Map(start[table])
          for (const key of ids) {
            const row = found.get(uuids.get(key)!)
            const id = key.slice(table.length + 1)
            if (row) next.set(id, row)
            else next.delete(id)
          }
          state[table] = next
        }
        return state
      },
      { readOnly: true },
    )

  return {
    read,
    async propose(effects) {
      const live = effects.filter((effect) => !isIdle(effect))
      if (live.length === 0) return undefined
      const changes = live.map((effect) => {
        const uuid = uuids.get(`${effect.table}:${effect.id}`)
        return changeOf(effect, uuid && recordUri({ entity: formOf(effect.table).entity, id: uuid }))
      })
      const { proposal } = await asTenant(database, model, (tx) =>
        propose(tx, { input: { changes }, actor: model, workspace, now, conversationId: null }),
      )
      const madeIds = proposal.changes.filter(({ op }) => op === 'create').map(({ id }) => id)
      for (const { table, id, was } of live) {
        const key = `${table}:${id}`
        touched.set(key, table)
        if (was === undefined) uuids.set(key, madeIds.shift()!)
      }
      return proposal
    },
    async approve({ id, diffHash }) {
      const done = await approveAndExecute(database, { proposalId: id, hash: diffHash, decider: person, now })
      return done.state === 'executed'
    },
    reject: ({ id, diffHash }) => reject(database, { proposalId: id, hash: diffHash, decider: person, now }),
    async print() {
      const parts = ENTITY_TABLES.map(
        (
          table,
        ) => sql`select concat_ws('/', count(*), sum(t.version), count(t.deleted_at), sum(t.xmin::text::bigint)) as print
          from ${sql.raw(table)} t`,
      )
      const found = await asTenant(
        database,
        person,
        (tx) => rows<{ print: string }>(tx, sql`${sql.join(parts, sql` union all `)}`),
        { readOnly: true },
      )
      return found.map(({ print }) => print).join(' ')
    },
    async reset() {
      if (touched.size === 0) return
      await asTenant(database, system, async (tx) => {
        for (const form of FORMS) {
          const keys = [...touched].filter(([, table]) => table === form.table).map(([key]) => key)
          await putRows(
            tx,
            form,
            keys.flatMap((key) => {
              const seed = seeds.get(home.get(key) ?? '')
              return seed ? [seed] : []
            }),
          )
          const made = keys.filter((key) => !home.has(key)).map((key) => uuids.get(key)!)
          if (made.length > 0)
            await rows(
              tx,
              sql`update ${sql.raw(form.sqlName)} set deleted_at = now() where id = any(${sql.param(made)}::uuid[])`,
            )
        }
      })
      for (const key of touched.keys()) {
        const first = home.get(key)
        if (first === undefined) uuids.delete(key)
        else uuids.set(key, first)
      }
      touched.clear()
    },
  }
}

/** The product with an empty store: on the Postgres of `postgresUrl`, else on the embedded engine. */
export const openBenchHouse = async (postgresUrl: string | undefined): Promise<BenchHouse> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-bench-'))
  const house = await openHouse(
    loadConfig({
      TACT_HOME: home,
      TACT_LOG: 'error',
      ...(postgresUrl === undefined ? {} : { DATABASE_URL: postgresUrl }),
    }),
  )
  return {
    engine: house.database.engine,
    openBench: (start) => openBench(house, start),
    close: async () => {
      await house.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
