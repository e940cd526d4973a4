import { instant } from './card.ts'
import type { ConversationRow, Decoded, ShownConversation, ShownRequest, ShownTurn } from './conversations.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

const CHANNEL_WORDS: Readonly<Record<string, string>> = {
  cli: 'Terminal',
  mcp: 'MCP client',
  slack: 'Slack',
  inbox: 'Inbox',
  chat: 'Chat',
}

const place = ({ channel }: ConversationRow): string => CHANNEL_WORDS[channel] ?? channel

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

const listed = (row: ConversationRow, timezone: string): Html =>
  html`<article class="card">
    <header>
      <h2><a href="/inbox/conversations/${row.id}">${place(row)}, ${instant(row.startedAt, timezone)}</a></h2>
    </header>
    <p class="meta">
      ${many(row.turns, 'message')} kept, ${many(row.handles, 'handle')} issued,
      ${many(row.requests, 'request')} to models elsewhere
    </p>
  </article>`

export const conversationsPage = (rows: readonly ConversationRow[], timezone: string): Html =>
  html`<h1>Your conversations</h1>
    <p class="lead">What you asked, with names; and what the model saw in their place.</p>
    ${
      rows.length === 0
        ? html`<div class="card empty"><p>No conversation yet.</p></div>`
        : rows.map((row) => listed(row, timezone))
    }`

const said = ({ role, withNames, withHandles }: ShownTurn): Html =>
  html`<section class="pair">
    <div>
      <h3>${role === 'user' ? 'You asked' : 'Tact answered'}</h3>
      <p class="said"><bdi>${withNames}</bdi></p>
    </div>
    <div>
      <h3>The model ${role === 'user' ? 'saw' : 'wrote'}</h3>
      <p class="said"><bdi>${withHandles}</bdi></p>
    </div>
  </section>`

const bodyOf = ({ body, intact }: ShownRequest): Content =>
  body === null
    ? html`<p class="evidence missing">The stored body cannot be opened.</p>`
    : html`${intact === false && html`<p class="evidence missing">The stored body is not the one that left.</p>`}
        <details>
          <summary>The request, byte for byte</summary>
          <pre>${body}</pre>
        </details>`

const requested = (request: ShownRequest, timezone: string): Html =>
  html`<article class="card">
    <header>
      <h3>${request.sent ? 'Sent to' : 'Held back from'} <bdi>${request.model}</bdi></h3>
      <span class="state ${request.sent ? 'executed' : 'failed'}"
        >${request.sent ? 'sent' : 'held back'}</span
      >
    </header>
    <p class="meta">
      ${instant(request.at, timezone)}, ${request.bytes} bytes, policy ${request.policy}.
      ${request.scannedValues} known values looked for, ${request.leaks} found.
    </p>
    <p class="hash">SHA-256 ${request.sha256}</p>
    ${bodyOf(request)}
  </article>`

export interface ConversationPage extends ShownConversation {
  readonly timezone: string
  readonly csrf: string
  /** How much of what it proposed is carried out, for whoever may take it back. */
  readonly written: number
  readonly notice: Notice | undefined
}

const writtenCard = ({ row, written, csrf }: ConversationPage): Content =>
  written > 0 &&
  html`<form class="card" method="post" action="/inbox/conversations/${row.id}/undo">
    <h2>What it had carried out</h2>
    <p class="meta">
      ${many(written, 'proposal')} of this conversation ${written === 1 ? 'is' : 'are'} written. What somebody
      edited since stays as it is.
    </p>
    <input type="hidden" name="csrf" value="${csrf}" />
    <div class="acts"><button>Take all of it back</button></div>
  </form>`

export const conversationPage = (page: ConversationPage): Html => {
  const { row, turns, requests, timezone } = page
  return html`${noticeBox(page.notice)}
    <p class="back"><a href="/inbox/conversations">← All conversations</a></p>
    <h1>${place(row)}, ${instant(row.startedAt, timezone)}</h1>
    <p class="lead">
      <a href="/inbox/decode?conversation=${row.id}">Decode an answer of this conversation</a>
    </p>
    ${
      turns.length === 0
        ? html`<div class="card empty">
            <p>Nothing said is kept here: an MCP client keeps its own messages.</p>
          </div>`
        : html`<div class="card">${turns.map(said)}</div>`
    }
    <h2 class="part">What left this machine</h2>
    ${
      requests.length === 0
        ? html`<div class="card">
            <p class="meta">
              ${row.channel === 'mcp' ? 'The answers of tools, to your client, with handles; no request of ours to a model.' : 'Nothing. No request went to a model elsewhere.'}
            </p>
          </div>`
        : requests.map((request) => requested(request, timezone))
    }
    ${writtenCard(page)}`
}

export interface DecodePage {
  readonly csrf: string
  readonly timezone: string
  readonly rows: readonly ConversationRow[]
  readonly chosen: string
  readonly text: string
  readonly decoded?: Decoded
  readonly notice?: Notice
}

const choice = ({ rows, chosen, timezone }: DecodePage): readonly Html[] =>
  rows.map(
    (row) =>
      html`<option value="${row.id}" ${row.id === chosen && html`selected`}>
        ${place(row)}, ${instant(row.startedAt, timezone)} (${many(row.handles, 'handle')})
      </option>`,
  )

const outcome = ({ text, handles, left }: Decoded): Html =>
  html`<article class="card" aria-live="polite">
    <header><h2>With names</h2></header>
    <p class="meta">
      ${handles === 0 ? 'There is no handle in this text.' : `${handles - left} of ${many(handles, 'handle')} put back.`}
      ${left > 0 && 'What is left was not issued in this conversation, or stands inside a link.'}
    </p>
    <p class="said"><bdi>${text}</bdi></p>
  </article>`

export const decodePage = (page: DecodePage): Html =>
  html`${noticeBox(page.notice)}
    <h1>Decode an answer</h1>
    <p class="lead">
      Paste what Claude Desktop or another client wrote. Names come back here, on this machine; nothing you
      paste is kept or sent on. A handle means something only in its own conversation.
    </p>
    ${
      page.rows.length === 0
        ? html`<div class="card empty"><p>No conversation yet, so there is nothing to decode.</p></div>`
        : html`<form class="card ask" method="post" action="/inbox/decode">
            <input type="hidden" name="csrf" value="${page.csrf}" />
            <label for="conversation">Conversation</label>
            <select id="conversation" name="conversation">
              ${choice(page)}
            </select>
            <label for="text">Answer with handles</label>
            <textarea id="text" name="text" rows="9" autocomplete="off" spellcheck="false" required>
${page.text}</textarea>
            <div class="acts"><button class="main">Put the names back</button></div>
          </form>`
    }
    ${page.decoded !== undefined && outcome(page.decoded)}`
