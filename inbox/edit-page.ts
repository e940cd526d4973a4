import type { EditableField } from '../writeback/editable.ts'
import type { ShownProposal } from '../writeback/show.ts'
import { headline, label } from './card.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

const input = ({ name, text, options, isLong }: EditableField, written: string | undefined): Html => {
  const value = written ?? text
  if (options !== null)
    return html`<select id="${name}" name="${name}">
      ${value === '' && html`<option value="" selected></option>`}${options.map((one) => html`<option ${one === value && html`selected`}>${one}</option>`)}
    </select>`
  return isLong
    ? html`<textarea id="${name}" name="${name}" rows="6" autocomplete="off">${value}</textarea>`
    : html`<input type="text" id="${name}" name="${name}" value="${value}" autocomplete="off" />`
}

const row = (field: EditableField, written: ReadonlyMap<string, string>): Html =>
  html`<div class="field">
    <label for="${field.name}">${label(field.field)}</label>
    ${input(field, written.get(field.name))}
    <label class="tick"
      ><input
        type="checkbox"
        name="out-${field.name}"
        value="1"
        ${written.has(`out-${field.name}`) && html`checked`}
      />
      Leave out <span class="unseen">${label(field.field)}</span></label
    >
  </div>`

export interface EditPage {
  readonly shown: ShownProposal
  readonly fields: readonly EditableField[]
  readonly csrf: string
  /** What was sent and refused, by name of the input. */
  readonly written: ReadonlyMap<string, string>
  readonly notice: Notice | undefined
}

const part = ({ shown, fields, written }: EditPage): Content =>
  shown.changes.map((change, place) => {
    const own = fields.filter((one) => one.place === place)
    return (
      own.length > 0 &&
      html`<section>
        <h2>${headline(change)}</h2>
        ${own.map((field) => row(field, written))}
      </section>`
    )
  })

/** Every field that a proposal would write, to be said otherwise or left out. */
export const editPage = (page: EditPage): Html =>
  html`${noticeBox(page.notice)}
    <p class="back"><a href="/inbox/proposals/${page.shown.id}">← The proposal</a></p>
    <h1>Edit before approving</h1>
    <p class="lead">
      What you change becomes your own words and makes the next revision; approvals given before no longer
      count. Nothing is written yet.
    </p>
    <form class="card ask" method="post" action="/inbox/proposals/${page.shown.id}/edit">
      <input type="hidden" name="csrf" value="${page.csrf}" /><input
        type="hidden"
        name="hash"
        value="${page.shown.hash}"
      />
      ${part(page)}
      <div class="acts"><button class="main">Keep these changes</button></div>
    </form>`
