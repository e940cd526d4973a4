import type { Expr, TypeName } from './ast.ts'
import { refuse } from './refuse.ts'

/** What is known of a value's type. Undefined wherever it is not certain: nothing is refused on a guess. */
export type ValueType =
  /** A number of whatever kind. */
  | 'number'
  | 'integer'
  | 'numeric'
  | 'float'
  | 'text'
  | 'boolean'
  | 'uuid'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'interval'
  | 'json'
  /** A text between quotes takes the type of what it meets. */
  | 'literal'

const NUMBERS: ReadonlySet<ValueType> = new Set(['number', 'integer', 'numeric', 'float'])
const TIMES: ReadonlySet<ValueType> = new Set(['date', 'timestamp', 'time', 'interval'])

export const isNumber = (type: ValueType | undefined): boolean => type !== undefined && NUMBERS.has(type)
export const isTime = (type: ValueType | undefined): boolean => type !== undefined && TIMES.has(type)

/** The type of a column by what the database calls it. */
export const valueTypeOf = (sqlType: string): ValueType | undefined => {
  if (/^(bigint|integer|smallint)$/.test(sqlType)) return 'integer'
  if (sqlType === 'numeric') return 'numeric'
  if (/^(real|double precision)$/.test(sqlType)) return 'float'
  if (/^(text|character varying|character|varchar)/.test(sqlType)) return 'text'
  if (sqlType.startsWith('timestamp')) return 'timestamp'
  if (sqlType.startsWith('time')) return 'time'
  if (/^jsonb?$/.test(sqlType)) return 'json'
  return (['boolean', 'uuid', 'date', 'interval'] as const).find((one) => one === sqlType)
}

const CASTS: Readonly<Record<TypeName, ValueType>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'numeric',
  float4: 'float',
  float8: 'float',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  interval: 'interval',
  bool: 'boolean',
  uuid: 'uuid',
}
export const castType = (name: TypeName): ValueType => CASTS[name]

const spoken = (type: ValueType): string =>
  ({
    number: 'a number',
    integer: 'a whole number',
    numeric: 'a number',
    float: 'a floating-point number',
    text: 'text',
    boolean: 'true or false',
    uuid: 'a record',
    date: 'a date',
    timestamp: 'a point in time',
    time: 'a time of day',
    interval: 'a length of time',
    json: 'JSON',
    literal: 'a text',
  })[type]

/** A column as its asker may write it again; undefined where its name might be data. */
const writtenAs = (e: Expr): string | undefined => {
  if ('col' in e)
    return e.col.every((part) => /^[a-z_][a-z0-9_]{0,62}$/.test(part)) ? e.col.join('.') : undefined
  if ('fn' in e && e.args.length <= 1) {
    const [only] = e.args
    const inner = only === undefined ? (e.star ? '*' : '') : writtenAs(only)
    return inner === undefined ? undefined : `${e.fn}(${e.distinct ? 'DISTINCT ' : ''}${inner})`
  }
  return undefined
}
export { writtenAs }

/** What a mismatch is about: a value, and what it met. */
export interface TypeAbout {
  readonly e: Expr
  readonly type: ValueType
  readonly other?: Typed
}

const mismatch = (message: string, fix: string, about?: TypeAbout): Error =>
  refuse('type_mismatch', message, { fix, about })

const literalText = (e: Expr): string | undefined =>
  'lit' in e && typeof e.lit === 'string' ? e.lit.trim() : undefined

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i
const WHOLE = /^[+-]?\d+$/
const BOOLEAN = /^(t|f|tr|tru|true|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0)$/i
const UUID = /^\{?[0-9a-f]{4}(-?[0-9a-f]{4}){7}\}?$/i
/** What surely is no date: PostgreSQL reads many forms, all of them with a digit or one of a few words. */
const NO_TIME = /^(?!.*\d)(?!(now|today|tomorrow|yesterday|infinity|-infinity|epoch|allballs)$).*$/i

