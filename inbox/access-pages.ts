import type { AccessToken } from '../db/access-tokens.ts'
import type { SlackLink, SlackUser } from '../db/slack-links.ts'
import { CLIENT_POLICIES } from '../domain/policy.ts'
import type { ClientPolicy } from '../domain/policy.ts'
import { instant } from './card.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

/** A token as it is listed; `owner` is whose it is, null for one's own. */
export interface ListedToken {
  readonly token: AccessToken
  readonly owner: string | null
}

export interface AccessPage {
  readonly links: readonly SlackLink[]
  /** Until when a code is good that nobody has used yet. */
  readonly openUntil: string | undefined
  /** A code that was just made; shown this once. */
  readonly code: string | null
  /** Whom a code from the bot would let act as oneself. */
  readonly asking: { readonly code: string; readonly user: SlackUser } | null
  readonly tokens: readonly ListedToken[]
  /** Whether who looks decides what is hidden from clients. */
  readonly maySetPolicy: boolean
  readonly notice: Notice | undefined
  readonly csrf: string
  readonly timezone: string
  readonly nowMs: number
}

const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}" />`

const act = (csrf: string, action: string, label: string): Html =>
  html`<div class="acts">
    <form method="post" action="/inbox/access/${action}">${csrfField(csrf)}<button>${label}</button></form>
  </div>`

const codeBox = (code: string | null): Content =>
  code !== null &&
  html`<div class="notice" role="status">
    <p>
      <strong>Send this code to Tact in Slack as a direct message.</strong> It works once, for ten minutes,
      and is not shown again: whoever sends it there acts as you.
    </p>
    <p class="hash">${code}</p>
  </div>`

const askingCard = ({ asking, csrf }: AccessPage): Content =>
  asking !== null &&
  html`<section class="card">
    <h2>Let a Slack user act as you?</h2>
    <p>
      User <bdi>${asking.user.slackUserId}</bdi> of Slack team <bdi>${asking.user.teamId}</bdi> asked for it.
      Go on only if that is you.
    </p>
    <div class="acts">
      <form method="post" action="/inbox/access/slack-links">
        ${csrfField(csrf)}<input type="hidden" name="code" value="${asking.code}" />
        <button class="main">Yes, that is me</button>
      </form>
    </div>
  </section>`

const codeCard = ({ csrf, openUntil, timezone }: AccessPage): Html =>
  html`<section class="card">
    <h2>Link your Slack user</h2>
    ${
      openUntil === undefined
        ? html`<p class="meta">No code is open.</p>`
        : html`<p class="meta">A code is open until ${instant(openUntil, timezone)}.</p>
            ${act(csrf, 'slack-codes/end', 'End it now')}`
    }
    ${act(csrf, 'slack-codes', openUntil === undefined ? 'Make a code' : 'Make another')}
  </section>`

const linkCard = (link: SlackLink, { csrf, timezone }: AccessPage): Html =>
  html`<article class="card">
    <header>
      <h2>Slack user <bdi>${link.slackUserId}</bdi></h2>
    </header>
    <p class="meta">team <bdi>${link.teamId}</bdi>, since ${instant(link.createdAt, timezone)}</p>
    ${act(csrf, `slack-links/${link.id}/end`, 'Unlink')}
  </article>`

const isOver = ({ expiresAt, revokedAt }: AccessToken, nowMs: number): boolean =>
  revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= nowMs)

const POLICY_WORDS: Readonly<Record<ClientPolicy, string>> = {
  strict: 'strict: places, titles and amounts too',
  standard: 'standard: people, companies, deals and addresses',
  'contacts-only': 'contacts-only: people alone',
}

const policyForm = ({ id, policy }: AccessToken, csrf: string): Html =>
  html`<form method="post" action="/inbox/access/tokens/${id}/policy">
    ${csrfField(csrf)}
    <label for="policy-${id}">Hidden from its client</label>
    <select id="policy-${id}" name="policy">
      <option value="workspace">as the workspace has it</option>
      ${CLIENT_POLICIES.map((one) => html`<option value="${one}" ${one === policy && html`selected`}>${POLICY_WORDS[one]}</option>`)}
    </select>
    <div class="acts"><button>Hide this</button></div>
  </form>`

const policyLine = ({ policy }: AccessToken): Html =>
  html`<p class="meta">
    Hidden from its client: ${policy === null ? 'as the workspace has it' : POLICY_WORDS[policy]}
  </p>`

const tokenCard = (
  { token, owner }: ListedToken,
  { csrf, timezone, nowMs, maySetPolicy }: AccessPage,
): Html => {
  const at = (moment: string | null, otherwise: string): string =>
    moment === null ? otherwise : instant(moment, timezone)
  return html`<article class="card">
    <header>
      <h2><bdi>${token.name}</bdi></h2>
      <span class="state"
        >${token.revokedAt !== null ? 'revoked' : isOver(token, nowMs) ? 'expired' : token.scopes.join(', ')}</span
      >
    </header>
    <p class="meta">
      ${owner !== null && html`<bdi>${owner}</bdi> · `}made ${instant(token.createdAt, timezone)} · last used
      ${at(token.lastUsedAt, 'never')} · until ${at(token.expiresAt, 'it is revoked')}
    </p>
    ${isOver(token, nowMs) || !maySetPolicy ? policyLine(token) : policyForm(token, csrf)}
    ${!isOver(token, nowMs) && act(csrf, `tokens/${token.id}/revoke`, 'Revoke')}
  </article>`
}

export const accessPage = (page: AccessPage): Html =>
  html`${noticeBox(page.notice)}${codeBox(page.code)}
    <p class="back"><a href="/inbox">← All proposals</a></p>
    <h1>Access</h1>
    <section class="card">
      <h2><a href="/inbox/passkeys">Passkeys</a></h2>
      <p class="meta">Sign in with your device instead of a link.</p>
    </section>
    ${askingCard(page)} ${codeCard(page)} ${page.links.map((link) => linkCard(link, page))}
    <h1>Tokens and sessions</h1>
    ${page.tokens.length === 0 && html`<p class="meta">There are none.</p>`}
    ${page.tokens.map((token) => tokenCard(token, page))}`
