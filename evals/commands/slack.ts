import { runMessage } from '../../slack-bot/testing/message-runs.ts'
import { runAnswersAtOnce, runStream } from '../../slack-bot/testing/stream-runs.ts'
import { options, out } from '../options.ts'

/** Runs are told of on stderr after so many. */
const BETWEEN = 500

interface Outcome {
  readonly seed: number
  readonly wrong: readonly string[]
}

/** Runs seeds one after the other; `each` is given what each came to. */
const runAll = async <T extends Outcome>(
  run: (seed: number) => Promise<T>,
  each: (outcome: T) => void,
): Promise<string[]> => {
  const first = Number(options.seed)
  const count = Number(options.count)
  const wrong: string[] = []
  for (let done = 0; done < count; done++) {
    const outcome = await run(first + done)
    each(outcome)
    wrong.push(...outcome.wrong.map((what) => `seed ${outcome.seed}: ${what}`))
    if ((done + 1) % BETWEEN === 0) process.stderr.write(`${done + 1} of ${count}, ${wrong.length} wrong\n`)
  }
  return wrong
}

const print = (sums: Readonly<Record<string, number>>, wrong: readonly string[]): number => {
  if (options.json) out(JSON.stringify({ ...sums, wrong }))
  else {
    for (const [name, sum] of Object.entries(sums))
      out(`${name.padEnd(20)}${sum.toLocaleString('en-GB').padStart(12)}`)
    out(`${'wrong'.padEnd(20)}${String(wrong.length).padStart(12)}`)
    for (const line of wrong.slice(0, 20)) out(`  ${line}`)
  }
  return wrong.length === 0 ? 0 : 1
}

/** `npm run eval -- slack-streams --count 10000`: answers with random pauses, faults, expiry and stops, in simulated time. */
export const slackStreams = async (): Promise<number> => {
  const sums = { runs: 0, stopped: 0, faults: 0, calls: 0, 'answered 429': 0, messages: 0, characters: 0 }
  const wrong = await runAll(runStream, ({ outcome, faults, calls, limited, messages, characters }) => {
    sums.runs++
    sums.stopped += outcome === 'stopped' ? 1 : 0
    sums.faults += faults
    sums.calls += calls
    sums['answered 429'] += limited
    sums.messages += messages
    sums.characters += characters
  })
  return print(sums, wrong)
}

/** `npm run eval -- slack-answers --count 200`: so many answers at once in one workspace, under Slack's tiers. */
export const slackAnswers = async (): Promise<number> => {
  const { wrong, limited, ...rest } = await runAnswersAtOnce(Number(options.count), Number(options.seed))
  return print({ ...rest, 'answered 429': limited }, wrong)
}

/** `npm run eval -- slack-messages --count 10000`: answers, cards and digests of hostile texts, read as Slack would. */
export const slackMessages = async (): Promise<number> => {
  const sums = { answer: 0, diff: 0, digest: 0, messages: 0 }
  const wrong = await runAll(runMessage, ({ kind, messages }) => {
    sums[kind]++
    sums.messages += messages
  })
  return print(sums, wrong)
}
