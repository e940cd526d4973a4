import { compile } from './chart.ts'
import type { Rule } from './chart.ts'
import type { Period } from './pieces.ts'

interface Span {
  readonly count: number
  readonly unit: string
}

const LETTER: Readonly<Record<string, string>> = {
  day: 'd',
  week: 'w',
  month: 'mo',
  quarter: 'q',
  year: 'y',
  hour: 'h',
}

/** `14d`: weeks as days, quarters as months. */
const length = ({ count, unit }: Span): string => {
  if (unit === 'week') return `${count * 7}d`
  if (unit === 'fortnight') return `${count * 14}d`
  if (unit === 'quarter') return `${count * 3}mo`
  return `${count}${LETTER[unit]}`
}

const spanOf = (count: unknown, unit: unknown): Span | undefined => {
  const number = typeof count === 'number' ? count : (count as { value: number }).value
  return Number.isInteger(number) && number > 0 && number < 4000
    ? { count: number, unit: unit as string }
    : undefined
}

const period = (kind: Period['kind'], token: string): Period => ({ kind, token }) as Period
const spanRule = (kind: Period['kind'], sign: '-' | '+', pattern: string, bonus = 0.2): readonly Rule[] =>
  compile(
    `period.${kind}`,
    'PERIOD',
    pattern,
    ([span]) => period(kind, `${sign}${length(span as Span)}`),
    bonus,
  )
const named = (pattern: string, token: string, bonus = 0.2): readonly Rule[] =>
  compile('period.named', 'PERIOD', pattern, () => period('named', token), bonus)
const shifted = (words: string, shift: string): readonly Rule[] =>
  compile(
    'period.shift',
    'PERIOD',
    `in? ${words} UNIT`,
    ([unit]) => {
      if (unit === 'fortnight')
        return period(shift === 'next' ? 'ahead' : 'back', shift === 'next' ? '+14d' : '-14d')
      return unit === 'hour' ? undefined : period('named', `${shift}_${unit as string}`)
    },
    0.2,
  )

/** `since`, `before` … with a calendar period: the period's edge that the word means. */
const bounded = (
  kind: 'since' | 'after' | 'before' | 'until',
  pattern: string,
  bonus = 0.3,
): readonly Rule[] =>
  compile(
    `period.${kind}`,
    'PERIOD',
    pattern,
    ([value]) => {
      const inner = value as Period
      if (inner.kind === 'named')
        return { kind, token: inner.token, ...(inner.isFloating ? { isFloating: true } : {}) }
      if (inner.kind === 'moment')
        return { kind, token: inner.token, ...(inner.isFloating ? { isFloating: true } : {}) }
      if (inner.kind === 'ago' && kind !== 'until') return { kind, token: inner.token }
      return undefined
    },
    bonus,
  )

