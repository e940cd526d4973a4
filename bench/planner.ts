import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { PARAPHRASES, readParaphrases } from '../agent/model/offline/paraphrases.testing.ts'
import { plan } from '../agent/model/offline/plan.ts'
import { LEGEND, NOW, TOOLS, VOCABULARIES, withNames } from '../agent/model/offline/planner.testing.ts'
import type { Vertical, Vocabulary } from '../agent/model/offline/vocabulary.ts'

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

const conversations: readonly (readonly [trade: Vertical, said: readonly string[]])[] = [
  ...PARAPHRASES.flatMap(({ trade, said }) => said.map((question) => [trade, [question]] as const)),
  ...readParaphrases('dialogue.txt').map(({ trade, said }) => [trade, said] as const),
]
const vocabularies: Readonly<Record<Vertical, Vocabulary>> = {
  fund: filled(VOCABULARIES.fund),
  sales: filled(VOCABULARIES.sales),
  brokerage: filled(VOCABULARIES.brokerage),
}

const firstMs: number[] = []
const tookMs: number[] = []
const cpuMs: number[] = []
const clock = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
const met = new Set<string>()
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [trade, said] of conversations) {
    const turns = said.map((text) => ({ said: withNames(text), legend: LEGEND }))
    const read = structuredClone(vocabularies[trade])
    const begun = clock()
    const startedMs = performance.now()
    plan({ turns, vocabulary: read, now: NOW, timezone: 'UTC', tools: TOOLS })
    const elapsedMs = performance.now() - startedMs
    if (met.has(trade)) {
      tookMs.push(elapsedMs)
      cpuMs.push(clock() - begun)
    } else firstMs.push(clock() - begun)
    met.add(trade)
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
