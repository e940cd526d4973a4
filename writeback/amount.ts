import { userError } from '../domain/errors.ts'
import type { SetValue } from './changes.ts'

const WRITTEN =
  /^(?<sign>-?)(?<before>[^\d\s.,-]{0,3}|[A-Za-z]{3}\s)\s*(?<digits>\d{1,3}(,\d{3})+|\d+)(?<fraction>\.\d+)?\s*(?<scale>k|m|mn|bn|b)?\s*(?<after>[A-Za-z]{3})?$/u
const SCALE: Readonly<Record<string, number>> = { k: 3, m: 6, mn: 6, b: 9, bn: 9 }
const SYMBOLS: Readonly<Record<string, readonly string[]>> = {
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN'],
  '€': ['EUR'],
  '£': ['GBP'],
  '¥': ['JPY', 'CNY'],
  '₹': ['INR'],
}

/** Digits after the point of a currency's whole unit: 2 for USD, 0 for JPY. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/**
 * `250000`, `"250,000.50"`, `"1.2m"`, `"$250k"` in whole units as an integer of minor units. Exact: no floats on the
 * way. A currency written beside the number has to be the record's own. Throws `bad_amount`.
 */
export const readAmount = (
  value: Exclude<SetValue, null>,
  { currency, digits, at }: { readonly currency: string; readonly digits: number; readonly at: string },
): number => {
  const wrong = (fix: string) => userError('bad_amount', 'The value is not an amount of money.', { at, fix })
  const plain = 'Give a number in whole units, such as 250000 or 1250.50.'
  if (typeof value !== 'number' && typeof value !== 'string') throw wrong(plain)
  const text = typeof value === 'number' ? decimalText(value) : value.trim()
  const parts = WRITTEN.exec(text.slice(0, 60).toLowerCase())?.groups
  if (!parts) throw wrong(plain)
  for (const mark of [parts['before']?.trim(), parts['after']]) {
    if (!mark) continue
    const same = (SYMBOLS[mark] ?? [mark.toUpperCase()]).includes(currency)
    if (!same)
      throw wrong(`This record counts in ${currency}; set \`currency\` as well if that is to change.`)
  }
  const scale = SCALE[parts['scale'] ?? ''] ?? 0
  const fraction = (parts['fraction'] ?? '').slice(1)
  const places = digits + scale
  if (fraction.slice(places).replaceAll('0', '') !== '') {
    throw wrong(`${currency} has ${digits} digits after the point.`)
  }
  const whole = parts['digits']!.replaceAll(',', '')
  const minor = Number(`${parts['sign']}${whole}${fraction.slice(0, places).padEnd(places, '0')}`)
  if (!Number.isSafeInteger(minor)) throw wrong('Give a smaller number.')
  if (minor < 0) throw wrong('An amount is not negative.')
  return minor === 0 ? 0 : minor
}

/** A number without an exponent; what has one is too large or too small to be money. */
const decimalText = (value: number): string => (Number.isFinite(value) ? String(value) : '')
