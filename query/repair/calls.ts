import { arityOf } from '../relational/functions.ts'
import { FUNCTIONS, OURS_TOO, TYPE_NAMES } from './functions.ts'
import { isMark, isWord, splitAtCommas, written } from './pieces.ts'
import type { Piece } from './pieces.ts'
import { fillTemplate, unitOf } from './templates.ts'

type Arguments = readonly (readonly Piece[])[]
type Rewrite = (args: Arguments) => readonly Piece[] | undefined

const textIn = (arg: readonly Piece[] | undefined): string | undefined =>
  arg?.length === 1 ? arg[0]!.text : undefined

const isUnit = (arg: readonly Piece[] | undefined): boolean => {
  const text = textIn(arg)
  return text !== undefined && unitOf(text) !== undefined
}

const BETWEEN: Readonly<Record<string, string>> = {
  day: '($2::date - $1::date)',
  week: '(($2::date - $1::date) / 7)',
  month:
    '((extract(year FROM $2) - extract(year FROM $1)) * 12 + extract(month FROM $2) - extract(month FROM $1))',
  quarter:
    '((extract(year FROM $2) - extract(year FROM $1)) * 4 + extract(quarter FROM $2) - extract(quarter FROM $1))',
  year: '(extract(year FROM $2) - extract(year FROM $1))',
  hour: '(extract(epoch FROM $2 - $1) / 3600)',
  minute: '(extract(epoch FROM $2 - $1) / 60)',
  second: 'extract(epoch FROM $2 - $1)',
}

/** From one point in time to another, in a unit: some dialects name the unit first, some last, some the end first. */
const difference =
  (endFirst: boolean): Rewrite =>
  (args) => {
    const [a, b, c] = args
    if (a && b && args.length === 2) return fillTemplate(BETWEEN['day']!, [b, a])
    if (!a || !b || !c) return undefined
    const isLast = !isUnit(a) && isUnit(c)
    const unit = unitOf(textIn(isLast ? c : a) ?? '')
    const template = unit === undefined ? undefined : BETWEEN[unit]
    if (template === undefined) return undefined
    const [from, to] = isLast ? (endFirst ? [b, a] : [a, b]) : [b, c]
    return fillTemplate(template, [from, to])
  }

const moved =
  (sign: '+' | '-'): Rewrite =>
  ([x, by, ...more]) =>
    x && by && more.length === 0 && isWord(by[0], 'interval')
      ? fillTemplate(`($1 ${sign} $2)`, [x, by])
      : undefined

/** SQLite: `date('now', '-30 days')`, `datetime(x, 'start of month')`. */
const sqliteDate =
  (type: string): Rewrite =>
  (args) => {
    const [first, ...modifiers] = args
    if (!first) return undefined
    let made: readonly Piece[] = textIn(first)?.toLowerCase() === "'now'" ? written('now()') : first
    if (made === first && modifiers.length === 0) return undefined
    for (const modifier of modifiers) {
      const text = textIn(modifier)?.toLowerCase() ?? ''
      const start = /^'start of (month|year|day)'$/.exec(text)?.[1]
      const next = /^'[+-]?\d{1,6} (?:day|month|year|hour|minute)s?'$/.test(text)
        ? fillTemplate('$1 + interval $2', [made, modifier])
        : start === undefined
          ? undefined
          : fillTemplate(`date_trunc('${start}', $1)`, [made])
      if (!next) return undefined
      made = next
    }
    return fillTemplate(`($1)::${type}`, [made])
  }

const convert: Rewrite = ([a, b]) => {
  if (!a || !b) return undefined
  const isType = (arg: readonly Piece[]): boolean =>
    arg[0]?.kind === 'word' &&
    (arg.length === 1 || isMark(arg[1], '(')) &&
    TYPE_WORDS.has(arg[0].text.toLowerCase())
  const [type, value] = isType(a) ? [a, b] : [b, a]
  return isType(type)
    ? [...written('CAST('), ...value, ...written('AS'), ...type, ...written(')')]
    : undefined
}

const TYPE_WORDS = new Set([
  ...Object.keys(TYPE_NAMES),
  ...'int integer bigint smallint decimal numeric float real char varchar text date datetime time timestamp boolean bool'.split(
    ' ',
  ),
])

