/** Messages by one way of scoring: the score of each by its id. */
export type Arm = ReadonlyMap<string, number>

export interface ArmWeights {
  readonly lexical: number
  readonly expanded: number
  readonly semantic: number
}

/** Chosen on no one set: see docs/decisions (search); the meaning arm's share is tuned on the workspace's own mail. */
export const DEFAULT_WEIGHTS: ArmWeights = { lexical: 0.5, expanded: 0.5, semantic: 0.35 }

/** Scores from 0 to 1: the best is 1, and nothing is worth less than 0. */
const normalised = (arm: Arm): Arm => {
  let [most, least] = [0, 0]
  for (const score of arm.values()) {
    if (score > most) most = score
    if (score < least) least = score
  }
  const range = most - least || 1
  return new Map([...arm].map(([id, score]) => [id, (score - least) / range]))
}

/** Convex combination (Bruch 2022): scores of each arm from 0 to 1, added by weight. What an arm does not list is 0 there. */
export const fuse = (
  arms: { readonly [name in keyof ArmWeights]?: Arm | undefined },
  weights: ArmWeights,
): Map<string, number> => {
  const fused = new Map<string, number>()
  for (const name of ['lexical', 'expanded', 'semantic'] as const) {
    const arm = arms[name]
    if (!arm) continue
    for (const [id, score] of normalised(arm)) fused.set(id, (fused.get(id) ?? 0) + weights[name] * score)
  }
  return fused
}

/** A message gains this share of the best score of another message of its thread. */
const THREAD_SHARE = 0.4

/** Threads by the score of their best message, best first. */
export const bestThreads = (
  scores: Arm,
  threadOf: ReadonlyMap<string, string>,
  most: number,
): readonly string[] => {
  const best = new Map<string, number>()
  for (const [id, score] of scores) {
    const thread = threadOf.get(id)
    if (thread !== undefined && score > (best.get(thread) ?? 0)) best.set(thread, score)
  }
  return [...best]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, most)
    .map(([thread]) => thread)
}

/**
 * Messages of one conversation speak of one matter: each is lifted by the best of the others, also one that no arm lists
 * (`mates`).
 */
export const liftThreads = (
  scores: Arm,
  threadOf: ReadonlyMap<string, string>,
  mates: readonly string[] = [],
): Map<string, number> => {
  const bestTwo = new Map<string, readonly [string, number, number]>()
  for (const [id, score] of scores) {
    const thread = threadOf.get(id)
    if (thread === undefined) continue
    const known = bestTwo.get(thread)
    if (!known) bestTwo.set(thread, [id, score, 0])
    else if (score > known[1]) bestTwo.set(thread, [id, score, known[1]])
    else if (score > known[2]) bestTwo.set(thread, [known[0], known[1], score])
  }
  return new Map(
    [...new Set([...scores.keys(), ...mates])].map((id) => {
      const own = scores.get(id) ?? 0
      const other = bestTwo.get(threadOf.get(id) ?? '')
      return [id, other ? own + THREAD_SHARE * (other[0] === id ? other[2] : other[1]) : own]
    }),
  )
}
