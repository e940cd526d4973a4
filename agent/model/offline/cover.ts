import type { Chart, Edge } from './chart.ts'
import type { Token } from './normalise.ts'
import { stem } from './stem.ts'

/** A way to read the whole question: edges that do not overlap, left to right, and what no edge covers. */
export interface Cover {
  readonly pieces: readonly Edge[]
  readonly score: number
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).map(stem))

/** Free to skip: they hold the sentence together and change no answer. */
const STOP =
  setOf(`the a an of to for in on at by with from as is be do have we us our ours you your please can could
  would me i'd like want need know see let get give show list find tell display pull up fetch check look and so then now
  just also there here it that this these those which who what whom whose when where how 's , : ; hi hello hey ok okay thanks
  thank currently right anyone someone somebody anybody everyone everybody else really actually exactly out about some any all
  every each thing one team whole ever into them they many go stuff record entry info information detail still yet already
  everything anything either both name names take make hold host attend conduct break broken down far
  altogether together but only use own workspace crm database tact quick quickly again me us i would will shall may`)

/** Never skipped: a reading that leaves one of these out says something else. */
const UNSKIPPABLE =
  setOf(`not no never nobody none without except excluding exclude or besides unless neither nor other apart
  minus`)

export const isStop = (token: Token): boolean =>
  token.kind === 'mark' || (token.kind === 'word' && STOP.has(token.stem) && !UNSKIPPABLE.has(token.stem))
export const isUnskippable = (token: Token): boolean => token.kind === 'word' && UNSKIPPABLE.has(token.stem)
export const isContent = (token: Token): boolean => !isStop(token)

/** What a token is worth when covered. */
export const weightOf = (token: Token): number => (isStop(token) ? 0.15 : token.kind === 'handle' ? 1.5 : 1)
const skipPrice = (token: Token): number =>
  isUnskippable(token) ? 6 : isStop(token) ? 0 : token.kind === 'handle' ? 2.5 : 1.2

const KEEP = 14

/** The best covers of the tokens by edges of `types`, best first: free skipping of stop words, a price for the rest. */
export const bestCovers = (chart: Chart, types: ReadonlySet<string>): readonly Cover[] => {
  const { tokens, startingAt } = chart
  const best: Cover[][] = Array.from({ length: tokens.length + 1 }, () => [])
  best[tokens.length] = [{ pieces: [], score: 0 }]
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const here: Cover[] = best[at + 1]!.map((cover) => ({
      ...cover,
      score: cover.score - skipPrice(tokens[at]!),
    }))
    for (const edge of startingAt[at]!) {
      if (!types.has(edge.type)) continue
      let gain = edge.bonus
      for (let index = edge.start; index < edge.end; index += 1) gain += weightOf(tokens[index]!)
      for (const cover of best[edge.end]!) {
        here.push({ pieces: [edge, ...cover.pieces], score: cover.score + gain - 0.05 })
      }
    }
    here.sort((a, b) => b.score - a.score || a.pieces.length - b.pieces.length)
    best[at] = here.slice(0, KEEP)
  }
  return best[0]!
}
