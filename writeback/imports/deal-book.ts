import type { Match } from './company-book.ts'
import { companyName, companySimilarity } from './company-name.ts'
import type { CompanyName } from './company-name.ts'
import { textSimilarity } from './similar.ts'

const SAME = 0.78

const COPY = /^(copy of|re:|fwd?:|kopie von)\s+|\s*\((copy|kopie|duplicate)( \d+)?\)/giu

/**
 * The name of a deal without its company, which some rows name along with it, and without remarks; what is in brackets
 * with a number stays (`Renewal (2025)`).
 */
const dealName = (written: string, companyWords: ReadonlySet<string>): CompanyName => {
  const plain = written
    .replaceAll(COPY, ' ')
    .replaceAll(/[([]([^)\]]*\d[^)\]]*)[)\]]/g, ' $1 ')
    .replaceAll(/[–—|:;,.-]/g, ' ')
  const { key, words, also } = companyName(plain)
  const isOfCompany = (text: string): boolean =>
    companyWords.has(text) ||
    (text.length > 3 && [...companyWords].some((word) => textSimilarity(word, text) >= 0.8))
  const kept = words.filter(({ text }) => !isOfCompany(text))
  if (kept.length === 0) return { key, words, also }
  return { key: kept.map(({ text }) => text).join(' '), words: kept, also }
}

const numbersOf = (key: string): string => key.replaceAll(/\D/g, '')

/** Deals by company and name. */
export const createDealBook = () => {
  const byCompany = new Map<string, Map<string, string>>()

  const learn = (id: string, written: string, companyId: string | undefined): void => {
    const held = byCompany.get(companyId ?? '') ?? new Map<string, string>()
    byCompany.set(companyId ?? '', held)
    if (!held.has(written)) held.set(written, id)
  }

  /** The deal of that name with that company; a slip in a word is forgiven, another number never. */
  const find = (
    written: string,
    companyId: string | undefined,
    companyWords: ReadonlySet<string> = new Set(),
  ): Match | undefined => {
    const held = byCompany.get(companyId ?? '')
    const same = held?.get(written)
    if (same !== undefined) return { id: same, score: 1, why: 'name' }
    const name = dealName(written, companyWords)
    let best: Match | undefined
    for (const [other, id] of held ?? []) {
      const theirs = dealName(other, companyWords)
      if (numbersOf(theirs.key) !== numbersOf(name.key)) continue
      const score = companySimilarity(theirs, name)
      if (score >= SAME && score > (best?.score ?? 0)) best = { id, score, why: 'name' }
    }
    return best && { ...best, score: Math.round(best.score * 1000) / 1000 }
  }

  return { learn, find }
}
export type DealBook = ReturnType<typeof createDealBook>
