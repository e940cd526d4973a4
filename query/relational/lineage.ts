import type { Hide } from '../../domain/pii.ts'
import type { Expr } from './ast.ts'

/**
 * What a value is made of, and so how it must be hidden: `literal` came with the question, a label or `text` from a hidden
 * column. `whole` values are what stood in the column; anything else is a part or a mixture, and is hidden as one.
 */
export interface Lineage {
  readonly hide: Hide | 'literal'
  readonly whole: boolean
  /** Id of a record of this entity. */
  readonly record?: string
}

export const HARMLESS: Lineage = { hide: 'none', whole: true }
export const LITERAL: Lineage = { hide: 'literal', whole: true }

/** Calls whose value is about a text and not of it. */
const MEASURING = new Set([
  'count',
  'length',
  'char_length',
  'position',
  'strpos',
  'starts_with',
  'cardinality',
  'array_length',
])
/** Calls whose value is one of their arguments, or the same text in another case. */
const KEEPING = new Set([
  'min',
  'max',
  'first_value',
  'last_value',
  'lag',
  'lead',
  'mode',
  'array_agg',
  'lower',
  'upper',
  'btrim',
  'ltrim',
  'rtrim',
])
/** Calls whose texts are formats and units. */
const FORMATTING = new Set([
  'to_char',
  'to_date',
  'to_timestamp',
  'date_trunc',
  'date_part',
  'extract',
  'timezone',
  'age',
  'date',
  'make_date',
  'make_interval',
])

const isHidden = ({ hide }: Lineage): boolean => hide !== 'none' && hide !== 'literal'

/** Several values in one: hidden as the most telling of them. */
export const mix = (parts: readonly Lineage[], whole: boolean): Lineage => {
  const hidden = parts.filter(isHidden)
  const [first] = hidden
  if (!first) {
    const records = new Set(parts.map(({ record }) => record))
    const [record] = records
    if (whole && records.size === 1 && record !== undefined) return { ...HARMLESS, record }
    return parts.some(({ hide }) => hide === 'literal') ? { hide: 'literal', whole } : HARMLESS
  }
  const same = hidden.every(({ hide }) => hide === first.hide)
  const kept = whole && hidden.every((one) => one.whole)
  return { hide: same ? first.hide : 'SECRET', whole: kept && same }
}

/** The lineage of an expression from that of its children. */
export const lineageOf = (e: Expr, of: (child: Expr) => Lineage, subquery: Lineage | undefined): Lineage => {
  if ('lit' in e) return typeof e.lit === 'string' ? LITERAL : HARMLESS
  if ('cast' in e) {
    const inner = of(e.cast)
    if (isHidden(inner))
      return { hide: inner.hide, whole: inner.whole && ['text', 'varchar'].includes(e.to.t) }
    return ['text', 'varchar', 'bpchar', 'uuid'].includes(e.to.t) ? inner : HARMLESS
  }
  if ('coalesce' in e) return mix(e.coalesce.map(of), true)
  if ('greatest' in e) return mix(e.greatest.map(of), true)
  if ('least' in e) return mix(e.least.map(of), true)
  if ('nullif' in e) return mix([of(e.nullif[0])], true)
  if ('case' in e) {
    const arms = [...e.case.map(([, then]) => of(then)), ...(e.else ? [of(e.else)] : [])]
    return mix(arms, true)
  }
  if ('array' in e) return mix(e.array.map(of), true)
  if ('row' in e) return mix(e.row.map(of), false)
  if ('sub' in e && !('quant' in e) && !('in' in e)) return subquery ?? HARMLESS
  if ('op' in e) {
    if (!['||', '+', '-', '*', '/', '%', '->', '->>'].includes(e.op)) return HARMLESS
    return mix([...(e.l ? [of(e.l)] : []), of(e.r)], false)
  }
  if ('fn' in e) {
    if (MEASURING.has(e.fn)) return HARMLESS
    const args = [
      ...e.args,
      ...(e.within ? (e.order ?? []).map(({ by }) => by).filter((by) => !('ord' in by)) : []),
    ].map((arg) => of(arg as Expr))
    if (KEEPING.has(e.fn)) return mix(args, true)
    const telling = FORMATTING.has(e.fn) ? args.filter(isHidden) : args
    const [first] = args
    if (
      first?.hide === 'literal' &&
      !FORMATTING.has(e.fn) &&
      !['concat', 'concat_ws', 'round'].includes(e.fn)
    )
      return { hide: 'SECRET', whole: false }
    return mix(telling, false)
  }
  return HARMLESS
}
