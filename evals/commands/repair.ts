import { join } from 'node:path'
import { DATA, options, out } from '../options.ts'
import { runRepair } from '../suites/repair.ts'

/** `npm run eval -- repair`: what we say of mistaken SQL, by kind of mistake. */
export const repair = async (): Promise<number> => {
  const file = options.file ?? join(DATA, 'query', 'gold.dev.jsonl')
  const databases = options.databases ?? join(DATA, 'query', 'defog-data')
  const report = await runRepair({
    file,
    databases,
    seed: Number(options.seed),
    heldOut: options['held-out'],
  })
  if (options.json) {
    out(JSON.stringify(report, null, 2))
    return 0
  }
  const { kinds, reached, unhelpful, ...rest } = report
  out('kind | refused by PostgreSQL | refused before it with a hint | hint names the remedy')
  for (const [kind, { total, before, right }] of Object.entries(kinds))
    out(`${kind} | ${total} | ${before} | ${right}`)
  if (options.verbose) for (const one of [...reached, ...unhelpful]) out(JSON.stringify(one))
  out(`repair: ${JSON.stringify(rest)}`)
  return 0
}
