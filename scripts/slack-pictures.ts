import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { openHouse } from '../cli/compose.ts'
import { prepareDemo } from '../cli/demo-prepare.ts'
import { serve } from '../cli/serve.ts'
import { silentIo } from '../cli/testing/silent-io.ts'
import { loadConfig } from '../config.ts'
import { actorFor } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { findWorkspace, nowOf, ownWorkspace } from '../db/workspace.ts'
import { closedCard, proposalCard, type CardMessage } from '../slack-bot/cards.ts'
import { digestMessages } from '../slack-bot/render/digest.ts'
import { drawPage, drawThread, drawView } from '../slack-bot/testing/draw.ts'
import { FakeSlack } from '../slack-bot/testing/fake-slack.ts'
import { clickable, clickOn, mentionOf, messageEventOf, submissionOf } from '../slack-bot/testing/payloads.ts'
import { linkInSlack } from '../slack-bot/testing/serve-bot.ts'
import { getProposal } from '../writeback/list.ts'
import type { ShownProposal } from '../writeback/show.ts'
import type { FakeMessage, Fields } from '../slack-bot/testing/world.ts'

/** `node scripts/slack-pictures.ts`: the pictures of docs/slack.md, of messages that the product sent to the fake of Slack. */
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
)
if (executablePath === undefined) throw new Error('There is no Chromium on this machine.')
const docs = join(import.meta.dirname, '..', 'docs')
const pictures: { readonly name: string; readonly content: string }[] = []
const shoot = (name: string, content: string): void => void pictures.push({ name, content })

const home = mkdtempSync(join(tmpdir(), 'tact-pictures-'))
const slack = await new FakeSlack().listen()
const config = loadConfig({
  TACT_HOME: home,
  TACT_PORT: '0',
  TACT_SLACK_BOT_TOKEN: slack.botToken,
  TACT_SLACK_APP_TOKEN: slack.appToken,
  TACT_SLACK_API_URL: slack.apiUrl,
  TACT_SLACK_WORKSPACE: 'cobalt',
})
const house = await openHouse(config)
await prepareDemo(house, silentIo(home))
const workspace = (await findWorkspace(house.database, 'cobalt'))!
for (const [user, name] of [
  ['UJENNA', 'jenna'],
  ['UOTHER', 'marcus'],
] as const)
  await linkInSlack({ slack, database: house.database }, user, {
    member: await actorFor(house.database, workspace, `${name}@cobalt.example`, 'cli'),
  })
