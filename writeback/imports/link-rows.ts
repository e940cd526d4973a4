import { LIST_KINDS } from '../../db/catalog/lists.ts'
import { companyDomains } from '../../domain/free-mail.ts'
import { hashOf } from '../hash.ts'
import { createCompanyBook, ownDomain } from './company-book.ts'
import type { CompanyClues, Match } from './company-book.ts'
import { createCommitmentBook } from './commitment-book.ts'
import { createDealBook } from './deal-book.ts'
import { createDrafts } from './drafts.ts'
import type { Draft, Drafts } from './drafts.ts'
import { fullName } from './names.ts'
import { createPeopleBook } from './people-book.ts'
import type { PersonClues } from './people-book.ts'
import { otherOption, personText } from './read-row.ts'
import type { PersonCell, ReadRow } from './read-row.ts'
import { settleInvestor } from './investor.ts'
import { nameWords, plainText } from './similar.ts'
import type { ImportKind } from './slots.ts'

export interface Books {
  readonly companies: ReturnType<typeof createCompanyBook>
  readonly people: ReturnType<typeof createPeopleBook>
  readonly deals: ReturnType<typeof createDealBook>
  /** Interactions imported before, by external id. */
  readonly interactions: Map<string, string>
  /** Who takes part in each deal. */
  readonly dealPeople: Map<string, Set<string>>
  /** Funds, lists and tags by their folded names. */
  readonly named: Readonly<Record<NamedKind, Map<string, string>>>
  readonly commitments: ReturnType<typeof createCommitmentBook>
}

export type NamedKind = 'funds' | 'lists' | 'tags'

export const createBooks = (): Books => ({
  companies: createCompanyBook(),
  people: createPeopleBook(),
  deals: createDealBook(),
  interactions: new Map(),
  dealPeople: new Map(),
  named: { funds: new Map(), lists: new Map(), tags: new Map() },
  commitments: createCommitmentBook(),
})

/** Which records one row speaks of. */
export interface LinkedRow {
  readonly number: number
  /** What the row is about; undefined where nothing tells. */
  readonly primary: Draft | undefined
  /** How it was recognised, where it was there already (in the workspace, or from a row before). */
  readonly match: Match | undefined
  readonly company: Draft | undefined
  readonly deal: Draft | undefined
  readonly people: readonly Draft[]
  /** Of a file of commitments: who commits. */
  readonly investor: Draft | undefined
  readonly tags: readonly string[]
  readonly lists: readonly string[]
  readonly notes: readonly string[]
}

