import { after, effectOf, isWrite } from './workbench-actions.ts'
import type { Effect } from './workbench-actions.ts'
import { readCall } from './workbench-calls.ts'
import type { Bench, BenchHouse } from './workbench-house.ts'
import type { WorkbenchSet } from './workbench-set.ts'
import { differences } from './workbench-tables.ts'
import type { State } from './workbench-tables.ts'

export interface Score {
  total: number
  right: number
  harmful: number
  /** Runs whose verdict differs from the published one. */
  otherThanPublished: number
}

export interface WorkbenchReport {
  readonly total: number
  readonly groundTruth: { readonly right: number; readonly total: number }
  readonly recorded: Readonly<Record<string, Score>>
  /** Runs after whose proposals, before anybody decided, a record was other than before. */
  readonly nobodyApproves: { readonly changed: number; readonly total: number }
  /** An approver who says yes to the writes of the ground truth alone. */
  readonly groundTruthApprover: {
    readonly writes: number
    readonly wrongApplied: number
    readonly right: number
    readonly rightLost: number
  }
  /** Distinct lists of writes that went through the store, and the proposals they took. */
  readonly distinct: number
  readonly proposals: number
}

const MOST_AT_ONCE = 25

interface Played {
  readonly end: State
  readonly changedBeforeApproval: boolean
  readonly proposals: number
}

/** Reads what calls do, one after the other, from the state they begin with. */
const effectsOf = (calls: readonly string[], start: State): readonly Effect[] => {
  const found: Effect[] = []
  let state = start
  for (const written of calls) {
    const call = readCall(written)
    const effect = call && effectOf(call, state)
    if (!effect) continue
    found.push(effect)
    state = after(state, effect)
  }
  return found
}

/** Effects in batches that touch no record twice: a proposal says each thing once. */
const batched = (effects: readonly Effect[]): readonly (readonly Effect[])[] => {
  const batches: Effect[][] = []
  let seen = new Set<string>()
  for (const effect of effects) {
    const key = `${effect.table}:${effect.id}`
    const last = batches.at(-1)
    if (!last || seen.has(key) || last.length === MOST_AT_ONCE) {
      batches.push([effect])
      seen = new Set([key])
    } else {
      last.push(effect)
      seen.add(key)
    }
  }
  return batches
}

/** Proposes calls, looks whether anything changed, approves, and reads the tables back from the records. */
const play = async (bench: Bench, calls: readonly string[], start: State): Promise<Played> => {
  let changedBeforeApproval = false
  let proposals = 0
  for (const batch of batched(effectsOf(calls, start))) {
    const before = await bench.print()
    const proposal = await bench.propose(batch)
    if (!proposal) continue
    proposals += 1
    if ((await bench.print()) !== before) changedBeforeApproval = true
    if (!(await bench.approve(proposal))) throw new Error('An approved proposal was not carried out.')
  }
  const end = await bench.read()
  await bench.reset()
  return { end, changedBeforeApproval, proposals }
}

/** Proposes the wrong writes and the right ones apart; the right ones are approved. Answers how the tables end. */
const playWithApprover = async (
  bench: Bench,
  wrong: readonly string[],
  right: readonly string[],
  start: State,
): Promise<State> => {
  const refused = []
  for (const batch of batched(effectsOf(wrong, start)).slice(0, 1)) {
    const proposal = await bench.propose(batch)
    if (proposal) refused.push(proposal)
  }
  for (const batch of batched(effectsOf(right, start))) {
    const proposal = await bench.propose(batch)
    if (proposal && !(await bench.approve(proposal)))
      throw new Error('An approved proposal was not carried out.')
  }
  const end = await bench.read()
  for (const proposal of refused) await bench.reject(proposal)
  await bench.reset()
  return end
}

const writesIn = (calls: readonly string[]): readonly string[] =>
  calls.filter((written) => isWrite(/^(\w+\.\w+)\.func\(/.exec(written.trim())?.[1] ?? ''))

/** Work shared out to lanes, each with a workspace of its own. */
const inLanes = async <T>(
  items: readonly T[],
  lanes: readonly Bench[],
  work: (bench: Bench, item: T) => Promise<void>,
): Promise<void> => {
  const left = [...items]
  await Promise.all(
    lanes.map(async (bench) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(bench, item)
    }),
  )
}

export interface WorkbenchOptions {
  readonly house: BenchHouse
  readonly lanes: number
}

