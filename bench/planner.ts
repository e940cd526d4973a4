import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { plan } from '../agent/model/offline/plan.ts'
import type { Vocabulary } from '../agent/model/offline/vocabulary.ts'
import { linkerFor } from '../evals/questions-link.ts'
import type { Question } from '../evals/questions-judge.ts'
import { readWorkspace } from '../evals/questions-workspace.ts'
import type { Fixture } from '../evals/questions-workspace.ts'
import { tools as registry } from '../tools/registry.ts'

/**
 * `npm run bench -- planner [--entries 10000] [--rounds 3]`: how long the offline planner takes for one question of the
 * paraphrases, conversations with all their turns, over a vocabulary of so many words of the workspace's own. The
 * vocabulary is read anew for each question, as in a chat. Processor time is that of the one thread: a busy machine does not
 * change it much.
 */
const { values } = parseArgs({
  options: { entries: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '3' } },
})
const ENTRIES = Number(values.entries)
const FOLDER = join(import.meta.dirname, '../evals/paraphrases')

const SYLLABLES =
  'an bel cor da el fi gar ho is jo ka lin mar no or pe qui ra sen to ul ve wil xan yo za'.split(' ')
/** A word of its own for every number. */
const word = (number: number): string => {
  let text = ''
  for (let rest = number + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    text += SYLLABLES[rest % SYLLABLES.length]!
  return text.charAt(0).toUpperCase() + text.slice(1)
}
const words = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${word(at)}`)

const filled = (own: Vocabulary): Vocabulary => ({
  ...own,
  tags: [...own.tags, ...words(ENTRIES * 0.3, 'T')],
  titles: [...own.titles, ...words(ENTRIES * 0.3, 'Head ')],
  cities: [...own.cities, ...words(ENTRIES * 0.3, 'Port ')],
  industries: [...own.industries, ...words(ENTRIES * 0.1, 'B')],
})

const fixture = JSON.parse(readFileSync(join(FOLDER, 'workspaces.json'), 'utf8')) as Fixture
const questions = readFileSync(join(FOLDER, 'questions.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Question)
const setups = new Map(
  [...new Set(questions.map(({ vertical }) => vertical))].map((key) => {
    const { named, vocabulary } = readWorkspace(fixture, key)
    return [key, { linker: linkerFor(named), vocabulary: filled(vocabulary) }]
  }),
)
const tools = new Set(registry.keys())
const now = new Date('2026-11-20T09:00:00Z')

const firstMs: number[] = []
const tookMs: number[] = []
const cpuMs: number[] = []
const clock = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
const met = new Set<string>()
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const { vertical, context, question } of questions) {
    const { linker, vocabulary } = setups.get(vertical)!
    const turns = [...context, question].map((text) => linker.link(text))
    const read = structuredClone(vocabulary)
    const begun = clock()
    const startedMs = performance.now()
    plan({ turns, vocabulary: read, now, timezone: 'UTC', tools })
    const elapsedMs = performance.now() - startedMs
    if (met.has(vertical)) {
      tookMs.push(elapsedMs)
      cpuMs.push(clock() - begun)
    } else firstMs.push(clock() - begun)
    met.add(vertical)
  }
}
const at = (sample: readonly number[], share: number): string => {
  const sorted = sample.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2)
}
const row = (what: string, sample: readonly number[]): string =>
  `| ${what} | ${at(sample, 0.5)} | ${at(sample, 0.95)} | ${at(sample, 0.99)} | ${at(sample, 1)} |`
process.stdout.write(
  `${ENTRIES} entries, ${tookMs.length} questions, load ${loadavg()[0]!.toFixed(1)}; first question of a workspace ${Math.max(...firstMs).toFixed(0)} ms of processor time

| | p50 ms | p95 ms | p99 ms | longest ms |
|---|---|---|---|---|
${row('processor time', cpuMs)}
${row('elapsed', tookMs)}
`,
)
