import { freeText } from '../../domain/pii.ts'
import type { Secret } from '../../domain/pii.ts'
import { asTactError } from '../../domain/errors.ts'
import type { TenantTx } from '../../db/tenant.ts'
import type { Question } from '../../query/ask.ts'
import { savedQueries } from '../../query/kept.ts'
import type { SavedQuery } from '../../query/kept.ts'
import { resolveEntity } from '../../query/paths.ts'
import { generateForReading } from '../../query/relational/generate.ts'
import { compileQuestion } from '../../query/relational/execute.ts'
import { loadGrammar } from '../../query/parse-sql/read.ts'
import { analyze } from '../../search/analyze.ts'

/** A verified question, hidden like any free text, and the arguments of query_crm that answer it. */
export interface VerifiedExample {
  readonly question: Secret
  readonly query: Secret
}

const MOST = 3
/** Of all examples together, about 300 tokens. */
const CHARACTERS = 1_200
/** Of 1: with less in common two questions are about different things. */
const LEAST_ALIKE = 0.2

const termsOf = (text: string): ReadonlySet<string> =>
  new Set(analyze({ subject: '', sender: '', body: text, quoted: '' }).terms.keys())

/** How alike questions are by their stems; what many of the verified ones share counts for little. */
const alikeness = (asked: string, saved: readonly SavedQuery[]): readonly number[] => {
  const wanted = termsOf(asked)
  const all = saved.map(({ wording }) => termsOf(wording))
  const weightOf = (term: string): number =>
    Math.log(1 + (all.length + 1) / (1 + all.filter((terms) => terms.has(term)).length))
  const size = (terms: Iterable<string>): number =>
    [...terms].reduce((sum, term) => sum + weightOf(term) ** 2, 0)
  return all.map((terms) => {
    const shared = size([...terms].filter((term) => wanted.has(term)))
    return shared === 0 ? 0 : shared / Math.sqrt(size(terms) * size(wanted))
  })
}

const entityIn = (question: Question): string | undefined => {
  if (!('semantic' in question)) return undefined
  try {
    return resolveEntity(question.semantic.find, { at: 'find', notes: new Set() })
  } catch (error) {
    if (asTactError(error).kind === 'bug') throw error
    return undefined
  }
}

const isAbout = (question: Question, entity: string): boolean =>
  'semantic' in question
    ? entityIn(question) === entity
    : new RegExp(String.raw`\b${entity}\b`, 'i').test(
        'sql' in question ? question.sql : JSON.stringify(question.ast),
      )

const argumentsOf = (question: Question): string => {
  if ('sql' in question) return JSON.stringify({ sql: question.sql })
  if ('ast' in question) return JSON.stringify({ sql: generateForReading(compileQuestion(question).query) })
  const { limit: _limit, where, ...rest } = question.semantic
  return JSON.stringify({ ...rest, ...(where.length > 0 && { where }) })
}

const within = (saved: readonly SavedQuery[]): readonly VerifiedExample[] => {
  const taken: VerifiedExample[] = []
  let left = CHARACTERS
  for (const { wording, question } of saved) {
    const query = argumentsOf(question)
    if (taken.length === MOST || wording.length + query.length > left) continue
    left -= wording.length + query.length
    taken.push({ question: freeText(wording), query: freeText(query) })
  }
  return taken
}

/**
 * The workspace's verified questions nearest to what is asked, nearest first; without a question those about an entity.
 * Three at most, within a bound of characters.
 */
export const verifiedExamples = async (
  tx: TenantTx,
  { question, entity }: { readonly question?: string | undefined; readonly entity?: string | undefined },
): Promise<readonly VerifiedExample[]> => {
  if (question === undefined && entity === undefined) return []
  const verified = await savedQueries(tx, { verified: true })
  if (verified.length === 0) return []
  await loadGrammar()
  if (question === undefined) return within(verified.filter((one) => isAbout(one.question, entity!)))
  const alike = alikeness(question, verified)
  return within(
    verified
      .map((one, at) => ({ one, alike: alike[at]! }))
      .filter((each) => each.alike >= LEAST_ALIKE)
      .toSorted((a, b) => b.alike - a.alike)
      .map(({ one }) => one),
  )
}
