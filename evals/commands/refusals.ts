import { join } from 'node:path'
import { loadGrammar } from '../../query/parse-sql/read.ts'
import { compileQuestion } from '../../query/relational/execute.ts'
import { readAttacks } from '../attacks/attack.ts'
import { ownAttacks } from '../attacks/own/all.ts'
import { DATA, options, out } from '../options.ts'

const ROUNDS = 3
const MANY_MS = 20

/** Milliseconds until a text is refused; undefined where it compiles. */
const refusedAfterMs = (sql: string): number | undefined => {
  const startedMs = performance.now()
  try {
    compileQuestion({ sql })
    return undefined
  } catch {
    return performance.now() - startedMs
  }
}

/**
 * `npm run eval -- refusals`: what hostile SQL that is refused costs, the search for a text to offer in its place included.
 * Of each text the least of some rounds, so that other work on the machine is left out.
 */
export const refusals = async (): Promise<number> => {
  await loadGrammar()
  const file = options.file ?? join(DATA, 'query', 'attacks.dev.jsonl')
  const least = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { id, sql } of [...(readAttacks(file) ?? []), ...ownAttacks()]) {
      const ms = sql === undefined ? undefined : refusedAfterMs(sql)
      if (ms !== undefined) least.set(id, Math.min(ms, least.get(id) ?? Infinity))
    }
  const slowest = [...least].toSorted(([, a], [, b]) => b - a)
  const at = (share: number): string =>
    (slowest[Math.floor((1 - share) * (slowest.length - 1))]?.[1] ?? 0).toFixed(2)
  const many = slowest.filter(([, ms]) => ms > MANY_MS).length
  out(`| refused | p50 ms | p95 | p99 | max | over ${MANY_MS} ms |\n|---|---|---|---|---|---|`)
  out(`| ${[slowest.length, ...[0.5, 0.95, 0.99, 1].map(at), many].join(' | ')} |`)
  for (const [id, ms] of slowest.slice(0, 5)) out(`${id} ${ms.toFixed(1)}`)
  return 0
}
