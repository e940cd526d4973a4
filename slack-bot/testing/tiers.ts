import type { Clock } from '../clock.ts'

/** Requests a minute, by method, as Slack's documentation gives them; a tier allows at least so many. */
const TIER_1 = 1
const TIER_2 = 20
const TIER_3 = 50
const TIER_4 = 100

const PER_MINUTE: Readonly<Record<string, number>> = {
  'agents.sessions.rename': TIER_3,
  'agents.sessions.setStatus': TIER_3,
  'apps.connections.open': TIER_1,
  'assistant.threads.setStatus': 600,
  'assistant.threads.setSuggestedPrompts': TIER_3,
  'assistant.threads.setTitle': TIER_3,
  'auth.test': 600,
  'blocks.validate': TIER_3,
  'bots.info': TIER_3,
  'chat.appendStream': TIER_4,
  'chat.delete': TIER_3,
  'chat.getPermalink': 600,
  'chat.postEphemeral': TIER_4,
  'chat.postMessage': 300,
  'chat.startStream': TIER_2,
  'chat.stopStream': TIER_2,
  'chat.update': TIER_3,
  'conversations.history': TIER_3,
  'conversations.info': TIER_3,
  'conversations.members': TIER_4,
  'conversations.open': TIER_3,
  'conversations.replies': TIER_3,
  'files.completeUploadExternal': TIER_4,
  'files.getUploadURLExternal': TIER_4,
  'reactions.add': TIER_3,
  'reactions.remove': TIER_2,
  'team.info': TIER_3,
  'users.conversations': TIER_2,
  'users.info': TIER_4,
  'users.lookupByEmail': TIER_3,
  'views.open': TIER_4,
  'views.publish': TIER_4,
  'views.push': TIER_4,
  'views.update': TIER_4,
}
/** One message a second in a channel. */
const POSTS_PER_MINUTE_IN_CHANNEL = 60

/**
 * Counts requests as Slack does, strictly: a bucket a method (and one a channel for posts) that holds a tenth of a
 * minute's requests. Slack's own bursts are not documented; ours are surely not larger.
 */
export class Tiers {
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Seconds to wait (Retry-After) when the call is one too many, else 0. */
  take(method: string, channel: unknown): number {
    const keys: [string, number][] = [[method, PER_MINUTE[method] ?? TIER_3]]
    if (method === 'chat.postMessage')
      keys.push([`${method} ${String(channel)}`, POSTS_PER_MINUTE_IN_CHANNEL])
    const waits = keys.map(([key, perMinute]) => this.#waitMs(key, perMinute))
    const longest = Math.max(...waits)
    if (longest > 0) return Math.max(1, Math.ceil(longest / 1000))
    for (const [key] of keys) this.#buckets.get(key)!.tokens--
    return 0
  }

  #waitMs(key: string, perMinute: number): number {
    const now = this.#clock.now()
    const holds = Math.max(1, perMinute / 10)
    const bucket = this.#buckets.get(key) ?? { tokens: holds, atMs: now }
    bucket.tokens = Math.min(holds, bucket.tokens + ((now - bucket.atMs) * perMinute) / 60_000)
    bucket.atMs = now
    this.#buckets.set(key, bucket)
    return bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) * 60_000) / perMinute
  }
}
