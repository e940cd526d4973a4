import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '..', '..')

/** Files of domain/ that decide what a person has to do, and what stays live in a text, with the tests that must notice. */
export const MUTATED = ['approval-policy.ts', 'label.ts', 'closed-text.ts'] as const
const TESTS = ['approval-policy.test.ts', 'closed-text.test.ts', 'policy-conditions.test.ts'] as const
/** Mutates by itself, and fails for what it does not find: that would count for noticing. */
const NOT_THESE = '^(?!.*notice every condition)'

/** One condition turned round: another condition, or the other branch. */
const TURNS: readonly (readonly [pattern: RegExp, by: string])[] = [
  [/ && /gu, ' || '],
  [/ \|\| /gu, ' && '],
  [/ === /gu, ' !== '],
  [/ !== /gu, ' === '],
  [/ > (?=[\w(])/gu, ' <= '],
  [/ >= /gu, ' < '],
  [/ < (?=[\w(])/gu, ' >= '],
  [/\.some\(/gu, '.every('],
  [/\.every\(/gu, '.some('],
  [/(?<![=!])!(?=[\w(])/gu, ''],
]

export interface Mutant {
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  readonly was: string
  readonly is: string
  readonly text: string
}

/** Loops are left alone: turned round, some never end. Comments and types hold no condition. */
const isCondition = (line: string): boolean =>
  !/^\s*(?:\/\/|\/?\*|import |export (?:interface|type) |readonly |for \()/u.test(line)

/** Every mutant of a source, one condition each. */
export const mutantsOf = (file: string, source: string): readonly Mutant[] => {
  const lines = source.split('\n')
  return lines.flatMap((line, place) => {
    if (!isCondition(line)) return []
    return TURNS.flatMap(([pattern, by]) =>
      [...line.matchAll(pattern)].map((match): Mutant => {
        const is = `${line.slice(0, match.index)}${by}${line.slice(match.index + match[0].length)}`
        const text = lines.with(place, is).join('\n')
        return { file, line: place + 1, was: line.trim(), is: is.trim(), text }
      }),
    )
  })
}

const Report = z.object({
  testResults: z.array(z.object({ name: z.string(), status: z.enum(['passed', 'failed']) })),
})

const runTests = (place: string, report: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
    const args = [
      'run',
      '--root',
      place,
      '--reporter=json',
      `--outputFile=${report}`,
      '--no-isolate',
      `--testNamePattern=${NOT_THESE}`,
      '--maxWorkers=1',
    ]
    const child = spawn(process.execPath, [vitest, ...args], {
      stdio: ['ignore', 'ignore', 'ignore'],
      cwd: place,
    })
    child.on('error', reject)
    child.on('close', () =>
      existsSync(report) ? resolve() : reject(new Error('The tests over the mutants gave no report.')),
    )
  })

export interface MutantsReport {
  readonly total: number
  readonly killed: number
  readonly survived: readonly Omit<Mutant, 'text'>[]
}

/** Each mutant in a copy of domain/ of its own, and the tests over all of them in one run. Throws where the tests fail on what is not mutated. */
export const runPolicyMutants = async (every: number): Promise<MutantsReport> => {
  const place = mkdtempSync(join(tmpdir(), 'tact-mutants-'))
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'))
    const mutants = MUTATED.flatMap((file) =>
      mutantsOf(file, readFileSync(join(ROOT, 'domain', file), 'utf8')),
    ).filter((_, index) => index % every === 0)
    const copies = new Map<string, Mutant | undefined>([['whole', undefined]])
    for (const [index, mutant] of mutants.entries()) copies.set(`mutant-${index}`, mutant)
    for (const [name, mutant] of copies) {
      const directory = join(place, name, 'domain')
      mkdirSync(directory, { recursive: true })
      cpSync(join(ROOT, 'domain'), directory, {
        recursive: true,
        filter: (path) => !path.endsWith('.test.ts') || TESTS.some((test) => basename(path) === test),
      })
      if (mutant) writeFileSync(join(directory, mutant.file), mutant.text)
    }
    const report = join(place, 'report.json')
    await runTests(place, report)
    const failed = new Set(
      Report.parse(JSON.parse(readFileSync(report, 'utf8')))
        .testResults.filter(({ status }) => status === 'failed')
        .map(({ name }) => relative(place, name).split('/')[0]!),
    )
    if (failed.has('whole')) throw new Error('The tests fail on what is not mutated.')
    const survived = [...copies].flatMap(([name, mutant]) => {
      if (!mutant || failed.has(name)) return []
      const { text: _text, ...shown } = mutant
      return [shown]
    })
    return { total: mutants.length, killed: mutants.length - survived.length, survived }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
