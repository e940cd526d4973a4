import { describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { testEngines } from '../db/testing.ts'
import { clickable, clickOn, mentionOf, submissionOf } from '../slack-bot/testing/payloads.ts'
import type { FakeMessage, Fields } from '../slack-bot/testing/world.ts'
import { openSlackHouse } from './testing/slack-house.ts'
import type { SlackHouse } from './testing/slack-house.ts'

const shown = (message: FakeMessage | undefined): string =>
  message === undefined ? '' : `${message.text} ${message.markdown} ${JSON.stringify(message.blocks)}`

const buttonsOf = (message: FakeMessage): readonly string[] =>
  clickable(message.blocks).map(({ element }) => String(element['action_id']))

const cardIn = (house: SlackHouse, channel: string): FakeMessage | undefined =>
  house.slack.inChannel(channel).find((message) => buttonsOf(message).includes('tact_open'))

const whispers = (house: SlackHouse, user: string): readonly string[] =>
  house.slack.world.messages.filter(({ ephemeralFor }) => ephemeralFor === user).map(({ text }) => text)

const stageOf = async ({ team }: SlackHouse): Promise<string> => {
  const [found] = await team.query<{ name: string }>(
    sql`select s.name from crm.deals d join crm.stages s on s.id = d.stage_id where d.id = ${team.ids.deal}::uuid`,
  )
  return found!.name
}

const click = async (house: SlackHouse, user: string, actionId: string): Promise<void> => {
  const { slack, sender } = house
  // As a person does: where Slack says that nothing happened, once more.
  for (let isDone = false; !isDone;) {
    const message = cardIn(house, 'CDEALS')!
    const body = clickOn(slack.world, slack.actionsAt, { user, message, actionId })
    isDone = (await sender.interaction(body)).acknowledged
  }
}

const openView = (house: SlackHouse): Fields | undefined =>
  [...house.slack.world.views.values()].findLast((view) => JSON.stringify(view).includes('private_metadata'))

describe.each(testEngines)('Slack on %s', (engine) => {
  test.each(['socket', 'http'] as const)(
    'over %s a question is answered once, its proposal edited, approved by another, refused for a third, taken back',
    async (road) => {
      const house = await openSlackHouse(engine, { road })
      const { slack, sender, until } = house
      try {
        slack.world.channels.get('CDEALS')!.members.push('UVIEWER')
        const asked = slack.world.say('CDEALS', 'UOWNER', '<@U_TACT> Move Rocket fuel to Offer out')
        const envelope = { event_id: 'Ev1' }
        await Promise.all([1, 2, 3].map(() => sender.event(mentionOf(asked), { envelope })))
        await until('the card', () => cardIn(house, 'CDEALS') !== undefined)
        const thread = slack.inChannel('CDEALS', { threadTs: asked.ts })
        const [, answer] = thread
        expect(thread).toHaveLength(3)
        expect(shown(answer)).toContain('Rocket fuel')
        expect(answer!.streamed?.open).toBe(false)
        expect(shown(answer)).toContain('nothing left it')
        expect(slack.world.statuses.get(`CDEALS:${asked.ts}`)!.length).toBeGreaterThan(1)
        expect(slack.calls('chat.startStream')).toHaveLength(1)
        expect(shown(cardIn(house, 'CDEALS'))).toMatch(/Lead.*Offer out/)

        await click(house, 'UVIEWER', 'tact_approve')
        await until('the refusal', () => whispers(house, 'UVIEWER').length === 1)
        expect(whispers(house, 'UVIEWER')[0]).toContain('does not approve')

        await click(house, 'UOWNER', 'tact_edit')
        await until('the dialog', () => openView(house) !== undefined)
        const answered = await sender.interaction(
          submissionOf(slack.world, 'UOWNER', openView(house)!, { 'f-0-0': { value: { value: 'Won' } } }),
        )
        expect(answered.answer).not.toContain('errors')
        await until('the edited card', () => shown(cardIn(house, 'CDEALS')).includes('Won'))

        await click(house, 'UADMIN', 'tact_approve')
        await until('the change', async () => (await stageOf(house)) === 'Won')
        await until('the written card', () => buttonsOf(cardIn(house, 'CDEALS')!).includes('tact_undo'))
        expect(shown(cardIn(house, 'CDEALS'))).toContain('Approved by Admin Tester in slack')
        expect(buttonsOf(cardIn(house, 'CDEALS')!)).toEqual(['tact_undo', 'tact_open'])

        await click(house, 'UOWNER', 'tact_undo')
        await until('the undoing', async () => (await stageOf(house)) === 'Lead')
        await until('the card without buttons', () => buttonsOf(cardIn(house, 'CDEALS')!).length === 1)
        expect(shown(cardIn(house, 'CDEALS'))).toContain('taken back')
        expect(slack.inChannel('CDEALS').filter(({ ephemeralFor }) => !ephemeralFor)).toHaveLength(3)
        expect(slack.violations).toEqual([])
      } finally {
        await house.close()
      }
    },
    120_000,
  )
})