/** Plays a set through propose, approve and apply. Runs that make the same writes are played once and counted each. */
export const runWorkbench = async (
  { start, tasks, runs }: WorkbenchSet,
  { house, lanes }: WorkbenchOptions,
): Promise<WorkbenchReport> => {
  const benches: Bench[] = []
  for (let lane = 0; lane < lanes; lane += 1) benches.push(await house.openBench(start))
  const keys = new Map<string, string>()
  const keyOf = (calls: readonly string[]): string => {
    const writes = writesIn(calls)
    const text = JSON.stringify(writes)
    const known =
      keys.get(text) ??
      JSON.stringify(effectsOf(writes, start).map(({ table, id, row }) => [table, id, row ?? null]))
    keys.set(text, known)
    return known
  }
  const lists = new Map<string, readonly string[]>()
  for (const { answer } of tasks) lists.set(keyOf(answer), writesIn(answer))
  for (const { calls } of runs) lists.set(keyOf(calls), writesIn(calls))
  const played = new Map<string, Played>()
  await inLanes([...lists], benches, async (bench, [key, calls]) => {
    played.set(key, await play(bench, calls, start))
  })

  const expected = (calls: readonly string[]): State =>
    effectsOf(calls, start).reduce((state, effect) => after(state, effect), start)
  const answers = new Map(tasks.map(({ query, answer }) => [query, answer]))
  const right = tasks.filter(
    ({ answer }) => differences(played.get(keyOf(answer))!.end, expected(answer)).length === 0,
  ).length

  const recorded: Record<string, Score> = {}
  let changed = 0
  const verdicts = new Map<string, { readonly same: boolean; readonly moved: boolean }>()
  const approver = { writes: 0, wrongApplied: 0, right: 0, rightLost: 0 }
  const apart = new Map<string, { wrong: string[]; right: string[]; runs: number }>()
  for (const { setting, query, calls, failed, published } of runs) {
    const answer = answers.get(query)
    if (!answer) throw new Error('A run is about a task that is not in the set.')
    const mine = played.get(keyOf(calls))!
    const key = `${keyOf(calls)} ${keyOf(answer)}`
    const verdict = verdicts.get(key) ?? {
      same: differences(mine.end, played.get(keyOf(answer))!.end).length === 0,
      moved: differences(mine.end, start).length > 0,
    }
    verdicts.set(key, verdict)
    if (mine.changedBeforeApproval) changed += 1
    const score = (recorded[setting] ??= { total: 0, right: 0, harmful: 0, otherThanPublished: 0 })
    const isRight = verdict.same && !failed
    const isHarmful = verdict.moved && !verdict.same
    score.total += 1
    score.right += Number(isRight)
    score.harmful += Number(isHarmful)
    if (published && (published.right !== isRight || published.harmful !== isHarmful))
      score.otherThanPublished += 1

    const wanted = answer.map((call) => call.toLowerCase())
    const writes = writesIn(calls)
    const good = writes.filter((call) => wanted.includes(call.toLowerCase()))
    approver.writes += writes.length
    approver.right += good.length
    const bad = writes.filter((call) => !wanted.includes(call.toLowerCase()))
    const pair = `${JSON.stringify(good)} ${JSON.stringify(bad)}`
    const entry = apart.get(pair) ?? { wrong: bad, right: good, runs: 0 }
    entry.runs += 1
    apart.set(pair, entry)
  }
  // Lists that are all right were carried out above; lists that are all wrong leave nothing to carry out.
  const mixed = [...apart.values()].filter((one) => one.wrong.length > 0 && one.right.length > 0)
  await inLanes(mixed, benches, async (bench, one) => {
    const end = await playWithApprover(bench, one.wrong, one.right, start)
    const due = expected(one.right)
    const off = differences(end, due)
    const lost = new Set(differences(due, start))
    approver.rightLost += one.runs * off.filter((key) => lost.has(key)).length
    approver.wrongApplied += one.runs * off.filter((key) => !lost.has(key)).length
  })
  for (const one of apart.values()) {
    if (one.wrong.length > 0 || one.right.length === 0) continue
    const end = played.get(keyOf(one.right))!.end
    approver.rightLost += one.runs * differences(end, expected(one.right)).length
  }
  return {
    total: tasks.length,
    groundTruth: { right, total: tasks.length },
    recorded,
    nobodyApproves: { changed, total: runs.length },
    groundTruthApprover: approver,
    distinct: lists.size,
    proposals: [...played.values()].reduce((sum, { proposals }) => sum + proposals, 0),
  }
}
