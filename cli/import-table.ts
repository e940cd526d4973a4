import { readFile, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { asTenant } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { commitImport } from '../writeback/imports/commit.ts'
import type { ImportPlan } from '../writeback/imports/plan.ts'
import { dismissImport, previewImport, stageImport } from '../writeback/imports/run.ts'
import type { StageOptions } from '../writeback/imports/run.ts'
import { IMPORT_KINDS } from '../writeback/imports/slots.ts'
import type { ImportKind } from '../writeback/imports/slots.ts'
import { listImports, readReport } from '../writeback/imports/store.ts'
import type { ReportRow, TableKind } from '../writeback/imports/store.ts'
import type { Table } from '../writeback/imports/table.ts'
import { undoImport } from '../writeback/imports/undo.ts'
import { common, withDesk, type CommandContext, type CommonOptions } from './command.ts'
import type { Desk, House } from './compose.ts'
import { writeJson, type Io } from './io.ts'
import { confirmed } from './confirm.ts'
import { progressBar } from './progress.ts'
import { drawTable } from './table.ts'

interface TableOptions extends CommonOptions {
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly again?: boolean
  readonly kind?: string
  readonly map?: readonly string[]
  readonly report?: string
}

const kindOf = (wanted: string | undefined): ImportKind | undefined => {
  const found = IMPORT_KINDS.find((kind) => kind === wanted)
  if (wanted === undefined || found) return found
  throw userError('bad_kind', 'Tables are not imported as that.', { validOptions: IMPORT_KINDS })
}

const givenOf = (pairs: readonly string[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=')
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
      throw userError('bad_map', 'A mapping names a column and a field.', {
        at: pair,
        fix: 'Write it as --map "Column=people.email".',
      })
    }),
  )

const readBytes = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((cause: unknown) => {
    throw userError('unreadable', 'That file cannot be read.', {
      fix: 'Check the path and its permissions.',
      cause,
    })
  })

/** Where each column goes, and what would become of the rows: the person's own screen. */
const drawPlan = (io: Io, { mapping, counts }: ImportPlan, table: Table): void => {
  io.out(
    `Read as ${mapping.kind}: ${table.rows.length} rows, ${table.encoding}${table.delimiter ? `, split at ${JSON.stringify(table.delimiter)}` : ''}\n`,
  )
  drawTable(
    io,
    ['Column', 'Goes to', 'Because of', 'Sure', 'For instance'],
    mapping.columns.map(({ header, slot, because, score }, at) => [
      header,
      slot ?? '(left out)',
      because ?? '',
      slot === null ? '' : `${Math.round(score * 100)} %`,
      (table.rows.find((row) => row[at] !== '')?.[at] ?? '').slice(0, 30),
    ]),
  )
  const made = Object.entries(counts).filter(([key]) => !key.startsWith('rows') && key !== 'proposals')
  io.out(`New: ${made.map(([entity, count]) => `${count} ${entity}`).join(', ') || 'nothing'}\n`)
  const rows = Object.entries(counts).filter(([key]) => key.startsWith('rows_'))
  io.out(`Rows: ${rows.map(([key, count]) => `${count} ${key.slice(5)}`).join(', ')}\n`)
  if (counts['proposals'])
    io.out(`${counts['proposals']} would change records that are here: they become proposals.\n`)
}

