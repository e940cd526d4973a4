import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase } from '../db/testing.ts'
import type { TurnEvent } from '../domain/events.ts'
import { makeTeam } from '../writeback/testing.ts'
import type { Team } from '../writeback/testing.ts'
import type { Delivery } from './testing/deliver.ts'
import { clickable, clickOn, messageEventOf, submissionOf } from './testing/payloads.ts'
import { serveBot, turnOf } from './testing/serve-bot.ts'
import type { ServedBot } from './testing/serve-bot.ts'
import type { FakeMessage, Fields } from './testing/world.ts'

const TIMES = { retryMs: 20, beatMs: 200, pollMs: 100 }

const until = async (what: string, look: () => boolean | Promise<boolean>): Promise<void> => {
  const endMs = Date.now() + 90_000
  while (!(await look())) {
    if (Date.now() > endMs) throw new Error(`waited in vain for ${what}`)
    await new Promise((done) => setTimeout(done, 10))
  }
}

const actionsOf = ({ blocks }: FakeMessage): readonly string[] =>
  clickable(blocks).map(({ element }) => String(element['action_id']))

const words = (value: unknown): string => JSON.stringify(value)

describe.each(testEngines)('dialogs and second tries, on %s', (engine) => {
  let db: TestDatabase
  let team: Team
  let bot: ServedBot
  let proposals: readonly string[] = []
  const turns = new Map<string, number>()
  const answer = (question: string): AsyncIterable<TurnEvent> => {
    const turn = (turns.get(question) ?? 0) + 1
    turns.set(question, turn)
    if (question === 'broken' || (question === 'broken at first' && turn < 3))
      throw new Error('a model fell over')
    return turnOf(`Answer to ${question}`, proposals)
  }

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    team = await makeTeam(db)
    bot = await serveBot({
      database: db.database,
      tenantId: team.tenant.workspace.id,
      ask: answer,
      times: TIMES,
    })
    await bot.link('UOWNER', team.owner)
  })
  afterAll(async () => {
    await bot.close()
    await db.close()
  })

  const direct = (): string => bot.slack.world.directMessage('UOWNER').id
  const ask = async (text: string): Promise<FakeMessage> => {
    const asked = bot.slack.world.say(direct(), 'UOWNER', text)
    await bot.sender.event(messageEventOf(bot.slack.world, asked))
    return asked
  }
  const repliesTo = ({ ts }: FakeMessage): readonly string[] =>
    bot.slack
      .inChannel(direct(), { threadTs: ts })
      .filter(({ user }) => user === bot.slack.botUser)
      .map(({ text, markdown }) => markdown || text)
  const stateOf = async (id: string): Promise<string> => {
    const [found] = await team.query<{ state: string }>(
      sql`select state from workflow.proposals where id = ${id}::uuid`,
    )
    return found!.state
  }
  /** The card of a proposal, under an answer. */
  const cardOf = async (id: string): Promise<FakeMessage> => {
    proposals = [id]
    const asked = await ask('Do it')
    const card = (): FakeMessage | undefined =>
      bot.slack
        .inChannel(direct(), { threadTs: asked.ts })
        .find((message) => actionsOf(message).includes('tact_open'))
    await until('the card', () => card() !== undefined)
    await until('the note of where it stands', async () => {
      const noted = await team.query(
        sql`select from workflow.slack_cards where message_ts = ${card()!.ts} and deleted_at is null`,
      )
      return noted.length === 1
    })
    proposals = []
    return card()!
  }
  /** The dialog behind a button, once it is filled. */
  const dialogOf = async (message: FakeMessage, actionId: string): Promise<Fields> => {
    const { world, actionsAt } = bot.slack
    world.views.clear()
    await bot.sender.interaction(clickOn(world, actionsAt, { user: 'UOWNER', message, actionId }))
    const filled = (): Fields | undefined =>
      [...world.views.values()].find((view) => !words(view).includes('One moment'))
    await until('the dialog', () => filled() !== undefined)
    return filled()!
  }
  const send = (view: Fields, values: Fields): Promise<Delivery> =>
    bot.sender.interaction(submissionOf(bot.slack.world, 'UOWNER', view, values))

  test('a proposal is rejected with a reason, which its card says; the same dialog sent again changes nothing', async () => {
    const { proposal } = await team.propose(
      [{ op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { notes: 'a note' } }],
      { now: new Date() },
    )
    const card = await cardOf(proposal.id)
    const view = await dialogOf(card, 'tact_reject')
    expect(words(view)).not.toContain('a note')
    const why = { note: { value: { value: 'Not before the board meets' } } }
    // A dialog that took too long says so, and can be sent again.
    await until('the answer', async () => !(await send(view, why)).answer.includes('took too long'))
    expect(await stateOf(proposal.id)).toBe('rejected')
    await until('the card', () => words(card.blocks).includes('Not before the board meets'))
    expect(actionsOf(card)).toEqual(['tact_open'])
    expect((await send(view, why)).answer).toContain('errors')
    expect(await stateOf(proposal.id)).toBe('rejected')
  })

  test('an address that only outside text named has to be typed, letter by letter', async () => {
    const { proposal } = await team.propose([{ op: 'task', set: { title: 'Pay to drop@evil.example' } }], {
      actor: { ...team.owner, via: 'mcp' },
      now: new Date(),
    })
    const card = await cardOf(proposal.id)
    expect(actionsOf(card)).toEqual(['tact_confirm', 'tact_edit', 'tact_reject', 'tact_open'])
    const view = await dialogOf(card, 'tact_confirm')
    expect(words(view)).toContain('drop@evil.example')
    expect((await send(view, { typed: { value: { value: 'drop@evil.exampl' } } })).answer).toContain('errors')
    expect(await stateOf(proposal.id)).toBe('pending')
    const right = { typed: { value: { value: 'drop@evil.example' } } }
    await until('the answer', async () => !(await send(view, right)).answer.includes('took too long'))
    await until('the writing', async () => (await stateOf(proposal.id)) === 'executed')
  })

  test('a question whose answer breaks off is taken up again', async () => {
    const asked = await ask('broken at first')
    await until('the answer', () => repliesTo(asked).length > 0)
    expect(repliesTo(asked)).toEqual(['Answer to broken at first'])
    expect(turns.get('broken at first')).toBe(3)
  })

  test('a question that cannot be answered is given up after five tries, and its asker is told once', async () => {
    const asked = await ask('broken')
    await until('the end', () => repliesTo(asked).length > 0)
    await until('the row', async () => {
      const [found] = await team.query<{ state: string }>(
        sql`select state from workflow.slack_events where about_message = ${`${direct()}:${asked.ts}`}`,
      )
      return found!.state === 'failed'
    })
    expect(turns.get('broken')).toBe(5)
    expect(repliesTo(asked)).toEqual(['I could not answer this. Ask me again in a moment.'])
  })
})
