import { formatMoney } from '../domain/money.ts'
import type { CompanyMail, DealMove, DigestFacts, Item, Lane, MemberMail } from './facts.ts'
import type { TellingLane } from './told.ts'
import type { Move } from './words.ts'

export const SECTIONS = ['lanes', 'people', 'companies', 'deals', 'by_themselves'] as const
export type Section = (typeof SECTIONS)[number]

/** A line with what it rests on and what one press does. */
export interface Line {
  readonly text: string
  readonly detail: string
  /** Its sources in words: `thread “Pilot”, Dana Whitfield`. */
  readonly sources: string
  /** What is behind its button. */
  readonly action?: { readonly label: string; readonly href: string }
}

export interface Block {
  readonly section: Section
  /** Of a thread reply of its own: a member, a company. */
  readonly of?: string
  readonly title: string
  readonly lines: readonly Line[]
  /** Of a model on this machine, borne by the lines of the section that begins here. */
  readonly narrative?: string
  /** `3 more in the inbox`, counts against the window before. */
  readonly note?: string
}

/** A digest as it is read, before any markup. The same facts always give the same layout. */
export interface Layout {
  readonly title: string
  readonly subtitle: string
  /** Nothing to tell: this one line says so. */
  readonly quiet: string | null
  readonly blocks: readonly Block[]
  /** What was told before and is still so, in one line. */
  readonly still: string | null
  readonly inboxHref: string
}

export interface LayoutOptions {
  readonly sections: readonly Section[]
  /** Base of the inbox: `https://crm.example.com/inbox`. */
  readonly inboxUrl: string
  /** Whose page in the inbox has the buttons. */
  readonly channel: string
  readonly isPreview?: true
}

const MOST_LINES = 7
export const LANE_TITLES: Readonly<Record<Lane, string>> = {
  they_wait: 'They wait for us',
  we_wait: 'We wait for them',
  quiet: 'Going quiet',
  decide: 'Needs a decision',
  today: 'Today',
  watched: 'You asked to be told',
}
/** What needs an answer first, what can wait last. */
const ORDER: readonly Lane[] = ['watched', 'decide', 'they_wait', 'today', 'we_wait', 'quiet']
const ONE: Readonly<Record<string, string>> = {
  threads: 'mail',
  proposals: 'proposal',
  meetings: 'meeting',
  tasks: 'task',
  reminders: 'reminder',
  deals: 'deal',
}

const sourceWords = ({ sources }: Item): string =>
  sources
    .filter(({ name }) => name !== '')
    .map(({ entity, name }) => (ONE[entity] === undefined ? name : `${ONE[entity]} “${name}”`))
    .join(', ')

const hrefOf = ({ ready, key }: Item, { inboxUrl, channel }: LayoutOptions): string =>
  ready.kind === 'open'
    ? `${inboxUrl}/proposals/${ready.proposalId}`
    : `${inboxUrl}/digest/${channel}#${encodeURIComponent(key)}`

const laneBlock = ({ lane, items }: TellingLane, options: LayoutOptions): Block => {
  const more = items.length - MOST_LINES
  return {
    section: 'lanes',
    title: LANE_TITLES[lane],
    lines: items.slice(0, MOST_LINES).map((item) => ({
      text: item.title,
      detail: item.why,
      sources: sourceWords(item),
      action: { label: item.ready.label, href: hrefOf(item, options) },
    })),
    ...(more > 0 ? { note: `${more} more in the inbox` } : {}),
  }
}

const mailLine = ({ member, sent, received, people }: MemberMail): Line => ({
  text: member,
  detail: `${sent} sent, ${received} received`,
  sources: people.length === 0 ? '' : `most with ${people.map(({ name }) => name).join(', ')}`,
})

const companyLine = ({ company, sent, received, members }: CompanyMail): Line => ({
  text: company.name,
  detail: `${received} received, ${sent} sent`,
  sources: members.length === 0 ? '' : `by ${members.join(', ')}`,
})

