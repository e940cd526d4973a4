/** Money is minor units (cents) and an ISO 4217 currency; no floats. */
export interface Money {
  readonly amountMinor: number
  readonly currency: string
}

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** `1234500, USD` -> `$12,345.00`; whole amounts drop the fraction. */
export const formatMoney = ({ amountMinor, currency }: Money): string => {
  const digits = digitsOf(currency)
  const amount = amountMinor / 10 ** digits
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : digits,
  }).format(amount)
}
