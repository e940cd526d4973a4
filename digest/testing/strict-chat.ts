import type { DigestChannel, Handed, OutgoingDigest } from '../channel.ts'

/** What the chat does with a message. */
export const CHAT_FAULTS = [
  'none',
  'is busy',
  'breaks off before it took the message',
  'breaks off after it took the message',
  'fails',
  'is away',
] as const
export type ChatFault = (typeof CHAT_FAULTS)[number]

export interface StrictChat {
  readonly channel: DigestChannel
  /** Runs whose message stands there, in order; one that stands there twice is here twice. */
  readonly posted: readonly string[]
  /** What is done with the next messages; `none` when used up. */
  plan(faults: readonly ChatFault[]): void
}

/**
 * A chat behind the digest's port that can be asked what it took, and fails as it is told to. It refuses, with a throw,
 * what the port forbids: a message without a place to stand, and one that is an empty digest and says nothing.
 */
export const openStrictChat = (): StrictChat => {
  const posted: string[] = []
  let planned: ChatFault[] = []
  const take = ({ runId, policy, layout }: OutgoingDigest): Handed => {
    if (policy.channel !== 'slack' || policy.destination === null) throw new Error('A message goes nowhere.')
    if (layout.title === '' || (layout.quiet === null && layout.blocks.length === 0))
      throw new Error('A message says nothing.')
    posted.push(runId)
    return { outcome: 'done', ref: `ts-${posted.length}` }
  }
  return {
    posted,
    plan: (faults) => {
      planned = [...faults]
    },
    channel: {
      send: async (digest, beforeHandover) => {
        const fault = planned.shift() ?? 'none'
        if (fault === 'is away') return { outcome: 'later', failure: 'econnrefused' }
        await beforeHandover()
        if (fault === 'is busy') return { outcome: 'later', failure: 'rate_limited' }
        if (fault === 'fails') return { outcome: 'later', failure: 'chat_500' }
        if (fault === 'breaks off before it took the message')
          return { outcome: 'unknown', failure: 'econnreset' }
        const taken = take(digest)
        return fault === 'none' ? taken : { outcome: 'unknown', failure: 'econnreset' }
      },
      find: async ({ runId }) => {
        const place = posted.indexOf(runId)
        return place < 0 ? { found: 'absent' } : { found: 'done', ref: `ts-${place + 1}` }
      },
    },
  }
}
