import { compile } from './chart.ts'
import type { Rule } from './chart.ts'
import type { Want } from './pieces.ts'

export interface Num {
  readonly value: number
  readonly isMoney: boolean
}
interface Amount {
  readonly op: Want['op']
  readonly value: number | readonly number[]
}

const amount = (op: Want['op'], pattern: string, bonus = 0.2): readonly Rule[] =>
  compile('amount', 'AMOUNT', pattern, ([number]) => ({ op, value: (number as Num).value }), bonus)

/** "between 600 and 900k": the first number takes the scale of the second. */
const range = ([first, second]: readonly unknown[]): Amount | undefined => {
  const a = first as Num
  const b = second as Num
  const scale =
    !a.isMoney && b.isMoney && a.value < 1000 && b.value >= 1000 ? (b.value >= 1e6 ? 1e6 : 1e3) : 1
  const low = a.value * scale
  return low < b.value ? { op: 'between', value: [low, b.value] } : undefined
}

const OPPOSITE: Readonly<Partial<Record<Want['op'], Want['op']>>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

/** Amounts of money, bedrooms and budgets, with what they are compared by. */
export const AMOUNT_RULES: readonly Rule[] = [
  ...amount('>', 'worth|valued|priced|budget? at? over|above|exceeding|beyond NUM'),
  ...amount('>', 'worth|valued|priced? more|greater|larger|bigger|higher|exceed than? NUM'),
  ...amount('>', 'north|upwards|excess of NUM'),
  ...amount('>', 'in excess of NUM', 0.3),
  ...amount('>=', 'at least|minimum of? NUM'),
  ...amount('>=', 'min|minimum NUM'),
  ...amount('>=', 'NUM or|and more|above|up|higher|over|greater|upwards|better'),
  ...amount('>=', 'NUM +'),
  ...amount('>=', 'starting at|from NUM'),
  ...amount('>=', 'no|not less|fewer|lower|smaller than NUM', 0.4),
  ...amount('<', 'worth|valued|priced|budget? at? under|below NUM'),
  ...amount('<', 'worth|valued|priced? less|fewer|smaller|lower|cheaper than NUM'),
  ...amount('<=', 'at most|max|maximum of? NUM'),
  ...amount('<=', 'max|maximum NUM'),
  ...amount('<=', 'up to NUM'),
  ...amount('<=', 'NUM max|maximum|tops|at most', 0.3),
  ...amount('>=', 'NUM min|minimum|at least', 0.3),
  ...amount('<=', 'NUM or|and less|below|under|fewer|lower|cheaper|smaller'),
  ...amount('<=', 'no|not more|greater|larger|bigger|higher than NUM', 0.4),
  ...amount('=', 'exactly|precisely|worth|priced|valued at? NUM'),
  ...compile('amount.between', 'AMOUNT', 'between|from NUM and|to NUM', range, 0.4),
  ...compile(
    'amount.except',
    'AMOUNT',
    'EXCEPT ones|one|those|deal|listing|anything|everything? AMOUNT',
    ([, given]) => {
      const { op, value } = given as Amount
      const opposite = OPPOSITE[op]
      return opposite === undefined ? undefined : { op: opposite, value }
    },
    0.8,
  ),
  ...compile('amount.range', 'AMOUNT', 'NUM to NUM', range, 0.1),
  ...compile(
    'bedrooms',
    'FILTER',
    'AMOUNT bedroom|beds|=bed|br|bdr',
    ([value]) => [{ slot: 'bedrooms', ...(value as Amount) }],
    0.5,
  ),
  ...compile(
    'bedrooms.n',
    'FILTER',
    'NUM bedroom|beds|=bed|br|bdr',
    ([value]) => [{ slot: 'bedrooms', op: '=', value: (value as Num).value }],
    0.2,
  ),
  ...compile(
    'bedrooms.max',
    'FILTER',
    'NUM bedroom|beds|=bed|br|bdr max|maximum|tops',
    ([value]) => [{ slot: 'bedrooms', op: '<=', value: (value as Num).value }],
    0.6,
  ),
  ...compile(
    'bedrooms.min',
    'FILTER',
    'NUM bedroom|beds|=bed|br|bdr min|minimum|or|and more|up|upwards?',
    ([value]) => [{ slot: 'bedrooms', op: '>=', value: (value as Num).value }],
    0.6,
  ),
  ...compile(
    'bedrooms.after',
    'FILTER',
    'bedroom AMOUNT',
    ([value]) => [{ slot: 'bedrooms', ...(value as Amount) }],
    0.3,
  ),
  ...compile(
    'budget',
    'FILTER',
    'budget|spend|afford|pay|spending of|in|range|is|up|to? range? AMOUNT',
    ([value]) => [{ slot: 'budget', ...(value as Amount) }],
    0.5,
  ),
  ...compile(
    'budget.after',
    'FILTER',
    'AMOUNT budget|to spend',
    ([value]) => [{ slot: 'budget', ...(value as Amount) }],
    0.5,
  ),
  ...compile(
    'budget.afford',
    'FILTER',
    'afford NUM',
    ([value]) => [{ slot: 'budget', op: '>=', value: (value as Num).value }],
    0.5,
  ),
  ...compile(
    'budget.is',
    'FILTER',
    'budget of? NUM',
    ([value]) => [{ slot: 'budget', op: '=', value: (value as Num).value }],
    0.2,
  ),
  ...compile(
    'amount.field',
    'AMOUNT',
    'FIELD AMOUNT',
    ([field, value]) => (field === 'amount' ? value : undefined),
    0.2,
  ),
  ...compile(
    'amount.infield',
    'AMOUNT',
    'AMOUNT in? FIELD',
    ([value, field]) => (field === 'amount' ? value : undefined),
    0.2,
  ),
]
