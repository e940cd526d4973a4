import type { Canonical } from '../rows.ts'
import type { Match } from './company-book.ts'

/** What tells one commitment of an investor to a fund from a later one. */
export interface Terms {
  readonly amountMinor: Canonical | undefined
  readonly committedOn: Canonical | undefined
}

const alike = (a: Canonical | undefined, b: Canonical | undefined): boolean =>
  a === undefined || a === null || b === undefined || b === null || a === b

/** Commitments by fund and investor. */
export const createCommitmentBook = () => {
  const held = new Map<string, { readonly id: string; terms: Terms }[]>()

  const learn = (id: string, fundId: string, investorId: string, terms: Terms): void => {
    const key = `${fundId}/${investorId}`
    const mine = held.get(key) ?? []
    held.set(key, mine)
    if (!mine.some((one) => one.id === id)) mine.push({ id, terms })
  }

  /** The commitment that a row speaks of: of another date and another amount is a further one. */
  const find = (fundId: string, investorId: string, terms: Terms): Match | undefined => {
    const mine = held.get(`${fundId}/${investorId}`) ?? []
    const same =
      mine.find(
        (one) => one.terms.committedOn === terms.committedOn && one.terms.amountMinor === terms.amountMinor,
      ) ??
      mine.find((one) => alike(one.terms.committedOn, terms.committedOn)) ??
      mine.find((one) => one.terms.amountMinor === terms.amountMinor)
    return same && { id: same.id, score: 1, why: 'same row' }
  }

  return { learn, find }
}
