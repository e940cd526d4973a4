import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConversation } from '../db/conversations.ts'
import { testEngines, openTestDatabase, type TestDatabase, type TestTenant } from '../db/testing.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import type { TurnEnd, TurnEvent } from '../domain/events.ts'
import { newId } from '../domain/ids.ts'
import { createToolbox } from '../tools/call.ts'
import { createPrivacy, type Privacy } from '../tools/privacy/privacy.ts'
import { tools } from '../tools/registry.ts'
import type { Toolbox } from '../tools/toolbox.ts'
import { selectModel } from './model/select.ts'
import {
  startFakeAnthropic,
  type AnthropicBlock,
  type AnthropicFailure,
  type AnthropicRequest,
} from './testing/fake-anthropic.ts'
import { runTurn } from './turn.ts'

type Script = (request: AnthropicRequest, step: number) => readonly AnthropicBlock[] | AnthropicFailure

const lastResult = ({ messages }: AnthropicRequest): string => JSON.stringify(messages.at(-1)?.content)
const handleIn = (text: string, label: string): string =>
  new RegExp(`${label}_\\d{5}`).exec(text)?.[0] ?? 'none'
const say = (text: string): AnthropicBlock => ({ type: 'text', text })
const call = (name: string, input: unknown, id = 'toolu_1'): AnthropicBlock => ({
  type: 'tool_use',
  id,
  name,
  input,
})

