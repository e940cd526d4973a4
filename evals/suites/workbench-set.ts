import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { readList } from './workbench-calls.ts'
import { FORMS, TABLES } from './workbench-tables.ts'
import type { Row, State, TableName } from './workbench-tables.ts'

export interface Task {
  readonly query: string
  readonly answer: readonly string[]
}

/** A run of a model over a task, as it was recorded. */
export interface Run {
  readonly setting: string
  readonly query: string
  readonly calls: readonly string[]
  readonly failed: boolean
  /** What was published of it, where that is there. */
  readonly published: { readonly right: boolean; readonly harmful: boolean } | undefined
}

export interface WorkbenchSet {
  readonly start: State
  readonly tasks: readonly Task[]
  readonly runs: readonly Run[]
}

const rowsOf = (file: string): readonly Readonly<Record<string, string>>[] =>
  parse(readFileSync(file, 'utf8'), { columns: true, bom: true })

const readTables = (folder: string): State => {
  const tables = FORMS.map(({ table, file, idColumn, columns }): [TableName, Map<string, Row>] => {
    const rows = file === undefined ? [] : rowsOf(join(folder, file))
    return [
      table,
      new Map(
        rows.map((row) => [
          row[idColumn]!,
          Object.fromEntries(
            columns.map((column) => [column, row[column] === '' ? null : (row[column] ?? null)]),
          ),
        ]),
      ),
    ]
  })
  const state = Object.fromEntries(tables) as Record<TableName, Map<string, Row>>
  return TABLES.every((table) => table in state) ? state : ({} as never)
}

const readTasks = (files: readonly string[]): readonly Task[] =>
  files.flatMap((file) =>
    rowsOf(file).map(({ query = '', answer = '[]' }) => ({ query, answer: readList(answer) })),
  )

const readRuns = (file: string): readonly Run[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const run = JSON.parse(line) as {
        model: string
        tools: string
        query: string
        calls: readonly string[]
        error?: boolean | string
        correct?: boolean
        unwanted_side_effect?: boolean
      }
      return {
        setting: `${run.model}|${run.tools}`,
        query: run.query,
        calls: run.calls,
        failed: Boolean(run.error),
        published:
          run.correct === undefined
            ? undefined
            : { right: run.correct, harmful: run.unwanted_side_effect ?? false },
      }
    })

const ANSWERS = 'queries_and_answers'
const RUNS = 'replay_runs.jsonl'

/**
 * Reads a set: a folder as WorkBench's is (tables, `queries_and_answers/*.csv`, `replay_runs.jsonl`), one file of tasks
 * (.csv) or of runs (.jsonl). `tables` is the folder of the tables and tasks that a file alone does not bring.
 * Undefined where nothing is there.
 */
export const readWorkbench = (source: string, tables: string | undefined): WorkbenchSet | undefined => {
  if (!existsSync(source)) return undefined
  const folder = statSync(source).isDirectory() ? source : undefined
  const home = tables ?? folder ?? dirname(source)
  const answersIn = (place: string): readonly string[] =>
    existsSync(join(place, ANSWERS))
      ? readdirSync(join(place, ANSWERS))
          .filter((name) => name.endsWith('.csv'))
          .sort()
          .map((name) => join(place, ANSWERS, name))
      : []
  const runsFile =
    folder === undefined ? (source.endsWith('.jsonl') ? source : undefined) : join(folder, RUNS)
  const own = folder === undefined ? (source.endsWith('.csv') ? [source] : []) : answersIn(folder)
  const tasks = readTasks(own.length > 0 ? own : answersIn(home))
  if (tasks.length === 0) throw new Error(`There are no tasks in or beside ${basename(source)}.`)
  return {
    start: readTables(home),
    tasks,
    runs: runsFile !== undefined && existsSync(runsFile) ? readRuns(runsFile) : [],
  }
}
