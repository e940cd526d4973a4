import type { Span } from '../types.ts'
import { createWordIndex, createWordList, createWordMarks, readWords } from '../words.ts'
import type { WordList } from '../words.ts'
import { detected, hitsIn } from './recogniser.ts'
import type { Recogniser } from './recogniser.ts'

const list = (text: string): string[] => text.split(' ')
const either = (words: readonly string[]): string => words.toSorted((a, b) => b.length - a.length).join('|')

/** `12 Harbor Street`; the number stands before. */
const TYPES = list(
  'street st avenue ave road rd lane ln drive dr boulevard blvd court ct place pl way terrace circle cir highway hwy parkway pkwy square sq crescent close mews row gardens grove trail plaza alley walk hill wharf quay rise',
)
/** `Rue de Rivoli 12`, `12, rue de Rivoli`. */
const PREFIXES = list(
  'rue avenue av boulevard bd chemin allée quai impasse place route via viale piazza corso largo calle c/ avenida avda paseo plaza camino carrera ctra travesía rua r travessa praça estrada alameda ul ulica al aleja os strada str',
)
/** `Hauptstraße 12`. */
const SUFFIXES = list(
  'straße strasse str straat gasse weg allee platz ring damm ufer gatan gata gade vej veien vegen vägen väg laan plein gracht kade katu tie utca út útja tér steig chaussee berg bakken hof markt brücke',
)
const UNITS = list('apt apartment suite ste unit flat wohnung whg apto piso appt appartement lgh')
const BOXES =
  'p\\.?\\s?o\\.?\\s?box|post\\s?box|postfach|apartado|casilla|caixa postal|boîte postale|postboks|postbus|psc\\s\\d{1,5},?\\s+box'
const CUES = list('address addresses zip postcode plz')
const MILITARY = list('fpo apo dpo')

const REGIONS: ReadonlySet<string> = (() => {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  const found = new Set<string>([
    'usa',
    'uk',
    'england',
    'scotland',
    'wales',
    'deutschland',
    'españa',
    'brasil',
    'österreich',
    'schweiz',
  ])
  for (let one = 65; one <= 90; one += 1) {
    for (let two = 65; two <= 90; two += 1) {
      const name = names.of(String.fromCharCode(one, two))
      if (name !== undefined) found.add(name.toLowerCase())
    }
  }
  return found
})()

const WORD = "[\\p{L}][\\p{L}\\p{M}'’.-]*"
const NUMBER = '\\d{1,5}\\s?(?:[a-z](?![\\p{L}]))?(?:[-/]\\d{1,4})?'
const ANCHORS: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}\\p{N}#.,$€£-])(?:${NUMBER}[ ,]+){1,2}(?:${WORD} ){0,4}?(?:${either(TYPES)})(?![\\p{L}\\p{N}])\\.?`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${either(PREFIXES)})\\.? (?:${WORD} ){0,5}?${WORD},? (?:n[º°o]\\.? ?)?\\d{1,5}(?![\\p{L}\\p{N}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}])\\d{1,5}(?: ?(?:bis|ter))?,? (?:${either(PREFIXES)})\\.? ${WORD}(?: ${WORD}){0,5}`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${WORD} ){0,2}\\p{L}{2,}(?:${either(SUFFIXES)})\\.? ${NUMBER}(?![\\p{L}\\p{N}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${either(SUFFIXES.filter((word) => word.length > 3))})\\.? ${NUMBER}(?![\\p{L}\\p{N}])`,
    'giu',
  ),
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${either(UNITS)})\\.? ?#?\\d{1,5}[a-z]?(?![\\p{L}\\p{N}])`, 'giu'),
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${BOXES})\\s?#?\\d{1,6}(?!\\p{N})`, 'giu'),
  new RegExp(
    `(?<![\\p{L}\\p{N}])(?:(?:us(?:s|nv|ns|cgc) )?${WORD},?\\s+)?(?:fpo|apo|dpo),?\\s+a[aep]\\s+\\d{5}`,
    'giu',
  ),
  /(?<![\p{L}\p{N}])(?:AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MI|MN|MO|MS|MT|NC|ND|NE|NH|NJ|NM|NV|NY|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VA|VT|WA|WI|WV|WY|DC),? {1,2}\d{5}(?:-\d{4})?(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])(?:GIR ?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]) \d[ABD-HJLNP-UW-Z]{2})(?![\p{L}\p{N}])/gu,
  /(?<=\b(?:zip|post(?:al)?)\s?codes?(?: is|:)? )[A-Z0-9]{2,4}[ -]?[A-Z0-9]{2,4}(?![\p{L}\p{N}])/giu,
  new RegExp(
    `the corner of (?:[\\p{L}\\p{N}.'’-]+ ){1,8}and (?:[\\p{L}\\p{N}.'’-]+ ){0,5}?(?:street|st|avenue|ave|road|rd|lane|drive|\\d{1,5})(?![\\p{L}\\p{N}])`,
    'giu',
  ),
  new RegExp(
    `(?<=\\baddress(?:es)?(?: is|:| to(?: the same:)?|, here they are:)?\\s{1,6})\\d{1,5},? (?:${WORD} ?){1,5}(?:[ ,]*\\d{1,5})?`,
    'giu',
  ),
]
/** `14 R Nossa Senhora Graça 75`, where what follows is an address too. */
const LOOSE = new RegExp(
  `(?<![\\p{L}\\p{N}.,$€£-])\\d{1,4} ${WORD}(?: ${WORD}){0,4} \\d{1,5}(?![\\p{L}\\p{N}%])`,
  'giu',
)
const TRIGGERS = createWordIndex([
  ...TYPES,
  ...PREFIXES.filter((word) => word.length > 1 && word !== 'c/'),
  ...SUFFIXES,
  ...UNITS,
  ...CUES,
  ...MILITARY,
  'box',
  'postbox',
  'postfach',
  'corner',
])
/** What each anchor needs among the words of a stretch; nothing where shapes of letters and digits decide. */
const WORDS_OF_ANCHORS = createWordMarks([
  TYPES,
  [...PREFIXES, 'c'],
  [...PREFIXES, 'c'],
  [],
  [],
  UNITS,
  list('box pobox obox postbox postfach apartado casilla caixa boîte postboks postbus'),
  MILITARY,
  [],
  [],
  list('code codes zipcode zipcodes postcode postcodes postalcode postalcodes'),
  ['corner'],
  list('address addresses'),
])
const STREETS = [3, 4]
const STATES = 8
const BRITISH = 9
const wordsOfPart = createWordList(128)

