import { isUuid } from '../domain/ids.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import type { ShownProposal } from '../writeback/show.ts'
import { bulkBar } from './card-actions.ts'
import { proposalCard } from './card.ts'
import type { CardOptions } from './card.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

export interface Tab {
  readonly key: string
  readonly name: string
  readonly states: readonly ProposalState[]
}

export const TABS: readonly Tab[] = [
  { key: 'waiting', name: 'Waiting', states: ['pending'] },
  { key: 'written', name: 'Written', states: ['approved', 'executing', 'executed'] },
  { key: 'closed', name: 'Not written', states: ['rejected', 'expired', 'conflicted', 'failed', 'undone'] },
]

export const tabOf = (key: unknown): Tab => TABS.find((tab) => tab.key === key) ?? TABS[0]!

/** What the list is narrowed to; nothing where all are shown. */
export interface ListFilter {
  /** Id of the member who asked. */
  readonly by?: string
  /** Name of the entity of which a record changes. */
  readonly about?: string
}

/** What a list may be narrowed to: members by id, entities by name, each with the words for it. */
export interface FilterChoices {
  readonly by: ReadonlyMap<string, string>
  readonly about: ReadonlyMap<string, string>
}

/** The filter that an address asks for; what is neither an id of a member nor a name is no filter. */
export const filterOf = ({ by, about }: { readonly by: unknown; readonly about: unknown }): ListFilter => ({
  ...(typeof by === 'string' && isUuid(by) ? { by } : {}),
  ...(typeof about === 'string' && /^[a-z_]{1,40}$/.test(about) ? { about } : {}),
})

export interface ListPage {
  readonly tab: Tab
  readonly filter: ListFilter
  readonly choices: FilterChoices
  /** Id of the last one shown, where there are more. */
  readonly more: string | null
  readonly waiting: number
  readonly proposals: readonly ShownProposal[]
  readonly notice: Notice | undefined
  readonly card: Omit<CardOptions, 'whole'>
}

const tabLink = (tab: Tab, { tab: current, waiting }: ListPage): Html =>
  html`<li>
    <a href="/inbox?show=${tab.key}" ${tab.key === current.key && html` aria-current="page"`}
      >${tab.name}${tab.key === 'waiting' && waiting > 0 && html` (${waiting})`}</a
    >
  </li>`

const select = (
  name: 'by' | 'about',
  heading: string,
  { filter, choices }: Pick<ListPage, 'filter' | 'choices'>,
): Html =>
  html`<label for="${name}">${heading}</label>
    <select id="${name}" name="${name}">
      <option value="">any</option>
      ${[...choices[name]].map(([value, words]) => html`<option value="${value}" ${filter[name] === value && html`selected`}>${words}</option>`)}
    </select>`

/** The list narrowed to who asked and what it is about. */
const filterForm = (page: ListPage): Html =>
  html`<form method="get" action="/inbox" class="bulk" role="search" aria-label="Narrow the list">
    <input type="hidden" name="show" value="${page.tab.key}" />
    ${select('by', 'Asked for by', page)} ${select('about', 'About', page)}<button>Show</button>
  </form>`

const moreLink = ({ tab, filter, more }: ListPage): Content =>
  more !== null &&
  html`<p class="back">
    <a href="/inbox?${new URLSearchParams({ show: tab.key, ...filter, after: more }).toString()}"
      >Older ones →</a
    >
  </p>`

const isNarrowed = ({ filter }: ListPage): boolean => Object.keys(filter).length > 0

const empty = (page: ListPage): Html =>
  isNarrowed(page)
    ? html`<div class="card empty"><p>None of these.</p></div>`
    : page.tab.key === 'waiting'
      ? html`<div class="card empty">
          <p><strong>Nothing waits for you.</strong></p>
          <p>When somebody asks Tact to change a record, the change stands here until a person decides.</p>
        </div>`
      : html`<div class="card empty"><p>Nothing here yet.</p></div>`

export const listPage = (options: ListPage): Html =>
  html`${noticeBox(options.notice)}
    <h1>Proposed changes</h1>
    <nav aria-label="Proposals by state">
      <ul class="tabs">
        ${TABS.map((tab) => tabLink(tab, options))}
      </ul>
    </nav>
    ${(options.proposals.length > 1 || isNarrowed(options)) && filterForm(options)}
    ${options.tab.key === 'waiting' && bulkBar(options.proposals, { ...options.card, whole: false })}
    ${options.proposals.length === 0 ? empty(options) : options.proposals.map((one) => proposalCard(one, { ...options.card, whole: false }))}
    ${moreLink(options)}`

export const proposalPage = (
  proposal: ShownProposal,
  card: Omit<CardOptions, 'whole'>,
  notice: Notice | undefined,
): Html =>
  html`${noticeBox(notice)}
    <p class="back"><a href="/inbox">← All proposals</a></p>
    ${proposalCard(proposal, { ...card, whole: true })}`

export const signInPage = (token: string, name: string, workspace: string): Html =>
  html`<div class="card narrow">
    <h1>Sign in</h1>
    <p>
      You are about to sign in to <strong><bdi>${workspace}</bdi></strong> as
      <strong><bdi>${name}</bdi></strong> in this browser.
    </p>
    <form method="post" action="/inbox/sign-in">
      <input type="hidden" name="token" value="${token}" />
      <div class="acts"><button class="main">Sign in</button></div>
    </form>
  </div>`

export const messagePage = (heading: string, text: string): Html =>
  html`<div class="card narrow">
    <h1>${heading}</h1>
    <p>${text}</p>
  </div>`