/** MySQL: `group_concat(distinct x order by y separator ', ')`. */
const groupConcat: Rewrite = (args) => {
  const all = args.flatMap((arg, at) => (at === 0 ? arg : [...written(','), ...arg]))
  const separator = all.findIndex((piece) => isWord(piece, 'separator'))
  const order = all.findIndex((piece) => isWord(piece, 'order'))
  const isDistinct = isWord(all[0], 'distinct')
  if (separator < 0 && order < 0 && !isDistinct) return undefined
  const ends = [separator, order].filter((at) => at >= 0)
  const value = all.slice(isDistinct ? 1 : 0, ends.length > 0 ? Math.min(...ends) : args[0]!.length)
  const by = order < 0 ? [] : all.slice(order, separator < 0 ? undefined : separator)
  const mark = separator < 0 ? (args[1] ?? written("','")) : all.slice(separator + 1)
  const made = fillTemplate(`string_agg(${isDistinct ? 'DISTINCT ' : ''}$1::text, $2)`, [value, mark])
  return made && [...made.slice(0, -1), ...by, ...made.slice(-1)]
}

/** Seconds since 1970 are no format here. */
const sinceEpoch: Rewrite = ([format, x]) =>
  textIn(format) === "'%s'" && x ? fillTemplate('extract(epoch FROM $1)', [x]) : undefined

const SPECIAL: Readonly<Record<string, Rewrite>> = {
  datediff: difference(true),
  date_diff: difference(true),
  timestampdiff: difference(false),
  timestamp_diff: difference(true),
  datetime_diff: difference(true),
  date_add: moved('+'),
  adddate: moved('+'),
  timestamp_add: moved('+'),
  datetime_add: moved('+'),
  date_sub: moved('-'),
  subdate: moved('-'),
  timestamp_sub: moved('-'),
  datetime_sub: moved('-'),
  date: sqliteDate('date'),
  datetime: sqliteDate('timestamp'),
  convert,
  strftime: sinceEpoch,
  group_concat: groupConcat,
  listagg: groupConcat,
}

const CASTS = new Set(['try_cast', 'safe_cast', 'try_convert'])

const fitsOurs = (name: string, args: Arguments): boolean => {
  const arity = arityOf(name)
  if (!arity || args.length < arity[0] || args.length > arity[1]) return false
  if (name === 'date_trunc' || name === 'date_part') return args[0]?.[0]?.kind === 'text'
  return !(name === 'trunc' && args.some(isUnit))
}

/** What is written here for a call of another dialect; undefined where nothing is known of it, or it is one of ours. */
export const callInstead = (name: string, inside: readonly Piece[]): readonly Piece[] | undefined => {
  const plain = name.toLowerCase()
  if (CASTS.has(plain)) {
    if (plain === 'try_convert') return convert(splitAtCommas(inside))
    return [...written('CAST('), ...inside, ...written(')')]
  }
  const args = splitAtCommas(inside)
  const special = Object.hasOwn(SPECIAL, plain) ? SPECIAL[plain]!(args) : undefined
  if (special) return special
  if (!Object.hasOwn(FUNCTIONS, plain)) return undefined
  if ((OURS_TOO.has(plain) || arityOf(plain)) && fitsOurs(plain, args)) return undefined
  if (isWord(args[0]?.[0], 'distinct')) {
    const made = filled(plain, [args[0]!.slice(1), ...args.slice(1)])
    // `count_big(DISTINCT x)`: only where one call stands for another.
    const isCall = made && isMark(made[1], '(') && !isWord(made[2], 'distinct')
    return isCall ? [...made.slice(0, 2), ...written('DISTINCT'), ...made.slice(2)] : undefined
  }
  return filled(plain, args)
}

const filled = (name: string, args: Arguments): readonly Piece[] | undefined => {
  for (const template of FUNCTIONS[name] ?? []) {
    const most = Math.max(
      0,
      ...[...template.matchAll(/\$(\d)|\{\w+ (\d)\}/g)].map(([, a, b]) => Number(a ?? b)),
    )
    const isOpen = template.includes('$$')
    if (!isOpen && most !== args.length && !(args.length > most && most === 0)) continue
    const made = fillTemplate(template, args)
    if (made) return made
  }
  return undefined
}
