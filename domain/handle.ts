/**
 * Handles: what a model sees in place of a name. `PERSON_43317` is four payload digits and a Damm check digit
 * (six digits and one past 9,900 handles); the number is unique over all labels of one conversation, so the label is
 * redundant. A suffix `f` or `l` asks for the first-name or last-name form.
 */
export const HANDLE_LABELS = [
  'PERSON',
  'MEMBER',
  'COMPANY',
  'DEAL',
  'TASK',
  'INTERACTION',
  'THREAD',
  'MESSAGE',
  'PROPOSAL',
  'RECORD',
  'EMAIL',
  'ADDRESS',
  'PHONE',
  'URL',
  'IBAN',
  'CARD',
  'PLACE',
  'SECRET',
  'NAME',
  'IP',
  'ID',
  'TITLE',
  'AMOUNT',
] as const
export type HandleLabel = (typeof HANDLE_LABELS)[number]
export type HandleForm = 'full' | 'first' | 'last'

const DAMM = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
]

/** The Damm check digit of a string of decimal digits (H. M. Damm, 2004): finds every single-digit error and adjacent swap. */
export const checkDigit = (digits: string): number => {
  let state = 0
  for (const digit of digits) state = Number(DAMM[state]![Number(digit)])
  return state
}

export const isCheckedNumber = (digits: string): boolean =>
  /^\d{5}$|^\d{7}$/.test(digits) && checkDigit(digits) === 0

const SUFFIX: Record<HandleForm, string> = { full: '', first: 'f', last: 'l' }

/** `number` already ends in its check digit. */
export const formatHandle = (label: HandleLabel, number: string, form: HandleForm = 'full'): string =>
  `${label}_${number}${SUFFIX[form]}`

export interface ParsedHandle {
  readonly label: HandleLabel
  readonly number: string
  readonly form: HandleForm
}

const EXACT = new RegExp(`^(${HANDLE_LABELS.join('|')})_(\\d{5}|\\d{7})([fl]?)$`)

/** Reads a string that is exactly one well-formed handle; a wrong check digit is not a handle. */
export const parseHandle = (text: string): ParsedHandle | undefined => {
  const match = EXACT.exec(text)
  if (!match || !isCheckedNumber(match[2]!)) return undefined
  const form: HandleForm = match[3] === 'f' ? 'first' : match[3] === 'l' ? 'last' : 'full'
  return { label: match[1] as HandleLabel, number: match[2]!, form }
}
