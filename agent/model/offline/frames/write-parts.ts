import type { Bag } from '../bag.ts'
import { isUnskippable } from '../cover.ts'
import type { Token } from '../normalise.ts'
import type { Period, RefPiece } from '../pieces.ts'
import type { PlannedCall } from '../plan-types.ts'
import { settle } from '../dates.ts'
import { formatInZone } from '../zone.ts'
import type { FrameContext } from './common.ts'

const POLITE = new Set([
  'please',
  'can',
  'could',
  'you',
  'would',
  'i',
  'want',
  'need',
  'to',
  'lets',
  'let',
  'us',
  'go',
  'ahead',
  'and',
  'hey',
  'kindly',
  'just',
  'also',
  'now',
  'will',
  'should',
  ',',
])

/** Index of the verb a request begins with. */
export const verbAt = (tokens: readonly Token[]): number => {
  let at = 0
  while (at < tokens.length - 1 && POLITE.has(tokens[at]!.word)) at += 1
  return at
}

/**
 * Marks the whole request as read. A name that no piece accounts for stays open, and so does a negation or an exception
 * before the free text, which begins at token `freeFrom`.
 */
export const useAll = (bag: Bag, freeFrom = bag.tokens.length): void => {
  for (const [at, token] of bag.tokens.entries())
    if (token.kind !== 'handle' && (at >= freeFrom || !isUnskippable(token))) bag.taken.add(at)
  for (const edge of bag.pieces) if (edge.type === 'REF') bag.used.add(edge)
}

export const references = (
  bag: Bag,
  from: number,
  until: number,
): readonly { readonly piece: RefPiece; readonly at: number }[] =>
  bag.pieces
    .filter((edge) => edge.type === 'REF' && edge.start >= from && edge.end <= until)
    .map((edge) => ({ piece: edge.value as RefPiece, at: edge.start }))

/** The instant a task is due or something happened, as `2026-11-24` or `2026-11-24T10:00`. */
export const instantIn = (
  bag: Bag,
  context: FrameContext,
  isAhead: boolean,
  from = 0,
  until = bag.tokens.length,
): string | undefined => {
  const edge = bag.pieces.find(({ type, start, end }) => type === 'PERIOD' && start >= from && end <= until)
  if (!edge) return undefined
  const period = edge.value as Period
  const isFloating = 'isFloating' in period && period.isFloating
  if (
    period.kind === 'moment' ||
    ((period.kind === 'until' || period.kind === 'before') && /^\d{4}-\d\d-\d\d/.test(period.token))
  ) {
    return settle(period.token, isFloating, isAhead, context)
  }
  const days: Readonly<Record<string, number>> = {
    today: 0,
    tomorrow: 1,
    yesterday: -1,
    next_week: 7,
    next_month: 30,
  }
  if ((period.kind === 'named' || period.kind === 'until') && days[period.token] !== undefined)
    return formatInZone(context.now, context.timezone, days[period.token])
  if (period.token.endsWith('d') && /^[+-]/.test(period.token)) {
    const count = Math.abs(Number.parseInt(period.token.slice(1), 10))
    return formatInZone(
      context.now,
      context.timezone,
      period.kind === 'ahead' || (isAhead && period.kind === 'span') ? count : -count,
    )
  }
  if (/^\d{4}-\d\d$/.test(period.token) && isAhead) return undefined
  return undefined
}

export const noteAfter = (bag: Bag): { readonly at: number; readonly text: string } | undefined => {
  const mark = bag.tokens.findIndex(({ word, kind }) => kind === 'mark' && (word === ':' || word === ';'))
  if (mark >= 0) return { at: mark, text: bag.text.slice(bag.tokens[mark]!.end).trim() }
  const dash = / [-–—] /.exec(bag.text)
  if (dash)
    return {
      at: bag.tokens.findIndex(({ start }) => start > dash.index),
      text: bag.text.slice(dash.index + 3).trim(),
    }
  const quote = bag.tokens.findIndex(({ kind }) => kind === 'quote')
  if (quote >= 0) return { at: quote, text: bag.tokens[quote]!.raw }
  const that = bag.tokens.findIndex(
    ({ word }, index) => index > 2 && ['that', 'saying', 'where', 'about'].includes(word),
  )
  if (that >= 0)
    return {
      at: that,
      text: bag.text
        .slice(bag.tokens[that]!.word === 'about' ? bag.tokens[that]!.start : bag.tokens[that]!.end)
        .trim(),
    }
  return undefined
}

export const sentence = (text: string): string => {
  const clean = text.replace(/^[\s,:;-]+|[\s,:;.!-]+$/g, '').replace(/\s+/g, ' ')
  return clean === '' ? '' : clean[0]!.toUpperCase() + clean.slice(1)
}

/** One proposal of changes. */
export const change = (reason: string, changes: readonly Record<string, unknown>[]): PlannedCall => ({
  tool: 'propose_writeback',
  args: { reason, changes },
})
