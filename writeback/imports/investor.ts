import type { Canonical } from '../rows.ts'
import type { createCompanyBook } from './company-book.ts'
import { fullName, splitName } from './names.ts'
import type { createPeopleBook } from './people-book.ts'
import type { ReadRow } from './read-row.ts'
import { looksLikeName } from './read-values.ts'
import { addressFits, nameSimilarity, nameWords } from './similar.ts'

const PERSON = /\b(individuals?|persons?|angels?|private|natural|hnwi?)\b/i
const FIRM =
  /\b(compan(y|ies)|institution(al)?|corporate|funds?|office|endowment|foundation|bank|insurer|pension|gp|vc)\b/i

/** A contact less like the investor is somebody else. */
const SAME_PERSON = 0.7

interface Books {
  readonly companies: ReturnType<typeof createCompanyBook>
  readonly people: ReturnType<typeof createPeopleBook>
}

/**
 * Whether the investor of a row is a person or a firm: as its column of types says, else as the workspace knows that name,
 * else a person where the row names their firm besides or an address fits the name; else a firm.
 */
const kindOf = (
  { said, values, person }: ReadRow,
  cell: string,
  { companies, people }: Books,
): 'person' | 'firm' => {
  const type = said.get('commitments.investor_kind') ?? ''
  if (PERSON.test(type) && !FIRM.test(type)) return 'person'
  if (FIRM.test(type)) return 'firm'
  const emails = person?.emails ?? []
  const firm = companies.find({ name: cell, domain: undefined, emails: [] })
  if (firm && firm.score >= 0.97) return 'firm'
  if (!looksLikeName(cell)) return 'firm'
  const words = nameWords(cell)
  if (people.find({ words, emails, phones: [], companyId: undefined })) return 'person'
  if (values.companies.has('name')) return 'person'
  return person?.name === undefined && emails.some((address) => addressFits(address, words) === true)
    ? 'person'
    : 'firm'
}

/** The row with its investor put where people or companies are read from; unchanged where no column names one. */
export const settleInvestor = (
  row: ReadRow,
  books: Books,
): { readonly row: ReadRow; readonly investor: 'person' | 'firm' | undefined } => {
  const cell = row.said.get('commitments.investor')
  if (cell === undefined) return { row, investor: undefined }
  if (kindOf(row, cell, books) === 'person') {
    const name = splitName(cell)
    const { person } = row
    if (person?.name && nameSimilarity(nameWords(fullName(person.name)), nameWords(cell)) < SAME_PERSON) {
      const alone = { name, emails: [], phones: [], values: new Map<string, Canonical>() }
      return { row: { ...row, person: alone, people: [person, ...row.people] }, investor: 'person' }
    }
    const held = person ?? { emails: [], phones: [], values: row.values.people }
    return { row: { ...row, person: { ...held, name } }, investor: 'person' }
  }
  const companies = new Map(row.values.companies).set('name', cell)
  return { row: { ...row, values: { ...row.values, companies } }, investor: 'firm' }
}