interface Found {
  readonly draft: Draft
  readonly match: Match | undefined
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const cluesOf = (cell: PersonCell, companyId: string | undefined): PersonClues => ({
  words: nameWords(personText(cell)),
  emails: cell.emails,
  phones: cell.phones,
  companyId,
})

/** `Follow-up 2026` is a list of that kind; of most names nothing tells. */
export const listKind = (name: string): string => otherOption(name, LIST_KINDS) ?? 'custom'

/** Rows that tell most come first, so that poorer ones find what they mean. */
const weightOf = ({ person, values, people }: ReadRow): number =>
  (person?.emails.length ? 4 : 0) +
  (person?.name?.given && person.name.family && person.name.given.length > 2 ? 2 : 0) +
  (values.companies.has('name') ? 4 : 0) +
  (values.companies.has('domain') ? 1 : 0) +
  (values.deals.has('name') ? 1 : 0) +
  (people.length > 0 ? 1 : 0)

/** Finds or begins the records that each row speaks of. Answers in the order of the file. */
export const linkRows = (
  rows: readonly ReadRow[],
  kind: ImportKind,
  books: Books,
): { readonly linked: readonly LinkedRow[]; readonly drafts: Drafts } => {
  const drafts = createDrafts()

  const companyOf = (row: ReadRow, notes: string[]): Found | undefined => {
    const said = row.values.companies
    const clues: CompanyClues = {
      name: text(said.get('name')),
      domain: text(said.get('domain')),
      emails: row.person?.emails ?? [],
    }
    const match = books.companies.find(clues)
    if (!match && clues.name === undefined && clues.domain === undefined) return undefined
    const draft = drafts.open('companies', row.number, match?.id)
    for (const [column, value] of said) drafts.say(draft, column, value)
    if (clues.name === undefined && draft.isNew) drafts.say(draft, 'name', clues.domain)
    const own = clues.name === undefined ? undefined : ownDomain(clues.name, clues.emails)
    if (clues.domain === undefined && draft.isNew && own !== undefined) drafts.say(draft, 'domain', own)
    // A typing slip must not lead later rows further away.
    books.companies.learn(draft.id, { ...clues, emails: own === undefined ? [] : clues.emails })
    if (match && match.score < 0.97) notes.push(`company matched by ${match.why}, ${match.score}`)
    return { draft, match }
  }

  /** Of a row that names no company: where the person works whom it names. */
  const companyOfPerson = ({ person, number }: ReadRow, notes: string[]): Found | undefined => {
    const who = person && books.people.find(cluesOf(person, undefined))
    const id = who && books.people.companyOf(who.id)
    if (person === undefined || who === undefined || id === undefined) return undefined
    // A namesake is not meant where the address is of some other firm.
    if (who.why === 'name' && person.emails.some((address) => companyDomains(address).length > 0))
      return undefined
    notes.push(`company taken from the person, who was found by ${who.why}`)
    return { draft: drafts.open('companies', number, id), match: { id, score: who.score, why: who.why } }
  }

  /** Of a row that names no company: the one its deal is called after. */
  const companyOfDeal = ({ values, number }: ReadRow, notes: string[]): Found | undefined => {
    const match = books.companies.findWithin(text(values.deals.get('name')) ?? '')
    if (!match) return undefined
    notes.push('company taken from the name of the deal')
    return { draft: drafts.open('companies', number, match.id), match }
  }

  interface Scene {
    readonly row: ReadRow
    readonly company: Draft | undefined
    readonly deal: Draft | undefined
    readonly notes: string[]
  }

  const personFor = (cell: PersonCell, { row, company, deal, notes }: Scene): Found | undefined => {
    const expected = deal && books.dealPeople.get(deal.id)
    const clues = { ...cluesOf(cell, company?.id), ...(expected ? { expected } : {}) }
    const match = books.people.find(clues)
    const taken = match ? [] : cell.emails.filter((address) => books.people.ownerOf(address) !== undefined)
    if (taken.length > 0) notes.push('an address belongs to a person of another name')
    if (!match && cell.name === undefined && cell.emails.length === 0) return undefined
    const draft = drafts.open('people', row.number, match?.id)
    const name =
      cell.name ?? (draft.isNew ? { given: cell.emails[0]!.replace(/@.*/, ''), family: null } : undefined)
    if (name) drafts.say(draft, 'name', JSON.stringify([name.given, name.family]))
    for (const [column, value] of cell.values) drafts.say(draft, column, value)
    drafts.say(draft, 'company_id', company?.id)
    for (const address of cell.emails) if (!taken.includes(address)) draft.emails.add(address)
    for (const phone of cell.phones) draft.phones.add(phone)
    books.people.learn(draft.id, clues)
    if (deal) books.dealPeople.set(deal.id, (expected ?? new Set<string>()).add(draft.id))
    if (match && match.score < 0.95) notes.push(`person matched by ${match.why}, ${match.score}`)
    return { draft, match }
  }

  const dealOf = (row: ReadRow, company: Draft | undefined, person: Draft | undefined): Found | undefined => {
    const said = row.values.deals
    const name =
      text(said.get('name')) ??
      (kind === 'deals'
        ? (text(row.values.companies.get('name')) ?? (row.person?.name && fullName(row.person.name)))
        : undefined)
    if (name === undefined) return undefined
    const place = company?.id ?? person?.id
    const companyWords = company ? books.companies.wordsOf(company.id) : new Set<string>()
    const match = books.deals.find(name, place, companyWords)
    const draft = drafts.open('deals', row.number, match?.id)
    drafts.say(draft, 'name', name)
    for (const [column, value] of said) drafts.say(draft, column, value)
    drafts.say(draft, 'company_id', company?.id)
    books.deals.learn(draft.id, name, place)
    return { draft, match }
  }

  const interactionOf = (
    row: ReadRow,
    company: Draft | undefined,
    deal: Draft | undefined,
    people: readonly Draft[],
  ): Found => {
    const said = row.values.interactions
    const external = hashOf([
      ...['kind', 'occurred_at', 'summary', 'body'].map((column) => said.get(column) ?? null),
      company?.id ?? null,
      ...people.map(({ id }) => id).sort(),
    ])
    const known = books.interactions.get(external)
    const draft = drafts.open('interactions', row.number, known)
    for (const [column, value] of said) drafts.say(draft, column, value)
    drafts.say(draft, 'external_id', external)
    drafts.say(draft, 'company_id', company?.id)
    drafts.say(draft, 'deal_id', deal?.id)
    books.interactions.set(external, draft.id)
    return { draft, match: known === undefined ? undefined : { id: known, score: 1, why: 'same row' } }
  }

  /** A fund, list or tag by its name. */
  const namedOf = (row: ReadRow, entity: NamedKind): Found | undefined => {
    const said = row.values[entity]
    const name = text(said.get('name'))
    if (name === undefined) return undefined
    const known = books.named[entity].get(plainText(name))
    const draft = drafts.open(entity, row.number, known)
    for (const [column, value] of said) drafts.say(draft, column, value)
    const category = row.said.get('tags.category')
    if (entity === 'tags') drafts.say(draft, 'category', category)
    if (entity === 'lists' && !said.has('kind')) drafts.say(draft, 'kind', listKind(name))
    books.named[entity].set(plainText(name), draft.id)
    return { draft, match: known === undefined ? undefined : { id: known, score: 1, why: 'name' } }
  }

  const commitmentOf = (row: ReadRow, investor: Draft, notes: string[]): Found | undefined => {
    const funds = [...new Set(books.named.funds.values())]
    const only = funds.length === 1 ? drafts.open('funds', row.number, funds[0]) : undefined
    const fund = namedOf(row, 'funds')?.draft ?? only
    if (!fund) {
      notes.push('it names no fund')
      return undefined
    }
    const said = row.values.commitments
    const terms = { amountMinor: said.get('amount_minor'), committedOn: said.get('committed_on') }
    const match = books.commitments.find(fund.id, investor.id, terms)
    const draft = drafts.open('commitments', row.number, match?.id)
    drafts.say(draft, 'fund_id', fund.id)
    drafts.say(
      draft,
      investor.entity === 'people' ? 'investor_person_id' : 'investor_company_id',
      investor.id,
    )
    for (const [column, value] of said) drafts.say(draft, column, value)
    books.commitments.learn(draft.id, fund.id, investor.id, terms)
    return { draft, match }
  }

  const link = (given: ReadRow): LinkedRow => {
    const { row, investor: investorKind } =
      kind === 'commitments' ? settleInvestor(given, books) : { row: given, investor: undefined }
    const notes = [...row.problems]
    const company = companyOf(row, notes) ?? companyOfPerson(row, notes) ?? companyOfDeal(row, notes)
    const hasDeal = kind === 'deals' || kind === 'interactions'
    const early = hasDeal && company ? dealOf(row, company.draft, undefined) : undefined
    const scene: Scene = { row, company: company?.draft, deal: early?.draft, notes }
    const person = row.person && personFor(row.person, scene)
    const listed = row.people.flatMap((cell) => personFor(cell, scene) ?? [])
    const people = [...new Set([...(person ? [person] : []), ...listed].map(({ draft }) => draft))]
    const deal = early ?? (hasDeal ? dealOf(row, undefined, person?.draft) : undefined)
    const tells = company ?? person ?? listed[0] ?? deal
    const investor = investorKind === 'person' ? person?.draft : (company?.draft ?? person?.draft)
    const primaryOf = (): Found | undefined => {
      switch (kind) {
        case 'people':
          return person
        case 'companies':
          return company
        case 'deals':
          return deal
        case 'interactions':
          return tells && row.values.interactions.has('occurred_at')
            ? interactionOf(row, company?.draft, deal?.draft, people)
            : undefined
        case 'commitments':
          return investor && commitmentOf(row, investor, notes)
        case 'funds':
        case 'lists':
        case 'tags':
          return namedOf(row, kind)
      }
    }
    const primary = primaryOf()
    return {
      number: row.number,
      primary: primary?.draft,
      match: primary?.match,
      company: company?.draft,
      deal: deal?.draft,
      people,
      investor: kind === 'commitments' ? investor : undefined,
      tags: row.tags,
      lists: row.lists,
      notes,
    }
  }

  // Of a fund, a list or a tag the first spelling stands.
  const isNamed = kind === 'funds' || kind === 'lists' || kind === 'tags'
  const ordered = isNamed ? rows : [...rows].sort((a, b) => weightOf(b) - weightOf(a) || a.number - b.number)
  const linked = ordered.map(link).sort((a, b) => a.number - b.number)
  return { linked, drafts }
}
