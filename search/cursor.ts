import { createHash } from 'node:crypto'
import { userError } from '../domain/errors.ts'

/** What a cursor belongs to: going on with other words or filters would skip and repeat. */
const markOf = (question: unknown): string =>
  createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12)

export const writeCursor = (offset: number, question: unknown): string => `${offset}.${markOf(question)}`

/** Offset of the cursor, 0 without one. Throws a user error when it was made for another question. */
export const readCursor = (cursor: string | null | undefined, question: unknown): number => {
  if (cursor === null || cursor === undefined) return 0
  const [offset, mark] = cursor.split('.')
  if (/^\d{1,7}$/.test(offset ?? '') && mark === markOf(question)) return Number(offset)
  throw userError('bad_cursor', 'The cursor does not belong to this search.', {
    fix: 'Repeat the search with the same words and filters, or start without a cursor.',
    at: 'cursor',
  })
}
