import type { ProposalState } from '../domain/proposal-states.ts'
import type { ShownProposal } from '../writeback/show.ts'
import { bulkBar } from './card-actions.ts'
import { proposalCard } from './card.ts'
import type { CardOptions } from './card.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
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

export interface ListPage {
  readonly tab: Tab
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

const empty = ({ tab }: ListPage): Html =>
  tab.key === 'waiting'
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
    ${options.tab.key === 'waiting' && bulkBar(options.proposals, { ...options.card, whole: false })}
    ${options.proposals.length === 0 ? empty(options) : options.proposals.map((one) => proposalCard(one, { ...options.card, whole: false }))}`

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
