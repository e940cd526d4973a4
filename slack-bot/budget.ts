import type { Clock } from './clock.ts'

/** Requests a minute that Slack allows a workspace, and how many at once we believe it to; both a little below its own. */
const KINDS = {
  start: { perMinute: 19, atOnce: 2 },
  append: { perMinute: 95, atOnce: 9 },
  stop: { perMinute: 19, atOnce: 2 },
  update: { perMinute: 47, atOnce: 4 },
  lookup: { perMinute: 47, atOnce: 4 },
  post: { perMinute: 280, atOnce: 20 },
} as const
const POST_IN_CHANNEL = { perMinute: 55, atOnce: 4 }
/** Streams end one by one: with more of them open, the last would wait for its end too long. */
const MOST_OPEN_STREAMS = 8

export type BudgetKind = keyof typeof KINDS

interface Bucket {
  tokens: number
  atMs: number
}

/** What one workspace may send. All streams and posts of a process share it. */
export class SlackBudget {
  readonly #buckets = new Map<string, Bucket>()
  readonly #clock: Clock
  #open = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes one if there is one, without waiting. */
  tryTake(kind: 'append'): boolean {
    const { perMinute, atOnce } = KINDS[kind]
    const bucket = this.#bucket(kind, perMinute, atOnce)
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }

  /** Opens a stream if there is room for one more; `closeStream` gives the room back. */
  tryOpenStream(): boolean {
    const { perMinute, atOnce } = KINDS.start
    const bucket = this.#bucket('start', perMinute, atOnce)
    if (bucket.tokens < 1 || this.#open >= MOST_OPEN_STREAMS) return false
    bucket.tokens--
    this.#open++
    return true
  }

  closeStream(): void {
    this.#open--
  }

  /** Takes one, and waits for it in the order of asking. */
  async take(kind: Exclude<BudgetKind, 'start' | 'append'>, channel: string): Promise<void> {
    const { perMinute, atOnce } = KINDS[kind]
    const waits = [this.#reserve(kind, perMinute, atOnce)]
    if (kind === 'post')
      waits.push(this.#reserve(`post ${channel}`, POST_IN_CHANNEL.perMinute, POST_IN_CHANNEL.atOnce))
    const waitMs = Math.max(...waits)
    if (waitMs > 0) await this.#clock.sleep(waitMs)
  }

  /** Forgets channels that have been quiet for long enough to be as new. */
  #forget(): void {
    const nowMs = this.#clock.now()
    for (const [key, { atMs }] of this.#buckets) if (nowMs - atMs > 60_000) this.#buckets.delete(key)
  }

  #reserve(key: string, perMinute: number, atOnce: number): number {
    const bucket = this.#bucket(key, perMinute, atOnce)
    bucket.tokens--
    return bucket.tokens >= 0 ? 0 : Math.ceil((-bucket.tokens * 60_000) / perMinute)
  }

  #bucket(key: string, perMinute: number, atOnce: number): Bucket {
    const nowMs = this.#clock.now()
    if (this.#buckets.size > 1000) this.#forget()
    const bucket = this.#buckets.get(key) ?? { tokens: atOnce, atMs: nowMs }
    bucket.tokens = Math.min(atOnce, bucket.tokens + ((nowMs - bucket.atMs) * perMinute) / 60_000)
    bucket.atMs = nowMs
    this.#buckets.set(key, bucket)
    return bucket
  }
}
