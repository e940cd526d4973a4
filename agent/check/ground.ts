import type { Completeness } from '../../domain/completeness.ts'
import type { ToolOutcome } from '../../tools/toolbox.ts'
import { readFigures } from './figures.ts'

export const HANDLE = /\b([A-Z]+_\d{5,7})[fl]?\b/g
export const handlesIn = (text: string): string[] => [...text.matchAll(HANDLE)].map((match) => match[1]!)
export const withoutHandles = (text: string): string =>
  text.replace(HANDLE, (handle) => ' '.repeat(handle.length))

/** A number or date of a result, and the handles of the row it stands in (none: it belongs to the whole result). */
export interface Cell {
  readonly outcome: number
  readonly handles: ReadonlySet<string>
  readonly value: number | string
  /** Words that a sentence must hold for this figure to be meant (a count of rows with that value). */
  readonly about?: string
  /** How many there are of something. */
  readonly isCount?: true
  readonly isShare?: true
}

/** What an answer may rest on: all that the results, the question and the conversation before hold. */
export interface Ground {
  readonly numbers: readonly Cell[]
  /** `YYYY-MM-DD`. */
  readonly dates: readonly Cell[]
  /** Handles in rows, by outcome. */
  readonly rowHandles: readonly ReadonlySet<string>[]
  /** Every text of a result, with its whitespace and case made even. */
  readonly texts: readonly string[]
  readonly handles: ReadonlySet<string>
  readonly words: ReadonlySet<string>
  readonly completeness: readonly Completeness[]
  readonly today: string | undefined
  readonly proposed: boolean
}

/** Texts compared: one blank for each run of them, plain quotes, small letters. */
export const even = (text: string): string =>
  text
    .replace(/[‘’]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()

const dayIn = (instant: string, timezone: string): string | undefined => {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return undefined
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(at)
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ISO = /(\d{4}-\d\d-\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?/g

interface Draft {
  readonly numbers: Cell[]
  readonly dates: Cell[]
  readonly texts: string[]
}

/** Marks counts of the rows shown, and of those left out: a sentence must speak of that. */
export const SHOWN = '#shown'
export const LEFT = '#left'

const NOBODY: ReadonlySet<string> = new Set()

const takeText = (
  text: string,
  place: Pick<Cell, 'outcome' | 'handles'>,
  timezone: string,
  draft: Draft,
): void => {
  draft.texts.push(even(text))
  for (const [whole, day] of text.matchAll(ISO)) {
    draft.dates.push({ ...place, value: day! })
    const local = whole === day ? undefined : dayIn(whole, timezone)
    if (local && local !== day) draft.dates.push({ ...place, value: local })
  }
  for (const figure of readFigures(withoutHandles(text))) {
    if (figure.kind === 'date') {
      for (const { year, month, day } of figure.readings) {
        if (month === undefined || (day === undefined && year === undefined)) continue
        const pad = (part: number): string => String(part).padStart(2, '0')
        // A day without its year counts in any year that the texts of a CRM speak of.
        const years = year === undefined ? [2024, 2025, 2026, 2027, 2028] : [year]
        for (const one of years)
          draft.dates.push({ ...place, value: `${one}-${pad(month)}-${pad(day ?? 1)}` })
      }
      if (figure.offset && !Number.isNaN(figure.offset.count))
        draft.numbers.push({ ...place, value: figure.offset.count })
    } else {
      const isShare = figure.kind === 'percent' ? { isShare: true as const } : {}
      const isCount = place.handles.size === 0 ? { isCount: true as const } : {}
      for (const value of figure.values) draft.numbers.push({ ...place, value, ...isShare, ...isCount })
    }
  }
}

/** Sums, averages and counts of the rows of a list: what a reader would work out from it. */
const takeTotals = (
  rows: readonly unknown[],
  outcome: number,
  shared: ReadonlySet<string>,
  draft: Draft,
): void => {
  const place = { outcome, handles: NOBODY }
  const objects = rows.filter(isObject)
  const groups = new Map<string, { count: number; sums: Map<string, number> }>()
  const sums = new Map<string, number>()
  for (const row of objects) {
    const figures = Object.entries(row).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    )
    for (const [name, value] of figures) sums.set(name, (sums.get(name) ?? 0) + value)
    for (const value of new Set(Object.values(row).flat())) {
      if (typeof value !== 'string' || value.length > 60) continue
      const group = groups.get(value) ?? { count: 0, sums: new Map<string, number>() }
      group.count += 1
      for (const [name, figure] of figures) group.sums.set(name, (group.sums.get(name) ?? 0) + figure)
      groups.set(value, group)
    }
  }
  for (const [name, sum] of sums) {
    draft.numbers.push({ ...place, value: sum, ...(COUNT.test(name) ? { isCount: true as const } : {}) })
    if (objects.length > 1) draft.numbers.push({ ...place, value: sum / objects.length, about: 'average' })
  }
  for (const [about, { count, sums: parts }] of groups) {
    if (shared.has(about)) continue
    draft.numbers.push({ ...place, value: count, about, isCount: true })
    for (const sum of parts.values()) draft.numbers.push({ ...place, value: sum, about })
  }
}

const COUNT = /(?:^|_)(?:count|total|number)(?:_|$)/
const SHARE = /percent|pct|share|rate|probab|growth|change/

/** By what a sentence names a row: its handles, or its words where it has none (a group). */
export const keysOf = (row: Readonly<Record<string, unknown>>): string[] => {
  const handles = handlesIn(JSON.stringify(row))
  if (handles.length > 0) return handles
  // Words name a row only where it counts something: descriptions of columns are no groups.
  if (!Object.values(row).some((value) => typeof value === 'number')) return []
  return Object.values(row).filter(
    (value): value is string =>
      typeof value === 'string' && value.length > 1 && value.length <= 60 && !/^(?:\d|[A-Z]{3}$)/.test(value),
  )
}

const rowKeys = (data: unknown): string[] =>
  Array.isArray(data)
    ? data.flatMap((item) => (isObject(item) ? keysOf(item) : []))
    : isObject(data)
      ? Object.values(data).flatMap(rowKeys)
      : []

/** Parts of a result that no statement rests on: the digits of an id are no figures. */
const UNSAID = new Set(['query_id'])

const walk = (
  value: unknown,
  outcome: number,
  handles: ReadonlySet<string>,
  timezone: string,
  draft: Draft,
  shared: ReadonlySet<string>,
  key = '',
): void => {
  if (typeof value === 'number')
    draft.numbers.push({
      outcome,
      handles,
      value,
      ...(COUNT.test(key) ? { isCount: true as const } : {}),
      ...(SHARE.test(key) ? { isShare: true as const } : {}),
    })
  else if (typeof value === 'string') takeText(value, { outcome, handles }, timezone, draft)
  else if (Array.isArray(value)) {
    takeTotals(value, outcome, shared, draft)
    for (const item of value) {
      if (!isObject(item)) walk(item, outcome, handles, timezone, draft, shared)
      else {
        const own = new Set([...handles, ...keysOf(item), ...shared])
        walk(item, outcome, own, timezone, draft, shared)
      }
    }
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value))
      if (!UNSAID.has(name)) walk(inner, outcome, handles, timezone, draft, shared, name)
  }
}

