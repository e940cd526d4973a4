import type { Config } from '../../config.ts'
import { openConversation } from '../../db/conversations.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { openTestDatabase, type testEngines, type TestDatabase } from '../../db/testing.ts'
import type { Actor } from '../../domain/actor.ts'
import type { TurnEnd, TurnEvent } from '../../domain/events.ts'
import { newId } from '../../domain/ids.ts'
import { createToolbox } from '../../tools/call.ts'
import { createPrivacy, type Privacy } from '../../tools/privacy/privacy.ts'
import { tools } from '../../tools/registry.ts'
import type { Toolbox } from '../../tools/toolbox.ts'
import { STANDARD_BUDGET, type Budget } from '../budget.ts'
import type { ChatModel } from '../model/model.ts'
import { selectModels } from '../model/select.ts'
import { runTurn } from '../turn.ts'
import type { TurnStep } from '../turn-state.ts'

/** A workspace with one company and one person in it, for turns of models that follow a script. */
export interface TurnHouse {
  readonly db: TestDatabase
  readonly actor: Actor
  readonly toolbox: Toolbox
  readonly privacy: Privacy
  converse(question: string, options: ConverseOptions): Promise<Conversed>
  /** The conversation that was opened last. */
  lastConversation(): Promise<string>
  proposalsIn(conversationId: string): Promise<number>
}

export interface ConverseOptions {
  readonly settings: Partial<Config>
  readonly budget?: Partial<Budget> | undefined
  readonly signal?: AbortSignal | undefined
  /** The planner's place, where the settings name it. */
  readonly offline?: (() => ChatModel) | undefined
  readonly conversationId?: string | undefined
  readonly answerId?: string | undefined
  readonly resumed?: readonly TurnStep[] | undefined
  readonly keep?: ((steps: readonly TurnStep[]) => Promise<void>) | undefined
  readonly onEvent?: ((event: TurnEvent) => void) | undefined
}

export interface Conversed {
  readonly end: TurnEnd
  readonly events: readonly TurnEvent[]
  /** What was shown as it came. */
  readonly streamed: string
  /** What the conversation store would keep. */
  readonly kept: readonly (readonly [string, string])[]
  readonly conversationId: string
}

const noOffline = (): ChatModel => {
  throw new Error('not offline')
}

export const openTurnHouse = async (engine: (typeof testEngines)[number]): Promise<TurnHouse> => {
  const db = await openTestDatabase(engine)
  const tenant = await db.addTenant()
  const actor: Actor = { ...tenant.actor('owner'), via: 'chat' }
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
  const privacy = createPrivacy(db.database)
  const toolbox = createToolbox({ database: db.database, tools, privacy, queryTimeoutMs: 10_000 })
  const converse = async (question: string, options: ConverseOptions): Promise<Conversed> => {
    const kept: [string, string][] = []
    const events: TurnEvent[] = []
    const id =
      options.conversationId ??
      (await asTenant(db.database, actor, async (tx) => {
        const place = { channel: 'chat', externalKey: null, memberId: actor.memberId } as const
        return (await openConversation(tx, place)).id
      }))
    const session = await privacy.open(actor, id)
    const settings = { TACT_FALLBACK_MODEL: 'none', ...options.settings } as Config
    const turn = runTurn(question, {
      ...selectModels(settings, options.offline ?? noOffline, session.beforeSend(newId())),
      toolbox,
      privacy: session,
      instructions: 'Answer.\nNow: 2026-11-20T09:00.',
      actor,
      conversationId: id,
      answerId: options.answerId ?? newId(),
      history: [],
      signal: options.signal ?? new AbortController().signal,
      budget: { ...STANDARD_BUDGET, ...options.budget },
      resumed: options.resumed,
      keep: options.keep,
      sourcesOf: (handles) => session.sourcesOf(handles),
      finish: async (_end, said) => void (said && kept.push([said.asked, said.answered])),
    })
    for await (const event of turn) {
      events.push(event)
      options.onEvent?.(event)
    }
    return {
      end: events.at(-1) as TurnEnd,
      events,
      streamed: events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join(''),
      kept,
      conversationId: id,
    }
  }
  const one = async (text: ReturnType<typeof sql>): Promise<unknown> =>
    (await asTenant(db.database, actor, (tx) => rows<{ it: unknown }>(tx, text)))[0]?.it
  return {
    db,
    actor,
    toolbox,
    privacy,
    converse,
    lastConversation: async () =>
      (await one(
        sql`select id as it from workflow.conversations order by created_at desc limit 1`,
      )) as string,
    proposalsIn: async (id) =>
      Number(await one(sql`select count(*) as it from workflow.proposals where conversation_id = ${id}`)),
  }
}
