import type { Secret } from '../../domain/pii.ts'
import { recordUri } from '../../domain/records.ts'
import type { RecordRef } from '../../domain/records.ts'
import { localIso } from '../../domain/zone.ts'
import type { Closeness } from '../../search/closeness.ts'
import type { Path } from '../../search/path.ts'
import type { Tie } from '../../search/ties.ts'
import type { Names } from './record-names.ts'

interface Evidence {
  readonly record: RecordRef
  readonly what: string
}

interface Step {
  readonly from: RecordRef
  readonly to: RecordRef
  readonly strength: number
  readonly because: readonly string[]
  readonly lastAt: string | null
  readonly evidence: readonly Evidence[]
}

const person = (id: string): RecordRef => ({ entity: 'people', id })
const member = (id: string): RecordRef => ({ entity: 'members', id })
const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

const evidenceOf = (found: {
  readonly lastEmailId: string | null
  readonly lastMeetingId: string | null
}): readonly Evidence[] => [
  ...(found.lastEmailId === null
    ? []
    : [{ record: { entity: 'emails', id: found.lastEmailId }, what: 'last mail' }]),
  ...(found.lastMeetingId === null
    ? []
    : [{ record: { entity: 'interactions', id: found.lastMeetingId }, what: 'last meeting or call' }]),
]

const tieStep = (tie: Tie): Step => ({
  from: member(tie.memberId),
  to: person(tie.personId),
  strength: tie.strength,
  because: [
    ...(tie.received + tie.sent > 0 ? [`${many(tie.received, 'mail')} from them, ${tie.sent} to them`] : []),
    ...(tie.meetings > 0 ? [many(tie.meetings, 'meeting')] : []),
    ...(tie.calls > 0 ? [many(tie.calls, 'call')] : []),
  ],
  lastAt: tie.lastAt,
  evidence: evidenceOf(tie),
})

const closeStep = (close: Closeness): Step => ({
  from: person(close.contactId),
  to: person(close.targetId),
  strength: close.strength,
  because: [
    ...(close.meetings > 0
      ? [`${many(close.meetings, 'meeting or call', 'meetings or calls')} together`]
      : []),
    ...(close.mails > 0 ? [`on ${many(close.mails, 'mail')} together`] : []),
    ...(close.deals > 0 ? [`${many(close.deals, 'deal')} in common`] : []),
    ...(close.sameCompany ? ['the same company'] : []),
    ...(close.isTold ? ['a recorded relationship'] : []),
  ],
  lastAt: close.lastAt,
  evidence: evidenceOf(close),
})

const stepsOf = (path: Path): readonly Step[] => {
  switch (path.kind) {
    case 'direct':
      return [tieStep(path.tie)]
    case 'colleague':
      return [
        {
          from: member(path.fromMemberId),
          to: member(path.tie.memberId),
          strength: 0.9,
          because: ['colleagues'],
          lastAt: null,
          evidence: [],
        },
        tieStep(path.tie),
      ]
    case 'contact':
      return [tieStep(path.tie), closeStep(path.closeness)]
  }
}

/** Every record that drawing these paths needs the name of. */
export const pathRecords = (paths: readonly Path[]): readonly RecordRef[] =>
  paths
    .flatMap(stepsOf)
    .flatMap(({ from, to, evidence }) => [from, to, ...evidence.map(({ record }) => record)])

/** Paths as they leave a tool, and the records they rest on, each once. */
export const drawPaths = (paths: readonly Path[], names: Names, timezone: string) => {
  const cell = (record: RecordRef): Secret | undefined => names.get(recordUri(record))
  const sources = new Map<string, { readonly id: Secret; readonly what: string }>()
  const drawn = paths.flatMap((path) => {
    const steps = stepsOf(path).map((step) => {
      const lastAt = step.lastAt === null ? null : localIso(Date.parse(step.lastAt), timezone)
      const evidence = step.evidence.flatMap(({ record, what }) => {
        const id = cell(record)
        if (id) sources.set(recordUri(record), { id, what })
        return id ? [id] : []
      })
      const { strength, because } = step
      return { from: cell(step.from), to: cell(step.to), strength, because, last_at: lastAt, evidence }
    })
    const isWhole = steps.every(({ from, to }) => from !== undefined && to !== undefined)
    if (!isWhole) return []
    const whole = steps.map((step) => ({ ...step, from: step.from!, to: step.to! }))
    return [
      {
        kind: path.kind,
        strength: path.strength,
        through: [whole[0]!.from, ...whole.map(({ to }) => to)],
        steps: whole,
      },
    ]
  })
  return { paths: drawn, sources: [...sources.values()] }
}
