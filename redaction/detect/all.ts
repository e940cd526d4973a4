import type { CountryCode } from 'libphonenumber-js'
import type { Span } from '../types.ts'
import { recogniseCard } from './card.ts'
import { recogniseEmail } from './email.ts'
import { recogniseIban } from './iban.ts'
import { harmlessSpans } from './never.ts'
import { recognisePhone } from './phone.ts'
import type { Recogniser } from './recogniser.ts'
import { recogniseUrl } from './url.ts'

const BY_SHAPE: readonly Recogniser[] = [recogniseEmail, recogniseUrl]
const BY_DIGITS: readonly Recogniser[] = [recogniseIban, recogniseCard, recognisePhone]

/** Every value that its shape gives away. Earlier recognisers own their characters. */
export const detectValues = (text: string, countries: readonly CountryCode[]): Span[] => {
  const found: Span[] = []
  for (const recognise of BY_SHAPE) found.push(...recognise(text, { countries, taken: found }))
  if (!/\d{2}/u.test(text)) return found
  const harmless = harmlessSpans(text)
  for (const recognise of BY_DIGITS) {
    found.push(...recognise(text, { countries, taken: [...found, ...harmless] }))
  }
  return found
}
