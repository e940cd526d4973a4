import { instantOf } from '../../domain/zone.ts'
import { parseRecordUri } from '../../domain/records.ts'
import { userError } from '../../domain/errors.ts'
import { readMoment } from '../../query/periods.ts'
import type { Clock } from '../../query/periods.ts'
import type { MailFilters } from '../../search/filters.ts'
import { parseOperators } from '../../search/operators.ts'
import { readParty } from './mail-parties.ts'

/** Arguments of a search in mail; what the text says by operators is said by an argument as well. */
export interface MailArguments {
  readonly query: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly with?: string | undefined
  readonly company?: string | undefined
  readonly after?: string | undefined
  readonly before?: string | undefined
  readonly direction?: MailFilters['direction']
  readonly has_attachment?: boolean | undefined
  readonly in_thread?: string | undefined
}

/** Instant at which the value begins. */
const startInstant = (text: string | undefined, clock: Clock, at: string): Date | undefined => {
  if (text === undefined) return undefined
  const moment = readMoment(text, clock, at)
  return new Date(instantOf(moment.kind === 'range' ? moment.from : moment.at, clock.timezone))
}

/** The thread of a handle. Throws a user error for anything else. */
const threadOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const record = parseRecordUri(text.trim())
  if (record?.entity === 'threads') return record.id
  throw userError('wrong_record', 'in_thread takes the handle of a thread.', {
    fix: 'Use the handle that search_email gives as thread.',
    at: 'in_thread',
  })
}

/**
 * Words and filters of a search, read from its arguments and from operators in its text; an argument wins over the
 * operator of its name. Throws a user error for a value that cannot be read.
 */
export const readMailQuestion = (
  input: MailArguments,
  clock: Clock,
): { readonly query: string; readonly filters: MailFilters } => {
  const typed = parseOperators(input.query)
  return {
    query: typed.query,
    filters: {
      from: readParty(input.from ?? typed.from, 'from'),
      to: readParty(input.to ?? typed.to, 'to'),
      with: readParty(input.with ?? typed.with, 'with'),
      company: readParty(input.company ?? typed.company, 'company'),
      after: startInstant(input.after ?? typed.after, clock, 'after'),
      before: startInstant(input.before ?? typed.before, clock, 'before'),
      direction: input.direction ?? typed.direction,
      hasAttachment: input.has_attachment ?? typed.hasAttachment,
      threadId: threadOf(input.in_thread),
    },
  }
}
