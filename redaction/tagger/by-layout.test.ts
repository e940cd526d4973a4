import { describe, expect, test } from 'vitest'
import { tagNames } from './tag.ts'

const LEAST = 0.05
const namesIn = (text: string): string[] =>
  tagNames(text, { explained: [], least: LEAST }).names.map(({ start, end }) => text.slice(start, end))
const hides = (text: string, name: string): boolean => {
  const { names } = tagNames(text, { explained: [], least: LEAST })
  const from = text.indexOf(name)
  const shown = Array.from(name).filter((letter, at) => {
    const isLetter = /\p{L}/u.test(letter)
    return isLetter && !names.some(({ start, end }) => start <= from + at && from + at < end)
  })
  return shown.length === 0
}

describe('names by the layout of a mail', () => {
  test('all items of a list of people are names, in small letters and of unlisted words too', () => {
    const text =
      'Subject: Course\n\njoanna baker; simon smith; rebecca\nbond; nick perry; tjarko van holst; toshiko marudo; Paula Reyes\n\nSee you there'
    for (const name of ['simon smith', 'rebecca\nbond', 'nick perry', 'tjarko van holst', 'toshiko marudo'])
      expect(hides(text, name)).toBe(true)
    expect(hides(text, 'See')).toBe(false)
  })

  test('a list of things with semicolons is none of people', () => {
    expect(namesIn('We need: paper; ink; two chairs; one table; lamps; a printer.')).toEqual([])
  })

  test('a common family name after a given one belongs to it, in prose as well', () => {
    expect(hides('Should I just phone Mike Day about it?', 'Mike Day')).toBe(true)
    expect(hides('Should I just phone Mike today?', 'today')).toBe(false)
  })

  test('a family name in capitals before a given one is hidden', () => {
    const text =
      'To: Rosa Quint\n\nReviewed by:\nWHITE, JESSICA       GEORGE F SMITH   Nov 08, 2000\nLENART, KIRK D       GEORGE F SMITH   Nov 08, 2000\n'
    expect(hides(text, 'WHITE, JESSICA')).toBe(true)
    expect(hides(text, 'LENART, KIRK')).toBe(true)
  })

  test('a name that an underscore joins is hidden whole, a file name is not', () => {
    expect(hides('cc: ilse_powell; John Carter', 'ilse_powell')).toBe(true)
    expect(namesIn('see report_final_march.doc')).toEqual([])
  })

  test('whoever an extension follows is a name', () => {
    expect(hides('Credit process (mercy x35082)', 'mercy')).toBe(true)
    expect(hides('We ordered the boxes x35082', 'boxes')).toBe(false)
  })

  test('initials at the end stand for somebody whom an address names, and for nobody else', () => {
    const mail = (end: string) => `From: drew.fossum@example.com\n\nWe will know more by then.  ${end}\n`
    expect(hides(mail('DF'), 'DF')).toBe(true)
    expect(hides(mail('TV'), 'TV')).toBe(false)
    expect(hides('From: clara.vidal@example.com\n\nFlights are in the file........cv\n', 'cv')).toBe(true)
  })

  test('a contraction and a link to write to are nobody', () => {
    expect(namesIn("They aren't here. [mailto:someone]")).toEqual([])
  })
})
