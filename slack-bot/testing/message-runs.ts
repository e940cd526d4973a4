import { createRandom, type Random } from '../../writeback/imports/testing/random.ts'
import type { ShownChange, ShownProposal } from '../../writeback/show.ts'
import { SlackBudget } from '../budget.ts'
import { proposalCard } from '../cards.ts'
import { slackClients, type SlackClients } from '../clients.ts'
import { digestMessages, replyMessages } from '../render/digest.ts'
import { AnswerStream } from '../stream.ts'
import { FakeSlack } from './fake-slack.ts'
import { dangersIn } from './reading.ts'
import { SimulatedClock } from './simulated-clock.ts'

/** What one generated message came to: nothing should be wrong. */
export interface MessageRun {
  readonly kind: 'answer' | 'diff' | 'digest'
  readonly seed: number
  readonly messages: number
  readonly wrong: readonly string[]
}

const HOSTS: ReadonlySet<string> = new Set(['crm.example'])
const HOSTILE = [
  '<!channel>',
  '<!here|here>',
  '<!everyone>',
  '@channel',
  '@here',
  '@everyone',
  '<@U0ABC>',
  '<#C0ABC|deals>',
  '<!subteam^S1|all>',
  '&lt;!channel&gt;',
  '`<!channel>`',
  '```\n<!channel> https://evil.example/x\n```',
  '```',
  '~~~',
  '[click](https://evil.example/x)',
  '[x](<https://evil.example>)',
  '[ok](https://crm.example/inbox)',
  '[a]: https://evil.example/b',
  '![p](https://evil.example/p.png)',
  '<https://evil.example|crm.example>',
  '<https://evil.example>',
  'https://evil.example/?q=1',
  'www.evil.example',
  '//evil.example/x',
  'evil.example/path',
  'javascript:alert(1)',
  'mailto:x@evil.example',
  'data:text/html,x',
  '<a href="https://evil.example">x</a>',
  'https://crm.example@evil.example/',
  'https://crm.example/inbox?a=1&b=2',
  '\u202Ereversed\u202C',
  'שלום עולם',
  'مرحبا',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  '\ud800',
  '\u0000',
  '\u200b',
  '\u2066',
  'e\u0301',
  '日本語',
  '*bold* _soft_ ~gone~',
  '**',
  '> quoted',
  '# Heading',
  '- item',
  '1. one',
  '\\',
  '|',
  '||',
  ' | a | b | ',
  '| A | B |\n| --- | --- |\n| <!channel> | https://evil.example |\n| 2 | 3 |\n',
  '| Stage | Sum |\n| --- | ---: |\n| Won | €12,000 |\n| Lost | €3,000 |\n',
  '\n',
  '\n\n',
  ' ',
  '\t',
  '\r\n',
  '%s',
  '${x}',
  '<script>',
  '&amp;',
  "';--",
  'Dana Whitfield',
  'Acme GmbH & Co. KG',
  'ana@acme.example',
]

const textOf = (random: Random): string => {
  if (random.chance(0.004)) return `${random.pick(HOSTILE)}${'notes '.repeat(175_000)}${random.pick(HOSTILE)}`
  if (random.chance(0.01)) return random.pick(HOSTILE).repeat(1 + random.below(3000))
  return Array.from({ length: random.below(12) }, () => random.pick(HOSTILE)).join(
    random.pick(['', ' ', ' ', '\n']),
  )
}
const nameOf = (random: Random) => ({ ref: { entity: 'deals' as const, id: 'd1' }, title: textOf(random) })

const changeOf = (random: Random): ShownChange => ({
  op: random.pick(['create', 'update', 'archive', 'restore', 'merge'] as const),
  kind: 'update',
  entity: 'deals',
  one: 'deal',
  record: nameOf(random),
  fields: Array.from({ length: random.below(9) }, () => ({
    field: random.pick(['stage', 'notes', 'amount_minor', textOf(random)]),
    type: 'text' as ShownChange['fields'][number]['type'],
    hide: 'text' as unknown as ShownChange['fields'][number]['hide'],
    old: random.chance(0.3) ? null : { text: textOf(random) },
    new: random.chance(0.2) ? null : { text: textOf(random) },
  })),
  links: random.chance(0.3)
    ? [
        {
          relation: 'people',
          action: random.pick(['add', 'remove'] as const),
          target: nameOf(random),
        },
      ]
    : [],
  evidence: Array.from({ length: random.below(4) }, () => ({
    record: random.chance(0.2) ? null : nameOf(random),
    quote: random.chance(0.3) ? null : textOf(random),
    found: random.pick([true, false, null]),
  })),
  into: random.chance(0.1) ? nameOf(random) : null,
})

