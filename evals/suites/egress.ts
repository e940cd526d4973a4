import { readFileSync } from 'node:fs'
import { asTenant, runText } from '../../db/tenant.ts'
import { offlineModel } from '../../agent/model/offline/model.ts'
import { startFakeAnthropic } from '../../agent/testing/fake-anthropic.ts'
import { answerLike } from '../../agent/testing/offline-as-anthropic.ts'
import { furnish, takeDesk, type Desk, type House } from '../../cli/compose.ts'
import { runConversationTurn } from '../../cli/conversation.ts'
import { loadVocabulary } from '../../query/vocabulary.ts'
import { createLeakScanner } from '../../redaction/scan.ts'
import { isCommonWord } from '../../redaction/common-words.ts'
import { DEMO_OF } from '../demo-house.ts'
import { plantCanaries, questionsAbout } from './egress-questions.ts'
import type { Known } from './egress-questions.ts'
import { curious } from './curious-model.ts'
import { scanWhatIsNew } from './scan-new.ts'

export interface EgressQuestion {
  readonly id: string
  readonly vertical: string
  readonly context: readonly string[]
  readonly question: string
}

export interface EgressReport {
  readonly total: number
  readonly requests: number
  readonly bytes: number
  /** Turns that ended in a failure; nothing of theirs is judged but what was sent. */
  readonly failed: number
  /** Values of the workspaces that were looked for in every body. */
  readonly values: number
  readonly leaks: readonly { readonly id: string; readonly kind: string; readonly encoding: string }[]
}

export interface EgressOptions {
  /** Requests to make at least. */
  readonly requests?: number
  /** Decides which questions are made. */
  readonly seed?: number
  /** How often the stand-in looks further in one turn, of twelve requests at most; it does not when absent. */
  readonly looks?: number
  /** Secrets to plant and to look for. */
  readonly canaries?: readonly Known[]
  /** Told after each workspace how far it has come. */
  readonly onStep?: (step: string) => void
}

const VALUES = `
  select 'person', btrim(coalesce(given_name, '') || ' ' || coalesce(family_name, '')) from crm.people
  union select 'family name', family_name from crm.people
  union select 'given name', given_name from crm.people
  union select 'member', given_name || ' ' || family_name from core.members
  union select 'family name', family_name from core.members
  union select 'given name', given_name from core.members
  union select 'company', name from crm.companies
  union select 'domain', domain from crm.companies
  union select 'deal', name from crm.deals
  union select 'address', address from crm.person_emails
  union select 'address', email from core.members
  union select 'address', address from intel.mail_recipients
  union select 'address', from_address from intel.mail_messages
  union select 'phone', number from crm.person_phones`

/** Names that are words of the language occur in any prompt; whole names, addresses and numbers are looked for always. */
const tellsNothing = ({ kind, value }: Known): boolean =>
  kind.endsWith('name') && (value.length < 4 || isCommonWord(value.toLowerCase()))

const valuesOf = (house: House, desk: Desk): Promise<readonly Known[]> =>
  asTenant(house.database, desk.actor, async (tx) => {
    const { rows } = await runText(tx, VALUES, [])
    return (rows as [string, string | null][])
      .flatMap(([kind, value]) => (value ? [{ kind, value }] : []))
      .filter((known) => !tellsNothing(known))
  })

/** One turn after the other; answers how many failed, which is no leak but no proof either. */
const ask = async (house: House, desk: Desk, { id, context, question }: EgressQuestion): Promise<number> => {
  const signal = new AbortController().signal
  let failed = 0
  for (const turn of [...context, question]) {
    for await (const event of runConversationTurn(house, desk, turn, { name: id, signal })) {
      if (event.type === 'turn-end' && event.status === 'failed') failed += 1
    }
  }
  return failed
}

/** Bodies are kept in memory until the stand-in is closed. */
const MOST_BODIES = 400
/** Conversations that go on at the same time, each with a stand-in of its own. */
const LANES = 4

