import { freeText, named, Secret } from '../domain/pii.ts'
import type { Hide } from '../domain/pii.ts'
import { entityOf } from '../db/catalog/all.ts'
import { displayOf } from './fields.ts'
import type { Field } from './fields.ts'
import { localIso } from '../domain/zone.ts'

/** A value of an answer. Whatever may name somebody is a Secret. */
export type Cell = string | number | boolean | null | Secret | readonly (string | Secret)[]

/** Minor units in one whole unit. */
export const minorPerUnit = (currency: string): number => {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    return 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)
  } catch {
    return 100
  }
}

/** Minor units as whole units, exact to the currency's own digits. */
export const wholeUnits = (minor: unknown, currency: unknown): number | null => {
  if (minor === null || minor === undefined) return null
  return Math.round(Number(minor)) / minorPerUnit(typeof currency === 'string' ? currency : 'USD')
}

/** A text as the driver gave it. */
export const rawText = (value: unknown): string => (typeof value === 'string' ? value : '')

const isNameless = (text: unknown): boolean => typeof text !== 'string' || text.trim() === ''

/** A record as a cell: its handle, or its harmless name. */
export const recordCell = (entityName: string, id: unknown, title: unknown): string | Secret | null => {
  if (typeof id !== 'string') return null
  const entity = entityOf(entityName)
  const text = isNameless(title) ? `unnamed ${entity.one}` : String(title)
  if (entity.handle) return named(entity.handle, { entity: entityName, id }, text)
  if (entity.title && entity.titleHide === 'none') return text
  return named('RECORD', { entity: entityName, id }, text)
}

/** A record in a list: links without a handle of their own show what they hold (an address, a number). */
export const listedCell = (entityName: string, id: unknown, title: unknown): string | Secret | null => {
  const entity = entityOf(entityName)
  if (entity.handle || entity.title || isNameless(title)) return recordCell(entityName, id, title)
  const { hide } = displayOf(entity)
  return hide === 'none' ? recordCell(entityName, id, title) : new Secret(hide, String(title))
}

const textCell = (hide: Hide, text: string): string | Secret =>
  hide === 'none' ? text : hide === 'text' ? freeText(text) : new Secret(hide, text)

/** A field's raw value as a cell. `id` is that of the record the value names, where it names one. */
export const fieldCell = (
  entityName: string,
  field: Field,
  raw: { readonly value: unknown; readonly id?: unknown; readonly currency?: unknown },
  timezone: string,
): Cell => {
  if (field.type === 'record') return recordCell(entityName, raw.id, raw.value)
  if (field.self === 'full') return recordCell(entityName, raw.id, raw.value)
  const { value } = raw
  if (value === null || value === undefined) return null
  switch (field.type) {
    case 'money':
      return wholeUnits(value, raw.currency)
    case 'number':
      return Number(value)
    case 'boolean':
      return value === true
    case 'date':
      return rawText(value)
    case 'timestamp':
      return localIso(Date.parse(rawText(value)), timezone)
    case 'text':
      if (field.self !== undefined && typeof raw.id === 'string') {
        return new Secret(field.hide, rawText(value), {
          record: { entity: entityName, id: raw.id },
          form: field.self,
        })
      }
      return textCell(field.hide, rawText(value))
  }
}
