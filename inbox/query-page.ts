import type { PublicError } from '../domain/errors.ts'
import { barChart } from './chart.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import type { Answer, QueryAnswer, SavedNames, Value } from './query-ask.ts'

export interface QueryPage {
  readonly csrf: string
  readonly question: string
  readonly asked?: Answer
  readonly saved?: SavedNames
  readonly error?: PublicError
}

const EXAMPLE = `select stage, count(*) as deals, sum(amount) as amount
from deals where status = 'open' and currency = 'USD'
group by stage order by deals desc`

const form = ({ csrf, question }: QueryPage): Html =>
  html`<form class="ask" method="post" action="/inbox/query">
    <input type="hidden" name="csrf" value="${csrf}" />
    <label for="question">One SELECT over the records, or a question as JSON</label>
    <textarea id="question" name="question" rows="7" spellcheck="false" autocomplete="off" required>
${question === '' ? EXAMPLE : question}</textarea>
    <div class="acts">
      <button class="main">Ask</button>
      <button formaction="/inbox/query.csv">Download CSV</button>
    </div>
  </form>`

const list = (heading: string, values: readonly string[] | undefined): Content =>
  values !== undefined && values.length > 0 && html`<p class="meta">${heading}: ${values.join(', ')}</p>`

export const failure = (error: PublicError): Html =>
  html`<div class="notice bad" role="alert" data-code="${error.code}">
    <p><strong>${error.message}</strong> ${error.fix ?? null}</p>
    ${
      error.rewrite !== undefined &&
      html`<p class="meta">Perhaps:</p>
        <pre>${error.rewrite}</pre>`
    }
    ${list('Did you mean', error.did_you_mean)} ${list('Possible', error.valid_options)}
  </div>`

const figure = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 })

const cell = (value: Value): Html => {
  if (value === null) return html`<td><span class="none">empty</span></td>`
  if (typeof value === 'number') return html`<td class="number">${figure.format(value)}</td>`
  const text = Array.isArray(value) ? value.join(', ') : String(value)
  return html`<td><bdi>${text}</bdi></td>`
}

const table = ({ columns, rows }: QueryAnswer): Html =>
  html`<div class="wide" tabindex="0" role="region" aria-label="Rows">
    <table class="rows">
      <thead>
        <tr>
          ${columns.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`

const covered = ({ coverage, complete, asOf, timezone }: QueryAnswer): Html =>
  html`${complete ? coverage : html`<strong>Not all of it:</strong> ${coverage}`}. As of ${asOf}
  (${timezone}).`

/** What was counted, a chart where there are groups, the rows, and the SQL. */
export const answerBody = (answer: QueryAnswer): Html =>
  html`<p class="meta">${covered(answer)}</p>
    <p class="meta">${answer.words}</p>
    ${[...answer.notes, ...answer.excluded].map((note) => html`<p class="meta">${note}</p>`)}
    ${answer.bars.length > 0 && barChart(answer.barTitle, answer.bars)}
    ${answer.rows.length === 0 ? html`<p class="empty">No rows.</p>` : table(answer)}
    <details>
      <summary>The SQL that ran</summary>
      <pre>${answer.sql}</pre>
    </details>`

const first = ({ first: asked }: Answer): Content =>
  asked !== undefined &&
  html`<div class="notice" role="status">
    <p>
      First asked on ${asked.at} by <bdi>${asked.by}</bdi>.
      ${asked.changes.length === 0 ? 'The answer is the same today.' : asked.changes.map((one) => html`${one} `)}
    </p>
  </div>`

const kept = (asked: Answer): Html =>
  html`<article class="card">
    ${first(asked)} ${answerBody(asked.answer)}
    <p class="meta">
      <a href="/inbox/query/${asked.id}">Address of this answer</a> ·
      <a href="/inbox/query/${asked.id}/csv">as CSV</a>
    </p>
  </article>`

const linkTo = (key: 'view' | 'saved', value: string): string =>
  `/inbox/query?${new URLSearchParams({ [key]: value }).toString()}`

const savedList = ({ views, queries }: SavedNames): Content =>
  views.length + queries.length > 0 &&
  html`<nav class="card" aria-label="Saved">
    <h2>Saved</h2>
    <ul>
      ${views.map(
        ({ id, name, isShared }) =>
          html`<li>
            <a href="${linkTo('view', id)}"><bdi>${name}</bdi></a>
            <span class="meta">${isShared ? 'view, shared' : 'view, yours'}</span>
          </li>`,
      )}
      ${queries.map(
        ({ name, wording, isVerified }) =>
          html`<li>
            <a href="${linkTo('saved', name)}"><bdi>${name}</bdi></a>
            <span class="meta"><bdi>${wording}</bdi>${isVerified ? ', verified' : ''}</span>
          </li>`,
      )}
    </ul>
  </nav>`

/** The page on which a person asks with a query of their own. */
export const queryPage = (page: QueryPage): Html =>
  html`<p class="back"><a href="/inbox">← All proposals</a></p>
    <h1>Ask with a query</h1>
    ${page.error !== undefined && failure(page.error)}
    <div class="card">${form(page)}</div>
    ${page.asked !== undefined && kept(page.asked)} ${page.saved !== undefined && savedList(page.saved)}`