interface Tally {
  total: number
  requests: number
  bytes: number
  values: number
  failed: number
  readonly leaks: { id: string; kind: string; encoding: string }[]
}

interface Lane {
  readonly house: House
  readonly desk: Desk
  readonly planner: Parameters<typeof answerLike>[0]
  readonly known: readonly Known[]
  readonly scan: ReturnType<typeof createLeakScanner>
  /** The next question; undefined when enough have been asked. */
  readonly next: () => EgressQuestion | undefined
  readonly looks: number
  readonly tally: Tally
}

const runLane = async ({ house, desk, planner, known, scan, next, looks, tally }: Lane): Promise<void> => {
  for (let question = next(); question !== undefined;) {
    const fake = await startFakeAnthropic(curious(answerLike(planner), looks))
    const cloud = furnish(
      {
        ...house.config,
        TACT_MODEL: 'anthropic:recorded',
        ANTHROPIC_API_KEY: 'recorded',
        ANTHROPIC_URL: fake.url,
      },
      house.database,
    )
    const scanNew = scanWhatIsNew(scan)
    try {
      for (; question !== undefined && fake.bodies.length < MOST_BODIES; question = next()) {
        const before = fake.bodies.length
        tally.failed += await ask(cloud, desk, question)
        for (const body of fake.bodies.slice(before)) {
          tally.requests += 1
          tally.bytes += body.length
          for (const { index, encoding } of scanNew(body))
            tally.leaks.push({ id: question.id, kind: known[index]!.kind, encoding })
        }
        tally.total += 1
      }
    } finally {
      await fake.close()
    }
  }
}

/**
 * Asks every question with a cloud model that is a recording stand-in for Anthropic's API, and looks in each request,
 * headers and body, for every name, address, phone number, company and deal of the workspace, and for every canary.
 * Canaries are planted in private notes, and those that detectors must know in the mail. With `requests`, goes on with
 * variations and questions made of what the workspaces know until there are as many; with `looks`, the stand-in looks
 * at what it was shown before it answers, so that a question makes many requests.
 */
export const runEgress = async (
  house: House,
  questions: readonly EgressQuestion[],
  options: EgressOptions = {},
): Promise<EgressReport> => {
  const { canaries = [], seed = 1, looks = 0 } = options
  const tally: Tally = { total: 0, requests: 0, bytes: 0, values: 0, failed: 0, leaks: [] }
  const verticals = Object.entries(DEMO_OF).filter(([vertical]) =>
    questions.some((one) => one.vertical === vertical),
  )
  for (const [at, [vertical, slug]] of verticals.entries()) {
    const goal = Math.ceil(((options.requests ?? 0) * (at + 1)) / verticals.length)
    const asked = questions.filter((one) => one.vertical === vertical)
    const desk = await takeDesk(house, { workspace: slug }, 'cli')
    if (canaries.length > 0) await plantCanaries(house, desk, canaries)
    const { workspace } = desk
    const vocabulary = await asTenant(house.database, desk.actor, (tx) => loadVocabulary(tx))
    const planner = offlineModel({ vocabulary, now: desk.now(), timezone: workspace.timezone })
    const known = [...(await valuesOf(house, desk)), ...canaries]
    tally.values += known.length
    const scan = createLeakScanner(known.map(({ value }) => value))
    const more = questionsAbout(known, asked, seed)
    const upcoming = [...asked]
    const next = (): EgressQuestion | undefined =>
      upcoming.shift() ?? (tally.requests < goal ? more() : undefined)
    const lane = { house, desk, planner: () => planner, known, scan, next, looks, tally }
    await Promise.all(Array.from({ length: LANES }, () => runLane(lane)))
    options.onStep?.(`${tally.requests} requests, ${tally.leaks.length} leaks`)
  }
  return tally
}

export const readQuestions = (path: string): readonly EgressQuestion[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as EgressQuestion)
