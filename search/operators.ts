import { userError } from '../domain/errors.ts'

/** What a text asks for beside its words: `from:dana price before:2026-05 has:attachment`. */
export interface Operators {
  /** The text without its operators. */
  readonly query: string
  readonly from?: string
  readonly to?: string
  readonly with?: string
  readonly company?: string
  readonly after?: string
  readonly before?: string
  readonly direction?: 'inbound' | 'outbound' | 'internal'
  readonly hasAttachment?: boolean
}

const NAMES = ['from', 'to', 'with', 'company', 'after', 'before', 'has', 'is'] as const
type Name = (typeof NAMES)[number]

const OPERATOR = new RegExp(`(^|\\s)(-?)(${NAMES.join('|')}):(?:"([^"]*)"|([^\\s"]+))(?=\\s|$)`, 'giu')
/** Operators are looked for outside of phrases alone. */
const PHRASE = /(?<=^|\s)-?"[^"]*"?(?=\s|$)/g

const DIRECTIONS: Readonly<Record<string, 'inbound' | 'outbound' | 'internal'>> = {
  inbound: 'inbound',
  received: 'inbound',
  outbound: 'outbound',
  sent: 'outbound',
  internal: 'internal',
}

const wrong = (name: string, validOptions: readonly string[]): never => {
  throw userError('bad_operator', `The search does not know this value of ${name}: .`, {
    fix: `Use one of: ${validOptions.map((option) => `${name}:${option}`).join(', ')}.`,
    validOptions: [...validOptions],
    at: 'query',
  })
}

const read = (name: Name, value: string): Omit<Operators, 'query'> => {
  switch (name) {
    case 'has':
      return /^attachments?$/i.test(value) ? { hasAttachment: true } : wrong('has', ['attachment'])
    case 'is': {
      const direction = DIRECTIONS[value.toLowerCase()]
      return direction ? { direction } : wrong('is', Object.keys(DIRECTIONS))
    }
    default:
      return { [name]: value }
  }
}

/**
 * Takes `from: to: with: company: after: before: has:attachment is:sent` out of a text; a value of several words stands
 * in quotes. `-has:attachment` is its opposite. Throws a user error for an operator that cannot be left out (`-from:`), is
 * given twice, or has a value nobody knows.
 */
export const parseOperators = (text: string): Operators => {
  const phrases = [...text.matchAll(PHRASE)].map(
    ({ index, 0: phrase }) => [index, index + phrase.length] as const,
  )
  const found: { -readonly [key in keyof Operators]: Operators[key] } = { query: '' }
  const query = text.replace(
    OPERATOR,
    (
      whole,
      space: string,
      minus: string,
      written: string,
      quoted: string | undefined,
      bare: string | undefined,
      at: number,
    ) => {
      if (phrases.some(([from, to]) => at + space.length > from && at < to)) return whole
      const name = written.toLowerCase() as Name
      const value = (quoted ?? bare ?? '').trim()
      if (value === '') return whole
      const own = read(name, value)
      if (minus !== '' && name !== 'has')
        throw userError('bad_operator', `The search cannot leave out by ${name}: .`, {
          fix: 'Take the minus away, or leave a word out: -word.',
          at: 'query',
        })
      for (const [key, meant] of Object.entries(own)) {
        if (key in found)
          throw userError('bad_operator', `The search has ${name}: twice.`, {
            fix: 'Use it once.',
            at: 'query',
          })
        Object.assign(found, { [key]: minus === '' ? meant : !meant })
      }
      return space
    },
  )
  return { ...found, query: query.trim() }
}
