import { bug } from '../../domain/errors.ts'
import { readSql } from '../parse-sql/read.ts'
import type { Query } from './ast.ts'
import { generateForReading } from './generate.ts'
import { refuse } from './refuse.ts'
import { sameQuery } from './same.ts'

/** Constants that stand in SQL as one token whatever they hold: whole numbers of int4, texts without quote or backslash. */
const PLAIN_CONSTANT = /"lit":(?:\d{1,9}|"[\w %,:/@+-]{0,200}")(?=[,}])/g
/** Numbers and texts are different tokens. In JSON no text can hold `"lit":` itself: its quotes are escaped there. */
const masked = (constant: string): string => (constant.endsWith('"') ? '"lit":""' : '"lit":0')

/** All of a query but the values of its plain constants. Two queries of one shape are written alike and read alike. */
export const shapeOf = (query: Query): string => JSON.stringify(query).replace(PLAIN_CONSTANT, masked)

/** Shapes that read back as what was meant; the oldest goes first. */
const known = new Set<string>()
const MOST_KNOWN = 512
const LONGEST_KNOWN = 8_192

const remember = (shape: string): void => {
  if (shape.length > LONGEST_KNOWN) return
  known.add(shape)
  for (const oldest of known) {
    if (known.size <= MOST_KNOWN) break
    known.delete(oldest)
  }
}

/**
 * What was written must read back as what was meant: a slip of the writer or the reader is a refusal, never an answer.
 * A shape is read back once. `loadGrammar` must have ended.
 */
export const validate = (query: Query): void => {
  const shape = shapeOf(query)
  if (known.has(shape)) return
  let read: Query
  try {
    read = readSql(generateForReading(query), { generated: true })
  } catch (cause) {
    throw bug('query_not_readable', 'The query could not be read back.', { cause })
  }
  if (!sameQuery(read, query))
    throw refuse('not_the_same', 'The query could not be carried over exactly.', {
      fix: 'Write it in a simpler way.',
    })
  remember(shape)
}
