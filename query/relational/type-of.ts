import type { Call, Expr } from './ast.ts'
import { COMPARISONS } from './ast.ts'
import { castType, checkComparable, checkLiteral, checkTakes, isNumber, isTime } from './value-types.ts'
import type { Typed, ValueType } from './value-types.ts'

type TypeOf = (child: Expr) => ValueType | undefined

const TEXT_CALLS = new Set([
  'lower',
  'upper',
  'initcap',
  'btrim',
  'ltrim',
  'rtrim',
  'replace',
  'substring',
  'substr',
  'split_part',
  'left',
  'right',
  'lpad',
  'regexp_replace',
  'concat',
  'concat_ws',
  'to_char',
  'string_agg',
  'array_to_string',
])
const WHOLE_CALLS = new Set([
  'count',
  'length',
  'char_length',
  'position',
  'strpos',
  'cardinality',
  'array_length',
  'row_number',
  'rank',
  'dense_rank',
  'ntile',
  'grouping',
])
/** Calls that read texts, with how many of their first arguments. */
const READS_TEXT: ReadonlyMap<string, number> = new Map([
  ['lower', 1],
  ['upper', 1],
  ['initcap', 1],
  ['length', 1],
  ['char_length', 1],
  ['btrim', 1],
  ['ltrim', 1],
  ['rtrim', 1],
  ['replace', 3],
  ['substr', 1],
  ['substring', 1],
  ['split_part', 2],
  ['left', 1],
  ['right', 1],
  ['strpos', 2],
  ['starts_with', 2],
  ['string_agg', 1],
  ['regexp_replace', 1],
])
const KEEPING = new Set(['min', 'max', 'first_value', 'last_value', 'lag', 'lead'])
const ADDING = new Set(['sum', 'avg', 'stddev', 'stddev_samp', 'stddev_pop', 'variance'])
const MATHS = new Set(['abs', 'floor', 'ceil', 'ceiling', 'sign', 'sqrt', 'ln', 'power', 'mod'])

const asNumber = { fix: (name: string) => `Write ${name}::numeric.` }
const asText = { fix: (name: string) => `Write ${name}::text.` }

const checkRound = (e: Call, [first]: readonly Typed[]): void => {
  if (first === undefined || e.args.length < 2) return
  checkTakes(first, (type) => type !== 'float' && isNumber(type), {
    what: `${e.fn} to a number of digits`,
    fix: (name) => `Write ${e.fn}(${name === 'x' ? '(x)' : name}::numeric, n).`,
  })
}

const EXTRACTS = new Set(['extract', 'date_part', 'date_trunc'])

const checkExtract = (e: Call, [, second]: readonly Typed[]): void => {
  if (second === undefined) return
  checkTakes(second, isTime, {
    what: e.fn,
    fix: (name) =>
      isNumber(second.type)
        ? 'A date minus a date is a number of days already: leave the call out.'
        : `Write ${name}::date.`,
  })
}

const checkCall = (e: Call, args: readonly Typed[]): void => {
  const [first] = args
  const texts = READS_TEXT.get(e.fn) ?? 0
  for (const one of args.slice(0, texts))
    checkTakes(one, (type) => type === 'text', { what: `${e.fn}()`, ...asText })
  if (first && ADDING.has(e.fn))
    checkTakes(
      first,
      (type) => isNumber(type) || (type === 'interval' && (e.fn === 'sum' || e.fn === 'avg')),
      {
        what: `${e.fn}()`,
        fix: (name) =>
          first.type === 'boolean'
            ? `Write ${e.fn}(${name}::int), or count(*) FILTER (WHERE ${name}).`
            : asNumber.fix(name),
      },
    )
  if (MATHS.has(e.fn) || ((e.fn === 'round' || e.fn === 'trunc') && e.args.length === 1))
    for (const one of args) checkTakes(one, isNumber, { what: `${e.fn}()`, ...asNumber })
  if (e.fn === 'round' || e.fn === 'trunc') checkRound(e, args)
  if (EXTRACTS.has(e.fn)) checkExtract(e, args)
  if ((e.fn === 'min' || e.fn === 'max') && first)
    checkTakes(first, (type) => type !== 'boolean' && type !== 'uuid' && type !== 'json', {
      what: `${e.fn}()`,
      fix: (name) => (first.type === 'boolean' ? `Write bool_or(${name}).` : `Write ${e.fn}(${name}::text).`),
    })
}

