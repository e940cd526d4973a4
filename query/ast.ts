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
  field: z.string(),
  op: z.enum(OPERATORS).default('='),
  value: Value.optional(),
})
export type Condition = z.infer<typeof Condition>

export const Filter = z.strictObject({
  field: z
    .string()
    .optional()
    .describe(
      'Field or to-one path: `amount`, `company.status`, `company` (its record). Over several: `count(deals)`, `sum(deals.amount[status=won])`, `latest(interactions.kind)`. `in_segment`: see describe_crm.',
    ),
  op: z.enum(OPERATORS).optional(),
  value: Value.optional().describe(
    'Handles stand for records, `me` for the asker. Dates: `2026-10-31`, `last_month`, `2026-Q3`, `-30d`, `+2w`.',
  ),
  any: z.array(Condition).max(50).optional().describe('One of these holds.'),
  some: z.string().optional().describe('To-many relation; one record meets `where`.'),
  none: z.string().optional(),
  every: z.string().optional(),
  where: z.array(Condition).max(20).optional(),
})
export type Filter = z.infer<typeof Filter>

export const MEASURES = ['count', 'count_distinct', 'sum', 'avg', 'min', 'max'] as const
export const Measure = z.strictObject({
  fn: z.enum(MEASURES),
  field: z.string().optional().describe('Needed by all but `count`.'),
  as: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/)
    .optional()
    .describe('Column name.'),
})
export type Measure = z.infer<typeof Measure>

export const Compare = z.strictObject({
  field: z.string(),
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
  find: z.string().describe('Entity, e.g. `deals`.'),
  where: z.array(Filter).max(50).default([]),
  fields: z.array(z.string()).max(50).optional().describe('Columns.'),
  measures: z.array(Measure).max(20).optional(),
  group_by: z.array(z.string()).max(6).optional().describe('Dates as `created_at:month` (day … year).'),
  having: z.array(Having).max(10).optional().describe('On measures, by name.'),
  compare: Compare.optional().describe('Two periods of a date field.'),
  order: z.array(z.string()).max(6).optional().describe('`amount` or `-amount`.'),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().optional(),
  timezone: z.string().max(64).optional(),
})
export type Query = z.infer<typeof Query>
/** As a person or a model writes it, before defaults. */
export type QueryInput = z.input<typeof Query>
