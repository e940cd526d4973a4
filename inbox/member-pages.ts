import type { Invitation } from '../db/invitations.ts'
import type { Member } from '../db/members.ts'
import { ROLES } from '../domain/actor.ts'
import type { Role } from '../domain/actor.ts'
import { mayManage } from '../domain/permissions.ts'
import { instant } from './card.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

export interface MembersPage {
  readonly members: readonly Member[]
  /** Null for those who may not invite: they see who is here, and nothing else. */
  readonly invitations: readonly Invitation[] | null
  /** The link of an invitation that was just made; shown this once. */
  readonly link: string | null
  readonly notice: Notice | undefined
  readonly acting: Role
  readonly csrf: string
  readonly timezone: string
}

const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}" />`

const roleChoice = (acting: Role, chosen: Role): Html =>
  html`<select name="role" aria-label="Role">
    ${ROLES.filter((role) => mayManage(acting, role)).map(
      (role) => html`<option value="${role}" ${role === chosen && html`selected`}>${role}</option>`,
    )}
  </select>`

const memberActs = (member: Member, { acting, csrf }: MembersPage): Content => {
  if (!mayManage(acting, member.role)) return null
  const base = `/inbox/members/${member.id}`
  return html`<div class="acts">
    <form method="post" action="${base}/role">
      ${csrfField(csrf)}${roleChoice(acting, member.role)}<button>Change role</button>
    </form>
    <form method="post" action="${base}/${member.disabled ? 'enable' : 'disable'}">
      ${csrfField(csrf)}<button>${member.disabled ? 'Enable' : 'Disable'}</button>
    </form>
  </div>`
}

const memberCard = (member: Member, page: MembersPage): Html =>
  html`<article class="card">
    <header>
      <h2><bdi>${member.givenName} ${member.familyName}</bdi></h2>
      <span class="state">${member.disabled ? 'disabled' : member.role}</span>
    </header>
    <p class="meta"><bdi>${member.email}</bdi></p>
    ${memberActs(member, page)}
  </article>`

const invitationCard = (invitation: Invitation, { acting, csrf, timezone }: MembersPage): Html =>
  html`<article class="card">
    <header>
      <h2><bdi>${invitation.email}</bdi></h2>
      <span class="state">${invitation.state}</span>
    </header>
    <p class="meta">as ${invitation.role}, until ${instant(invitation.expiresAt, timezone)}</p>
    ${
      invitation.state === 'open' &&
      mayManage(acting, invitation.role) &&
      html`<div class="acts">
        <form method="post" action="/inbox/invitations/${invitation.id}/revoke">
          ${csrfField(csrf)}<button>Take back</button>
        </form>
      </div>`
    }
  </article>`

const inviteForm = ({ acting, csrf }: MembersPage): Html =>
  html`<section class="card">
    <h2>Invite somebody</h2>
    <form method="post" action="/inbox/invitations">
      ${csrfField(csrf)}
      <div class="acts">
        <input
          type="text"
          name="email"
          maxlength="254"
          autocomplete="off"
          aria-label="E-mail address"
          placeholder="ann@example.com"
        />
        ${roleChoice(acting, 'editor')}<button class="main">Invite</button>
      </div>
    </form>
  </section>`

const linkBox = (link: string | null): Content =>
  link !== null &&
  html`<div class="notice" role="status">
    <p><strong>Send this link to the person you invited.</strong> It works once, and is not shown again.</p>
    <p class="hash">${link}</p>
  </div>`

export const membersPage = (page: MembersPage): Html =>
  html`${noticeBox(page.notice)}${linkBox(page.link)}
    <p class="back"><a href="/inbox">← All proposals</a></p>
    <h1>Members</h1>
    ${page.members.map((member) => memberCard(member, page))}
    ${
      page.invitations !== null &&
      html`<h1>Invitations</h1>
        ${inviteForm(page)} ${page.invitations.map((one) => invitationCard(one, page))}`
    }`

export const joinPage = (
  token: string,
  invitation: { readonly email: string; readonly role: Role; readonly workspace: string },
  notice: Notice | undefined,
): Html =>
  html`<div class="card narrow">
    ${noticeBox(notice)}
    <h1>Join <bdi>${invitation.workspace}</bdi></h1>
    <p>You are invited as ${invitation.role}, with <bdi>${invitation.email}</bdi>.</p>
    <form method="post" action="/inbox/join">
      <input type="hidden" name="token" value="${token}" />
      <p>
        <label
          >First name<br /><input type="text" name="given" maxlength="100" autocomplete="given-name"
        /></label>
      </p>
      <p>
        <label
          >Last name<br /><input type="text" name="family" maxlength="100" autocomplete="family-name"
        /></label>
      </p>
      <div class="acts"><button class="main">Join and sign in</button></div>
    </form>
  </div>`
