import type { ShownChange, ShownProposal } from '../writeback/show.ts'
import { html } from './html.ts'
import type { Content, Html } from './html.ts'

export interface ActionOptions {
  readonly csrf: string
  readonly mayDecide: boolean
  /** The card's own page offers all there is; in the queue a yes or no to the whole. */
  readonly whole: boolean
}

const hidden = ({ hash }: ShownProposal, csrf: string): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}" /><input type="hidden" name="hash" value="${hash}" />`

const approveForm = ({ id }: ShownProposal): string => `approve-${id}`

/** Several changes on the card's own page, where each is taken or left. */
const isByItem = ({ changes }: ShownProposal, { mayDecide, whole }: ActionOptions): boolean =>
  mayDecide && whole && changes.length > 1

/** Beside one change of several: whether to take it; once it is written, to take it back. */
export const itemActs = (
  proposal: ShownProposal,
  {
    place,
    one,
    options,
  }: { readonly place: number; readonly one: ShownChange; readonly options: ActionOptions },
): Content => {
  if (proposal.undonePlaces.includes(place)) return html`<p class="meta">Taken back.</p>`
  if (!isByItem(proposal, options)) return null
  if (proposal.state === 'pending')
    return html`<label class="tick"
      ><input type="checkbox" name="place" value="${String(place)}" form="${approveForm(proposal)}" checked />
      Take this change <span class="unseen">(${one.record.title})</span></label
    >`
  if (proposal.state !== 'executed') return null
  return html`<form method="post" action="/inbox/proposals/${proposal.id}/undo">
    ${hidden(proposal, options.csrf)}<input type="hidden" name="items" value="1" /><input
      type="hidden"
      name="place"
      value="${String(place)}"
    /><button>Undo this change <span class="unseen">(${one.record.title})</span></button>
  </form>`
}

const confirmBox = (toType: readonly string[]): Content =>
  toType.length > 0 &&
  html`<label
    ><span class="meta">To approve, type each of these, one a line: ${toType.join(' · ')}</span>
    <textarea name="confirm" rows="${String(toType.length)}" autocomplete="off"></textarea>
  </label>`

const whyOthers = html`<label
  ><span class="meta">If you leave some out: why?</span>
  <textarea name="note" rows="1" maxlength="500" autocomplete="off"></textarea>
</label>`

const pendingActs = (proposal: ShownProposal, options: ActionOptions): Html => {
  const { csrf, whole } = options
  const base = `/inbox/proposals/${proposal.id}`
  const byItem = isByItem(proposal, options)
  const note = html`<label
    ><span class="meta">Why not?</span> <input type="text" name="note" maxlength="500" autocomplete="off"
  /></label>`
  return html`<div class="acts">
    <form method="post" action="${base}/approve" id="${approveForm(proposal)}">
      ${hidden(proposal, csrf)}${byItem && html`<input type="hidden" name="items" value="1" />${whyOthers}`}${confirmBox(whole ? proposal.label.toType : [])}<button
        class="main"
      >
        ${byItem ? 'Approve what is ticked' : 'Approve'}
      </button>
    </form>
    <form method="post" action="${base}/reject">
      ${hidden(proposal, csrf)}<button>${byItem ? 'Reject all' : 'Reject'}</button>${whole && note}
    </form>
    ${whole && html`<a href="${base}/edit">Edit</a>`}
  </div>`
}

/** What a person may do about the proposal as a whole. */
export const actions = (proposal: ShownProposal, options: ActionOptions): Content => {
  if (!options.mayDecide) return null
  if (proposal.state === 'pending') return pendingActs(proposal, options)
  if (proposal.state !== 'executed') return null
  return html`<div class="acts">
    <form method="post" action="/inbox/proposals/${proposal.id}/undo">
      ${hidden(proposal, options.csrf)}<button>${isByItem(proposal, options) ? 'Undo all' : 'Undo'}</button>
    </form>
  </div>`
}

/** Whether a yes may be given among others: one person, nothing from outside, nothing that takes a record away. */
export const mayGoInBulk = ({ state, label, approval }: ShownProposal): boolean =>
  state === 'pending' &&
  approval.needed === 1 &&
  approval.reasons.length === 0 &&
  !label.oneByOne &&
  !label.derived &&
  label.toType.length === 0

export const BULK_FORM = 'bulk'

/** In the queue: whether this one goes with the others that are approved at once. */
export const bulkTick = (proposal: ShownProposal, title: Html): Content =>
  mayGoInBulk(proposal) &&
  html`<label class="tick"
    ><input type="checkbox" name="pick" value="${proposal.id} ${proposal.hash}" form="${BULK_FORM}" /> Choose
    <span class="unseen">${title}</span></label
  >`

/** Above the queue: approves what is ticked in it. */
export const bulkBar = (proposals: readonly ShownProposal[], { csrf, mayDecide }: ActionOptions): Content =>
  mayDecide &&
  proposals.filter(mayGoInBulk).length > 1 &&
  html`<form method="post" action="/inbox/bulk" id="${BULK_FORM}" class="bulk">
    <input type="hidden" name="csrf" value="${csrf}" /><button>Approve the chosen</button>
    <span class="meta"
      >Only what one person may approve and what did not come from outside can be chosen.</span
    >
  </form>`
