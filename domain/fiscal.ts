export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** The month, 1 to 12, that a name, its first three letters or its number stands for. */
export const monthNamed = (text: string): number | undefined => {
  const asked = text.trim().toLowerCase()
  const number = /^\d{1,2}$/.test(asked) ? Number(asked) : undefined
  if (number !== undefined) return number >= 1 && number <= 12 ? number : undefined
  const at = MONTHS.findIndex((name) => [name.toLowerCase(), name.slice(0, 3).toLowerCase()].includes(asked))
  return at < 0 ? undefined : at + 1
}