slack.world.addChannel({ id: 'CDEALS', members: ['UJENNA', 'UOTHER'] })
const service = await serve(house, { config, run: async () => 1 })
const sender = slack.socket
const until = async (what: string, look: () => boolean): Promise<void> => {
  for (let tries = 0; !look(); tries++) {
    if (tries > 1500)
      throw new Error(`waited in vain for ${what}: ${JSON.stringify(slack.world.messages.at(-1))}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}
const { world } = slack
const threadOf = ({ channel, ts }: FakeMessage): readonly FakeMessage[] =>
  slack.inChannel(channel, { threadTs: ts })
const idsOf = ({ blocks }: FakeMessage): readonly unknown[] =>
  clickable(blocks).map(({ element }) => element.action_id)
const has = (message: FakeMessage | undefined, text: string): boolean =>
  JSON.stringify(message?.blocks ?? []).includes(text)

const cardOf = (asked: FakeMessage): FakeMessage | undefined =>
  threadOf(asked).find((message) => idsOf(message).includes('tact_open'))
const propose = async (text: string): Promise<FakeMessage> => {
  const asked = world.say('CDEALS', 'UJENNA', `<@${slack.botUser}> ${text}`)
  await sender.event(mentionOf(asked))
  await until('the card', () => cardOf(asked) !== undefined)
  return asked
}
const click = (user: string, asked: FakeMessage, actionId: string) =>
  sender.interaction(clickOn(world, slack.actionsAt, { user, message: cardOf(asked)!, actionId }))
const openView = (): Fields | undefined =>
  [...world.views.values()].findLast((view) => JSON.stringify(view).includes('private_metadata'))

const question = world.say(world.directMessage('UJENNA').id, 'UJENNA', 'Pipeline by stage')
await sender.event(messageEventOf(world, question))
await until('the answer', () =>
  threadOf(question).some(({ blocks }) => blocks.some(({ type }) => type === 'context_actions')),
)
shoot('answer', drawThread(threadOf(question), slack.botUser))

const moved = await propose('Move the Arbor renewal to Negotiation')
shoot('card', drawThread(threadOf(moved), slack.botUser))
await click('UJENNA', moved, 'tact_edit')
await until('the dialog', () => openView() !== undefined)
shoot('edit', drawView(openView()!))
await sender.interaction(
  submissionOf(world, 'UJENNA', openView()!, { 'f-0-0': { value: { value: 'Demo' } } }),
)
await until('the edited card', () => has(cardOf(moved), 'Demo'))
await click('UOTHER', moved, 'tact_approve')
await until('the written card', () => has(cardOf(moved), 'tact_undo'))
shoot('written', drawThread([cardOf(moved)!], slack.botUser))
await click('UJENNA', moved, 'tact_undo')
await until('the card taken back', () => has(cardOf(moved), 'taken back') || has(cardOf(moved), 'Taken back'))
shoot('undone', drawThread([cardOf(moved)!], slack.botUser))

const unwanted = await propose('Change the amount of the Arbor renewal to 75k')
world.views.clear()
await click('UOTHER', unwanted, 'tact_reject')
await until('the dialog', () => openView() !== undefined)
shoot('reject', drawView(openView()!))

const proposalId = JSON.stringify(cardOf(moved)!.blocks).match(/proposals\/([0-9a-f-]{36})/)![1]!
const jenna = await actorFor(house.database, workspace, 'jenna@cobalt.example', 'cli')
const stored = await asTenant(house.database, jenna, async (tx) => {
  const own = await ownWorkspace(tx)
  return getProposal({ tx, workspace: own, now: nowOf(own) }, proposalId)
})
const inboxUrl = 'https://crm.example/inbox'
const put = ({ text, blocks }: CardMessage): FakeMessage =>
  world.put({
    channel: 'CDEALS',
    ts: world.ts(),
    user: slack.botUser,
    text,
    blocks: blocks as unknown as Fields[],
    markdown: '',
    edits: 0,
  })
const draw = (more: Partial<ShownProposal>): FakeMessage =>
  put(
    proposalCard(
      { ...stored, ...more },
      { timezone: 'America/Chicago', inboxUrl, impact: ['Open pipeline: −$48,000'], revision: 1 },
    ),
  )
const open = {
  state: 'pending',
  decidedBy: null,
  decidedVia: null,
  decidedAt: null,
  executedAt: null,
  undoneAt: null,
} as const
const source = {
  source: null,
  what: 'mail from a stranger, 2026-11-19',
  author: null,
  integrity: 'external',
  readers: [],
} as const
shoot(
  'outside',
  drawThread(
    [
      draw({
        ...open,
        label: { ...stored.label, outside: true, sources: [source], oneByOne: true },
        approval: { reasons: ['owner'], needed: 2, given: [] },
      }),
    ],
    slack.botUser,
  ),
)
const states = [
  draw({ ...open, state: 'expired' }),
  draw({
    ...stored,
    state: 'rejected',
    executedAt: null,
    undoneAt: null,
    decisionNote: 'Not before the board meets.',
  }),
  draw({ ...stored, state: 'conflicted', executedAt: null, undoneAt: null }),
  draw({ ...stored, state: 'failed', executedAt: null, undoneAt: null, failure: 'The record is gone.' }),
  put(closedCard(proposalId, inboxUrl)),
]
shoot('states', drawThread(states, slack.botUser))
world.messages.splice(-6)

const digest = digestMessages(
  {
    title: 'Saturday 21 November',
    window: 'Since Friday 08:00',
    sections: [
      {
        heading: 'Needs you',
        lines: [
          { text: 'Approve: Rocket fuel to Won', url: 'https://crm.example/inbox/proposals' },
          { text: 'Unanswered for 2 days: mail of Dana Whitfield' },
        ],
      },
      {
        heading: 'What changed',
        lines: [{ text: '3 deals new, 2 advanced, 1 lost' }, { text: 'Pipeline €1.2m, up €40k' }],
      },
    ],
  },
  new Set(['crm.example']),
)
const channel = world.directMessage('UOTHER').id
const posted = digest.map(({ text, blocks }) =>
  world.put({
    channel,
    ts: world.ts(),
    user: slack.botUser,
    text,
    blocks: blocks as unknown as Fields[],
    markdown: '',
    edits: 0,
  }),
)
shoot('digest', drawThread(posted, slack.botUser))
if (slack.violations.length > 0) throw new Error(`Slack would refuse: ${JSON.stringify(slack.violations)}`)
await service.close()
await house.close()
await slack.close()
rmSync(home, { recursive: true, force: true })

const browser = await chromium.launch({ executablePath })
const page = await browser.newPage({ viewport: { width: 720, height: 200 } })
for (const { name, content } of pictures) {
  await page.setContent(drawPage(name, content))
  await page.locator('main').screenshot({ path: join(docs, `slack-${name}.png`) })
}
await browser.close()
