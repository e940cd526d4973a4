import { readFileSync } from 'node:fs'
import { runText } from '../../db/tenant.ts'
import { asTenant } from '../../db/tenant.ts'
import { offlineModel } from '../../agent/model/offline/model.ts'
import { startFakeAnthropic, type FakeAnthropic } from '../../agent/testing/fake-anthropic.ts'
import { answerLike } from '../../agent/testing/offline-as-anthropic.ts'
import { furnish, takeDesk, type Desk, type House } from '../../cli/compose.ts'
import { runConversationTurn } from '../../cli/conversation.ts'
import { loadVocabulary } from '../../query/vocabulary.ts'
import { findLeaks } from '../../redaction/scan.ts'
import { isCommonWord } from '../../redaction/common-words.ts'
import { DEMO_OF } from '../demo-house.ts'

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
  /** Values of the workspaces that were looked for in every body. */
  readonly values: number
  readonly leaks: readonly { readonly id: string; readonly kind: string; readonly encoding: string }[]
}

interface Known {
  readonly kind: string
  readonly value: string
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

const ask = async (house: House, desk: Desk, { id, context, question }: EgressQuestion): Promise<void> => {
  const signal = new AbortController().signal
  for (const turn of [...context, question]) {
    for await (const event of runConversationTurn(house, desk, turn, { name: id, signal })) {
      if (event.type === 'turn-end' && event.status === 'failed') throw new Error(`${id}: ${event.text}`)
    }
  }
}

/**
 * Asks every question with a cloud model that is a recording stand-in for Anthropic's API, and looks in each request,
 * headers and body, for every name, address, phone number, company and deal of the workspace.
 */
export const runEgress = async (
  house: House,
  questions: readonly EgressQuestion[],
): Promise<EgressReport> => {
  const report = {
    total: 0,
    requests: 0,
    bytes: 0,
    values: 0,
    leaks: [] as { id: string; kind: string; encoding: string }[],
  }
  for (const [vertical, slug] of Object.entries(DEMO_OF)) {
    const asked = questions.filter((one) => one.vertical === vertical)
    if (asked.length === 0) continue
    const desk = await takeDesk(house, { workspace: slug }, 'cli')
    const { workspace } = desk
    const vocabulary = await asTenant(house.database, desk.actor, (tx) => loadVocabulary(tx))
    const planner = offlineModel({ vocabulary, now: desk.now(), timezone: workspace.timezone })
    const known = await valuesOf(house, desk)
    report.values += known.length
    const fake: FakeAnthropic = await startFakeAnthropic(answerLike(() => planner))
    const cloud = furnish(
      {
        ...house.config,
        TACT_MODEL: 'anthropic:recorded',
        ANTHROPIC_API_KEY: 'recorded',
        ANTHROPIC_URL: fake.url,
      },
      house.database,
    )
    try {
      for (const question of asked) {
        const before = fake.bodies.length
        await ask(cloud, desk, question)
        for (const body of fake.bodies.slice(before)) {
          report.requests += 1
          report.bytes += body.length
          for (const { index, encoding } of findLeaks(
            body,
            known.map(({ value }) => value),
          )) {
            report.leaks.push({ id: question.id, kind: known[index]!.kind, encoding })
          }
        }
        report.total += 1
      }
    } finally {
      await fake.close()
    }
  }
  return report
}

export const readQuestions = (path: string): readonly EgressQuestion[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as EgressQuestion)
