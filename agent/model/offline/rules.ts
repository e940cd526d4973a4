import { compile } from './chart.ts'
import type { Rule } from './chart.ts'
import type { EntityWord, EventPiece, RankPiece, Want } from './pieces.ts'
import { AMOUNT_RULES } from './rules-amount.ts'
import type { Num } from './rules-amount.ts'
import { NAME_RULES } from './rules-names.ts'
import { PERIOD_RULES } from './rules-period.ts'

const negate = (wants: readonly Want[]): readonly Want[] | undefined => {
  const flipped = wants.map((want): Want | undefined => {
    if (want.op === '=')
      return typeof want.value === 'boolean' ? { ...want, value: !want.value } : { ...want, op: '!=' }
    if (want.op === 'in' || want.op === 'any_of') return { ...want, op: 'not_in' }
    return undefined
  })
  return flipped.length === 1 && flipped[0] ? [flipped[0]] : undefined
}

const list = (want: Want): readonly (string | number)[] =>
  Array.isArray(want.value) ? (want.value as readonly (string | number)[]) : [want.value as string | number]

const join = ([first, second]: readonly unknown[]): readonly Want[] | undefined => {
  const a = first as readonly Want[]
  const b = second as readonly Want[]
  if (a.length !== 1 || b.length !== 1 || a[0]!.slot !== b[0]!.slot) return undefined
  if (![a[0]!, b[0]!].every(({ op, value }) => (op === '=' && typeof value !== 'boolean') || op === 'in'))
    return undefined
  return [{ slot: a[0]!.slot, op: 'in', value: [...list(a[0]!), ...list(b[0]!)] }]
}

const only =
  (slot: Want['slot']) =>
  (values: readonly unknown[]): readonly Want[] | undefined => {
    const wants = values[0] as readonly Want[]
    return wants[0]!.slot === slot ? wants : undefined
  }

const event = (values: readonly unknown[], isNegated: boolean): EventPiece => ({
  event: (values.at(-1) as { event: string }).event,
  isNegated,
})
const first = ([value]: readonly unknown[]): unknown => value

const FILTER_RULES: readonly Rule[] = [
  ...compile(
    'stage',
    'STAGED',
    'in|at|under|into|on|to|within STAGE|STAGE_NAMED stage|phase|step?',
    first,
    0.5,
  ),
  ...compile('stage.with', 'STAGED', 'with STAGE', first, 0.4),
  ...compile('stage.named', 'STAGED', 'STAGE|STAGE_NAMED stage|phase|step', first, 0.3),
  ...compile('stage.is', 'STAGED', 'stage|phase is|=? STAGE|STAGE_NAMED', first, 0.4),
  ...compile('stage.bare', 'STAGED', 'STAGE', first, -0.15),
  ...compile('stage.reached', 'STAGED', 'reach|hit|currently STAGE', first, 0.3),
  ...compile('filter.stage', 'FILTER', 'STAGED', first),
  ...compile('filter.or', 'FILTER', 'FILTER OR|OR_COMMA FILTER', ([a, , b]) => join([a, b]), 0.4),
  ...compile('stage.or', 'STAGED', 'STAGED OR|OR_COMMA STAGED', ([a, , b]) => join([a, b]), 0.4),
  ...compile(
    'filter.not',
    'FILTER',
    'EXCEPT be? in? FILTER',
    ([, value]) => negate(value as readonly Want[]),
    0.8,
  ),
  ...compile(
    'filter.not.entity',
    'FILTER',
    'EXCEPT ones|one|deal|those? that|which? be? FILTER',
    ([, value]) => negate(value as readonly Want[]),
    0.8,
  ),
  ...compile(
    'filter.outside',
    'FILTER',
    'outside of? FILTER_PLACE',
    ([value]) => negate(value as readonly Want[]),
    0.8,
  ),
  ...compile('city', 'FILTER_PLACE', 'CITY', first),
  ...compile('city.in', 'FILTER', 'in|from|near|around|outside|of|at CITY', first, 0.3),
  ...compile(
    'city.based',
    'FILTER',
    'base|live|locate|headquarter|sit in|near|around|out? of? CITY',
    first,
    0.5,
  ),
  ...compile('city.after', 'FILTER', 'CITY base', first, 0.3),
  ...compile('city.bare', 'FILTER', 'CITY', first, 0),
  ...compile('industry', 'FILTER', 'in|from INDUSTRY industry|sector|space|vertical|market?', first, 0.3),
  ...compile('industry.bare', 'FILTER', 'INDUSTRY industry|sector|space|vertical?', first, 0),
  ...compile('tag', 'FILTER', 'tag|label|mark|flag as|with? TAG', first, 0.5),
  ...compile('tag.with', 'FILTER', 'with|on|in TAG tag|label|list', first, 0.4),
  ...compile('tag.the', 'FILTER', 'TAG tag|label|list', first, 0.2),
  ...compile(
    'tag.quoted',
    'FILTER',
    'tag|label as|with? QUOTE',
    ([value]) => [{ slot: 'tag', op: '=', value: value as string }],
    0.5,
  ),
  ...compile('tag.bare', 'FILTER', 'TAG', only('tag'), 0),
  ...compile('standing', 'FILTER', 'STANDING', first, 0),
  ...compile('title', 'FILTER', 'TITLE', first, 0.1),
  ...compile('title.with', 'FILTER', 'with|whose title|position of|is? TITLE', first, 0.4),
  ...compile('title.title', 'FILTER', 'with|whose? TITLE title|position|role|job', first, 0.5),
  ...compile('parted', 'FILTER', 'PARTED', first, 0),
  ...compile('parted.as', 'FILTER', 'who|that be PARTED', first, 0.2),
]

