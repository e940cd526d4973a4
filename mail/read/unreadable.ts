import { userError } from '../../domain/errors.ts'

/** Turns a file system error into one that says what to do; use as a `catch` handler. */
export const unreadable = (cause: unknown): never => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  throw userError('unreadable_source', `The mail source cannot be read (${code}).`, {
    fix: 'Check the path and that it may be read.',
    cause,
  })
}
