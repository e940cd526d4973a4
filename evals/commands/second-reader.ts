import { DATA, options, out } from '../options.ts'
import { compareReaders, generatedTexts, textsOf } from '../suites/second-reader.ts'

/** `npm run eval -- second-reader`: gold, benign and generated SQL, read by node-sql-parser beside our reader. */
export const secondReader = async (): Promise<number> => {
  const sets: readonly (readonly [string, Iterable<string> | undefined])[] = [
    ['defog', textsOf(DATA, 'gold.dev.jsonl', 'defog')],
    ['spider', textsOf(DATA, 'gold.dev.jsonl', 'spider')],
    ['benign', textsOf(DATA, 'benign.jsonl')],
    ['generated', generatedTexts(Number(options.count), Number(options.seed))],
  ]
  let unexplained = 0
  for (const [name, texts] of sets) {
    if (texts === undefined) {
      out(`second-reader: ${name} left out, its file is not here`)
      continue
    }
    const report = await compareReaders(name, texts)
    unexplained += report.unexplained.length
    if (options.json) out(JSON.stringify(report))
    else {
      for (const one of report.unexplained.slice(0, 20)) out(JSON.stringify(one))
      out(`second-reader: ${JSON.stringify({ ...report, unexplained: report.unexplained.length })}`)
    }
  }
  return unexplained === 0 ? 0 : 1
}
