import { editDistance } from '../../domain/nearest.ts'

/** Words that stand for one another in names of columns and tables. */
const MEANINGS: readonly (readonly string[])[] = [
  ['name', 'title', 'label', 'caption', 'fullname'],
  ['amount', 'value', 'price', 'total', 'sum', 'cost', 'worth', 'revenue', 'fee', 'size', 'paid'],
  ['date', 'time', 'at', 'on', 'day', 'timestamp', 'datetime', 'when', 'dt'],
  ['count', 'number', 'num', 'no', 'nbr', 'qty', 'quantity', 'cnt'],
  ['id', 'key', 'code', 'identifier', 'uid', 'pk', 'symbol', 'ticker'],
  ['person', 'people', 'contact', 'individual', 'member', 'human'],
  ['user', 'customer', 'client', 'account', 'buyer', 'consumer', 'owner'],
  ['company', 'organization', 'organisation', 'firm', 'business', 'employer', 'vendor'],
  ['deal', 'opportunity', 'sale', 'order', 'transaction', 'txn', 'trade'],
  ['interaction', 'activity', 'event', 'touchpoint', 'meeting'],
  ['created', 'added', 'inserted', 'opened', 'started', 'start', 'begin', 'began', 'joined', 'signup'],
  ['closed', 'ended', 'end', 'finish', 'finished', 'completed'],
  ['changed', 'updated', 'modified', 'edited'],
  ['email', 'mail', 'address', 'mailbox'],
  ['phone', 'telephone', 'tel', 'mobile', 'cell'],
  ['city', 'town', 'location', 'place'],
  ['country', 'nation', 'land'],
  ['state', 'status', 'stage', 'phase', 'condition'],
  ['region', 'area', 'zone', 'territory', 'continent'],
  ['type', 'kind', 'category', 'class', 'genre', 'sort'],
  ['description', 'summary', 'notes', 'note', 'comment', 'text', 'body', 'detail', 'details'],
  ['rating', 'score', 'stars', 'grade', 'rank'],
  ['salary', 'wage', 'pay', 'income', 'compensation'],
  ['job', 'role', 'position', 'occupation', 'profession'],
  ['year', 'yr'],
  ['avg', 'average', 'mean'],
  ['first', 'given'],
  ['last', 'family', 'sur'],
  ['birth', 'born', 'dob', 'birthday'],
  ['zip', 'postal', 'postcode', 'zipcode'],
  ['active', 'enabled', 'live'],
  ['gender', 'sex'],
]

const meaningOf = new Map<string, number>(
  MEANINGS.flatMap((words, at) => words.map((word): [string, number] => [word, at])),
)

const singular = (word: string): string => {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}

const splitWords = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(singular)

/** Words of names, which are the same few hundred again and again; emptied when others have filled it. */
const known = new Map<string, readonly string[]>()
const MOST_KNOWN = 4_096
const LONGEST_KNOWN = 64

/** `firstName`, `First Name` and `first_name` are the same words. */
export const wordsOf = (name: string): readonly string[] => {
  const found = known.get(name)
  if (found) return found
  if (known.size >= MOST_KNOWN) known.clear()
  const words = splitWords(name)
  if (name.length <= LONGEST_KNOWN) known.set(name, words)
  return words
}

const EMPTY = new Set([
  'fld',
  'tbl',
  'col',
  'the',
  'dim',
  'fact',
  'tb',
  't',
  'table',
  'column',
  'field',
  'my',
  'val',
])

/** A word that means the same counts almost as much as the word itself. */
const wordMatch = (a: string, b: string): number => {
  if (a === b) return 1
  const meaning = meaningOf.get(a)
  if (meaning !== undefined && meaning === meaningOf.get(b)) return 0.8
  if (a.length > 3 && b.length > 3) {
    if (a.startsWith(b) || b.startsWith(a)) return 0.7
    const distance = editDistance(a, b)
    if (distance <= Math.floor(Math.min(a.length, b.length) / 3)) return 0.85 - distance * 0.1
  }
  return 0
}

/**
 * How likely `asked` means `name`, from 0 to 1: spelling, style, word order, endings and meaning. `table` is where `name`
 * stands: its own name may be a part of what was asked.
 */
export const likeness = (asked: string, name: string, table = ''): number => {
  if (asked.length > 60) return 0
  const [a, b] = [asked.toLowerCase(), name.toLowerCase()]
  if (a === b) return 1
  const own = new Set(wordsOf(table))
  const left = wordsOf(asked).filter((word) => !EMPTY.has(word))
  const right = wordsOf(name).filter((word) => !EMPTY.has(word))
  const [plainLeft, plainRight] = [left.join(''), right.join('')]
  if (plainLeft === plainRight && plainLeft !== '') return 0.98
  if (plainLeft.length <= 1 || plainRight === '') return 0
  const distance = editDistance(plainLeft, plainRight)
  const spelling =
    distance <= Math.max(1, Math.floor(Math.min(plainLeft.length, plainRight.length) / 3))
      ? 0.95 - distance / Math.max(plainLeft.length, plainRight.length)
      : 0
  const rest = [...right]
  let matched = 0
  let size = 0
  for (const word of left) {
    const scores = rest.map((one) => wordMatch(word, one))
    const best = Math.max(0, ...scores)
    if (best > 0) rest.splice(scores.indexOf(best), 1)
    matched += best
    // The table's own name beside that of the column says nothing new.
    if (best > 0 || !own.has(word)) size += 1
  }
  size += rest.filter((word) => !own.has(word)).length
  const words = matched === 0 ? 0 : (matched / size) * 0.9
  const initials = right.length > 1 && right.map((word) => word[0]).join('') === plainLeft ? 0.7 : 0
  return Math.max(spelling, words, initials)
}

/** The names that `asked` most likely means, best first; those that have little in common with it are left out. */
export const likeliest = <T>(
  asked: string,
  all: readonly T[],
  nameOf: (one: T) => { readonly name: string; readonly table?: string },
  least = 0.4,
): readonly T[] =>
  all
    .map((one) => {
      const { name, table } = nameOf(one)
      return { one, score: likeness(asked, name, table) }
    })
    .filter(({ score }) => score >= least)
    .toSorted((a, b) => b.score - a.score)
    .map(({ one }) => one)
