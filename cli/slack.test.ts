import { describe, expect, test } from 'vitest'
import { testEngines } from '../db/testing.ts'
import { mentionOf, clickOn, submissionOf } from '../slack-bot/testing/payloads.ts'
import { openSlackHouse } from './testing/slack-house.ts'

describe.each(testEngines)('Slack on %s', (engine) => {
  test.each(['socket', 'http'] as const)('a question over %s is answered, a change proposed, edited, approved and taken back', async (road) => {
    const it = await openSlackHouse(engine, { road })
    const { slack, until, team } = it
    const sender = road === 'socket' ? slack.socket : slack.http(`${it.service.url}/slack/events`)
    try {
      const asked = slack.world.say('CDEALS', 'UOWNER', '<@U_TACT> Move Rocket fuel to Offer out')
      const d = await sender.event(mentionOf(asked))
      console.error(d)
      await until('x', () => slack.inChannel('CDEALS').length > 2, 8000).catch((e) => console.error(String(e)))
      await new Promise((done) => setTimeout(done, 500))
      console.error(JSON.stringify(slack.inChannel('CDEALS'), null, 1))
      console.error(slack.requests.map((r) => [r.method, JSON.stringify(r.reply).slice(0, 120)]))
      console.error(slack.violations)
    } finally {
      await it.close()
    }
    void [clickOn, submissionOf, expect, team]
  }, 60_000)
})
