import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { analyze } from './analyze.ts'
import { addScores, rarity } from './bm25.ts'
import { messageText, textColumns } from './index-read.ts'
import type { MailIndex, TextRow } from './index-read.ts'
import { FIELD_WEIGHTS } from './match.ts'
import { readHolders } from './postings.ts'

const TERMS = 20
const CANDIDATE_TERMS = 60
/** What the words of the query count beside the words that were added. */
const OWN_SHARE = 0.6
const MOST_COMMON = 0.1

export interface Feedback {
  readonly id: string
  readonly score: number
}

/**
 * RM3 (Abdul-Jaleel 2004): the words that mark the best messages are searched for as well, in proportion. `scores` are
 * BM25 of the query alone, which count 0.6. Returns the score of every document.
 */
export const expandedScores = async (
  tx: TenantTx,
  index: MailIndex,
  given: {
    readonly feedback: readonly Feedback[]
    readonly scores: Float32Array
    readonly norms: Float32Array
    readonly queryWords: number
  },
): Promise<Float32Array> => {
  const { feedback, scores, norms, queryWords } = given
  const total = feedback.reduce((sum, { score }) => sum + score, 0) || 1
  const share = new Map(feedback.map(({ id, score }) => [id, score / total]))
  const texts = await rows<TextRow>(
    tx,
    sql`select ${textColumns} from intel.mail_messages m where m.id = any(${sql.param([...share.keys()])}::uuid[])`,
  )
  const weights = new Map<string, number>()
  for (const row of texts) {
    const { terms } = analyze({ ...messageText(row), quoted: '', sender: '' })
    let length = 0
    for (const counts of terms.values()) length += counts[0]! + counts[2]!
    for (const [term, counts] of terms) {
      if (term.length < 3) continue
      const weight = (share.get(row.id)! * (counts[0]! + counts[2]!)) / Math.max(1, length)
      weights.set(term, (weights.get(term) ?? 0) + weight)
    }
  }
  const candidates = [...weights]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, CANDIDATE_TERMS)
  const holders = await readHolders(tx, index, {
    slots: candidates.map(([term]) => ({ terms: [term] })),
    weights: FIELD_WEIGHTS,
  })
  const chosen = candidates
    .map(([, weight], at) => ({ weight, holders: holders[at]! }))
    .filter(({ holders: { numbers } }) => numbers.length <= index.size * MOST_COMMON)
    .slice(0, TERMS)
  const sum = chosen.reduce((all, { weight }) => all + weight, 0) || 1
  const expanded = Float32Array.from(scores, (score) => (OWN_SHARE * score) / Math.max(1, queryWords))
  for (const one of chosen) {
    const idf = rarity(index.size, one.holders.numbers.length) * (1 - OWN_SHARE) * (one.weight / sum)
    addScores(expanded, one.holders, { norms, idf })
  }
  return expanded
}
