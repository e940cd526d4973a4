import { TactError, bug, conflict, denied, unavailable, userError } from '../domain/errors.ts'

interface DatabaseFault {
  readonly code?: unknown
  readonly constraint?: unknown
}

const SQLSTATE = /^[0-9A-Z]{5}$/

const faultOf = (error: unknown): DatabaseFault | undefined => {
  for (let here = error; here instanceof Error; here = here.cause) {
    const fault = here as DatabaseFault
    if (typeof fault.code === 'string' && SQLSTATE.test(fault.code) && !(here instanceof TactError))
      return fault
  }
  return undefined
}

/** The SQLSTATE of a database error, however wrapped: `23505` unique, `23503` foreign key, `42501` not allowed. */
export const sqlStateOf = (error: unknown): string | undefined => faultOf(error)?.code as string | undefined

/** The name of the constraint a database error is about. */
export const constraintOf = (error: unknown): string | undefined => {
  const constraint = faultOf(error)?.constraint
  return typeof constraint === 'string' ? constraint : undefined
}

/** States that triggers of ours raise (migration `access`). */
const NOT_PERMITTED = 'TA403'
const LAST_OWNER = 'TA409'

/** A workspace keeps an owner. */
export const lastOwner = (cause?: unknown): TactError =>
  conflict('last_owner', 'The last owner of a workspace stays its owner.', {
    fix: 'Make somebody else an owner first.',
    cause,
  })

/** A character that Postgres keeps nowhere, in a text and in jsonb. */
const NO_SUCH_CHARACTER = new Set(['22021', '22P05'])
const TRY_AGAIN = new Set(['40001', '40P01', '55P03'])
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT'])
const NO_CONNECTION = 'timeout exceeded when trying to connect'

/**
 * A database failure as a Tact error where somebody can act on it (deadline, lock, connection, a character); anything else comes
 * back unwrapped as it was, with its SQLSTATE for the caller to read.
 */
export const translateError = (error: unknown): unknown => {
  for (let here: unknown = error; here instanceof Error; here = here.cause) {
    if (here instanceof TactError) return here
    if (here.message === NO_CONNECTION) {
      return bug('no_connection', 'No database connection came free in time.', {
        fix: 'Inside a transaction use only that transaction: a second one waits for the first for ever.',
        cause: error,
      })
    }
    const code = (here as { code?: unknown }).code
    if (typeof code === 'string' && UNREACHABLE.has(code)) {
      return unavailable('database_unreachable', 'The database cannot be reached.', {
        fix: 'Check that the server of DATABASE_URL runs and accepts this machine.',
        cause: error,
      })
    }
  }
  const state = sqlStateOf(error)
  if (state === NOT_PERMITTED) {
    return denied('not_permitted', 'The role of this member does not allow that. Nothing was changed.', {
      fix: 'Ask a member whose role allows it; docs/access.md lists them.',
      cause: error,
    })
  }
  if (state === LAST_OWNER) return lastOwner(error)
  if (state !== undefined && NO_SUCH_CHARACTER.has(state)) {
    return userError('bad_text', 'A text holds a character that is kept nowhere (NUL), so nothing has it.', {
      fix: 'Leave the character out.',
      cause: error,
    })
  }
  if (state === '57014') {
    return unavailable(
      'query_timeout',
      'The database was stopped after working on one statement for too long.',
      {
        fix: 'Ask for less: a shorter period, more filters, or fewer groups.',
        cause: error,
      },
    )
  }
  if (state !== undefined && TRY_AGAIN.has(state)) {
    return unavailable('database_busy', 'Another change was being made to the same records.', {
      fix: 'Try again.',
      cause: error,
    })
  }
  if (state !== undefined && (state.startsWith('08') || state.startsWith('28') || state === '3D000')) {
    return unavailable('database_unreachable', 'The database refused the connection.', {
      fix: 'Check user, password and database name of DATABASE_URL.',
      cause: error,
    })
  }
  return error
}