const cannotHold = (type: ValueType, text: string): boolean => {
  if (type === 'integer') return !WHOLE.test(text)
  if (type === 'numeric' || type === 'float' || type === 'number')
    return !NUMBER.test(text) && !/^[+-]?(nan|inf(inity)?)$/i.test(text)
  if (type === 'boolean') return !BOOLEAN.test(text)
  if (type === 'uuid') return !UUID.test(text)
  return (type === 'date' || type === 'timestamp' || type === 'interval') && NO_TIME.test(text)
}

const EXAMPLES: Partial<Record<ValueType, string>> = {
  integer: 'a number without quotes, such as 3',
  numeric: 'a number without quotes, such as 3',
  number: 'a number without quotes, such as 3',
  float: 'a number without quotes, such as 3.5',
  boolean: 'true or false without quotes',
  uuid: 'a handle in quotes',
  date: "a date such as '2026-10-31'",
  timestamp: "a date such as '2026-10-31'",
  interval: "an interval such as interval '90 days'",
}

/** Refuses a constant text that is no value of the type it meets. */
export const checkLiteral = (type: ValueType | undefined, e: Expr, other?: Expr): void => {
  const text = literalText(e)
  if (text === undefined || type === undefined || !cannotHold(type, text)) return
  throw mismatch(
    `A text in quotes is compared with ${spoken(type)}, and is none.`,
    `Write ${EXAMPLES[type] ?? 'a value of that type'}, or cast the other side: ::text.`,
    { e, type: 'literal', ...(other && { other: { e: other, type } }) },
  )
}

const family = (type: ValueType): string => {
  if (NUMBERS.has(type)) return 'number'
  return type === 'date' || type === 'timestamp' ? 'day' : type
}

/** How a value of one type becomes one of the other. */
const castFix = (e: Expr, from: ValueType, to: ValueType): string => {
  const name = writtenAs(e) ?? 'x'
  if (isNumber(from) && to === 'text') return `Write ${name}::text.`
  if (from === 'text' && isNumber(to)) return `Write ${name}::numeric.`
  if (from === 'text' && isTime(to)) return `Write ${name}::${to}.`
  if (isTime(from) && to === 'text')
    return `Write ${name}::text, or compare with a date such as '2026-10-31'.`
  if (isTime(from) && isNumber(to))
    return `Write extract(year FROM ${name}), or compare with a date such as '2026-10-31'.`
  if (from === 'boolean') return `Write ${name} = true or ${name} = false, or ${name}::int.`
  return `Cast one side, e.g. ${name}::text.`
}

export interface Typed {
  readonly e: Expr
  readonly type: ValueType | undefined
}

/** Refuses two sides that no comparison takes. */
export const checkComparable = (a: Typed, b: Typed): void => {
  if (a.type === undefined || b.type === undefined) return
  if (b.type === 'literal') return a.type === 'literal' ? undefined : checkLiteral(a.type, b.e, a.e)
  if (a.type === 'literal') return checkLiteral(b.type, a.e, b.e)
  if (family(a.type) === family(b.type)) return
  if (new Set([a.type, b.type, 'time', 'interval']).size === 2) return
  const fix = 'lit' in a.e ? castFix(b.e, b.type, a.type) : castFix(a.e, a.type, b.type)
  throw mismatch(`${sentence(spoken(a.type))} is compared with ${spoken(b.type)}.`, fix, {
    e: a.e,
    type: a.type,
    other: b,
  })
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Refuses a value of a known type that `what` does not take. */
export const checkTakes = (
  { e, type }: Typed,
  takes: (type: ValueType) => boolean,
  refusal: { readonly what: string; readonly fix: (name: string) => string },
): void => {
  if (type === undefined || type === 'literal' || takes(type)) return
  throw mismatch(`${refusal.what} does not take ${spoken(type)}.`, refusal.fix(writtenAs(e) ?? 'x'), {
    e,
    type,
  })
}
