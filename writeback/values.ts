import { userError } from '../domain/errors.ts'
import { didYouMean } from '../domain/nearest.ts'
import { canonicalPhone, readPhone, supportedCountries } from '../redaction/phone-forms.ts'
import { minorDigits, readAmount } from './amount.ts'
import type { SetValue } from './changes.ts'
import type { SettableField } from './fields.ts'
import type { Canonical } from './rows.ts'
import { readDate, readInstant } from './when.ts'
import type { Clock } from './when.ts'

const MAX_INT = 2_147_483_647
/** Names, titles, codes: what stands in one line. */
const MULTILINE = new Set(['notes', 'body', 'next_step', 'summary', 'reason'])
const MAX_LINE = 500

const wrong = (at: string, what: string, fix: string) =>
  userError('bad_value', `The value is not ${what}.`, { at, fix })

const readText = (field: SettableField, value: SetValue, at: string): string | null => {
  if (typeof value !== 'string' && typeof value !== 'number') throw wrong(at, 'text', 'Give one text.')
  const written = String(value)
  if (!written.isWellFormed() || written.includes('\u0000')) {
    throw wrong(at, 'well-formed text', 'Leave out NUL and halves of surrogate pairs.')
  }
  const multiline = MULTILINE.has(field.column)
  const text = (multiline ? written.replaceAll('\r\n', '\n') : written.replaceAll(/\s+/g, ' ')).trim()
  if (!multiline && text.length > MAX_LINE) {
    throw wrong(at, `a line of at most ${MAX_LINE} characters`, 'Shorten it.')
  }
  return text === '' ? null : text
}

const readOption = (options: readonly string[], value: SetValue, at: string): string => {
  const wanted = typeof value === 'string' ? value.trim().toLowerCase() : ''
  const found = options.find((option) => option.toLowerCase() === wanted)
  if (found !== undefined) return found
  throw userError('bad_option', 'The value is not one of the options of this field.', {
    at,
    fix: 'Use one of the valid options.',
    validOptions: options,
    didYouMean: didYouMean(
      wanted,
      options.map((name) => ({ name })),
    ),
  })
}

const readNumber = (field: SettableField, value: SetValue, at: string): number => {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value)
        ? Number(value)
        : Number.NaN
  if (!Number.isFinite(number)) throw wrong(at, 'a number', 'Give digits, without a unit.')
  const [least, greatest] = field.marks.range ?? [-Infinity, Infinity]
  if (number < least || number > greatest) {
    throw wrong(at, `a number from ${least} to ${greatest}`, 'Give one within these bounds.')
  }
  if (!field.integer) return number
  if (!Number.isInteger(number)) throw wrong(at, 'a whole number', 'Round it.')
  if (Math.abs(number) > MAX_INT) throw wrong(at, 'a number that fits', 'Give a smaller number.')
  if (number < 0) throw wrong(at, 'a number from 0 up', 'Leave out the sign.')
  return number
}

const readBoolean = (value: SetValue, at: string): boolean => {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (['true', 'yes'].includes(word)) return true
  if (['false', 'no'].includes(word)) return false
  throw wrong(at, 'true or false', 'Give true or false.')
}

const shapes: Readonly<Record<string, (text: string, at: string, country: string) => string>> = {
  currency: (text, at) => {
    const code = text.toUpperCase()
    if (!/^[A-Z]{3}$/.test(code) || !Intl.supportedValuesOf('currency').includes(code)) {
      throw wrong(at, 'a currency', 'Give its three-letter code, such as USD or EUR.')
    }
    return code
  },
  revenue_currency: (text, at, country) => shapes['currency']!(text, at, country),
  domain: (text, at) => {
    const host = text
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/^www\./, '')
      .replace(/\/.*$/, '')
    if (!/^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*$/u.test(host)) {
      throw wrong(at, 'a domain', 'Give a host name with its ending, without a path.')
    }
    return host
  },
  linkedin_url: (text, at) => {
    const url = /^https?:\/\//i.test(text) ? text : `https://${text}`
    const host = URL.canParse(url) ? new URL(url).hostname : ''
    if (host !== 'linkedin.com' && !host.endsWith('.linkedin.com')) {
      throw wrong(at, 'a LinkedIn address', 'Give the address of a page on linkedin.com.')
    }
    return new URL(url.replace(/^http:/i, 'https:')).href
  },
  number: (text, at, country) => {
    const phone = readPhone(text, supportedCountries([country]))
    if (!phone) throw wrong(at, 'a phone number', 'Give it with its country, such as +49 30 901820.')
    return canonicalPhone(phone)
  },
  address: (text, at) => {
    const address = text.toLowerCase()
    if (!/^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/.test(address)) {
      throw wrong(at, 'an e-mail address', 'Give one address, without a name.')
    }
    return address
  },
}

/**
 * What a person or a model wrote, as the column holds it. References are read in references.ts.
 * `currency` is that of the amount. Throws errors that say what would have been right.
 */
export const readValue = (
  field: SettableField,
  value: SetValue,
  {
    clock,
    country,
    currency,
    at,
  }: { readonly clock: Clock; readonly country: string; readonly currency: string; readonly at: string },
): Canonical => {
  if (value === null) return null
  if (Array.isArray(value)) throw wrong(at, 'a single value', 'Give one value, not a list.')
  switch (field.type) {
    case 'text': {
      if (field.marks.values) return readOption(field.marks.values, value, at)
      const text = readText(field, value, at)
      return text === null ? null : (shapes[field.column]?.(text, at, country) ?? text)
    }
    case 'number':
      return readNumber(field, value, at)
    case 'money':
      return readAmount(value, { currency, digits: minorDigits(currency), at })
    case 'boolean':
      return readBoolean(value, at)
    case 'date':
      if (typeof value !== 'string') throw wrong(at, 'a date', 'Write it as 2026-11-30.')
      return readDate(value, clock, at)
    case 'timestamp':
      if (typeof value !== 'string') throw wrong(at, 'a time', 'Write it as 2026-11-30T15:00.')
      return readInstant(value, clock, at)
    case 'record':
    case 'json':
      throw wrong(at, 'readable here', 'Leave this field out.')
  }
}