const csvCell = (value: string | number | null): string => {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const reportText = (rows: readonly ReportRow[], path: string): string =>
  path.endsWith('.json')
    ? `${JSON.stringify(rows, null, 1)}\n`
    : [
        'row,state,entity,record_id,score,message,proposal_id',
        ...rows.map((one) =>
          [one.row, one.state, one.entity, one.recordId, one.score, one.message, one.proposalId]
            .map(csvCell)
            .join(','),
        ),
        '',
      ].join('\n')

const finish = async (
  context: CommandContext,
  house: House,
  desk: Desk,
  importId: string,
  options: TableOptions & { readonly already?: true },
): Promise<void> => {
  const { io } = context
  const { actor, workspace, now } = desk
  if (!options.already) {
    const bar = progressBar(io, 'Rows')
    await commitImport(house.database, {
      importId,
      decider: actor,
      workspace,
      now: now(),
      signal: io.signal,
      onProgress: (step, done, total) => bar.update(done, total, step),
    })
    bar.end()
  }
  const rows = await asTenant(house.database, actor, (tx) => readReport(tx, importId), { readOnly: true })
  const counts: Record<string, number> = {}
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1
  if (options.report !== undefined) {
    const path = resolve(io.cwd, options.report)
    await writeFile(path, reportText(rows, path), { mode: 0o600 })
  }
  if (options.json)
    return writeJson(io, { import: importId, already: options.already ?? false, rows: counts })
  io.out(
    options.already
      ? 'This file was imported before; nothing was done. --again brings it in again.\n'
      : `Done: ${Object.entries(counts)
          .map(([state, count]) => `${count} ${state}`)
          .join(', ')}.\n`,
  )
  if (!options.already) io.out(`Take it back with: tact import undo ${importId}\n`)
}

/** `tact import csv` and `tact import vcard`. */
export const tableCommand = (kind: TableKind, context: CommandContext) =>
  common(
    kind,
    `import a ${kind === 'csv' ? 'CSV file (an Airtable export, say)' : 'file of vCards'}; shows what it would do, and asks`,
  )
    .argument('<file>')
    .option('--kind <kind>', `what the rows are: ${IMPORT_KINDS.join(', ')}; guessed unless given`)
    .option('--map <column=field...>', 'where a column goes; none leaves it out')
    .option('--dry-run', 'show the mapping and the counts, write nothing')
    .option('--yes', 'do not ask')
    .option('--again', 'bring in a file that was imported before')
    .option('--report <file>', 'write what happened to every row, as .csv or .json')
    .action(async (file: string, options: TableOptions) => {
      const { io } = context
      const path = resolve(io.cwd, file)
      const bytes = await readBytes(path)
      const wanted = kindOf(options.kind)
      await withDesk(context, options, 'cli', async (house, desk) => {
        const stage: StageOptions = {
          actor: desk.actor,
          workspace: desk.workspace,
          now: desk.now(),
          file: { kind, bytes, fileName: basename(path) },
          mapping: { given: givenOf(options.map), ...(wanted ? { kind: wanted } : {}) },
          ...(options.again ? { again: 'yes' } : {}),
        }
        if (options.dryRun) {
          const { table, plan } = await previewImport(house.database, stage)
          if (options.json) writeJson(io, { dry_run: true, mapping: plan.mapping, counts: plan.counts })
          else drawPlan(io, plan, table)
          return
        }
        if (!options.yes && !io.interactive) await confirmed(io, 'Import this?', options)
        const staged = await stageImport(house.database, stage)
        if (staged.status !== 'staged') {
          const already = staged.status === 'done' ? ({ already: true } as const) : {}
          if (staged.status === 'resumable' && !options.json) io.out('Going on where the last run stopped.\n')
          return finish(context, house, desk, staged.stored.id, { ...options, ...already })
        }
        if (!options.json) drawPlan(io, staged.plan, staged.table)
        if (!(await confirmed(io, 'Import this?', options))) {
          await dismissImport(house.database, desk.actor, staged.importId)
          io.out('Nothing was written.\n')
          return
        }
        await finish(context, house, desk, staged.importId, options)
      })
    })

export const importListCommand = (context: CommandContext) =>
  common('list', 'imports of tables, newest first').action(async (options: CommonOptions) => {
    await withDesk(context, options, 'cli', async (house, { actor }) => {
      const found = await asTenant(house.database, actor, listImports, { readOnly: true })
      if (options.json) return writeJson(context.io, { imports: found })
      if (found.length === 0) return context.io.out('None.\n')
      drawTable(
        context.io,
        ['Id', 'File', 'State', 'Rows', 'When'],
        found.map(({ id, source, state, counts, createdAt }) => [
          id,
          source,
          state,
          String(counts['rows'] ?? ''),
          createdAt.slice(0, 16),
        ]),
      )
    })
  })

interface UndoOptions extends CommonOptions {
  readonly report?: string
}

export const importUndoCommand = (context: CommandContext) =>
  common('undo', 'take a committed import back: archives what it made, rejects what it proposed')
    .argument('<id>')
    .option('--report <file>', 'write what became of every row, as .csv or .json')
    .action(async (id: string, options: UndoOptions) => {
      const { io } = context
      await withDesk(context, options, 'cli', async (house, { actor }) => {
        const result = await undoImport(house.database, id, actor)
        if (options.report !== undefined) {
          const rows = await asTenant(house.database, actor, (tx) => readReport(tx, id), { readOnly: true })
          const path = resolve(io.cwd, options.report)
          await writeFile(path, reportText(rows, path), { mode: 0o600 })
        }
        if (options.json) return writeJson(io, result)
        const { archived, kept, withdrawn, carriedOut } = result
        io.out(
          `${archived} archived, ${kept} kept (changed or used since); ${withdrawn} open proposals rejected, ${carriedOut} carried out before stay.\n`,
        )
      })
    })
