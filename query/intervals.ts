import type { Operator } from './ast.ts'
import type { Interval } from './bound.ts'
import { startOf } from './calendar.ts'
import { readMoment } from './periods.ts'
import type { Clock, Moment } from './periods.ts'
import { DAY_MS } from '../domain/zone.ts'

/** On a column of dates a moment means its days. */
const toDays = (moment: Moment): Moment => {
  const floor = (wall: number): number => startOf('day', wall)
  const ceiling = (wall: number): number => (floor(wall) === wall ? wall : floor(wall) + DAY_MS)
  if (moment.kind === 'range') return { kind: 'range', from: floor(moment.from), to: ceiling(moment.to) }
  return { kind: 'range', from: floor(moment.at), to: floor(moment.at) + DAY_MS }
}

const within = (moment: Moment, type: 'date' | 'timestamp'): Interval => {
  const stretch = moment.kind === 'range' ? moment : moment.until
  const { from, to } = type === 'date' ? ceilDays(stretch) : stretch
  return { from: { wall: from, inclusive: true }, to: { wall: to, inclusive: false } }
}

const ceilDays = (stretch: { readonly from: number; readonly to: number }) => {
  const days = toDays({ kind: 'range', ...stretch })
  return days.kind === 'range' ? days : stretch
}

const compared = (op: '<' | '<=' | '>' | '>=', moment: Moment): Interval => {
  const range = moment.kind === 'range'
  switch (op) {
    case '<':
      return { from: null, to: { wall: range ? moment.from : moment.at, inclusive: false } }
    case '<=':
      return {
        from: null,
        to: range ? { wall: moment.to, inclusive: false } : { wall: moment.at, inclusive: true },
      }
    case '>':
      return {
        from: range ? { wall: moment.to, inclusive: true } : { wall: moment.at, inclusive: false },
        to: null,
      }
    case '>=':
      return { from: { wall: range ? moment.from : moment.at, inclusive: true }, to: null }
  }
}

const endOfMoment = (moment: Moment): number => (moment.kind === 'range' ? moment.to : moment.at)
const startOfMoment = (moment: Moment): number => (moment.kind === 'range' ? moment.from : moment.at)

/**
 * The stretches of time that an operator and its values mean: `=` and `in` within the period, `<` before it starts,
 * `>` after it ends, `>=` from its start, `<=` until its end, `between` from the start of the first to the end of the
 * second (the other way round where they are given backwards).
 */
export const intervalsOf = (
  op: Operator,
  texts: readonly string[],
  type: 'date' | 'timestamp',
  clock: Clock,
  at: string,
): readonly Interval[] => {
  const moments = texts.map((text) => readMoment(text, clock, at))
  if (op === '<' || op === '<=' || op === '>' || op === '>=') {
    return moments.map((moment) => compared(op, type === 'date' ? toDays(moment) : moment))
  }
  if (op === 'between') {
    const ends = moments.map((moment) => (type === 'date' ? toDays(moment) : moment))
    const [first, last] = startOfMoment(ends[0]!) < endOfMoment(ends[1]!) ? ends : ends.toReversed()
    return [{ from: compared('>=', first!).from, to: compared('<=', last!).to }]
  }
  return moments.map((moment) => within(moment, type))
}
