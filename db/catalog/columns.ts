import { bigint, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { col } from './define.ts'
import type { Marks } from './define.ts'

/** A record this one may point to. */
export const pointer = (column: string, references: string, marks: Marks = {}) =>
  col(uuid(column), { references, ...marks })

/** A record this one cannot be without. */
export const parent = (column: string, references: string, marks: Marks = {}) =>
  col(uuid(column).notNull(), { references, ...marks })

export const instant = (column: string, marks: Marks = {}) =>
  col(timestamp(column, { withTimezone: true }), marks)

/** When it happened; of a record made now, now. */
export const happened = (column: string, marks: Marks = {}) =>
  col(timestamp(column, { withTimezone: true }).notNull().defaultNow(), { indexed: true, ...marks })

/** Whole minor units; `column` ends in `_minor`. */
export const amount = (column: string, marks: Marks = {}) =>
  col(bigint(column, { mode: 'number' }), { currency: 'currency', write: true, ...marks })

/** Members who alone see the row, by id; null: everybody. Row security reads it (migration `mailboxes`). */
export const onlyFor = () => col(text('only_for').array(), { internal: true, derived: true })

/** Members who see something else in place of the row: the whole message, where others see its subject. */
export const notFor = () => col(text('not_for').array(), { internal: true, derived: true })
