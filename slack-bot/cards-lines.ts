import { entityOf } from '../db/catalog/all.ts'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import { SECOND_WORDS } from '../writeback/approval.ts'
import type { ShownChange, ShownEvidence, ShownProposal } from '../writeback/show.ts'

/** What has become of a proposal, in words. */
export const STATES: Readonly<Record<ShownProposal['state'], string>> = {
  pending: 'waits for a yes',
  approved: 'approved',
  executing: 'being written',
  executed: 'written',
  rejected: 'rejected',
  expired: 'expired',
  conflicted: 'conflict: nothing was written',
  failed: 'failed: nothing was written',
  undone: 'taken back',
}

export const OPERATIONS: Readonly<Record<ShownChange['op'], string>> = {
  create: 'New',
  update: 'Change',
  archive: 'Archive',
  restore: 'Restore',
  merge: 'Merge',
}

/** A name of a field as people read it. */
export const label = (name: string): string => {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What one change does, in one line. */
export const headlineOf = ({ op, one, record, into }: ShownChange): string =>
  `${OPERATIONS[op]} ${one}: ${record.title}${into ? ` into ${into.title}` : ''}`

/** What a proposal does, in one line. */
export const titleOf = ({ changes }: ShownProposal): string =>
  changes.length === 1 ? headlineOf(changes[0]!) : `${changes.length} changes at once`

/** Where the words of a change stand. */
export const evidenceLine = ({ record, quote, found }: ShownEvidence): string => {
  const said = quote === null ? '' : `“${quote}” `
  if (record === null) return `${said}No record named as source.`
  const where = `the ${entityOf(record.ref.entity).one} “${record.title}”`
  if (found === null) return `${said}Source: ${where}.`
  return found ? `${said}Stands word for word in ${where}.` : `${said}Not found in ${where}.`
}

const listed = (labels: readonly { readonly what: string }[]): string =>
  labels.map(({ what }) => what).join('; ')

/** Where its words come from, when text from outside was there. */
export const provenanceLines = ({
  outside,
  sources,
  changes,
  toType,
  strangers,
}: ProposalLabel): readonly string[] =>
  outside
    ? [
        `⚠ Outside text was in this conversation: ${listed(sources)}`,
        ...changes
          .flat()
          .flatMap(({ field, from, label: came }) =>
            from === 'outside'
              ? [`${label(field)} stands only in ${came?.what ?? 'text from outside'}.`]
              : [],
          ),
        ...strangers.map(({ address, sources: from }) => `${address} is no reader of ${listed(from)}.`),
        ...toType.map((one) => `Nobody of yours named ${one}.`),
      ]
    : []

/** Who else has to say yes, and who has. */
export const secondLines = ({ approval: { reasons, needed, given } }: ShownProposal): readonly string[] =>
  reasons.length === 0
    ? []
    : [
        `${needed > 1 ? 'Two people approve this' : 'Two people would approve this, were there two'}: ${reasons
          .map((reason) => SECOND_WORDS[reason])
          .join('; ')}.${given.map(({ title }) => ` ${title} has said yes.`).join('')}`,
      ]

/** `20 Nov 2026, 15:04` in the workspace's zone. */
export const instant = (iso: string, timezone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  )

/** Who decided, and what came of it. */
export const outcomeLines = (proposal: ShownProposal, timezone: string): readonly string[] => {
  const { state, decidedBy, decidedVia, decidedAt, decisionNote, executedAt, undoneAt, failure } = proposal
  const at = (iso: string | null): string => (iso === null ? '' : `, ${instant(iso, timezone)}`)
  const who = decidedBy === null ? 'a standing approval' : decidedBy.title
  return [
    ...(decidedAt === null
      ? []
      : [
          `${state === 'rejected' ? 'Rejected' : 'Approved'} by ${who} in ${decidedVia ?? 'Tact'}${at(decidedAt)}.`,
        ]),
    ...(decisionNote === null ? [] : [`Why: ${decisionNote}`]),
    ...(executedAt === null ? [] : [`Written${at(executedAt)}.`]),
    ...(undoneAt === null ? [] : [`Taken back${at(undoneAt)}.`]),
    ...(failure === null ? [] : [failure]),
  ]
}
