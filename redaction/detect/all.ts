import type { CountryCode } from 'libphonenumber-js'
import type { Span } from '../types.ts'
import { createWordList, readWords } from '../words.ts'
import type { WordList } from '../words.ts'
import { recogniseCard } from './card.ts'
import { recogniseEmail } from './email.ts'
import { recogniseIban } from './iban.ts'
import { recogniseIp } from './ip.ts'
import { recogniseNationalId } from './national-id.ts'
import { recognisePhone } from './phone.ts'
import { recognisePlace } from './place.ts'
import { createTaken } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'
import { recogniseSecret } from './secret.ts'
import { recogniseUrl } from './url.ts'
import { numberWindows } from './windows.ts'

const BY_SHAPE: readonly Recogniser[] = [recogniseEmail, recogniseUrl, recogniseSecret]
const BY_DIGITS: readonly Recogniser[] = [
  recogniseIban,
  recogniseCard,
  recogniseIp,
  recogniseNationalId,
  recognisePhone,
]

/** Those whose check digits or beginnings decide, whatever stands around them. */
const CERTAIN_BY_DIGITS: readonly Recogniser[] = [recogniseIban, recogniseCard, recogniseNationalId]

/**
 * Every value that its shape gives away. Earlier recognisers own their characters. `words` are those of the text, where
 * the caller has read them already.
 */
export const detectValues = (
  text: string,
  countries: readonly CountryCode[],
  words: WordList = readWords(text, createWordList()),
  { kinds = 'all' }: { readonly kinds?: 'all' | 'certain' } = {},
): Span[] => {
  const found: Span[] = []
  const taken = createTaken(text.length)
  const windows = numberWindows(text, words)
  const run = (recognisers: readonly Recogniser[]): void => {
    for (const recognise of recognisers) {
      const spans = recognise(text, { countries, taken, windows, words })
      for (const span of spans) taken.add(span.start, span.end)
      found.push(...spans)
    }
  }
  run(BY_SHAPE)
  if (windows.length > 0) run(kinds === 'all' ? BY_DIGITS : CERTAIN_BY_DIGITS)
  if (kinds === 'all') run([recognisePlace])
  return found
}
