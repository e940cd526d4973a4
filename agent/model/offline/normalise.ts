import { stem } from './stem.ts'

export interface Token {
  /** As written, in its original letters. */
  readonly raw: string
  /** Lower case without diacritics. */
  readonly word: string
  readonly stem: string
  /** UTF-16 offsets in the text as given. */
  readonly start: number
  readonly end: number
  readonly kind: 'word' | 'number' | 'handle' | 'quote' | 'mark'
  /** Value of a number. */
  readonly number?: number
  /** A number that is plainly money: a currency sign, or k, m, grand. */
  readonly isMoney?: boolean
}

const HANDLE = /^[A-Z]+_\d{5,7}[fl]?(?!\w)/
const QUOTE = /^(?:"([^"]{1,200})"|“([^”]{1,200})”|'([^']{2,200})'(?!\w))/
const DATE = /^\d{4}-\d\d(?:-\d\d)?(?:T\d\d:\d\d)?(?!\w)/
const NUMBER =
  /^([$€£¥]|usd |eur |gbp )?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?![\d.,])|\d+(?:\.\d+)?)\s?(k|thousand|grand|mm|mio|mil|million|m|bn|billion)?(?![a-z\d])(\s?(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks)\b)?/i
/** Signs that stand for words. */
const SIGNS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:>=|≥)/, ['at', 'least']],
  [/^(?:<=|≤)/, ['at', 'most']],
  [/^>/, ['over']],
  [/^</, ['under']],
  [/^w\/o(?!\w)/i, ['without']],
  [/^w\//i, ['with']],
  [/^#(?!\w)/, ['number']],
  [/^&(?=\s)/, ['and']],
]
const TODO = /^to-?dos?(?![\w-])/i
const WORD = /^[\p{L}\p{N}]+(?:[&@][\p{L}\p{N}]+)*(?:['’][\p{L}]+)?/u

const SCALE: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  grand: 1e3,
  mm: 1e6,
  mio: 1e6,
  mil: 1e6,
  million: 1e6,
  m: 1e6,
  bn: 1e9,
  billion: 1e9,
}

const CONTRACTIONS: Readonly<Record<string, readonly string[]>> = {
  "can't": ['can', 'not'],
  cannot: ['can', 'not'],
  "won't": ['will', 'not'],
  "shan't": ['shall', 'not'],
  "i'm": ['i', 'am'],
  "let's": ['let', 'us'],
  gonna: ['going', 'to'],
  gimme: ['give', 'me'],
  lemme: ['let', 'me'],
  wanna: ['want', 'to'],
  w: ['with'],
  abt: ['about'],
  addr: ['address'],
  addrs: ['addresses'],
  mtg: ['meeting'],
  mtgs: ['meetings'],
  msgs: ['messages'],
  msg: ['message'],
  acct: ['account'],
  accts: ['accounts'],
  custs: ['customers'],
  wks: ['weeks'],
  yrs: ['years'],
  qtrs: ['quarters'],
  havent: ['have', 'not'],
  hasnt: ['has', 'not'],
  didnt: ['did', 'not'],
  dont: ['do', 'not'],
  doesnt: ['does', 'not'],
  isnt: ['is', 'not'],
  arent: ['are', 'not'],
  whats: ['what', 'is'],
  whos: ['who', 'is'],
  hows: ['how', 'is'],
  wheres: ['where', 'is'],
}
const ENDINGS: Readonly<Record<string, string>> = {
  "n't": 'not',
  "'ve": 'have',
  "'re": 'are',
  "'ll": 'will',
  "'d": 'would',
  "'m": 'am',
}
/** After these, 's is a verb; after anything else it marks a possessor. */
const IS_AFTER = new Set([
  'what',
  'who',
  'when',
  'where',
  'how',
  'that',
  'there',
  'it',
  'he',
  'she',
  'which',
  'here',
])

const SMALL: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  ninety: 90,
  hundred: 100,
  dozen: 12,
}

const fold = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/’/g, "'")

const wordTokens = (raw: string, start: number): Token[] => {
  const word = fold(raw)
  const end = start + raw.length
  const make = (part: string, from: number, to: number): Token => {
    const small = SMALL[part]
    return small === undefined
      ? {
          raw: raw.slice(from - start, to - start) || part,
          word: part,
          stem: stem(part),
          start: from,
          end: to,
          kind: 'word',
        }
      : { raw: part, word: part, stem: part, start: from, end: to, kind: 'number', number: small }
  }
  const known = CONTRACTIONS[word]
  if (known) return known.map((part) => ({ ...make(part, start, end), raw }))
  for (const [ending, full] of Object.entries(ENDINGS)) {
    if (!word.endsWith(ending) || word.length <= ending.length) continue
    const cut = end - ending.length
    return [
      make(word.slice(0, -ending.length), start, cut),
      { ...make(full, cut, end), raw: raw.slice(-ending.length) },
    ]
  }
  const possessive = /^(.+)'s?$/.exec(word)
  if (possessive) {
    const owner = possessive[1]!
    const cut = start + owner.length
    const tail = IS_AFTER.has(owner) ? 'is' : "'s"
    return [
      make(owner, start, cut),
      { raw: "'s", word: tail, stem: tail === 'is' ? 'be' : tail, start: cut, end, kind: 'word' },
    ]
  }
  return [make(word, start, end)]
}

