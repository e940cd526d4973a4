import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { companies } from '../db/catalog/companies.ts'
import { deals, stages } from '../db/catalog/deals.ts'
import { openConversation } from '../db/conversations.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import type { Actor } from '../domain/actor.ts'
import type { TurnEnd } from '../domain/events.ts'
import { newId } from '../domain/ids.ts'
import { readQuestion } from '../query/ask.ts'
import { saveQuery, verifyQuery } from '../query/kept.ts'
import { createToolbox } from '../tools/call.ts'
import { createPrivacy } from '../tools/privacy/privacy.ts'
import { tools } from '../tools/registry.ts'
import { selectModel } from './model/select.ts'
import { startFakeAnthropic } from './testing/fake-anthropic.ts'
import type { AnthropicBlock, AnthropicRequest } from './testing/fake-anthropic.ts'
import { runTurn } from './turn.ts'

interface Example {
  readonly question: string
  readonly query: string
}

describe.each(testEngines)('verified questions as examples on %s', (engine) => {
  let db: TestDatabase
  let tenant: TestTenant
  let actor: Actor

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    tenant = await db.addTenant()
    actor = { ...tenant.actor('owner'), via: 'chat' }
    const tenant_id = tenant.workspace.id
    const [stage, company] = [newId(), newId()]
    await asTenant(db.database, actor, async (tx) => {
      await tx.insert(stages.table).values({ id: stage, tenant_id, name: 'Talking', position: 1 })
      await tx.insert(companies.table).values({ id: company, tenant_id, name: 'Brightwater Foods' })
      const deal = (name: string, amount_minor: number) => ({
        tenant_id,
        name,
        stage_id: stage,
        company_id: company,
        amount_minor,
        currency: 'USD',
      })
      await tx
        .insert(deals.table)
        .values([deal('One', 10_000_00), deal('Two', 60_000_00), deal('Three', 90_000_00)])
    })
  })
  afterAll(() => db.close())

  const save = (name: string, wording: string, question: string) =>
    asTenant(db.database, actor, async (tx) => {
      const context = { workspace: tenant.workspace, actor, now: new Date() }
      await saveQuery(tx, { name, wording, question: readQuestion(question) }, context)
      await verifyQuery(tx, name, context)
    })

  const resultIn = (
    request: AnthropicRequest,
  ): { data: Record<string, never> & { examples?: Example[] } } => {
    const blocks = request.messages.at(-1)!.content as unknown as { content: string | { text: string }[] }[]
    const { content } = blocks.at(-1)!
    return JSON.parse(typeof content === 'string' ? content : content[0]!.text)
  }
  const call = (name: string, input: unknown, step: number): AnthropicBlock => ({
    type: 'tool_use',
    id: `toolu_${step}`,
    name,
    input,
  })

  /** A model that knows nothing: it asks what is verified, does as the nearest example does, and says the figure. */
  const askWith = async (question: string) => {
    const seen: (readonly Example[])[] = []
    const fake = await startFakeAnthropic(async (request) => {
      const step = request.messages.length
      if (step === 1)
        return [call('describe_crm', { entity: 'deals', question: 'whales in the pipeline' }, 1)]
      const { data } = resultIn(request)
      if (step === 3) {
        seen.push(data.examples ?? [])
        const [nearest] = data.examples ?? []
        if (!nearest) return [{ type: 'text', text: 'I do not know what you call that.' }]
        return [call('query_crm', JSON.parse(nearest.query), 2)]
      }
      const [row] = (data as unknown as { rows: readonly Record<string, number>[] }).rows
      return [{ type: 'text', text: `There are ${row!['whales']}.` }]
    })
    const privacy = createPrivacy(db.database)
    const toolbox = createToolbox({ database: db.database, tools, privacy, queryTimeoutMs: 10_000 })
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
        signal: new AbortController().signal,
        sourcesOf: (handles) => session.sourcesOf(handles),
        finish: async () => {},
      })
      let end: TurnEnd | undefined
      for await (const event of turn) if (event.type === 'turn-end') end = event
      return { text: end!.text, seen, sent: fake.bodies.join('\n') }
    } finally {
      await fake.close()
    }
  }

  test('a word of the house that nothing else explains is answered once its question is verified', async () => {
    const question = 'How many whales are in the pipeline?'
    expect((await askWith(question)).text).toContain('I do not know what you call that.')
    await save('Size', 'Size of companies by city', 'select city, count(*) as n from companies group by city')
    await save(
      'Whales',
      'Whales in the pipeline at Brightwater Foods',
      '{"find":"deals","where":[{"field":"amount","op":">","value":50000},{"field":"company","value":"Brightwater Foods"}],"measures":[{"fn":"count","as":"whales"}]}',
    )
    const { text, seen, sent } = await askWith(question)
    expect(text).toContain('There are 2.')
    expect(seen[0]!.map((one) => one.question)).toEqual([
      expect.stringMatching(/^Whales in the pipeline at COMPANY_\d{5}$/),
    ])
    for (const name of ['Brightwater', 'brightwater']) expect(sent).not.toContain(name)
  })
})
