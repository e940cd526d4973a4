import { execFileSync } from 'node:child_process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { detectValues } from '../redaction/detect/all.ts'
import { createDictionary } from '../redaction/dictionary.ts'
import type { Dictionary } from '../redaction/dictionary.ts'
import { findSpans } from '../redaction/find-spans.ts'
import { companyForms, personForms } from '../redaction/forms.ts'
import { findResidue } from '../redaction/residue.ts'
import { planScrub } from '../redaction/scrub.ts'
import { tagNames } from '../redaction/tagger/tag.ts'
import { viewOf } from '../redaction/view.ts'
import { createWordList, readWords } from '../redaction/words.ts'
import { idOf, invent, makeDigest, makeGerman, makeResult, makeTable, readMail } from './redaction/texts.ts'

/**
 * `npm run bench -- redaction-dictionary [--json]`: build time, memory, scan speed and insert time of the dictionary at
 * 10,000, 100,000 and 1,000,000 forms; of finding everything that must be hidden by dictionary and detectors; and of the
 * whole plan, with the tagger and the second look. Over public mail, and the plan over made-up results of tools, briefs,
 * tables, German mail and mail in capitals too, in CPU time; an insert without the making of the forms. `--stages` says where the time of a
 * plan goes, stage by stage, each by itself, with the largest dictionary.
 */
const SIZES = [10_000, 100_000, 1_000_000]

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const fill = (dictionary: Dictionary, size: number): void => {
  for (let at = 0; dictionary.size < size; at += 1) {
    const id = idOf(at)
    const forms =
      at % 4 === 0
        ? companyForms({ entity: 'companies', id }, { name: `${invent()} ${invent()} Ltd` })
        : personForms({ entity: 'people', id }, { given: invent(), family: invent(), label: 'PERSON' })
    for (const form of forms) dictionary.add(form)
  }
}

const heldMb = (): number => {
  for (let round = 0; round < 4; round += 1) collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}

/** Time of this process on a core, which other work on the machine does not lengthen. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const bestMs = (rounds: number, run: () => void): number => {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round += 1) {
    const from = cpuMs()
    run()
    best = Math.min(best, cpuMs() - from)
  }
  return best
}

const quantileMs = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0

const messages = readMail(undefined, 700)
const whole = messages.join('\n')
const short = messages.filter((message) => message.length > 1_000).map((message) => message.slice(0, 4_096))
const megabytes = Buffer.byteLength(whole) / 1e6
const shortMegabytes = short.reduce((sum, message) => sum + Buffer.byteLength(message), 0) / 1e6

const measure = (size: number): Record<string, number> => {
  const before = heldMb()
  const from = cpuMs()
  const dictionary = createDictionary()
  fill(dictionary, size)
  const buildMs = cpuMs() - from
  const memoryMb = heldMb() - before
  const scanMs = bestMs(5, () => void dictionary.find(whole))
  const smallMs = bestMs(5, () => {
    for (const message of short) dictionary.find(message)
  })
  const context = { dictionary, active: new Set<string>(), mode: 'content' as const, countries: ['US'] }
  const plans: number[] = []
  for (const [at, message] of [...short.slice(0, 300), ...short].entries()) {
    const started = cpuMs()
    planScrub(message, context)
    if (at >= 300) plans.push(cpuMs() - started)
  }
  const known = { ...context, unknownNames: 'leave' as const }
  const rulesMs = bestMs(3, () => {
    for (const message of short) findSpans(message, known)
  })
  let capitals = 0
  const speedOf = (make: () => string): number => {
    const texts = Array.from({ length: 200 }, make)
    const ms = bestMs(3, () => {
      for (const text of texts) planScrub(text, context)
    })
    return (texts.reduce((sum, text) => sum + text.length, 0) / 1e6 / ms) * 1_000
  }
  const planMs = plans.reduce((sum, time) => sum + time, 0)
  const inserted = dictionary.size
  const forms = Array.from({ length: 5_000 }, (_, at) =>
    personForms(
      { entity: 'people', id: idOf(1_000_000 + at) },
      { given: invent(), family: invent(), label: 'PERSON' },
    ),
  ).flat()
  const insertFrom = cpuMs()
  for (const form of forms) dictionary.add(form)
  const insertMs = cpuMs() - insertFrom
  const round = (value: number): number => Math.round(value * 100) / 100
  return {
    forms: inserted,
    'build s': round(buildMs / 1_000),
    'memory MB': round(memoryMb),
    'find MB/s': round((megabytes / scanMs) * 1_000),
    'find 4 kB MB/s': round((shortMegabytes / smallMs) * 1_000),
    'spans 4 kB MB/s, no tagger': round((shortMegabytes / rulesMs) * 1_000),
    'plan 4 kB MB/s': round((shortMegabytes / planMs) * 1_000),
    'plan of results MB/s': round(speedOf(makeResult)),
    'plan of briefs MB/s': round(speedOf(makeDigest)),
    'plan of tables MB/s': round(speedOf(makeTable)),
    'plan of German MB/s': round(speedOf(makeGerman)),
    'plan of capitals MB/s': round(speedOf(() => short[capitals++ % short.length]!.toUpperCase())),
    'plan p50 ms': round(quantileMs(plans, 0.5)),
    'plan p99 ms': round(quantileMs(plans, 0.99)),
    'insert µs/form': round((insertMs / forms.length) * 1_000),
  }
}

/** Microseconds for 4 kB of each stage of a plan. */
const measureStages = (size: number): Record<string, number> => {
  const dictionary = createDictionary()
  fill(dictionary, size)
  const context = { dictionary, active: new Set<string>(), mode: 'content' as const, countries: ['US'] }
  const known = { ...context, unknownNames: 'leave' as const }
  const words = createWordList(4_096)
  const found = short.map((message) => findSpans(message, known))
  const stages: Readonly<Record<string, (message: string, at: number) => void>> = {
    words: (message) => void readWords(message, words),
    'words and dictionary': (message) => void dictionary.findAll(message),
    'view of escapes': (message) => void viewOf(message),
    'words and detectors': (message) => void detectValues(message, ['US']),
    'all but the tagger': (message) => void findSpans(message, known),
    tagger: (message, at) => void tagNames(message, { explained: found[at]!, least: 0.15 }),
    'second look': (message, at) => void findResidue(message, found[at]!, known),
    plan: (message) => void planScrub(message, context),
  }
  const of4kB = (ms: number): number => Math.round(((ms * 1_000) / (shortMegabytes * 1e6)) * 4_096)
  return Object.fromEntries(
    Object.entries(stages).map(([name, run]) => [
      name,
      of4kB(
        bestMs(4, () => {
          for (const [at, message] of short.entries()) run(message, at)
        }),
      ),
    ]),
  )
}

/** Each size in a process of its own, so that one does not count the other's memory. */
const measureApart = (size: number): unknown =>
  JSON.parse(
    execFileSync(process.execPath, [import.meta.filename, '--size', String(size)], { encoding: 'utf8' }),
  )

const only = process.argv.indexOf('--size')
if (process.argv.includes('--stages')) {
  // oxlint-disable-next-line no-console -- a table for a person
  console.table({ 'µs for 4 kB': measureStages(1_000_000) })
} else if (only > 0) process.stdout.write(JSON.stringify(measure(Number(process.argv[only + 1]))))
else {
  const rows = SIZES.map(measureApart)
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ megabytes, rows })}\n`)
  else {
    process.stdout.write(
      `${messages.length} messages of public mail, ${megabytes.toFixed(2)} MB; node ${process.version}\n`,
    )
    // oxlint-disable-next-line no-console -- a table for a person
    console.table(rows)
  }
}
