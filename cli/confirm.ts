import { createInterface } from 'node:readline/promises'
import { userError } from '../domain/errors.ts'
import type { Io } from './io.ts'

/** Asks the person at the terminal. Throws `not_confirmed` where there is none and nobody said --yes. */
export const confirmed = async (
  io: Io,
  question: string,
  { yes }: { readonly yes?: boolean },
): Promise<boolean> => {
  if (yes) return true
  if (!io.interactive) {
    throw userError('not_confirmed', 'Nobody was there to say yes. Nothing was written.', {
      fix: 'Look at it with --dry-run, then run it with --yes.',
    })
  }
  const terminal = createInterface({ input: io.stdin })
  io.out(`${question} [y/N] `)
  try {
    return /^y(es)?$/i.test((await terminal.question('', { signal: io.signal })).trim())
  } finally {
    terminal.close()
  }
}
