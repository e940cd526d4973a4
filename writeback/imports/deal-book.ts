import type { Match } from './company-book.ts'
import { companyKey, textSimilarity } from './similar.ts'

const SAME = 0.92

/** Deals by company and name. */
export const createDealBook = () => {
  const byCompany = new Map<string, Map<string, string>>()

  const learn = (id: string, name: string, companyId: string | undefined): void => {
    const held = byCompany.get(companyId ?? '') ?? new Map<string, string>()
    byCompany.set(companyId ?? '', held)
    if (!held.has(companyKey(name))) held.set(companyKey(name), id)
  }

  /** The deal of that name with that company; a slip in a long name is forgiven. */
  const find = (name: string, companyId: string | undefined): Match | undefined => {
    const key = companyKey(name)
    const held = byCompany.get(companyId ?? '')
    const same = held?.get(key)
    if (same !== undefined) return { id: same, score: 1, why: 'name' }
    let best: Match | undefined
    for (const [other, id] of held ?? []) {
      const score = textSimilarity(other, key)
      if (score >= SAME && score > (best?.score ?? 0)) best = { id, score, why: 'name' }
    }
    return best
  }

  return { learn, find }
}
export type DealBook = ReturnType<typeof createDealBook>