const MOVE_WORDS: Readonly<Record<Move, string>> = {
  new: 'new',
  advanced: 'advanced to',
  back: 'went back to',
  won: 'won:',
  lost: 'lost:',
  stalled: 'stalled in',
}

const dealLine = ({ move, deal, company, stage, amountMinor, currency }: DealMove): Line => ({
  text: deal.name,
  detail: [
    move === 'new' ? `new, in ${stage}` : `${MOVE_WORDS[move]} ${stage}`,
    ...(amountMinor === null ? [] : [formatMoney({ amountMinor, currency })]),
  ].join(', '),
  sources: company ?? '',
})

const SIGNED = new Intl.NumberFormat('en', { signDisplay: 'exceptZero' })
const MOVE_COUNT: Readonly<Record<Move, string>> = {
  new: 'new',
  advanced: 'advanced',
  back: 'went back',
  won: 'won',
  lost: 'lost',
  stalled: 'stalled',
}

const countBlocks = (
  { members, companies, deals, moves, byThemselves }: DigestFacts,
  sections: readonly Section[],
): readonly Block[] => {
  const delta = moves
    .map(({ move, count, before }) => `${count} ${MOVE_COUNT[move]} (${SIGNED.format(count - before)})`)
    .join(', ')
  const auto: readonly Line[] = [
    ...byThemselves.rules.map(({ rule, proposed, failed }) => ({
      text: `Rule “${rule}”`,
      detail: `${proposed} proposed${failed > 0 ? `, ${failed} failed` : ''}`,
      sources: '',
    })),
    ...byThemselves.standing.map(({ kind, passed }) => ({
      text: kind.replaceAll('_', ' '),
      detail: `${passed} passed without asking`,
      sources: '',
    })),
  ]
  const more = deals.length - MOST_LINES
  const all: readonly Block[] = [
    {
      section: 'deals',
      title: 'Deals',
      lines: deals.slice(0, MOST_LINES).map(dealLine),
      ...(delta === ''
        ? {}
        : { note: `${delta} against the window before${more > 0 ? `; ${more} more` : ''}` }),
    },
    ...members.map((one) => ({
      section: 'people' as const,
      of: one.member,
      title: 'Mail by member',
      lines: [mailLine(one)],
    })),
    ...companies.map((one) => ({
      section: 'companies' as const,
      of: one.company.name,
      title: 'Mail by company',
      lines: [companyLine(one)],
    })),
    { section: 'by_themselves', title: 'What passed by itself', lines: auto },
  ]
  return all.filter(({ section, lines }) => sections.includes(section) && lines.length > 0)
}

const dayWords = (date: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${date}T00:00:00Z`))

/** Puts facts in the order in which they are read: decisions first, what can wait last. Pure. */
export const layOut = (
  facts: DigestFacts,
  telling: readonly TellingLane[],
  options: LayoutOptions,
): Layout => {
  const lanes = options.sections.includes('lanes')
    ? ORDER.map((lane) => telling.find((one) => one.lane === lane)!).filter(({ items }) => items.length > 0)
    : []
  const blocks = [...lanes.map((lane) => laneBlock(lane, options)), ...countBlocks(facts, options.sections)]
  const toldBefore = options.sections.includes('lanes')
    ? telling.reduce((sum, lane) => sum + lane.toldBefore, 0)
    : 0
  const still = toldBefore === 0 ? null : `${toldBefore} told before and still open`
  return {
    title: `${facts.workspace}: ${dayWords(facts.window.date)}`,
    subtitle: [
      facts.reader === null ? 'for the team' : `for ${facts.reader}`,
      ...(options.isPreview ? ['preview'] : []),
    ].join(', '),
    quiet: blocks.length === 0 ? `A quiet day: nothing new${still === null ? '' : `, ${still}`}.` : null,
    blocks,
    still,
    inboxHref: `${options.inboxUrl}/digest/${options.channel}`,
  }
}