describe.each(testEngines)('a turn with a cloud model on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant
  let actor: Actor
  let toolbox: Toolbox
  let privacy: Privacy

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    actor = { ...tenant.actor('owner'), via: 'chat' }
    const companyId = newId()
    await asTenant(db.database, actor, async (tx) => {
      await rows(
        tx,
        sql`insert into crm.companies (id, tenant_id, name, domain) values (${companyId}, ${actor.tenantId}, 'Brightwater Foods', 'brightwater.example')`,
      )
      await rows(
        tx,
        sql`insert into crm.people (id, tenant_id, given_name, family_name, title, company_id)
          values (${newId()}, ${actor.tenantId}, 'Philippa', 'Okonkwo-Hale', 'CFO', ${companyId})`,
      )
    })
    privacy = createPrivacy(db.database)
    toolbox = createToolbox({ database: db.database, tools, privacy, queryTimeoutMs: 10_000 })
  })
  afterAll(() => db.close())

  const converse = async (
    question: string,
    script: Script,
    options: { maxRequests?: number; signal?: AbortSignal } = {},
  ) => {
    let step = 0
    const fake = await startFakeAnthropic(async (request) => script(request, step++))
    const kept: [string, string][] = []
    const events: TurnEvent[] = []
    try {
      const { id } = await asTenant(db.database, actor, (tx) =>
        openConversation(tx, { channel: 'chat', externalKey: null, memberId: actor.memberId }),
      )
      const session = await privacy.open(actor, id)
      const turn = runTurn(question, {
        model: selectModel(
          { TACT_MODEL: 'anthropic:claude-test', ANTHROPIC_API_KEY: 'k', ANTHROPIC_URL: fake.url },
          () => {
            throw new Error('not offline')
          },
          session.beforeSend(newId()),
        ),
        toolbox,
        privacy: session,
        instructions: 'Answer.',
        actor,
        conversationId: id,
        history: [],
        signal: options.signal ?? new AbortController().signal,
        ...(options.maxRequests ? { maxRequests: options.maxRequests } : {}),
        sourcesOf: (handles) => session.sourcesOf(handles),
        remember: async (asked, answered) => void kept.push([asked, answered]),
      })
      for await (const event of turn) events.push(event)
    } finally {
      await fake.close()
    }
    return { end: events.at(-1) as TurnEnd, events, bodies: fake.bodies, kept }
  }

  test('the model sees handles, the reader sees names, and the store keeps handles', async () => {
    const { end, events, bodies, kept } = await converse(
      'Who is Philippa Okonkwo-Hale of Brightwater Foods?',
      (request, step) =>
        step === 0
          ? [call('search_people', { query: handleIn(JSON.stringify(request.messages), 'PERSON') })]
          : [
              say(
                `${handleIn(lastResult(request), 'PERSON')} is CFO at ${handleIn(lastResult(request), 'COMPANY')}.`,
              ),
            ],
    )
    expect(end.status).toBe('answered')
    expect(end.text).toBe('Philippa Okonkwo-Hale is CFO at Brightwater Foods.')
    expect(end.sources.map(({ name }) => name)).toContain('Philippa Okonkwo-Hale')
    const streamed = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('')
    expect(streamed).toBe('Philippa Okonkwo-Hale is CFO at Brightwater Foods.')
    for (const secret of ['Philippa', 'Okonkwo', 'Brightwater', 'brightwater.example']) {
      expect(bodies.join('\n').toLowerCase()).not.toContain(secret.toLowerCase())
      expect(JSON.stringify(kept)).not.toContain(secret)
    }
  })

  test('a figure that no record holds is named as such', async () => {
    const { end } = await converse('How many companies do we know?', (_request, step) =>
      step === 0
        ? [call('query_crm', { find: 'companies', measures: [{ fn: 'count' }] })]
        : [say('You know 4711 companies.')],
    )
    expect(end.text).toContain('no record of this conversation holds 4711')
  })

  test('a sentence that cannot be proven is never shown; the model writes it anew once', async () => {
    const { end, events, bodies, kept } = await converse(
      'How many companies do we know?',
      (_request, step) => {
        if (step === 0) return [call('query_crm', { find: 'companies', measures: [{ fn: 'count' }] })]
        return [say(step === 1 ? 'I looked it up. You know 4711 companies.' : 'You know one company.')]
      },
    )
    const streamed = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('')
    expect(streamed).not.toContain('4711')
    expect(JSON.stringify(kept)).not.toContain('4711')
    expect(end.text).toBe('I looked it up. You know one company.')
    expect(bodies).toHaveLength(3)
    expect(bodies[2]).toContain('no record of this conversation holds 4711')
  })

  test('a claim to have written is corrected when the change was only proposed', async () => {
    const { end } = await converse('Log a call with Philippa Okonkwo-Hale', (request, step) =>
      step === 0
        ? [
            call('log_interaction', {
              kind: 'call',
              people: [handleIn(JSON.stringify(request.messages), 'PERSON')],
              summary: 'Spoke.',
            }),
          ]
        : [say('I have logged the call.')],
    )
    expect(end.proposals).toHaveLength(1)
    expect(end.text).toContain('nothing has been changed')
  })

  test('an endless loop ends within its budget, truthfully', async () => {
    const { end, bodies } = await converse(
      'Loop',
      (_request, step) => [call('describe_crm', {}, `toolu_${step}`)],
      { maxRequests: 4 },
    )
    expect(bodies).toHaveLength(4)
    expect(end.status).toBe('failed')
    expect(end.text).toContain('I stopped after 4 steps')
  })

  test('made-up tools, arguments and handles come back as errors that teach', async () => {
    const { end } = await converse('Try things', (_request, step) =>
      step === 0
        ? [
            call('delete_everything', {}, 'toolu_a'),
            call('query_crm', { find: 'dealz' }, 'toolu_b'),
            call('get_record', { id: 'PERSON_99999' }, 'toolu_c'),
            call('search_people', { qeury: 'x' }, 'toolu_d'),
          ]
        : [say('None of that worked.')],
    )
    expect(end.calls.map(({ ok }) => ok)).toEqual([false, false, false, false])
    expect(end.calls.map(({ error }) => error?.code)).toEqual([
      'unknown_tool',
      'unknown_entity',
      'unknown_handle',
      'bad_arguments',
    ])
    expect(end.calls[3]?.error?.did_you_mean).toContain('query')
  })

  test('a provider that refuses the key or breaks ends the turn in words, and nothing half-said is kept', async () => {
    const refused = await converse('Hello', () => ({ status: 401, error: 'authentication_error' }))
    expect(refused.end.status).toBe('failed')
    expect(refused.end.text).toContain('refused the key')
    expect(refused.kept).toEqual([])
  })

  test('a provider that breaks between two requests ends the turn in words, and nothing half-said is kept', async () => {
    const { end, kept } = await converse('How many companies do we know?', (_request, step) =>
      step === 0
        ? [
            say('I am looking it up.\n'),
            call('query_crm', { find: 'companies', measures: [{ fn: 'count' }] }),
          ]
        : { status: 500, error: 'api_error' },
    )
    expect(end.status).toBe('failed')
    expect(end.text).toContain('The model did not answer')
    expect(kept).toEqual([])
  }, 60_000)

  test('a turn that is stopped says so and keeps nothing', async () => {
    const stop = new AbortController()
    const { end, kept } = await converse(
      'Wait',
      () => {
        stop.abort()
        return [call('describe_crm', {})]
      },
      { signal: stop.signal },
    )
    expect(end.status).toBe('cancelled')
    expect(kept).toEqual([])
  })
})
