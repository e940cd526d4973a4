import type { KnownBlock } from '@slack/types'
import type { SlackBudget } from './budget.ts'
import type { SlackClients } from './clients.ts'
import type { Clock } from './clock.ts'
import type { Piece } from './render/answer.ts'
import { attempt, type SlackFailure } from './slack-failure.ts'
import { answerMetadata, findPart, type AnswerPlace } from './stream-find.ts'
import { blocksOf, type Segment } from './stream-segment.ts'

export interface StreamCallsOptions {
  readonly clients: Pick<SlackClients, 'stream' | 'background'>
  /** Shared by all that a workspace is sent. */
  readonly budget: SlackBudget
  readonly clock: Clock
  readonly place: AnswerPlace
  /** Of this answer: parts that were sent are found again by it. */
  readonly answerId: string
}

const LONGEST_FALLBACK = 300
const RETRY_MS = [500, 1000, 2000, 4000, 8000]
/** Tries of one call before a time to give up is set. */
const MOST_TRIES = 10
/** Refusals that stay: writing there is over. */
const CLOSED = new Set([
  'account_inactive',
  'channel_not_found',
  'invalid_auth',
  'is_archived',
  'missing_scope',
  'no_permission',
  'not_authed',
  'not_in_channel',
  'restricted_action',
  'thread_not_found',
  'token_expired',
  'token_revoked',
])

/** Ends the work on an answer: Slack will not take it, for this reason. */
export class Closed extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export const throwIfClosed = (failure: SlackFailure): void => {
  if (failure.kind === 'refused' && CLOSED.has(failure.code)) throw new Closed(failure.code)
}

const retryMs = (tries: number): number => RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]!

/** For notifications and for those who see no blocks; cut after a word, so that no address is cut to another. */
const fallbackOf = (pieces: readonly Piece[]): string => {
  const text = pieces
    .map((piece) => piece.text)
    .join('')
    .trim()
  if (text.length <= LONGEST_FALLBACK) return text || 'An answer'
  const words = text.slice(0, LONGEST_FALLBACK)
  return `${words.slice(0, Math.max(0, words.search(/\s\S*$/u))) || 'An answer'} …`
}

/** Contents to try one after the other when Slack does not take the blocks: without tables, then without those at the end. */
const contentsOf = (
  pieces: readonly Piece[],
  blocks: readonly KnownBlock[],
): readonly (readonly KnownBlock[])[] => {
  const inWords = blocksOf(pieces.map(({ text }) => ({ text })))
  const contents = [[...blocksOf(pieces), ...blocks], [...inWords, ...blocks], inWords]
  return contents.map((one) => (one.length > 0 ? one : blocksOf([{ text: '…' }])))
}

/** Calls for parts of an answer that end in what they promise, or throw `Closed`. */
export class StreamCalls {
  readonly #options: StreamCallsOptions
  #giveUpAtMs: number | undefined

  constructor(options: StreamCallsOptions) {
    this.#options = options
  }

  /** From now on calls are repeated until then. */
  giveUpAt(timeMs: number): void {
    this.#giveUpAtMs = timeMs
  }

  /** Ends a stream with nothing more in it. `done`, or why it had ended: expired, deleted, stopped by a person. */
  end(segment: Segment): Promise<string> {
    const { budget, clients, place } = this.#options
    return this.#insist(async () => {
      await budget.take('stop', place.channel)
      return clients.stream.chat.stopStream({ channel: place.channel, ts: segment.ts })
    }, ['message_not_in_streaming_state', 'message_not_found', 'stopped_by_user'])
  }

  /** Replaces a message by the whole of its segment and these blocks; it may be repeated, and is. */
  async replace(segment: Segment, blocks: readonly KnownBlock[]): Promise<void> {
    const { budget, clients, place, answerId } = this.#options
    for (const content of contentsOf(segment.pieces, blocks)) {
      const done = await this.#insist(async () => {
        await budget.take('update', place.channel)
        return clients.background.chat.update({
          channel: place.channel,
          ts: segment.ts,
          text: fallbackOf(segment.pieces),
          blocks: [...content],
          metadata: answerMetadata(answerId, segment.part),
        })
      }, ['message_not_found', 'invalid_blocks'])
      if (done !== 'invalid_blocks') return
    }
    throw new Closed('invalid_blocks')
  }

  /** Posts a part once: it is looked for before it is sent again. Its `ts`. */
  async post(part: number, pieces: readonly Piece[], blocks: readonly KnownBlock[]): Promise<string> {
    const { budget, clients, place, answerId } = this.#options
    const contents = contentsOf(pieces, blocks)
    let content = 0
    for (let tries = 0; ; tries++) {
      await budget.take('post', place.channel)
      const result = await attempt(() =>
        clients.background.chat.postMessage({
          channel: place.channel,
          thread_ts: place.threadTs,
          text: fallbackOf(pieces),
          blocks: [...contents[content]!],
          metadata: answerMetadata(answerId, part),
          unfurl_links: false,
          unfurl_media: false,
        }),
      )
      if (result.ok) return String(result.value.ts)
      const { failure } = result
      throwIfClosed(failure)
      if (failure.kind === 'unknown') {
        const found = await this.find(part)
        if (found !== undefined) return found
      } else if (failure.kind === 'refused' && ++content >= contents.length) throw new Closed(failure.code)
      await this.#pause(failure, tries)
    }
  }

  /** The message that carries a part, if there is one. Asks until Slack says. */
  async find(part: number): Promise<string | undefined> {
    const { budget, clients, place, answerId } = this.#options
    let found: string | undefined
    await this.#insist(async () => {
      await budget.take('lookup', place.channel)
      found = await findPart(clients.background, place, answerId, part)
    }, [])
    return found
  }

  /** Waits out what Slack asks for, if there is still time. */
  async pauseFor(waitMs: number): Promise<void> {
    if (this.#giveUpAtMs !== undefined && this.#options.clock.now() > this.#giveUpAtMs)
      throw new Closed('no_answer')
    await this.#options.clock.sleep(waitMs)
  }

  /** Repeats a call that may be repeated until it is done or refused with one of these codes, which is given back. */
  async #insist(call: () => Promise<unknown>, codes: readonly string[]): Promise<string> {
    for (let tries = 0; ; tries++) {
      const result = await attempt(call)
      if (result.ok) return 'done'
      const { failure } = result
      if (failure.kind === 'refused') {
        if (codes.includes(failure.code)) return failure.code
        throw new Closed(failure.code)
      }
      await this.#pause(failure, tries)
    }
  }

  async #pause(failure: SlackFailure, tries: number): Promise<void> {
    if (this.#giveUpAtMs === undefined && tries > MOST_TRIES) throw new Closed('no_answer')
    if (failure.kind !== 'refused')
      await this.pauseFor(failure.kind === 'limited' ? failure.waitMs : retryMs(tries))
  }
}