export interface GroundInput {
  readonly question: string
  /** What was said before, and the instructions: texts with handles. */
  readonly before: readonly string[]
  readonly outcomes: readonly ToolOutcome[]
  readonly today?: string | undefined
}

/** Reads what an answer may rest on. Pure; linear in the size of the results. */
export const readGround = ({ question, before, outcomes, today }: GroundInput): Ground => {
  const draft: Draft = { numbers: [], dates: [], texts: [] }
  const rowHandles: Set<string>[] = []
  const completeness: Completeness[] = []
  for (const [at, outcome] of outcomes.entries()) {
    if (!outcome.ok) {
      walk(outcome.error, at, NOBODY, 'UTC', draft, NOBODY)
      rowHandles.push(new Set())
      continue
    }
    const { data, completeness: known, notes } = outcome.result
    if (known) completeness.push(known)
    const timezone = known?.timezone ?? 'UTC'
    const shared = new Set(handlesIn(`${known?.filters_in_words ?? ''} ${notes.join(' ')}`))
    walk(data, at, NOBODY, timezone, draft, shared)
    for (const { id, what } of outcome.result.sources)
      takeText(what, { outcome: at, handles: new Set(handlesIn(id)) }, timezone, draft)
    for (const text of [known?.filters_in_words ?? '', ...notes])
      takeText(text, { outcome: at, handles: NOBODY }, timezone, draft)
    const counted = { outcome: at, handles: NOBODY, isCount: true as const }
    if (known) draft.numbers.push({ ...counted, value: known.total })
    if (known && !known.complete) {
      draft.numbers.push({ ...counted, value: known.returned, about: SHOWN })
      draft.numbers.push({ ...counted, value: known.total - known.returned, about: LEFT })
    }
    if (known) draft.dates.push({ outcome: at, handles: NOBODY, value: known.as_of.slice(0, 10) })
    rowHandles.push(
      new Set([...handlesIn(JSON.stringify(data)), ...rowKeys(data)].filter((key) => !shared.has(key))),
    )
  }
  for (const text of [question, ...before]) takeText(text, { outcome: -1, handles: NOBODY }, 'UTC', draft)
  const all = JSON.stringify([outcomes, question, before])
  return {
    ...draft,
    rowHandles,
    completeness,
    handles: new Set(handlesIn(all)),
    words: new Set(
      all
        .replace(/\\[nt]/g, ' ')
        .toLowerCase()
        .match(/[\p{L}][\p{L}’'-]*/gu) ?? [],
    ),
    today: today ?? completeness.at(-1)?.as_of.slice(0, 10),
    proposed: outcomes.some((outcome) => outcome.ok && outcome.proposalId !== undefined),
  }
}
