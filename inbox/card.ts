import { entityOf } from '../db/catalog/all.ts'
import type { LabelledField, ProposalLabel } from '../domain/approval-policy.ts'
import type { Provenance } from '../domain/label.ts'
import { SECOND_WORDS } from '../writeback/approval.ts'
import type { ShownChange, ShownEvidence, ShownField, ShownProposal, ShownValue } from '../writeback/show.ts'
import { actions, bulkTick, itemActs } from './card-actions.ts'
import type { ActionOptions } from './card-actions.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'

const STATE_WORDS: Readonly<Record<ShownProposal['state'], string>> = {
  pending: 'waits for you',
  approved: 'approved',
  executing: 'being written',
  executed: 'written',
  rejected: 'rejected',
  expired: 'expired',
  conflicted: 'conflict',
  failed: 'failed',
  undone: 'undone',
}

const OPERATIONS: Readonly<Record<ShownChange['op'], string>> = {
  create: 'New',
  update: 'Change',
  archive: 'Archive',
  restore: 'Restore',
  merge: 'Merge',
}

const EMPTY = html`<span class="none">empty</span>`

/** A name of a field as people read it. */
export const label = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What one change does, in one line. */
export const headline = ({ op, one, record, into }: ShownChange): Html =>
  html`${OPERATIONS[op]} ${one}: <bdi>${record.title}</bdi>${into && html` into <bdi>${into.title}</bdi>`}`

/** What a proposal does, in one line. */
export const proposalTitle = ({ changes }: ShownProposal): Html => {
  const [first] = changes
  if (!first) return html`Nothing`
  return changes.length === 1 ? headline(first) : html`${changes.length} changes at once`
}

