/** Clauses of a SELECT in the order in which they stand. */
const CLAUSES = [
  'select',
  'from',
  'where',
  'group by',
  'having',
  'window',
  'order by',
  'limit',
  'offset',
] as const

interface Token {
  /** Lower case; `group by` and `order by` are one. */
  readonly text: string
  readonly at: number
  readonly end: number
  readonly depth: number
}

const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  let depth = 0
  for (const match of text.matchAll(
    /\b(?:group|order|partition)\s+by\b|[a-z_][\w.]*|\d[\w.]*|''|"[^"]*"|[^\s\w]/gi,
  )) {
    if (match[0] === ')') depth -= 1
    const word = match[0].toLowerCase().replaceAll(/\s+/g, ' ')
    tokens.push({ text: word, at: match.index, end: match.index + match[0].length, depth })
    if (match[0] === '(') depth += 1
  }
  return tokens
}

const rankOf = (text: string): number => (CLAUSES as readonly string[]).indexOf(text)
const inCapitals = (text: string): string => text.toUpperCase()

/** Tokens of the SELECT that holds the one at `place`, its brackets left out, up to and with it. */
const ownBefore = (tokens: readonly Token[], place: number): readonly Token[] => {
  const { depth } = tokens[place]!
  const own: Token[] = []
  for (let at = place; at >= 0; at -= 1) {
    const token = tokens[at]!
    if (token.depth < depth || /^(?:union|intersect|except)$/.test(token.text)) break
    if (token.depth === depth) own.unshift(token)
    if (token.depth === depth && token.text === 'select' && at < place) break
  }
  return own
}

const BEHIND_JOIN =
  /^(?:on|using|join|left|right|full|inner|cross|natural|where|group by|order by|having|limit|union|;|\))$/

/** A JOIN that goes on without its condition. */
const lacksOn = (tokens: readonly Token[]): boolean =>
  tokens.some((token, at) => {
    if (token.text !== 'join' || /^(?:cross|natural)$/.test(tokens[at - 1]?.text ?? '')) return false
    const next = tokens.slice(at + 1).find((one) => one.depth <= token.depth && BEHIND_JOIN.test(one.text))
    // Of two joins in a row the conditions may follow both.
    return next === undefined || !/^(?:on|using|join|left|right|full|inner)$/.test(next.text)
  })

const DOUBLE = new Set(
  'select from where group by having order limit and or on in is join as by case when then else between like'
    .split(' ')
    .concat('group by', 'order by'),
)

const orderHint = (own: readonly Token[], here: Token): string | undefined => {
  const rank = rankOf(here.text)
  if (rank < 1) return undefined
  const before = own.slice(0, -1).filter((one) => rankOf(one.text) >= rank)
  const [first] = before
  if (first === undefined) return undefined
  if (rankOf(first.text) > rank) return `Write ${inCapitals(here.text)} before ${inCapitals(first.text)}.`
  return here.text === 'where' || here.text === 'having'
    ? `Write AND in place of the second ${inCapitals(here.text)}.`
    : `Write ${inCapitals(here.text)} once.`
}

/**
 * What is wrong with how the clauses of a SELECT follow one another, at the place where the grammar stopped: a word twice,
 * a clause before or behind its place, a JOIN without its condition, a condition without WHERE. `text` has its strings
 * blanked; `offset` is in it.
 */
export const clauseHint = (text: string, offset: number): string | undefined => {
  const tokens = tokensOf(text)
  const found = tokens.findIndex((token) => token.end > offset)
  const place = found < 0 ? tokens.length - 1 : found
  const [here, before] = [tokens[place], tokens[place - 1]]
  if (!here) return undefined
  const twice = [here, before].find((token, at) => {
    const previous = tokens[place - 1 - at]?.text ?? ''
    return (
      token !== undefined &&
      DOUBLE.has(token.text) &&
      previous.split(' ').at(-1) === token.text.split(' ').at(-1)
    )
  })
  if (twice) return `Write ${inCapitals(twice.text)} once: it stands there twice.`
  const own = ownBefore(tokens, place)
  const ordered = orderHint(own, here)
  if (ordered !== undefined) return ordered
  if (lacksOn(tokens)) return 'Write ON and a condition behind the table of each JOIN.'
  const hasPlace = own.some((one) => one.text === 'where' || one.text === 'having' || one.text === 'on')
  if ((here.text === 'and' || here.text === 'or') && !hasPlace && own.some((one) => one.text === 'from'))
    return `Write WHERE before the first condition, in place of ${inCapitals(here.text)}.`
  const has = (word: string): boolean => tokens.some((one) => one.text === word)
  return has('where') && !has('from') ? 'Write FROM with a table before WHERE.' : undefined
}