const EVENT_RULES: readonly Rule[] = [
  ...compile('event', 'EVENT', 'VERB', (values) => event(values, false)),
  ...compile('event.not', 'EVENT', 'NEG I? VERB', (values) => event(values, true), 0.6),
  ...compile(
    'event.not.have',
    'EVENT',
    'NEG have|be|get been|ever|even? VERB',
    (values) => event(values, true),
    1,
  ),
  ...compile(
    'event.not.yet',
    'EVENT',
    'NEG recently|even|yet|once VERB',
    (values) => event(values, true),
    0.6,
  ),
  ...compile(
    'event.none',
    'EVENT',
    'NO NOTHING',
    ([, what]) => ({ ...(what as { event: string }), isNegated: true }),
    0.8,
  ),
  ...compile(
    'event.none.recent',
    'EVENT',
    'NO recent NOTHING',
    ([, what]) => ({ ...(what as { event: string }), isNegated: true }),
    0.8,
  ),
  ...compile(
    'event.notany',
    'EVENT',
    'NEG have|be|see|get any? NOTHING',
    ([, what]) => ({ ...(what as { event: string }), isNegated: true }),
    0.8,
  ),
  ...compile('event.without', 'EVENT', 'NO VERB', (values) => event(values, true), 0.4),
  ...compile(
    'event.wrote',
    'EVENT',
    'NEG hear|get from|a? word? from? =us|=me',
    () => ({ event: 'wrote', isNegated: true }),
    1,
  ),
  ...compile(
    'event.quiet',
    'EVENT',
    'QUIET =us|=me|on?',
    ([value]) => ({ ...(value as { event: string }), isNegated: true, isQuiet: true }),
    0.3,
  ),
  ...compile('stuck', 'STUCK_IN', 'STUCK STAGED', ([, stage]) => stage, 0.4),
  ...compile(
    'moved',
    'MOVED_TO',
    'move|enter|reach|hit|advance|progress to|into? STAGED',
    ([stage]) => stage,
    0.6,
  ),
  ...compile('moved.into', 'MOVED_TO', 'go|get to|into STAGED', ([stage]) => stage, 0.6),
]

/** "Tenants and buyers": people of one part or another, companies of one standing or another. */
const eitherOf = ([left, , right]: readonly unknown[]): EntityWord | undefined => {
  const a = left as EntityWord
  const b = right as EntityWord
  if (a.entity !== b.entity || !['people', 'companies'].includes(a.entity)) return undefined
  const where = join([a.where ?? [], b.where ?? []])
  return where && { entity: a.entity, where }
}