const isDigitAt = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0x30 && unit <= 0x39
}

const isCapitalAt = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit >= 0x41 && unit <= 0x5a
}

const isPlain = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false
  return true
}

/** Which anchors may stand in a stretch, in bits, and LOOSE after them: no other need be looked for. */
const anchorsIn = (part: string): number => {
  // Words are folded, and patterns see other ends of words than lists do where there are marks and accents.
  if (!isPlain(part)) return -1
  const words = readWords(part, wordsOfPart)
  let bits = 0
  let numbers = 0
  for (let at = 0; at < words.count; at += 1) {
    const start = words.start[at]!
    if (isDigitAt(part, start)) {
      numbers += 1
      const end = words.end[at]!
      if (end - start >= 5) bits |= 1 << STATES
      if (isCapitalAt(part, end) && isCapitalAt(part, end + 1)) bits |= 1 << BRITISH
      const before = part.charCodeAt(start - 1) === 0x20 ? start - 2 : -1
      const last = part.charCodeAt(part.charCodeAt(before) === 0x2e ? before - 1 : before)
      if (STREET_LAST.has(last) && ENDS_AS_STREET.test(part.slice(Math.max(0, start - LONGEST_END), start)))
        for (const bit of STREETS) bits |= 1 << bit
      continue
    }
    bits |= WORDS_OF_ANCHORS.of(words.first[at]!, words.second[at]!)
  }
  return numbers > 1 ? bits | (1 << ANCHORS.length) : bits
}

const SUFFIX_BEFORE_NUMBER = new RegExp(`\\p{L}{2}(?:${either(SUFFIXES)})\\.?$`, 'iu')
/** What stands right before the number of a street. */
const ENDS_AS_STREET = new RegExp(`(?:${either(SUFFIXES)})\\.? $`, 'iu')
const LONGEST_END = 16
const AROUND = 96

