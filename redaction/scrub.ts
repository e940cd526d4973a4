import { hides } from '../domain/policy.ts'
import { recordUri } from '../domain/records.ts'
import type { RecordRef } from '../domain/records.ts'
import { isRecordLabel, readSpans } from './find-spans.ts'
import type { ScrubContext } from './find-spans.ts'
import { mergeSpans } from './merge.ts'
import type { FoundSpan } from './merge.ts'
import { findResidue, refuseResidue } from './residue.ts'
import type { Scrubbed } from './types.ts'
import type { HandleNeed, Vault } from './vault.ts'

/** One handle of a scrubbed text and what may be said about it. `record` stays on our side. */
export interface LegendSeed {
  readonly handle: string
  /** Entity of the record, `value`, `ambiguous` (one of the candidates) or `group` (all of them). */
  readonly is: string
  readonly record?: RecordRef
  /** For a value: handles of the records it belongs to. */
  readonly of?: readonly string[]
  readonly candidates?: readonly string[]
}

export interface ScrubResult {
  readonly text: Scrubbed
  readonly legend: readonly LegendSeed[]
  readonly spans: readonly FoundSpan[]
}

/** A text with its spans found, before any handle is issued. */
export interface ScrubPlan {
  readonly text: string
  readonly spans: readonly FoundSpan[]
  readonly needs: readonly HandleNeed[]
}

/** More candidates than this say nothing to a model. */
const MOST_CANDIDATES = 8

const valueOf = (text: string, span: FoundSpan): string => span.value ?? text.slice(span.start, span.end)

const standsForRecord = (span: FoundSpan): boolean => isRecordLabel(span.label) && span.records.length === 1

/** The latest record first, in whatever order the dictionary came to know them. */
const listed = (span: FoundSpan): readonly HandleNeed[] =>
  span.records.length > MOST_CANDIDATES
    ? []
    : span.records
        .map((record, at) => ({ record, label: recordLabel(span, at) }))
        .toSorted((a, b) => (a.record.id < b.record.id ? 1 : -1))

/** The label of the record behind a name, or of the owner of a value. */
const recordLabel = (span: FoundSpan, at: number): HandleNeed['label'] => {
  const label = span.labels[at] ?? 'RECORD'
  if (isRecordLabel(label)) return label
  const owners = { people: 'PERSON', members: 'MEMBER', companies: 'COMPANY' } as const
  const { entity } = span.records[at]!
  return entity in owners ? owners[entity as keyof typeof owners] : 'RECORD'
}

const needsOf = (text: string, span: FoundSpan): readonly HandleNeed[] =>
  standsForRecord(span) ? listed(span) : [{ label: span.label, value: valueOf(text, span) }, ...listed(span)]

/**
 * Finds what must be hidden; pure, so that many texts can share one `vault.ensure`. Throws `unsafe_text` where a second
 * look still finds something: nothing may leave then.
 */
export const planScrub = (text: string, context: ScrubContext): ScrubPlan => {
  const policy = context.policy ?? 'standard'
  if (policy === 'off') return { text, spans: [], needs: [] }
  const reading = readSpans(text, context)
  let { spans } = reading
  const residue = findResidue(text, spans, context, reading)
  if (residue.length > 0) {
    // What a name or number was glued to shows only once that is cut out: hidden with the rest, then looked at again.
    spans = mergeSpans(text, [
      ...spans,
      ...residue.map((span) => ({ ...span, labels: span.records.map(() => span.label) })),
    ])
    refuseResidue(findResidue(text, spans, context, reading))
  }
  spans = spans.filter(({ label }) => hides(policy, label))
  return { text, spans, needs: spans.flatMap((span) => needsOf(text, span)) }
}

const recordSeed = (need: HandleNeed, vault: Vault): LegendSeed[] =>
  'record' in need
    ? [
        {
          handle: vault.handleForRecord(need.label, need.record),
          is: need.record.entity,
          record: need.record,
        },
      ]
    : []

/** The handle that stands in for a span, then those of the records it may mean or belongs to. */
const seedsOf = (text: string, span: FoundSpan, vault: Vault): readonly [LegendSeed, ...LegendSeed[]] => {
  if (standsForRecord(span)) {
    const record = span.records[0]!
    return [{ handle: vault.handleForRecord(span.labels[0]!, record, span.form), is: record.entity, record }]
  }
  const handle = vault.handleForValue(span.label, valueOf(text, span))
  const others = listed(span).flatMap((need) => recordSeed(need, vault))
  const handles = others.map((seed) => seed.handle)
  if (span.label === 'NAME')
    return [{ handle, is: span.group ? 'group' : 'ambiguous', candidates: handles }, ...others]
  return [{ handle, is: 'value', ...(handles.length > 0 ? { of: handles } : {}) }, ...others]
}

/** Puts the handles in. Every need of the plan must have been ensured. */
export const renderScrub = (plan: ScrubPlan, vault: Vault): ScrubResult => {
  let text = ''
  let from = 0
  const legend = new Map<string, LegendSeed>()
  for (const span of plan.spans) {
    const seeds = seedsOf(plan.text, span, vault)
    text += plan.text.slice(from, span.start) + seeds[0].handle
    from = span.end
    for (const seed of seeds) legend.set(seed.handle, seed)
  }
  text += plan.text.slice(from)
  return { text: text as Scrubbed, legend: [...legend.values()], spans: plan.spans }
}

/**
 * The text with a handle in place of everything that must not leave. Resolves only after the handles are stored, so the
 * result may leave at once. Words that several records share become one NAME handle with its candidates in the legend.
 */
export const scrub = async (
  text: string,
  { vault, ...context }: ScrubContext & { readonly vault: Vault },
): Promise<ScrubResult> => {
  const plan = planScrub(text, context)
  await vault.ensure(plan.needs)
  return renderScrub(plan, vault)
}

/** URIs of the records that a scrubbed text names, for the next text's `active`. */
export const recordsIn = (legend: readonly LegendSeed[]): ReadonlySet<string> =>
  new Set(legend.flatMap(({ record }) => (record ? [recordUri(record)] : [])))