const proposalOf = (random: Random): ShownProposal => {
  const state = random.pick([
    'pending',
    'pending',
    'executed',
    'rejected',
    'expired',
    'conflicted',
    'failed',
    'undone',
  ] as const)
  const at = '2026-11-21T10:00:00.000Z'
  const decided = state !== 'pending'
  return {
    id: '01999999-aaaa-7bbb-8ccc-0123456789ab',
    state,
    hash: 'a'.repeat(64),
    reason: random.chance(0.3) ? null : textOf(random),
    changes: Array.from({ length: 1 + random.below(random.chance(0.1) ? 60 : 4) }, () => changeOf(random)),
    conversationId: null,
    proposedBy: random.chance(0.2) ? null : nameOf(random),
    proposedVia: 'slack',
    createdAt: at,
    expiresAt: at,
    decidedBy: decided ? nameOf(random) : null,
    decidedVia: decided ? 'slack' : null,
    decidedAt: decided ? at : null,
    decisionNote: random.chance(0.5) ? null : textOf(random),
    executedAt: state === 'executed' ? at : null,
    undoneAt: state === 'undone' ? at : null,
    failure: state === 'failed' ? textOf(random) : null,
    label: {
      outside: random.chance(0.4),
      sources: [{ what: textOf(random) }],
      changes: [],
      toType: random.chance(0.2) ? [textOf(random)] : [],
      strangers: random.chance(0.3) ? [{ address: textOf(random), sources: [{ what: textOf(random) }] }] : [],
      oneByOne: random.chance(0.2),
      derived: random.chance(0.2),
    } as unknown as ShownProposal['label'],
    approval: { reasons: [], needed: 1, given: random.chance(0.2) ? [nameOf(random)] : [] },
    leftOut: [],
    undonePlaces: [],
    standingId: null,
  }
}

const sendCard = async (random: Random, { background }: SlackClients, channel: string): Promise<void> => {
  const { text, blocks } = proposalCard(proposalOf(random), {
    timezone: 'Europe/Berlin',
    inboxUrl: 'https://crm.example/inbox',
    impact: Array.from({ length: random.below(13) }, () => textOf(random)),
    revision: random.below(9),
  })
  await background.chat.postMessage({ channel, text, blocks: [...blocks] })
}

const sendDigest = async (random: Random, { background }: SlackClients, channel: string): Promise<void> => {
  const sections = Array.from({ length: random.below(random.chance(0.1) ? 60 : 6) }, () => ({
    heading: textOf(random),
    lines: Array.from({ length: random.below(random.chance(0.1) ? 80 : 9) }, () => ({
      text: textOf(random),
      ...(random.chance(0.5)
        ? {
            url: random.pick([
              'https://crm.example/inbox/a?b=1&c=>|',
              'https://evil.example/',
              'javascript:alert(1)',
              'not an address',
            ]),
          }
        : {}),
    })),
  }))
  const messages = [
    ...digestMessages({ title: textOf(random), window: textOf(random), sections }, HOSTS),
    ...sections.slice(0, 2).flatMap((section) => replyMessages(section, HOSTS)),
  ]
  for (const { text, blocks } of messages)
    await background.chat.postMessage({
      channel,
      text,
      blocks: [...blocks],
      unfurl_links: false,
      unfurl_media: false,
    })
}

const sendAnswer = async (
  random: Random,
  clients: SlackClients,
  channel: string,
  threadTs: string,
  clock: SimulatedClock,
): Promise<string> => {
  const stream = new AnswerStream({
    clients,
    budget: new SlackBudget(clock),
    clock,
    place: { channel, threadTs },
    answerId: 'a1',
    hosts: HOSTS,
    gapMs: 10,
  })
  const text = Array.from({ length: 1 + random.below(12) }, () => textOf(random)).join(
    random.pick(['', ' ', '\n']),
  )
  for (let at = 0; at < text.length;) {
    const length = 1 + random.below(text.length > 50_000 ? 60_000 : 60)
    stream.write(text.slice(at, at + length))
    at += length
    if (random.chance(0.2)) await clock.sleep(20)
  }
  const done = await stream.finish()
  return done.outcome === 'failed' ? done.code : ''
}

/** One answer, card or digest of hostile texts, sent to the strict fake and read there as Slack would. */
export const runMessage = async (seed: number): Promise<MessageRun> => {
  const random = createRandom(seed)
  const kind = (['answer', 'diff', 'digest'] as const)[seed % 3]!
  const clock = new SimulatedClock()
  const slack = new FakeSlack({ clock })
  slack.world.addUser({ id: 'U_ANA' })
  const channel = slack.world.directMessage('U_ANA').id
  const asked = slack.world.say(channel, 'U_ANA', 'how many?')
  const clients = slackClients(slack.botToken, slack.clientOptions())
  const work = async (): Promise<string> => {
    if (kind === 'answer') return sendAnswer(random, clients, channel, asked.ts, clock)
    await (kind === 'diff' ? sendCard(random, clients, channel) : sendDigest(random, clients, channel)).catch(
      () => {},
    )
    return ''
  }
  const failed = await clock.until(work())
  const messages = slack.inChannel(channel).filter(({ user }) => user === slack.botUser)
  return {
    kind,
    seed,
    messages: messages.length,
    wrong: [
      ...slack.violations.map(({ method, error, details }) => `${method}: ${error} ${details.join('; ')}`),
      ...(failed ? [`failed: ${failed}`] : []),
      ...messages.flatMap((message) => dangersIn(message, HOSTS)),
      ...messages.flatMap(({ unfurl }) => (unfurl === true && kind !== 'diff' ? ['links are unfolded'] : [])),
    ],
  }
}