const numberToken = (match: RegExpExecArray, start: number): Token => {
  const scale = match[3] ? SCALE[match[3].toLowerCase()]! : 1
  const value = Number(match[2]!.replace(/[, ]/g, '')) * scale
  return {
    raw: match[0],
    word: match[2]!,
    stem: match[2]!,
    start,
    end: start + match[0].length,
    kind: 'number',
    number: Math.round(value * 100) / 100,
    isMoney: match[1] !== undefined || match[3] !== undefined || match[4] !== undefined,
  }
}

const CURRENCY: ReadonlySet<string> = new Set(
  'dollar dollars euro euros pound pounds bucks usd eur gbp'.split(' '),
)

/** `two hundred thousand`, `a hundred grand`: number words that multiply become one number. */
const joinNumbers = (tokens: readonly Token[]): Token[] => {
  const joined: Token[] = []
  const isScale = (token: Token | undefined): boolean =>
    token !== undefined &&
    (token.word === 'hundred' || (SCALE[token.word] !== undefined && token.word.length > 1))
  for (const [index, given] of tokens.entries()) {
    const isOne = (given.word === 'a' || given.word === 'an') && isScale(tokens[index + 1])
    const token: Token = isOne ? { ...given, kind: 'number', number: 1 } : given
    const before = joined.at(-1)
    const scale = token.kind === 'word' ? SCALE[token.word] : token.word === 'hundred' ? 100 : undefined
    if (
      before?.kind === 'number' &&
      before.number !== undefined &&
      scale !== undefined &&
      token.word.length > 1
    ) {
      joined[joined.length - 1] = {
        ...before,
        raw: `${before.raw} ${token.raw}`,
        end: token.end,
        number: before.number * scale,
        isMoney: before.isMoney === true || scale >= 1000,
      }
    } else if (before?.kind === 'number' && CURRENCY.has(token.word)) {
      joined[joined.length - 1] = { ...before, end: token.end, isMoney: true }
    } else joined.push(token)
  }
  return joined
}

/** Splits what was said into words, numbers, handles, quotes and marks (`:` `,` `+`), contractions taken apart. */
export const tokenise = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at)
    const handle = HANDLE.exec(rest)
    const quote = handle ? null : QUOTE.exec(rest)
    const date = DATE.exec(rest)
    const number = NUMBER.exec(rest)
    const word = WORD.exec(rest)
    const sign = SIGNS.find(([pattern]) => pattern.test(rest))
    const todo = TODO.exec(rest)
    const isRange =
      /^\s?[-–]\s?[$€£]?\d/.test(rest) && tokens.at(-1)?.kind === 'number' && tokens.at(-1)!.end === at
    if (sign) {
      const end = at + sign[0].exec(rest)![0].length
      for (const part of sign[1])
        tokens.push({ raw: part, word: part, stem: stem(part), start: at, end, kind: 'word' })
      at = end
    } else if (isRange) {
      const end = at + /^\s?[-–]/.exec(rest)![0].length
      tokens.push({ raw: 'to', word: 'to', stem: 'to', start: at, end, kind: 'word' })
      at = end
    } else if (todo && /[-o]/.test(todo[0])) {
      tokens.push({
        raw: todo[0],
        word: 'todo',
        stem: 'todo',
        start: at,
        end: at + todo[0].length,
        kind: 'word',
      })
      at += todo[0].length
    } else if (handle) {
      const raw = handle[0].replace(/[fl]$/, '')
      tokens.push({ raw, word: raw, stem: raw, start: at, end: at + handle[0].length, kind: 'handle' })
      at += handle[0].length
    } else if (quote) {
      const inner = quote[1] ?? quote[2] ?? quote[3]!
      tokens.push({
        raw: inner,
        word: fold(inner),
        stem: fold(inner),
        start: at,
        end: at + quote[0].length,
        kind: 'quote',
      })
      at += quote[0].length
    } else if (date) {
      tokens.push({
        raw: date[0],
        word: date[0].toLowerCase(),
        stem: date[0],
        start: at,
        end: at + date[0].length,
        kind: 'word',
      })
      at += date[0].length
    } else if (number) {
      tokens.push(numberToken(number, at))
      at += number[0].length
    } else if (word) {
      tokens.push(...wordTokens(word[0], at))
      at += word[0].length
    } else {
      const possessive = /^['’]s(?!\w)/.exec(rest)
      if (possessive) {
        tokens.push({ raw: "'s", word: "'s", stem: "'s", start: at, end: at + 2, kind: 'word' })
        at += 2
      } else {
        if (/^[:,+;]/.test(rest)) {
          tokens.push({ raw: rest[0]!, word: rest[0]!, stem: rest[0]!, start: at, end: at + 1, kind: 'mark' })
        }
        at += 1
      }
    }
  }
  return joinNumbers(tokens)
}