const sumType = (type: ValueType | undefined): ValueType | undefined =>
  type === 'integer' || type === 'numeric' ? 'numeric' : type

const callType = (e: Call, args: readonly Typed[]): ValueType | undefined => {
  const [first] = args
  if (TEXT_CALLS.has(e.fn)) return 'text'
  if (WHOLE_CALLS.has(e.fn)) return e.fn === 'grouping' ? undefined : 'integer'
  if (KEEPING.has(e.fn)) return first?.type === 'literal' ? undefined : first?.type
  if (e.fn === 'avg')
    return first?.type === 'interval' ? 'interval' : first?.type === 'float' ? 'float' : sumType(first?.type)
  if (e.fn === 'sum') return sumType(first?.type)
  if (e.fn === 'round' && e.args.length === 2) return 'numeric'
  if (e.fn === 'extract') return 'numeric'
  if (e.fn === 'date_part') return 'float'
  if (e.fn === 'now' || e.fn === 'to_timestamp') return 'timestamp'
  if (e.fn === 'date_trunc') return args[1]?.type === 'interval' ? 'interval' : 'timestamp'
  if (e.fn === 'to_date' || e.fn === 'make_date' || e.fn === 'date') return 'date'
  if (e.fn === 'age' || e.fn === 'make_interval' || e.fn.startsWith('justify_')) return 'interval'
  if (e.fn === 'starts_with' || e.fn === 'bool_and' || e.fn === 'bool_or') return 'boolean'
  return undefined
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%'])

const mathType = (op: string, l: ValueType | undefined, r: ValueType | undefined): ValueType | undefined => {
  if (isNumber(l) && isNumber(r)) {
    if (l === 'float' || r === 'float') return 'float'
    if (l === 'number' || r === 'number') return 'number'
    return l === 'numeric' || r === 'numeric' ? 'numeric' : 'integer'
  }
  if (op === '-' && l === 'date' && r === 'date') return 'integer'
  if (op === '-' && l === 'timestamp' && (r === 'timestamp' || r === 'date')) return 'interval'
  if (op === '-' && l === 'date' && r === 'timestamp') return 'interval'
  if ((op === '+' || op === '-') && l === 'date' && r === 'integer') return 'date'
  if ((op === '+' || op === '-') && (l === 'date' || l === 'timestamp') && r === 'interval')
    return 'timestamp'
  return undefined
}

const checkMath = (op: string, l: Typed, r: Typed): void => {
  for (const one of [l, r])
    checkTakes(one, (type) => isNumber(type) || isTime(type), {
      what: `The operator ${op}`,
      fix: (name) => {
        if (one.type !== 'text') return `Write ${name}::int.`
        return op === '+' ? `Write || to join texts, or ${name}::numeric.` : `Write ${name}::numeric.`
      },
    })
  const days = [l, r].find(({ type }) => type === 'timestamp')
  const number = [l, r].find(({ type }) => isNumber(type))
  const isDayMoved =
    (op === '+' || op === '-') &&
    l.type === 'date' &&
    (r.type === 'integer' || r.type === 'number' || r.type === 'interval')
  const isTimeMath = isTime(l.type) !== isTime(r.type) && l.type !== undefined && r.type !== undefined
  const isScaled = (op === '*' || op === '/') && (l.type === 'interval' || r.type === 'interval')
  if (!isTimeMath || isDayMoved || isScaled || l.type === 'literal' || r.type === 'literal') return
  if (op === '+' && r.type === 'date' && (l.type === 'integer' || l.type === 'number')) return
  if (days || number)
    checkTakes(number ?? l, () => false, {
      what: `A date or time with the operator ${op}`,
      fix: () => `Write ${op === '-' ? '-' : '+'} interval '30 days' for a length of time.`,
    })
}

const common = (types: readonly (ValueType | undefined)[]): ValueType | undefined => {
  const told = types.filter((type) => type !== 'literal')
  const [first] = told
  if (told.every((type) => type === first)) return first
  if (told.every(isNumber)) return told.includes('float') ? 'float' : 'numeric'
  return undefined
}

const checkAlike = (all: readonly Typed[]): void => {
  const told = all.filter(({ type }) => type !== undefined && type !== 'literal')
  const [first, ...others] = told
  if (!first) return
  for (const one of others) checkComparable(first, one)
  const type =
    told.length + all.filter((one) => one.type === 'literal').length < all.length
      ? undefined
      : common(told.map((one) => one.type))
  for (const { e, type: own } of all) if (own === 'literal') checkLiteral(type, e)
}

const isNull = (e: Expr): boolean => 'lit' in e && e.lit === null

const isComparison = (op: string): boolean => COMPARISONS.some((one) => one === op)

/**
 * The type of an expression, from those of its children. Throws `type_mismatch`, with the cast that mends it, where
 * PostgreSQL would surely refuse.
 */
export const typeOfExpr = (e: Expr, of: TypeOf, subquery: ValueType | undefined): ValueType | undefined => {
  const typed = (child: Expr): Typed => ({ e: child, type: of(child) })
  if ('lit' in e) {
    if (typeof e.lit === 'string') return 'literal'
    if (typeof e.lit === 'boolean') return 'boolean'
    if (typeof e.lit === 'number') return Number.isInteger(e.lit) ? 'integer' : 'numeric'
    return e.lit === null ? undefined : 'numeric'
  }
  if ('cast' in e) {
    if (of(e.cast) === 'literal') checkLiteral(castType(e.to.t), e.cast)
    return castType(e.to.t)
  }
  if ('now' in e) return e.now === 'date' ? 'date' : e.now === 'time' ? 'time' : 'timestamp'
  if ('fn' in e) {
    const args = e.args.map(typed)
    checkCall(e, args)
    return callType(e, args)
  }
  if ('op' in e) {
    if (e.q) return 'boolean'
    const r = typed(e.r)
    if (!e.l) return r.type
    const l = typed(e.l)
    if (isComparison(e.op)) {
      checkComparable(l, r)
      return 'boolean'
    }
    if (ARITHMETIC.has(e.op)) {
      checkMath(e.op, l, r)
      return mathType(e.op, l.type, r.type)
    }
    if (e.op.includes('~')) checkTakes(l, (type) => type === 'text', { what: 'A pattern', ...asText })
    if (e.op === '||') return l.type === 'json' || r.type === 'json' ? undefined : 'text'
    return e.op.includes('~') ? 'boolean' : undefined
  }
  if ('like' in e) {
    checkTakes(typed(e.like[0]), (type) => type === 'text', { what: e.ci ? 'ILIKE' : 'LIKE', ...asText })
    return 'boolean'
  }
  if ('between' in e) {
    const [x, low, high] = e.between
    checkComparable(typed(x), typed(low))
    checkComparable(typed(x), typed(high))
    return 'boolean'
  }
  if ('in' in e) {
    for (const one of e.list ?? []) checkComparable(typed(e.in), typed(one))
    if (e.sub && !('row' in e.in)) checkComparable(typed(e.in), { e: { sub: e.sub }, type: subquery })
    return 'boolean'
  }
  if ('coalesce' in e) {
    checkAlike(e.coalesce.map(typed))
    return common(e.coalesce.map(of))
  }
  if ('case' in e) {
    const arms = [...e.case.map(([, then]) => then), ...(e.else ? [e.else] : [])].filter(
      (arm) => !isNull(arm),
    )
    if (!e.on) for (const [when] of e.case) checkCondition(typed(when), 'WHEN')
    checkAlike(arms.map(typed))
    return common(arms.map(of))
  }
  if ('nullif' in e) return of(e.nullif[0]) === 'literal' ? undefined : of(e.nullif[0])
  if ('and' in e || 'or' in e) {
    for (const one of 'and' in e ? e.and : e.or) checkCondition(typed(one), 'and' in e ? 'AND' : 'OR')
    return 'boolean'
  }
  if ('not' in e && typeof e.not === 'object') {
    checkCondition(typed(e.not), 'NOT')
    return 'boolean'
  }
  if ('isnull' in e || 'istrue' in e || 'exists' in e || 'distinctFrom' in e || 'quant' in e) return 'boolean'
  if ('sub' in e) return subquery
  return undefined
}

/** Refuses what is no condition where one must stand. */
export const checkCondition = (one: Typed, place: string): void => {
  checkTakes(one, (type) => type === 'boolean', {
    what: place,
    fix: (name) => (isNumber(one.type) ? `Write ${name} <> 0.` : `Write a comparison, e.g. ${name} = '…'.`),
  })
}