const cell = (value: ShownValue | null, tone: 'old' | 'new' | 'plain'): Html => {
  if (value === null) return EMPTY
  const text = html`<bdi>${value.text}</bdi>`
  if (tone === 'plain') return text
  return tone === 'old' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`
}

const FROM_WORDS: Readonly<Record<Provenance, string>> = {
  typed: 'said by who asked',
  crm: 'from the records',
  outside: 'only in text from outside',
  model: 'the model’s own words',
}

/** Where the words of a field come from; nothing for what was proposed before that was kept. */
const badge = (from: Provenance | undefined): Content =>
  from !== undefined && html`<span class="from ${from}">${FROM_WORDS[from]}</span>`

const fieldRow = (field: ShownField, change: ShownChange, from: Provenance | undefined): Html =>
  change.op === 'create'
    ? html`<tr>
        <th scope="row">${label(field.field)}</th>
        <td>${cell(field.new, 'plain')} ${badge(from)}</td>
      </tr>`
    : html`<tr>
        <th scope="row">${label(field.field)}</th>
        <td>${cell(field.old, change.op === 'merge' ? 'plain' : 'old')}</td>
        <td>${cell(field.new, change.op === 'merge' ? 'plain' : 'new')} ${badge(from)}</td>
      </tr>`

const linkRow = ({ relation, action, target }: ShownChange['links'][number], change: ShownChange): Html => {
  const heading = html`<th scope="row">${label(relation)}</th>`
  const name = html`<bdi>${target.title}</bdi>`
  if (change.op === 'create')
    return html`<tr>
      ${heading}
      <td>${name}</td>
    </tr>`
  return action === 'add'
    ? html`<tr>
        ${heading}
        <td colspan="2"><ins>+ ${name}</ins></td>
      </tr>`
    : html`<tr>
        ${heading}
        <td colspan="2">− <del>${name}</del></td>
      </tr>`
}

const changeTable = (
  change: ShownChange,
  { open, labelled }: { readonly open: boolean; readonly labelled: readonly LabelledField[] },
): Content => {
  const fromOf = (name: string): Provenance | undefined => labelled.find(({ field }) => field === name)?.from
  if (change.op === 'archive')
    return html`<p class="meta">It leaves lists, searches and counts; nothing is deleted.</p>`
  if (change.op === 'restore') return html`<p class="meta">It comes back into lists, searches and counts.</p>`
  const columns =
    change.op === 'create'
      ? html`<th scope="col">Field</th>
          <th scope="col">Value</th>`
      : html`<th scope="col">Field</th>
          <th scope="col">${change.op === 'merge' ? 'The one that goes' : open ? 'Now' : 'Before'}</th>
          <th scope="col">${change.op === 'merge' ? 'The one that stays' : open ? 'Then' : 'After'}</th>`
  return html`<table>
    <thead>
      <tr>
        ${columns}
      </tr>
    </thead>
    <tbody>
      ${change.fields.map((field) => fieldRow(field, change, fromOf(field.field)))}${change.links.map((link) => linkRow(link, change))}
    </tbody>
  </table>`
}

const source = ({ record, found }: ShownEvidence): Content => {
  if (record === null) return html`<p>No record named as source.</p>`
  const where = html`the ${entityOf(record.ref.entity).one} “<bdi>${record.title}</bdi>”`
  if (found === null) return html`<p>Source: ${where}</p>`
  return found
    ? html`<p>Stands word for word in ${where}</p>`
    : html`<p class="missing">Not found in ${where}</p>`
}

const evidenceBox = (evidence: ShownEvidence): Html =>
  html`<div class="evidence">
    ${evidence.quote !== null && html`<blockquote>“<bdi>${evidence.quote}</bdi>”</blockquote>`}${source(evidence)}
  </div>`

const changeSection = (
  proposal: ShownProposal,
  {
    change,
    place,
    options,
  }: { readonly change: ShownChange; readonly place: number; readonly options: CardOptions },
): Html =>
  html`<section>
    ${proposal.changes.length > 1 && html`<h3>${headline(change)}</h3>`}
    ${changeTable(change, { open: proposal.state === 'pending', labelled: proposal.label.changes[place] ?? [] })}
    ${change.evidence.map(evidenceBox)} ${itemActs(proposal, { place, one: change, options })}
  </section>`

const leftOutList = ({ leftOut }: ShownProposal): Content =>
  leftOut.length > 0 &&
  html`<div class="evidence">
    <p>A person left out:</p>
    ${leftOut.map(({ change, reason }) => html`<p>${OPERATIONS[change.op]} ${entityOf(change.entity).one}${reason !== null && html`: <bdi>${reason}</bdi>`}</p>`)}
  </div>`

const impactBox = (impact: readonly string[]): Content =>
  impact.length > 0 && html`<p class="impact">${impact.map((line) => html`<span>${line}</span>`)}</p>`

/** `20 Nov 2026, 15:04` in the workspace's zone. */
export const instant = (iso: string, timezone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  )

/** The card's own page shows who decided, and the hash. */
export interface CardOptions extends ActionOptions {
  readonly timezone: string
  /** What it would do to figures people watch, on its own page. */
  readonly impact?: readonly string[]
}

const labelBox = ({ outside, sources, changes, toType, strangers }: ProposalLabel): Content => {
  if (!outside) return null
  const list = (labels: readonly { readonly what: string }[]): string =>
    labels.map(({ what }) => what).join('; ')
  return html`<div class="evidence">
    <p class="missing">Outside text was in this conversation: <bdi>${list(sources)}</bdi></p>
    ${changes.flat().map(({ field, from, label: came }) => from === 'outside' && html`<p>${field} stands only in <bdi>${came?.what ?? 'text from outside'}</bdi></p>`)}
    ${strangers.map(({ address, sources: from }) => html`<p class="missing"><bdi>${address}</bdi> is no reader of <bdi>${list(from)}</bdi></p>`)}
    ${toType.map((one) => html`<p class="missing">Nobody of yours named <bdi>${one}</bdi></p>`)}
  </div>`
}

/** Who else has to say yes, and who has. */
const secondBox = ({ reasons, needed, given }: ShownProposal['approval']): Content =>
  reasons.length > 0 &&
  html`<p class="meta">
    ${needed > 1 ? 'Two people approve this' : 'Two people would approve this, were there two'}:
    ${reasons.map((reason) => SECOND_WORDS[reason]).join('; ')}.
    ${given.map(({ title }) => html`<bdi>${title}</bdi> has.`)}
  </p>`

const facts = (proposal: ShownProposal, timezone: string): Html => {
  const line = (name: string, value: Content): Content =>
    value !== null &&
    html`<dt>${name}</dt>
      <dd>${value}</dd>`
  const at = (iso: string | null): string | null => (iso === null ? null : instant(iso, timezone))
  const decided =
    proposal.decidedBy &&
    (proposal.standingId === null
      ? html`<bdi>${proposal.decidedBy.title}</bdi> by ${proposal.decidedVia ?? 'unknown'},
          ${at(proposal.decidedAt)}`
      : html`nobody in particular: a <a href="/inbox/standing">standing approval</a> of
          <bdi>${proposal.decidedBy.title}</bdi> let it pass, ${at(proposal.decidedAt)}`)
  return html`<dl class="facts">
      ${line(proposal.state === 'rejected' ? 'Rejected by' : 'Approved by', decided)}${line('Note', proposal.decisionNote)}
      ${line('Written', at(proposal.executedAt))}${line('Undone', at(proposal.undoneAt))}${line('What went wrong', proposal.failure)}
      ${line('Expires', proposal.state === 'pending' ? at(proposal.expiresAt) : null)}
    </dl>
    <p class="hash">SHA-256 of what you see and what runs: ${proposal.hash}</p>`
}

export const proposalCard = (proposal: ShownProposal, options: CardOptions): Html => {
  const { timezone, whole } = options
  const by = proposal.proposedBy === null ? 'Tact' : proposal.proposedBy.title
  const title = proposalTitle(proposal)
  const heading = whole
    ? html`<h1>${title}</h1>`
    : html`<h2><a href="/inbox/proposals/${proposal.id}">${title}</a></h2>`
  return html`<article class="card">
    <header>
      ${heading}${!whole && options.mayDecide && bulkTick(proposal, title)}<span
        class="state ${proposal.state}"
        >${STATE_WORDS[proposal.state]}</span
      >
    </header>
    <p class="meta">
      Asked for by <bdi>${by}</bdi> in ${proposal.proposedVia},
      ${instant(proposal.createdAt, timezone)}${proposal.standingId !== null && html` · passed by a <a href="/inbox/standing">standing approval</a>`}
    </p>
    ${proposal.reason !== null && html`<p class="reason"><bdi>${proposal.reason}</bdi></p>`}
    ${proposal.changes.map((change, place) => changeSection(proposal, { change, place, options }))}
    ${impactBox(options.impact ?? [])} ${whole && leftOutList(proposal)}
    ${whole && proposal.state === 'pending' ? labelBox(proposal.label) : null}
    ${proposal.state === 'pending' && secondBox(proposal.approval)} ${actions(proposal, options)}
    ${whole && facts(proposal, timezone)}
  </article>`
}
