import { VISIBILITIES } from '../db/catalog/mailboxes.ts'
import type { Visibility } from '../db/catalog/mailboxes.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { instant } from './card.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

export interface MailboxesPage {
  readonly mailboxes: readonly Mailbox[]
  /** Address of each member, by id. */
  readonly members: ReadonlyMap<string, string>
  /** Who looks: decides about their own. */
  readonly memberId: string | null
  readonly notice: Notice | undefined
  readonly csrf: string
  readonly timezone: string
}

const SEEN_BY: Readonly<Record<Visibility, string>> = {
  owner: 'its owner alone',
  subject: 'everybody the subject, its owner the rest',
  team: 'everybody',
}

const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}" />`

const acts = ({ id, visibility, consentedAt }: Mailbox, { csrf }: MailboxesPage): Html =>
  html`<div class="acts">
    <form method="post" action="/inbox/mailboxes/${id}/visibility">
      ${csrfField(csrf)}<select name="visibility" aria-label="Who sees this mail">
        ${VISIBILITIES.map(
          (one) =>
            html`<option value="${one}" ${one === visibility && html`selected`}>${SEEN_BY[one]}</option>`,
        )}</select
      ><button>Change who sees it</button>
    </form>
    <form method="post" action="/inbox/mailboxes/${id}/${consentedAt === null ? 'consent' : 'withdraw'}">
      ${csrfField(csrf)}<button>${consentedAt === null ? 'Let it be read' : 'Read nothing more'}</button>
    </form>
  </div>`

const scope = ({ folders, excluded }: Mailbox): Content => {
  const parts = [
    ...(folders === null ? [] : [`only the folders ${folders.join(', ')}`]),
    ...(excluded === null || excluded.length === 0 ? [] : [`without ${excluded.join(', ')}`]),
  ]
  return parts.length > 0 && html`<p class="meta"><bdi>${parts.join('; ')}</bdi></p>`
}

const card = (mailbox: Mailbox, page: MailboxesPage): Html =>
  html`<article class="card">
    <header>
      <h2><bdi>${mailbox.address ?? mailbox.kind}</bdi></h2>
      <span class="state">${mailbox.consentedAt === null ? 'withdrawn' : mailbox.state}</span>
    </header>
    <p class="meta">
      of <bdi>${page.members.get(mailbox.memberId) ?? 'a former member'}</bdi>; seen by
      ${SEEN_BY[mailbox.visibility]}${
        mailbox.syncedAt !== null && html`; last read ${instant(mailbox.syncedAt, page.timezone)}`
      }
    </p>
    ${mailbox.memberId === page.memberId && [scope(mailbox), acts(mailbox, page)]}
  </article>`

/** Whose mail is read, and who sees it; for one's own, what to do about it. */
export const mailboxesPage = (page: MailboxesPage): Html =>
  html`${noticeBox(page.notice)}
    <p class="back"><a href="/inbox">← All proposals</a></p>
    <h1>Mailboxes</h1>
    <p>Nobody but its member decides what of a mailbox is read and who sees it.</p>
    ${
      page.mailboxes.length === 0
        ? html`<p class="meta">No mailbox is read. Import one with <code>tact import</code>.</p>`
        : page.mailboxes.map((mailbox) => card(mailbox, page))
    }`