const SHAPE_RULES: readonly Rule[] = [
  ...compile('entity.or', 'ENTITY', 'ENTITY OR|OR_COMMA ENTITY', eitherOf, 0.4),
  ...compile('group', 'GROUP', 'by|per DIM', ([dim]) => ({ dim }), 0.4),
  ...compile('group.each', 'GROUP', 'for|in|at|from|of|to? each|every DIM', ([dim]) => ({ dim }), 0.4),
  ...compile('group.across', 'GROUP', 'across|among DIM', ([dim]) => ({ dim }), 0.3),
  ...compile(
    'group.down',
    'GROUP',
    'break|broken|split|group|slice|divide|organize|segment them|it|that|this|those|the|up|down? out|up|down? by|per|into DIM',
    ([dim]) => ({ dim }),
    0.7,
  ),
  ...compile('measure.grouped', 'MEASURE', '=value|=worth', () => ({ fn: 'sum', slot: 'amount' }), -0.4),
  ...compile('group.noun', 'GROUP', 'DIM breakdown|split|distribution of?', ([dim]) => ({ dim }), 0.6),
  ...compile(
    'group.more',
    'GROUP',
    'GROUP OR DIM',
    ([group, , dim]) => ({ ...(group as object), also: dim }),
    0.3,
  ),
  ...compile(
    'group.over',
    'GROUP',
    'month|quarter|week|year over|by|on month|quarter|week|year',
    () => undefined,
  ),
  ...compile(
    'rank.top',
    'RANKED',
    'top|first NUM',
    ([n]) => ({ slot: 'amount', desc: true, count: (n as Num).value }),
    0.6,
  ),
  ...compile(
    'rank.last',
    'RANKED',
    'last|latest|past|previous NUM',
    ([n]) => ({ slot: 'age', desc: true, count: (n as Num).value }),
    0.4,
  ),
  ...compile(
    'rank.bottom',
    'RANKED',
    'bottom NUM',
    ([n]) => ({ slot: 'amount', desc: false, count: (n as Num).value }),
    0.6,
  ),
  ...compile(
    'rank.n',
    'RANKED',
    'RANK NUM',
    ([rank, n]) => ({ ...(rank as RankPiece), count: (n as Num).value }),
    0.5,
  ),
  ...compile(
    'rank.of',
    'RANKED',
    'NUM RANK',
    ([n, rank]) => ({ ...(rank as RankPiece), count: (n as Num).value }),
    0.5,
  ),
  ...compile(
    'rank.top.rank',
    'RANKED',
    'top NUM RANK',
    ([n, rank]) => ({ ...(rank as RankPiece), count: (n as Num).value }),
    0.5,
  ),
  ...compile('rank', 'RANKED', 'RANK', first),
  ...compile('order', 'ORDER', 'SORT FIELD', ([, field]) => ({ slot: field }), 0.5),
  ...compile(
    'order.desc',
    'ORDER',
    'SORT FIELD descending|desc',
    ([, field]) => ({ slot: field, desc: true }),
    0.7,
  ),
  ...compile(
    'order.asc',
    'ORDER',
    'SORT FIELD ascending|asc',
    ([, field]) => ({ slot: field, desc: false }),
    0.7,
  ),
  ...compile('order.rank', 'ORDER', 'RANK =first', ([rank]) => rank, 0.5),
  ...compile('missing', 'MISSING', 'NO ATTR set|assigned|entered?', ([, attr]) => attr, 0.6),
  ...compile('missing.where', 'MISSING', 'ATTR be missing|empty|blank|unset|unknown', first, 0.6),
  ...compile('missing.not', 'MISSING', 'NEG have an? ATTR', ([, attr]) => attr, 0.8),
  ...compile('missing.owner', 'MISSING', 'unassigned|unowned|ownerless', () => 'owner', 0.3),
  ...compile('missing.nobody', 'MISSING', 'nobody own', () => 'owner', 0.8),
  ...compile(
    'none_of',
    'NONE_OF',
    'NO FILTER? ENTITY',
    (values) => ({ entity: values.at(-1), wants: values.length > 2 ? values[1] : [] }),
    0.8,
  ),
  ...compile(
    'none_of.task',
    'NONE_OF',
    'NEG have any? FILTER? ENTITY',
    (values) => ({ entity: values.at(-1), wants: values.length > 2 ? values[1] : [] }),
    0.9,
  ),
  ...compile('waiting', 'WAITING_US', '=waiting', () => ({}), -0.2),
  ...compile('looking', 'LOOKING', 'look|search|hunt|shop|interested for|in', () => true, 0.2),
  ...compile('wants', 'LOOKING', 'want|need|seek', () => true, 0.1),
]

export const RULES: readonly Rule[] = [
  ...PERIOD_RULES,
  ...AMOUNT_RULES,
  ...NAME_RULES,
  ...FILTER_RULES,
  ...EVENT_RULES,
  ...SHAPE_RULES,
]
