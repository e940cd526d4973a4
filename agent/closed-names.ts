import { closedText, hostsIn } from '../domain/closed-text.ts'
import type { NameStream } from '../tools/privacy/session.ts'

/** Which of these hosts the workspace knows. */
export type ListedHosts = (hosts: readonly string[]) => Promise<ReadonlySet<string>>

/** A model's words with names put back, closed for a person's screen: see domain/closed-text.ts. */
export const closeAnswer = async (text: string, listed: ListedHosts): Promise<string> => {
  const hosts = hostsIn(text)
  return closedText(text, { hosts: hosts.length === 0 ? new Set() : await listed(hosts) })
}

/** Longest piece without a line's end that is held back. */
const MOST_HELD = 4000

/** The same for words that arrive in pieces: whole lines pass, the last waits for its end. */
export const closedNames = (names: NameStream, listed: ListedHosts): NameStream => {
  let held = ''
  const take = async (piece: string): Promise<string> => {
    held += piece
    const end = held.length > MOST_HELD ? held.length : held.lastIndexOf('\n') + 1
    const whole = held.slice(0, end)
    held = held.slice(end)
    return whole === '' ? '' : closeAnswer(whole, listed)
  }
  return {
    push: async (chunk) => take(await names.push(chunk)),
    end: async () => {
      const rest = held + (await names.end())
      held = ''
      return rest === '' ? '' : closeAnswer(rest, listed)
    },
  }
}
