import * as chrono from 'chrono-node'
import type { Edge } from './chart.ts'
import type { Token } from './normalise.ts'
import { wallParts } from './zone.ts'

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)
/** Index of a month by its name or its first three letters; -1 for any other word. */
export const monthOf = (word: string): number => {
  if (word === 'may') return 4
  const at = MONTHS.findIndex(
    (name) =>
      name === word ||
      (word.length >= 3 && name.slice(0, 3) === word) ||
      (word === 'sept' && name === 'september'),
  )
  return at
}
const two = (value: number): string => String(value).padStart(2, '0')
const ORDINALS: Readonly<Record<string, number>> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  '1st': 1,
  '2nd': 2,
  '3rd': 3,
  '4th': 4,
}

/** Months, quarters, years: calendar periods that need today to be complete. A month alone is the latest one begun. */
export const calendarSeeds = (tokens: readonly Token[], now: Date, timezone: string): readonly Edge[] => {
  const { year: thisYear, month: thisMonth } = wallParts(now, timezone)
  const edges: Edge[] = []
  const add = (start: number, end: number, token: string, isFloating = false): void => {
    edges.push({
      start,
      end,
      type: 'CALENDAR',
      value: { kind: 'named', token, ...(isFloating ? { isFloating } : {}) },
      bonus: 0.2,
      rule: 'calendar',
    })
  }
  const yearAt = (at: number): number | undefined => {
    const token = tokens[at]
    const value = token?.kind === 'number' ? token.number! : 0
    return Number.isInteger(value) && value >= 1990 && value <= 2100 && token?.isMoney !== true
      ? value
      : undefined
  }
  for (const [index, token] of tokens.entries()) {
    const month = token.kind === 'word' ? monthOf(token.word) : -1
    const isModalMay = token.word === 'may' && !token.raw.startsWith('M')
    if (month >= 0 && !isModalMay) {
      const skip = /^(of|,)$/.test(tokens[index + 1]?.word ?? '') ? 2 : 1
      const named = yearAt(index + skip)
      const before = tokens[index - 1]?.word
      if (named !== undefined) add(index, index + skip + 1, `${named}-${two(month + 1)}`)
      else if (before === 'last' && month + 1 === thisMonth)
        add(index - 1, index + 1, `${thisYear - 1}-${two(month + 1)}`)
      else if (before === 'next')
        add(index - 1, index + 1, `${month + 1 > thisMonth ? thisYear : thisYear + 1}-${two(month + 1)}`)
      else {
        const year = month + 1 <= thisMonth ? thisYear : thisYear - 1
        const start = before === 'last' || before === 'this' ? index - 1 : index
        add(start, index + 1, `${year}-${two(month + 1)}`, true)
      }
      if (tokens[index + 1]?.word === 'last' && tokens[index + 2]?.word === 'year')
        add(index, index + 3, `${thisYear - 1}-${two(month + 1)}`)
      if (tokens[index + 1]?.word === 'this' && tokens[index + 2]?.word === 'year')
        add(index, index + 3, `${thisYear}-${two(month + 1)}`)
      if (tokens[index + 1]?.word === 'next' && tokens[index + 2]?.word === 'year')
        add(index, index + 3, `${thisYear + 1}-${two(month + 1)}`)
    }
    const quarter = /^q([1-4])(?:20(\d\d))?$/.exec(token.word)
    const spoken =
      ORDINALS[token.word] !== undefined && tokens[index + 1]?.word === 'quarter'
        ? ORDINALS[token.word]
        : undefined
    if (quarter || spoken) {
      const number = quarter ? Number(quarter[1]) : spoken!
      const end = index + (quarter ? 1 : 2)
      const skip = tokens[end]?.word === 'of' ? 1 : 0
      const named = quarter?.[2] ? 2000 + Number(quarter[2]) : yearAt(end + skip)
      const current = Math.floor((thisMonth - 1) / 3) + 1
      if (quarter?.[2]) add(index, end, `${named}-Q${number}`)
      else if (named !== undefined) add(index, end + skip + 1, `${named}-Q${number}`)
      else if (tokens[end + skip]?.word === 'last' && tokens[end + skip + 1]?.word === 'year')
        add(index, end + skip + 2, `${thisYear - 1}-Q${number}`)
      else if (tokens[end + skip]?.word === 'this' && tokens[end + skip + 1]?.word === 'year')
        add(index, end + skip + 2, `${thisYear}-Q${number}`)
      else if (tokens[end + skip]?.word === 'next' && tokens[end + skip + 1]?.word === 'year')
        add(index, end + skip + 2, `${thisYear + 1}-Q${number}`)
      else if (yearAt(index - 1) !== undefined) add(index - 1, end, `${yearAt(index - 1)}-Q${number}`)
      else add(index, end, `${number <= current ? thisYear : thisYear - 1}-Q${number}`, true)
    }
    const year = yearAt(index)
    if (year !== undefined && monthOf(tokens[index - 1]?.word ?? '') < 0) add(index, index + 1, String(year))
    if (/^\d{4}-\d\d(-\d\d)?$/.test(token.word)) add(index, index + 1, token.word)
  }
  return edges
}

const NAMES_A_DAY =
  /\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2}[/.]\d|\d\s?(?:am|pm)\b|\d:\d\d|\bat \d|\b(?:noon|midnight|tomorrow|today|yesterday|tonight)\b/i

/** Days and hours in words ("next Tuesday at 10", "October 3rd"), by chrono-node. */
export const dateSeeds = (
  text: string,
  tokens: readonly Token[],
  now: Date,
  timezone: string,
): readonly Edge[] => {
  if (!/\d|mon|tue|wed|thu|fri|sat|sun|noon|midnight|weekend/i.test(text)) return []
  const here = wallParts(now, timezone)
  const wallNow = new Date(Date.UTC(here.year, here.month - 1, here.day, here.hour, here.minute))
  const edges: Edge[] = []
  for (const found of chrono.en.parse(
    text.replace(/[A-Z]+_\d+[fl]?/g, (handle) => '·'.repeat(handle.length)),
    { instant: wallNow, timezone: 0 },
  )) {
    const { start } = found
    if (!start.isCertain('day') && !start.isCertain('weekday') && !start.isCertain('hour')) continue
    if (
      !NAMES_A_DAY.test(found.text) ||
      /\b(?:days?|weeks?|months?|years?|quarters?|ago)\b/i.test(found.text)
    )
      continue
    const from = tokens.findIndex((token) => token.end > found.index)
    const until = tokens.findLastIndex((token) => token.start < found.index + found.text.length)
    if (from < 0 || until < from) continue
    let date = start.date()
    const isPastTalk = start.isCertain('weekday') && !/next|coming|this/i.test(found.text)
    const day = date.toISOString().slice(0, 10)
    const token = start.isCertain('hour') ? `${day}T${date.toISOString().slice(11, 16)}` : day
    date = start.date()
    edges.push({
      start: from,
      end: until + 1,
      type: 'MOMENT',
      value: { kind: 'moment', token, ...(isPastTalk ? { isFloating: true } : {}) },
      bonus: 0.3,
      rule: 'chrono',
    })
  }
  return edges
}
