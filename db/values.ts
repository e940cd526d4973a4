import { types } from 'pg'
import type { CustomTypesConfig } from 'pg'

/** Readable names of the types a query can answer with; anything else is `oid:<number>`. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  114: 'json',
  700: 'real',
  701: 'double',
  1000: 'boolean[]',
  1007: 'integer[]',
  1009: 'text[]',
  1016: 'bigint[]',
  1042: 'text',
  1043: 'text',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1182: 'date[]',
  1184: 'timestamptz',
  1185: 'timestamptz[]',
  1186: 'interval',
  1231: 'numeric[]',
  1700: 'numeric',
  2950: 'uuid',
  2951: 'uuid[]',
  3802: 'jsonb',
}

export const typeName = (oid: number): string => TYPE_NAMES[oid] ?? `oid:${oid}`

const SIGNIFICANT_DIGITS = 15

/** A number where JavaScript can hold it exactly, else its text. */
export const readNumber = (text: string): number | string => {
  const value = Number(text)
  if (!text.includes('.')) return Number.isSafeInteger(value) ? value : text
  const digits = text.replace(/^-?0*\.?0*/, '').replace('.', '').length
  return Number.isFinite(value) && digits <= SIGNIFICANT_DIGITS ? value : text
}

const UTC = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/

/** `2026-01-02 03:04:05.678901+00` -> `2026-01-02T03:04:05.678901Z`; milliseconds always, microseconds where there are any. */
export const readTimestamp = (text: string): string => {
  const match = UTC.exec(text)
  if (match) return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0')}Z`
  const value = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  return Number.isNaN(value.getTime()) ? text : value.toISOString()
}

type Reader = (text: string) => unknown
type Nested = readonly (string | null | Nested)[]

const TEXT_ARRAY = 1009
const readTexts = types.getTypeParser(TEXT_ARRAY as never) as (text: string) => Nested

const eachOf =
  (read: Reader): Reader =>
  (text) => {
    const walk = (value: string | null | Nested): unknown =>
      value === null ? null : typeof value === 'string' ? read(value) : value.map(walk)
    return walk(readTexts(text))
  }

const asText: Reader = (text) => text

const READERS: Readonly<Record<number, Reader>> = {
  20: readNumber,
  1700: readNumber,
  1082: asText,
  1114: asText,
  1184: readTimestamp,
  1186: asText,
  1016: eachOf(readNumber),
  1231: eachOf(readNumber),
  1182: eachOf(asText),
  1185: eachOf(readTimestamp),
}

const readerOf = types.getTypeParser as (oid: number) => Reader

/** How the driver reads values, one way on both engines: see `rows` in db/tenant.ts. */
export const valueTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number) => READERS[oid] ?? readerOf(oid)) as CustomTypesConfig['getTypeParser'],
}
