import type { TrueRow } from './dirty-file.ts'

/** Which records a row was read to be about. */
export interface ReadLinks {
  readonly deal: string | null
  readonly company: string | null
  readonly people: readonly string[]
}

/** Pairs of record ids as the database holds them after an import. */
export interface StoredLinks {
  readonly dealCompany: readonly (readonly [string, string])[]
  readonly dealPerson: readonly (readonly [string, string])[]
  readonly personCompany: readonly (readonly [string, string])[]
}

export interface Verdict {
  readonly precision: number
  readonly recall: number
  readonly predicted: number
  readonly expected: number
  readonly right: number
}

/** Names each record by what most of its rows are about; of several records of one thing, only the largest counts. */
const labels = (
  pairs: readonly (readonly [record: string, truth: number])[],
): ReadonlyMap<string, number> => {
  const votes = new Map<string, Map<number, number>>()
  for (const [record, truth] of pairs) {
    const held = votes.get(record) ?? new Map<number, number>()
    votes.set(record, held.set(truth, (held.get(truth) ?? 0) + 1))
  }
  const claims = [...votes].map(([record, held]) => {
    const [truth, count] = [...held].sort((a, b) => b[1] - a[1])[0]!
    return { record, truth, count }
  })
  const named = new Map<string, number>()
  const claimed = new Set<number>()
  for (const { record, truth } of claims.sort((a, b) => b.count - a.count)) {
    if (claimed.has(truth)) continue
    claimed.add(truth)
    named.set(record, truth)
  }
  return named
}

/**
 * Judges stored links against the truth. A link of a duplicate record counts as wrong, so that a company split in two
 * costs precision and recall.
 */
export const judgeLinks = (
  truth: readonly TrueRow[],
  companyOfPerson: readonly number[],
  read: readonly ReadLinks[],
  stored: StoredLinks,
): Verdict => {
  const of = (pick: (row: ReadLinks) => readonly string[], what: 'deal' | 'company' | 'person') =>
    labels(
      truth.flatMap((row, at) =>
        // Of a cell with several people nothing tells which record is whom.
        what === 'person' && row.others ? [] : pick(read[at]!).map((record) => [record, row[what]] as const),
      ),
    )
  const deals = of(({ deal }) => (deal === null ? [] : [deal]), 'deal')
  const companies = of(({ company }) => (company === null ? [] : [company]), 'company')
  const people = of((row) => row.people, 'person')
  const expected = new Set<string>()
  for (const { deal, company, person, others = [] } of truth) {
    expected.add(`deal ${deal} company ${company}`)
    for (const one of [person, ...others]) {
      expected.add(`deal ${deal} person ${one}`)
      expected.add(`person ${one} company ${companyOfPerson[one]}`)
    }
  }
  const named = (kind: string, from: number | undefined, to: number | undefined): string =>
    from === undefined || to === undefined ? '' : kind.replace('$1', String(from)).replace('$2', String(to))
  const predicted = [
    ...stored.dealCompany.map(([a, b]) => named('deal $1 company $2', deals.get(a), companies.get(b))),
    ...stored.dealPerson.map(([a, b]) => named('deal $1 person $2', deals.get(a), people.get(b))),
    ...stored.personCompany.map(([a, b]) => named('person $1 company $2', people.get(a), companies.get(b))),
  ]
  const right = new Set(predicted.filter((link) => expected.has(link))).size
  return {
    right,
    predicted: predicted.length,
    expected: expected.size,
    precision: right / Math.max(1, predicted.length),
    recall: right / expected.size,
  }
}
