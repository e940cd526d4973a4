import { z } from 'zod'

/**
 * The semantic form of a question: one entity, filters over its own fields and over one relation, measures, groups.
 * Joins are never written: a path `company.status` follows a to-one relation, and a to-many relation may stand only in
 * `some`, `none` or `every`, or within a function such as `count(deals)`, so a total can never be multiplied by a join.
 */
export const OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'in',
  'not_in',
  'between',
  'contains',
  'starts_with',
  'empty',
  'not_empty',
] as const
export type Operator = (typeof OPERATORS)[number]

export const Scalar = z.union([z.string(), z.number(), z.boolean()])
export const Value = z.union([Scalar, z.array(z.union([z.string(), z.number()])).max(1000)])
export type Value = z.infer<typeof Value>

export const Condition = z.strictObject({
  field: z
    .string()
    .describe(
      'Field, or path over to-one relations: `amount`, `company.status`; a to-one relation alone means its record. Over several: `count(deals)`, `sum(deals.amount[status=won])`, avg, min, max, `latest(interactions.kind)`. `in_segment`: a named group of describe_crm.',
    ),
  op: z.enum(OPERATORS).default('='),
  value: Value.optional().describe(
    'Text, number, boolean or a list. A handle stands for its record. Dates: `2026-10-31`, a period (`last_month`, `this_quarter`, `2026-10`, `2026-Q3`), or relative to now (`-30d`, `+2w`, `-6mo`). `me` is the asking member.',
  ),
})
export type Condition = z.infer<typeof Condition>

export const Filter = z.strictObject({
  field: z.string().optional(),
  op: z.enum(OPERATORS).optional(),
  value: Value.optional(),
  any: z.array(Condition).max(50).optional().describe('At least one of these conditions.'),
  some: z.string().optional().describe('To-many relation of which at least one record meets `where`.'),
  none: z.string().optional().describe('To-many relation of which no record meets `where`.'),
  every: z.string().optional().describe('To-many relation of which all records meet `where`.'),
  where: z.array(Condition).max(20).optional().describe('Conditions for `some`, `none` or `every`.'),
})
export type Filter = z.infer<typeof Filter>

export const MEASURES = ['count', 'count_distinct', 'sum', 'avg', 'min', 'max'] as const
export const Measure = z.strictObject({
  fn: z.enum(MEASURES),
  field: z.string().optional().describe('Needed by all but `count`; `count_distinct` also takes a relation.'),
  as: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/)
    .optional()
    .describe('Column name; else `count` or `<fn>_<field>`.'),
})
export type Measure = z.infer<typeof Measure>

export const Compare = z.strictObject({
  field: z.string().describe('Date field that both periods are cut from.'),
  a: z.string(),
  b: z.string(),
})

export const COMPARISONS = ['=', '!=', '>', '>=', '<', '<='] as const
export const Having = z.strictObject({
  field: z.string(),
  op: z.enum(COMPARISONS),
  value: z.number(),
})
export type Having = z.infer<typeof Having>

export const Query = z.strictObject({
  find: z.string().describe('Entity: people, companies, deals, interactions, emails, threads, tasks …'),
  where: z.array(Filter).max(50).default([]),
  fields: z.array(z.string()).max(50).optional().describe('Columns; else the most telling ones.'),
  measures: z.array(Measure).max(20).optional(),
  group_by: z
    .array(z.string())
    .max(6)
    .optional()
    .describe('Fields or relations; dates as `created_at:month` (day, week, month, quarter, year).'),
  having: z.array(Having).max(10).optional().describe('On measures, by column name.'),
  compare: Compare.optional().describe('Every measure once for each of two periods.'),
  order: z
    .array(z.string())
    .max(6)
    .optional()
    .describe('`amount` or `-amount`; measures by their column name.'),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().optional(),
  timezone: z.string().max(64).optional().describe("IANA name; else the workspace's."),
})
export type Query = z.infer<typeof Query>
/** As a person or a model writes it, before defaults. */
export type QueryInput = z.input<typeof Query>