/** What may stand between an address and its unit or the rest of it. */
const HEAD = new RegExp(
  `(?:\\d{1,5}[ ,]+)?(?:(?:\\d{1,5} )?${WORD}[ ,]+(?:${WORD}[ ,]+){0,4}?)(?:\\d{1,5} ?[a-z]?\\.?)?[\\s,>?]*$`,
  'iu',
)
const HEAD_NUMBERS = /(?:(?<![\p{L}\p{N}#.,$€£-])\d{1,5}[ ,]+){1,2}$/u
const STEP = /[\s,>?]*([\p{L}\p{N}][\p{L}\p{M}\p{N}'’.-]*)/uy
const POSTCODE = /^(?:\d{4,6}|\d{5}-\d{4}|\d{4}-\d{3}|[A-Z]\d[A-Z])$/u
const MOST_WORDS = 12
const LONGEST_TAIL = 120

/** How far the address goes on: to its last unit, postcode or country, over the words of towns between. */
const tailOf = (text: string, from: number): number => {
  let end = from
  let at = from
  const recent: string[] = []
  for (let count = 0; count < MOST_WORDS && at - from < LONGEST_TAIL; count += 1) {
    STEP.lastIndex = at
    const step = STEP.exec(text)
    if (!step || (/\n[ \t>?]*\r?\n/u.test(step[0]) && count > 6)) break
    const word = step[1]!.replace(/[.]+$/u, '')
    at = STEP.lastIndex
    const lower = word.toLowerCase()
    if (/^\d/u.test(word)) {
      const ofUnit = UNITS.includes(recent.at(-1) ?? '')
      if (POSTCODE.test(word) || ofUnit) end = at - (step[1]!.length - word.length)
      else if (count > 0 && !/^\d{1,5}[a-z]?$/iu.test(word)) break
    } else {
      const last = [...recent.slice(-3), lower]
      if (last.some((_, index) => REGIONS.has(last.slice(index).join(' '))))
        end = at - (step[1]!.length - word.length)
      else if (STOP.has(lower) || (step[1]!.endsWith('.') && word.length > 4)) break
    }
    recent.push(lower)
  }
  return end
}

const STOP: ReadonlySet<string> = new Set(
  list(
    'i we you he she it they is are was were will would can could for with from about this that my your his her our their who which when what where please because but if on at in card phone call thanks fax tel email mobile office',
  ),
)

/** Words between a number and what makes an address of it. */
const NEAR = 8

/**
 * Where an address may stand: a number of up to six digits with a word of addresses, or one that ends as streets do, a
 * few words before or after it, or a postcode's letters beside it.
 */
const addressWindows = (text: string, words: WordList): { start: number; end: number }[] => {
  const found: { start: number; end: number }[] = []
  let cue = -1
  const note = (at: number): void => {
    found.push({
      start: Math.max(0, words.start[at]! - AROUND),
      end: Math.min(text.length, words.end[at]! + AROUND),
    })
  }
  let number = -1
  for (let at = 0; at < words.count; at += 1) {
    const start = words.start[at]!
    const unit = text.charCodeAt(start)
    if (unit >= 0x30 && unit <= 0x39) {
      if (words.end[at]! - start > 6) continue
      number = at
      if (cue >= 0 && at - cue <= NEAR) note(at)
      else if (at > 0 && words.breaks[at] === 0 && besideNumber(text, words, at)) note(at)
      continue
    }
    if (!TRIGGERS.has(words.first[at]!, words.second[at]!)) continue
    cue = at
    if (number >= 0 && at - number <= NEAR) note(number)
  }
  return found
}

/** A street's ending or a state's two capitals before a number, or the letters of a British postcode around it. */
const besideNumber = (text: string, words: WordList, at: number): boolean => {
  const start = words.start[at - 1]!
  const end = words.end[at - 1]!
  const last = text.charCodeAt(end - 1)
  if (end - start <= 2) return last >= 0x41 && last <= 0x5a
  return end - start > 4 && STREET_LAST.has(last) && SUFFIX_BEFORE_NUMBER.test(text.slice(start, end))
}

/** Last letters of the endings of streets. */
const STREET_LAST: ReadonlySet<number> = new Set(
  SUFFIXES.flatMap((word) => [
    word.charCodeAt(word.length - 1),
    word.toUpperCase().charCodeAt(word.length - 1),
  ]),
)

/**
 * Postal addresses as they are written in Britain, North America, Germany, France, Spain, Portugal, Italy, the
 * Netherlands and the Nordic countries: a street with its number, a unit, a box or a postcode, and what goes with it.
 */
export const recognisePlace: Recogniser = (text, { taken, words }) => {
  const cues = addressWindows(text, words)
  if (cues.length === 0) return []
  const found: { start: number; end: number }[] = []
  for (const { start: from, end: to } of joined(cues)) {
    const part = text.slice(from, to)
    if (!/\d/u.test(part)) continue
    const take = (start: number, end: number): void => {
      const before = text.slice(Math.max(0, start - 64), start)
      const unit = /^(?:apt|apartment|suite|ste|unit|flat|wohnung|whg|apto|piso|appt|appartement|lgh)/iu.test(
        text.slice(start, end),
      )
      const head = (unit ? HEAD.exec(before) : HEAD_NUMBERS.exec(before))?.[0] ?? ''
      const lead = /\d/u.test(head) ? head : ''
      found.push({ start: start - lead.trimStart().length, end: tailOf(text, end) })
    }
    const anchors = anchorsIn(part)
    for (const [at, pattern] of ANCHORS.entries()) {
      if ((anchors & (1 << at)) === 0) continue
      for (const hit of hitsIn(part, [{ start: 0, end: part.length }], pattern)) {
        const end = from + hit.end
        // `3 deals in place` is no street: small letters need the rest of an address behind them.
        const plain = at === 0 && !/\p{Lu}\S*$/u.test(hit.text)
        if (!plain || tailOf(text, end) > end) take(from + hit.start, end)
      }
    }
    if ((anchors & (1 << ANCHORS.length)) === 0) continue
    for (const hit of hitsIn(part, [{ start: 0, end: part.length }], LOOSE)) {
      const end = from + hit.end
      if (tailOf(text, end) > end) take(from + hit.start, end)
    }
  }
  return joined(found)
    .filter(({ start, end }) => !taken.has(start, end))
    .map(({ start, end }): Span => detected('PLACE', start, end))
}

const joined = (stretches: readonly { start: number; end: number }[]): { start: number; end: number }[] => {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && last.end >= start) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}
