import { join } from 'node:path'
import { DATA, options, out } from '../options.ts'
import { runRepair } from '../suites/repair.ts'
import type { MistakeSet } from '../suites/repair.ts'

const SETS = ['own', 'second', 'third'] as const

const setOf = (): MistakeSet => SETS.find((one) => one === options.split) ?? 'own'

/** `npm run eval -- repair`: what we say of mistaken SQL, by kind of mistake. */
export const repair = async (): Promise<number> => {
  const file = options.file ?? join(DATA, 'query', 'gold.dev.jsonl')
  const databases = options.databases ?? join(DATA, 'query', 'defog-data')
  const report = await runRepair({
    file,
    databases,
    seed: Number(options.seed),
    set: setOf(),
    every: Number(options.every),
  })
  if (options.json) {
    out(JSON.stringify(report, null, 2))
    return 0
  }
  const { kinds, reached, unhelpful, ...rest } = report
  out(
    'kind | refused by PostgreSQL | before it with a hint | rewrite the same | rewrite another | remedy named | right',
  )
  for (const [kind, { total, before, same, other, named, right }] of Object.entries(kinds))
    out(`${kind} | ${total} | ${before} | ${same} | ${other} | ${named} | ${right}`)
  if (options.verbose) for (const one of [...reached, ...unhelpful]) out(JSON.stringify(one))
  out(`repair: ${JSON.stringify(rest)}`)
  return 0
}
