import { z } from 'zod'
import type { Secret } from '../../domain/pii.ts'
import type { Cell } from '../../query/cells.ts'
import type { QueryResult } from '../../query/run.ts'

/** A value of an answer once names are handles. */
export const CellData = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

export const RowData = z.record(z.string(), CellData)

export type Row = Readonly<Record<string, Cell>>

/** Rows keyed by column. */
export const rowsOf = ({ columns, rows }: Pick<QueryResult, 'columns' | 'rows'>): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])))

/** A cell that holds one text, or null. */
export const textCell = (cell: Cell | undefined): string | Secret | null =>
  cell === undefined || typeof cell === 'number' || typeof cell === 'boolean' || Array.isArray(cell)
    ? null
    : (cell as string | Secret | null)

export const listCell = (cell: Cell | undefined): readonly (string | Secret)[] =>
  Array.isArray(cell) ? (cell as readonly (string | Secret)[]) : []