export const PERIOD_RULES: readonly Rule[] = [
  ...compile('span', 'SPAN', 'NUM UNIT', ([count, unit]) => spanOf(count, unit)),
  ...compile('span.a', 'SPAN', 'a|an|single UNIT', ([unit]) => spanOf(1, unit)),
  ...compile('span.couple', 'SPAN', 'couple of? UNIT', ([unit]) => spanOf(2, unit)),
  ...compile('span.few', 'SPAN', 'few|several UNIT', ([unit]) => spanOf(3, unit)),
  ...compile('span.half', 'SPAN', 'half a? year', () => spanOf(6, 'month')),
  ...compile('span.ahalf', 'SPAN', 'NUM and a half month', ([count]) =>
    spanOf((count as { value: number }).value * 45, 'day'),
  ),

  ...shifted('this|current|present', 'this'),
  ...shifted('last|previous|prior|preceding', 'last'),
  ...shifted('next|coming|upcoming|following', 'next'),
  ...compile(
    'period.past',
    'PERIOD',
    'in|over|within|during|for|throughout? past|trailing UNIT',
    ([unit]) =>
      unit === 'quarter'
        ? period('named', 'last_quarter')
        : period('back', `-${length({ count: 1, unit: unit as string })}`),
    0.2,
  ),
  ...compile(
    'period.thelast',
    'PERIOD',
    'over|within|in =the last UNIT',
    ([unit]) =>
      unit === 'quarter'
        ? period('named', 'last_quarter')
        : period('back', `-${length({ count: 1, unit: unit as string })}`),
    0.25,
  ),
  ...spanRule(
    'back',
    '-',
    'in|over|within|during|for|from|throughout? last|past|previous|trailing|preceding SPAN',
    0.3,
  ),
  ...spanRule('ahead', '+', 'in|over|within|during|for? next|coming|following|upcoming SPAN', 0.3),
  ...spanRule('span', '-', 'in|for|over|within|during|since SPAN', 0.1),
  ...spanRule('span', '-', 'SPAN', 0),
  ...spanRule('ahead', '+', 'SPAN from now', 0.3),
  ...spanRule('older', '-', 'for|in|since? more|longer|greater|older|earlier than SPAN ago?', 0.4),
  ...spanRule('older', '-', 'for|in? over|exceeding|beyond SPAN ago?', 0.35),
  ...spanRule('older', '-', 'for|in? at least SPAN', 0.4),
  ...spanRule('older', '-', 'for|in? SPAN or|and more|longer|older|up|over', 0.5),
  ...spanRule('older', '-', 'for|in? SPAN + ago?', 0.4),
  ...spanRule('older', '-', 'SPAN + old?', 0.4),
  ...spanRule('older', '-', 'SPAN old', 0.3),
  ...spanRule('older', '-', 'for|in? NUM_PLUS', 0.3),
  ...spanRule('back', '-', 'less|fewer|newer|younger than SPAN ago?', 0.4),
  ...spanRule('back', '-', 'within SPAN', 0.2),
  ...spanRule('ago', '-', 'SPAN ago|back|earlier', 0.4),
  ...compile('span.plus', 'NUM_PLUS', 'NUM + UNIT', ([count, unit]) => spanOf(count, unit)),

  ...named('today|tonight', 'today'),
  ...named('this morning|afternoon|evening', 'today'),
  ...named('yesterday', 'yesterday'),
  ...named('tomorrow', 'tomorrow'),
  ...named('ytd', 'this_year'),
  ...named('mtd', 'this_month'),
  ...named('qtd', 'this_quarter'),
  ...named('year to date', 'this_year'),
  ...named('month to date', 'this_month'),
  ...named('quarter to date', 'this_quarter'),
  ...named('so far this year', 'this_year', 0.4),
  ...named('this year so far', 'this_year', 0.4),
  ...named('so far this quarter', 'this_quarter', 0.4),
  ...named('this quarter so far', 'this_quarter', 0.4),
  ...named('so far this month', 'this_month', 0.4),
  ...named('this month so far', 'this_month', 0.4),
  ...named('end of month', 'this_month'),
  ...named('end of quarter', 'this_quarter'),
  ...named('end of year', 'this_year'),
  ...named('end of week', 'this_week'),
  ...named('month end', 'this_month'),
  ...named('quarter end', 'this_quarter'),
  ...named('year end', 'this_year'),
  ...named('eom', 'this_month'),
  ...named('eoq', 'this_quarter'),
  ...named('eoy', 'this_year'),
  ...compile('period.calendar', 'PERIOD', 'in|during|for|of|from? CALENDAR', ([value]) => value, 0.2),
  ...compile('period.moment', 'PERIOD', 'on|at? MOMENT', ([value]) => value, 0.2),
  ...compile('period.end', 'ENDED', 'end|close of PERIOD', ([value]) => value),
  ...['week', 'month', 'quarter', 'year'].flatMap((unit) =>
    compile('period.ends', 'ENDED', `end of ${unit}`, () => period('named', `this_${unit}`)),
  ),
  ...['week', 'month', 'quarter', 'year'].flatMap((unit) =>
    compile('period.ends', 'ENDED', `${unit} end`, () => period('named', `this_${unit}`)),
  ),
  ...bounded('since', 'since|starting|from start|beginning|early of? PERIOD'),
  ...bounded('since', 'since PERIOD'),
  ...bounded('since', 'from PERIOD on|onwards|onward'),
  ...bounded('since', 'as of|starting PERIOD'),
  ...bounded('after', 'after|later than PERIOD'),
  ...bounded('before', 'before|prior|earlier to|than? PERIOD'),
  ...bounded('until', 'by|until|till|through end|close? of? PERIOD'),
  ...bounded('until', 'before ENDED', 0.8),
  ...bounded('until', 'by|until|till ENDED'),
  ...bounded('until', 'no later than PERIOD'),
  ...compile(
    'period.between',
    'PERIOD',
    'between|from PERIOD and|to|until|till|through PERIOD',
    ([from, to]) => {
      const a = from as Period
      const b = to as Period
      return (a.kind === 'named' || a.kind === 'moment') && (b.kind === 'named' || b.kind === 'moment')
        ? { kind: 'between', token: a.token, to: b.token }
        : undefined
    },
    0.6,
  ),
]
