import pc from 'picocolors'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import { SECOND_WORDS } from '../writeback/approval.ts'
import type { ShownChange, ShownProposal } from '../writeback/show.ts'
import type { Io } from './io.ts'

const drawChange = (io: Io, change: ShownChange): void => {
  const { bold, red, green, dim } = pc.createColors(io.fancy)
  io.out(
    `${bold(`${change.op} ${change.one}`)} ${change.record.title}${change.into ? ` into ${change.into.title} (beside each other: the one that goes → the one that stays)` : ''}\n`,
  )
  for (const { field, old, new: next } of change.fields) {
    const before = change.op === 'create' ? '' : `${red(old?.text ?? '(empty)')} → `
    io.out(`  ${field}: ${before}${green(next?.text ?? '(empty)')}\n`)
  }
  for (const { relation, action, target } of change.links)
    io.out(`  ${relation}: ${action} ${target.title}\n`)
  for (const { record, quote, found } of change.evidence) {
    const doubt = found === false ? ' (not found there)' : ''
    io.out(dim(`  because: ${quote ? `“${quote}” ` : ''}${record?.title ?? ''}${doubt}\n`))
  }
}

/** Draws a proposal with every value it would change, names included: this is the person's own screen. */
export const drawProposal = (io: Io, proposal: ShownProposal): void => {
  const { bold, dim } = pc.createColors(io.fancy)
  io.out(
    `${bold('Proposal')} ${proposal.id} ${dim(`${proposal.state} · ${proposal.hash.slice(0, 12)} · expires ${proposal.expiresAt.slice(0, 16)}`)}\n`,
  )
  if (proposal.standingId !== null)
    io.out(
      `Passed by a standing approval of ${proposal.decidedBy?.title ?? 'an owner'}: tact standing list\n`,
    )
  if (proposal.reason) io.out(`${proposal.reason}\n`)
  for (const change of proposal.changes) drawChange(io, change)
}

const FROM_WORDS = { typed: 'you said', crm: 'your records', outside: '', model: 'the model' } as const

const drawFrom = (io: Io, { changes }: ProposalLabel): void => {
  for (const { field, from, label, span } of changes.flat()) {
    const where = label?.what ?? 'text from outside'
    const quote = span ? ` (${span.column} ${span.start}–${span.end}: “${span.quote}”)` : ''
    io.out(`  ${field}: ${from === 'outside' ? `only in ${where}${quote}` : FROM_WORDS[from]}\n`)
  }
}

/** Says where the words of a proposal come from, who has to say yes, and what they have to type for it. */
export const drawLabel = (io: Io, { label, approval }: ShownProposal): void => {
  const { yellow } = pc.createColors(io.fancy)
  const { outside, sources, strangers, toType } = label
  if (approval.reasons.length > 0) {
    const said = approval.given.map(({ title }) => ` ${title} has.`).join('')
    const who =
      approval.needed > 1 ? 'Two people approve this' : 'Two people would approve this, were there two'
    io.out(yellow(`${who}: ${approval.reasons.map((reason) => SECOND_WORDS[reason]).join('; ')}.${said}\n`))
  }
  if (!outside) return
  io.out(yellow(`Outside text was in this conversation: ${sources.map(({ what }) => what).join('; ')}\n`))
  io.out('Where the words come from:\n')
  drawFrom(io, label)
  for (const { address, sources: from } of strangers)
    io.out(`  ${address} is no reader of ${from.map(({ what }) => what).join('; ')}\n`)
  if (toType.length > 0)
    io.out(
      `Nobody of yours named these; --confirm each to approve:\n${toType.map((one) => `  ${one}\n`).join('')}`,
    )
}
