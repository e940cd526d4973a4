import { CHANGE_KINDS } from '../domain/change-kinds.ts'
import { LONGEST_DAYS, MOST_A_DAY } from '../writeback/standing.ts'
import type { StandingApproval, StandingUse } from '../writeback/standing.ts'
import { instant, label } from './card.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

export interface StandingPage {
  readonly standing: readonly StandingApproval[]
  readonly uses: readonly StandingUse[]
  /** Name of each member, by id. */
  readonly members: ReadonlyMap<string, string>
  readonly mayGrant: boolean
  readonly mayRevoke: boolean
  readonly now: Date
  readonly notice: Notice | undefined
  readonly csrf: string
  readonly timezone: string
}

const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}" />`

const SCOPE_WORDS = { own: 'about records of the one who asks', all: 'about any record' } as const

const stateOf = ({ revokedAt, until }: StandingApproval, now: Date): 'holds' | 'revoked' | 'over' =>
  revokedAt !== null ? 'revoked' : Date.parse(until) <= now.getTime() ? 'over' : 'holds'

const card = (one: StandingApproval, page: StandingPage): Html => {
  const state = stateOf(one, page.now)
  const nameOf = (id: string): string => page.members.get(id) ?? 'a former member'
  return html`<article class="card">
    <header>
      <h2>${label(one.kind)}</h2>
      <span class="state ${state === 'holds' && 'executed'}">${state}</span>
    </header>
    <p class="meta">
      ${SCOPE_WORDS[one.scope]}${one.memberId !== null && html`, asked for by <bdi>${nameOf(one.memberId)}</bdi>`};
      at most ${one.perDay} a day, until ${instant(one.until, page.timezone)}. Granted by
      <bdi>${nameOf(one.grantedBy)}</bdi>. Used ${one.uses}
      times${one.lastDay !== null && html`, ${one.usesThatDay} of them on ${one.lastDay}`}.
    </p>
    ${
      state === 'holds' &&
      page.mayRevoke &&
      html`<form class="acts" method="post" action="/inbox/standing/${one.id}/revoke">
        ${csrfField(page.csrf)}<button>Ask again from now on</button>
      </form>`
    }
  </article>`
}

const grantForm = ({ csrf, members }: StandingPage): Html =>
  html`<form class="card ask" method="post" action="/inbox/standing">
    <h2>Let a kind of change pass</h2>
    <p class="meta">
      Never what needs two people, and never what came from outside text. Only Tact itself uses it.
    </p>
    ${csrfField(csrf)}
    <label for="kind">Kind</label>
    <select id="kind" name="kind">
      ${CHANGE_KINDS.map((kind) => html`<option value="${kind}">${label(kind)}</option>`)}
    </select>
    <label for="scope">About</label>
    <select id="scope" name="scope">
      <option value="own">records of the one who asks</option>
      <option value="all">any record</option>
    </select>
    <label for="member">Asked for by</label>
    <select id="member" name="member">
      <option value="">anybody</option>
      ${[...members].map(([id, name]) => html`<option value="${id}">${name}</option>`)}
    </select>
    <label for="per_day">A day at most</label>
    <input type="number" id="per_day" name="per_day" min="1" max="${MOST_A_DAY}" value="5" required />
    <label for="until">Until, at most ${LONGEST_DAYS} days from now</label>
    <input type="date" id="until" name="until" required />
    <div class="acts"><button class="main">Let it pass</button></div>
  </form>`

const usesCard = ({ uses, timezone }: StandingPage): Content =>
  uses.length > 0 &&
  html`<article class="card">
    <h2>What passed in the last week</h2>
    <ul>
      ${uses.map(({ proposalId, kind, at }) => html`<li><a href="/inbox/proposals/${proposalId}">${label(kind)}</a>, ${instant(at, timezone)}</li>`)}
    </ul>
  </article>`

/** What passes without asking, on which leash, and what did. */
export const standingPage = (page: StandingPage): Html =>
  html`${noticeBox(page.notice)}
    <p class="back"><a href="/inbox/settings">← Settings</a></p>
    <h1>Changes that pass without asking</h1>
    ${
      page.standing.length === 0
        ? html`<div class="card empty"><p>Nothing passes without asking.</p></div>`
        : page.standing.map((one) => card(one, page))
    }
    ${usesCard(page)} ${page.mayGrant && grantForm(page)}`
