import type { Condition } from '../../../query/ast.ts'
import type { Period } from './pieces.ts'
import type { Setting } from './setting.ts'
import { formatInZone, wallParts } from './zone.ts'

const CURRENT = new Set(['this_week', 'this_month', 'this_quarter', 'this_year', 'today'])
export const FUTURE_DATES = new Set(['closing', 'due'])

const shiftDays = (date: string, days: number): string => {
  const [day, time] = date.split('T')
  const moved = new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  return time === undefined ? moved : `${moved}T${time}`
}

/** A month or weekday without a year means the latest one, or the next one where the date lies ahead. */
export const settle = (
  token: string,
  isFloating: boolean | undefined,
  isAhead: boolean,
  setting: Setting,
): string => {
  if (!isFloating) return token
  const today = formatInZone(setting.now, setting.timezone)
  const { year, month } = wallParts(setting.now, setting.timezone)
  const named = /^(\d{4})-(\d\d|Q\d)$/.exec(token)
  if (named && isAhead) {
    const start = named[2]!.startsWith('Q') ? Number(named[2]![1]) * 3 : Number(named[2])
    const isPast = Number(named[1]) < year || (Number(named[1]) === year && start < month)
    return isPast ? `${Number(named[1]) + 1}-${named[2]}` : token
  }
  if (named) return token
  if (isAhead) {
    const { hour, minute } = wallParts(setting.now, setting.timezone)
    const now = `${today}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
    // "By Friday", said on a Friday, is the next one; "Friday at 15:00" may still be today.
    return (token.includes('T') ? token <= now : token <= today) ? shiftDays(token, 7) : token
  }
  return token > `${today}T99` ? shiftDays(token, -7) : token
}

export const floating = (period: Period): boolean | undefined =>
  'isFloating' in period ? (period as { isFloating?: boolean }).isFloating : undefined

/** Conditions that put a date field inside a period. */
export const dateConditions = (
  field: string,
  period: Period,
  isAhead: boolean,
  setting: Setting,
): readonly Condition[] => {
  const token = settle(period.token, floating(period), isAhead, setting)
  const one = (op: Condition['op'], value: string = token): readonly Condition[] => [{ field, op, value }]
  switch (period.kind) {
    case 'named':
    case 'moment':
      return one('in', token.slice(0, token.includes('T') ? 10 : undefined))
    case 'back':
      return one('>=')
    case 'span':
      return isAhead ? [...one('>=', 'today'), ...one('<=', token.replace('-', '+'))] : one('>=')
    case 'ahead':
      return [...one('>=', 'today'), ...one('<=')]
    case 'older':
    case 'before':
      return one('<')
    case 'ago':
      return token.endsWith('d')
        ? one('in', formatInZone(setting.now, setting.timezone, Number.parseInt(token, 10)))
        : one('<=')
    case 'since':
      return one('>=')
    case 'after':
      return one('>')
    case 'until':
      return one('<=')
    case 'between':
      return [...one('>='), ...one('<=', period.to)]
  }
}

/** Where the silence began: `<` of this. */
export const silenceToken = (period: Period, setting: Setting): string | undefined => {
  if (period.kind === 'ahead' || period.kind === 'between') return undefined
  if (period.kind === 'named' && !CURRENT.has(period.token) && !/^\d{4}/.test(period.token)) return undefined
  return settle(period.token, floating(period), false, setting)
}
