import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DATA, options, out } from '../options.ts'
import { openEmbedder } from '../../search/embed/open.ts'
import { runSearch } from '../suites/search.ts'
import { readSets } from '../suites/search-sets.ts'

/** `npm run eval -- search [--file <folder>] [--embedder local:<directory>] [--json]`: how well each arm of the search finds, on every set of the folder. */
export const search = async (): Promise<number> => {
  const folder = options.file ?? join(DATA, 'search')
  if (!existsSync(folder)) {
    const leftOut = 'The folder with the sets is not there; name one with --file.'
    out(options.json ? JSON.stringify({ sets: [], leftOut }) : `search: left out. ${leftOut}`)
    return options.file === undefined ? 0 : 1
  }
  const embedder = await openEmbedder(options.embedder)
  const reports = await runSearch(await readSets(folder), {
    embedder,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  })
  if (options.json) {
    out(JSON.stringify({ sets: reports }, null, 2))
    return 0
  }
  out('| set | messages | queries | arm | nDCG@10 | recall@100 |\n|---|---|---|---|---|---|')
  for (const { set, documents, queries, arms } of reports)
    for (const [arm, figures] of Object.entries(arms))
      out(`| ${set} | ${documents} | ${queries} | ${arm} | ${figures.ndcg10} | ${figures.recall100} |`)
  for (const { set, fusedBelowBest, fusedAboveLexical } of reports)
    out(
      `${set}: fused is ${fusedBelowBest} below the best other arm, ${(fusedAboveLexical * 100).toFixed(1)} % above words alone`,
    )
  for (const { set, tuning, sentences } of reports) {
    if (tuning) out(`${set}: ${JSON.stringify(tuning)}`)
    if (sentences) out(`${set}, ${embedder?.id ?? 'no embedder'}: ${JSON.stringify(sentences)}`)
  }
  return 0
}
