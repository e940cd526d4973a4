import type { AnyChunk, KnownBlock, TaskUpdateChunk } from '@slack/types'
import type { SlackBudget } from './budget.ts'
import type { SlackClients } from './clients.ts'
import type { Clock } from './clock.ts'
import { AnswerText, type Piece } from './render/answer.ts'
import { clean, clip, type Hosts } from './render/text.ts'
import { attempt, type SlackFailure } from './slack-failure.ts'
import { answerMetadata, findPart, markerOf } from './stream-find.ts'
import { blocksOf, lengthOf, Segment, splitPieces } from './stream-segment.ts'

/** Where an answer goes: a thread, and outside of a direct message for whom. */
export interface AnswerPlace {
  readonly channel: string
  readonly threadTs: string
  readonly recipient?: { readonly userId: string; readonly teamId: string }
}
export interface AnswerStreamOptions {
  readonly clients: Pick<SlackClients, 'stream' | 'background'>
  /** Shared by all that a workspace is sent. */
  readonly budget: SlackBudget
  readonly clock: Clock
  readonly place: AnswerPlace
  /** Of this answer: parts that were sent are found again by it. */
  readonly answerId: string
  readonly hosts: Hosts
  /** A person pressed the native stop button. */
  readonly onStop?: () => void
  /** Slack ends a stream about five minutes after its start; before that it is ended and the next begun. */
  readonly rotateAfterMs?: number
  /** Least time between two calls of one stream. */
  readonly gapMs?: number
  /** How long the end of an answer is tried for before it counts as failed. */
  readonly giveUpAfterMs?: number
}
/** `delivered`: all of it stands in Slack, in these messages. `failed`: Slack refused for good, by this code, or for too long. */
export type Delivered =
  | { readonly outcome: 'delivered' | 'stopped'; readonly messages: readonly string[] }
  | { readonly outcome: 'failed'; readonly messages: readonly string[]; readonly code: string }

const ROTATE_AFTER_MS = 4 * 60_000
/** A stream that waits for a line's end is cut at this multiple of its time all the same. */
const PATIENCE = 1.1
const GAP_MS = 700
const GIVE_UP_AFTER_MS = 10 * 60_000
const RETRY_MS = [500, 1000, 2000, 4000, 8000]
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

/** Ends the work on an answer: Slack will not take it. */
class Closed extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/**
 * One answer on its way into a Slack thread. `write` never waits; one call at a time is sent, with all that has come
 * since the last. What cannot be streamed (no budget, the stream expired or was refused, an answer was lost on the way)
 * is put right by replacing the whole message, which can be repeated, or is posted; a post whose answer was lost is
 * looked for by its metadata before it is sent again.
 */
export class AnswerStream {
  readonly #options: AnswerStreamOptions
  readonly #text: AnswerText
  readonly #messages: string[] = []
  #pending: Piece[] = []
  readonly #tasks = new Map<string, TaskUpdateChunk>()
  #segment: Segment | undefined
  #isStreaming = false
  #mayStream = true
  #parts = 0
  #lastCallMs = 0
  #pump: Promise<void> | undefined
  #ended = false
  #stopped = false
  #failure: string | undefined
  #giveUpAtMs = Number.POSITIVE_INFINITY

  constructor(options: AnswerStreamOptions) {
    this.#options = options
    this.#text = new AnswerText(options.hosts)
  }

  /** Takes Markdown as a model writes it; it is made safe here. */
  write(delta: string): void {
    this.#pending.push(...this.#text.push(delta))
    this.#wake()
  }

  /** A step that a person watches: shown while the answer streams. Up to 256 characters of details. */
  task(id: string, title: string, status: TaskUpdateChunk['status']): void {
    this.#tasks.set(id, { type: 'task_update', id, title: clip(clean(title), 150), status })
    this.#wake()
  }

  /** Sends what is left, with blocks to stand at its end. Never throws; may be called once. */
  async finish(blocks: readonly KnownBlock[] = []): Promise<Delivered> {
    this.#ended = true
    this.#pending.push(...this.#text.end())
    this.#giveUpAtMs = this.#options.clock.now() + (this.#options.giveUpAfterMs ?? GIVE_UP_AFTER_MS)
    await this.#pump
    await this.#guarded(() => this.#end(blocks))
    if (this.#failure !== undefined)
      return { outcome: 'failed', messages: this.#messages, code: this.#failure }
    return { outcome: this.#stopped ? 'stopped' : 'delivered', messages: this.#messages }
  }

  #wake(): void {
    if (this.#pump || this.#isOver() || this.#ended) return
    this.#pump = this.#guarded(() => this.#run()).finally(() => {
      this.#pump = undefined
      if (this.#hasNews() && this.#mayStream) this.#wake()
    })
  }

  #isOver(): boolean {
    return this.#stopped || this.#failure !== undefined
  }

  #hasNews(): boolean {
    return (
      this.#pending.some(({ text, block }) => block !== undefined || text.trim() !== '') ||
      (this.#isStreaming && this.#tasks.size > 0)
    )
  }

  /** A refusal for good ends the answer; the room of its stream is given back. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (thrown) {
      if (!(thrown instanceof Closed)) throw thrown
      this.#failure = thrown.code
      this.#closeStream()
    }
  }

  /** Streams while there is something new. */
  async #run(): Promise<void> {
    const { clock, gapMs = GAP_MS } = this.#options
    while (this.#hasNews() && this.#mayStream && !this.#isOver() && !this.#ended) {
      const restMs = this.#lastCallMs + gapMs - clock.now()
      if (restMs > 0) {
        await clock.sleep(restMs)
        continue
      }
      if (!this.#isStreaming) await this.#start()
      else if (this.#isDue()) await this.#rotate()
      else if (this.#options.budget.tryTake('append')) await this.#append()
      else await clock.sleep(gapMs)
      this.#lastCallMs = clock.now()
    }
  }

  /** Whether this stream is old or full and the next message begins; at a line's end if there is one in time. */
  #isDue(): boolean {
    const segment = this.#segment!
    const { clock, rotateAfterMs = ROTATE_AFTER_MS } = this.#options
    const ageMs = clock.now() - segment.startedAtMs
    if (segment.isFull(this.#pending)) return true
    return ageMs > rotateAfterMs && (segment.endsLine() || ageMs > rotateAfterMs * PATIENCE)
  }

  async #start(): Promise<void> {
    const { budget, clients, clock, place, answerId } = this.#options
    if (!budget.tryOpenStream()) {
      this.#mayStream = false
      return
    }
    const part = ++this.#parts
    const segment = new Segment(part, clock.now())
    const pieces = segment.room(this.#pending)
    const result = await attempt(() =>
      clients.stream.chat.startStream({
        channel: place.channel,
        thread_ts: place.threadTs,
        ...(place.recipient
          ? { recipient_user_id: place.recipient.userId, recipient_team_id: place.recipient.teamId }
          : {}),
        chunks: [
          {
            type: 'task_update',
            id: markerOf(answerId, part),
            title: part === 1 ? 'Answer' : 'Answer, continued',
            status: 'in_progress',
          },
          ...this.#chunks(pieces),
        ],
      }),
    )
    const begin = (ts: string): void => {
      this.#segment = segment
      this.#isStreaming = true
      segment.ts = ts
      this.#messages.push(ts)
      this.#accept(pieces)
    }
    if (result.ok) return begin(String(result.value.ts))
    const { failure } = result
    const found = failure.kind === 'unknown' ? await this.#find(part) : undefined
    if (found !== undefined) return begin(found)
    budget.closeStream()
    this.#parts--
    this.#throwIfClosed(failure)
    if (!this.#withoutBlocks(failure, pieces)) this.#mayStream = false
  }

  async #append(): Promise<void> {
    const segment = this.#segment!
    const { clients, place } = this.#options
    const pieces = segment.room(this.#pending)
    const result = await attempt(() =>
      clients.stream.chat.appendStream({
        channel: place.channel,
        ts: segment.ts,
        chunks: this.#chunks(pieces),
      }),
    )
    if (result.ok) return this.#accept(pieces)
    const { failure } = result
    if (failure.kind === 'limited') return this.#options.clock.sleep(failure.waitMs)
    if (failure.kind === 'refused') {
      if (failure.code === 'stopped_by_user') return this.#stop()
      if (failure.code === 'message_not_found') return this.#closeStream()
      if (this.#withoutBlocks(failure, pieces)) return
      this.#throwIfClosed(failure)
    }
    // Expired, or nothing is known: the whole message is put in its place.
    this.#accept(pieces)
    await this.#putRight([])
  }

  async #rotate(): Promise<void> {
    await this.#stopStream([], [])
  }

  /** What is left, in one call where that can be. */
  async #end(blocks: readonly KnownBlock[]): Promise<void> {
    while (this.#isStreaming && !this.#isOver()) {
      const pieces = this.#segment!.room(this.#pending)
      const isLast = pieces.length === this.#pending.length && lengthOf(pieces) === lengthOf(this.#pending)
      await this.#stopStream(pieces, isLast ? blocks : [])
      if (isLast) return
    }
    if (this.#isOver()) return
    this.#trimEnd()
    const posts = splitPieces(this.#pending)
    this.#pending = []
    if (posts.length === 0 && blocks.length === 0) return
    if (posts.length === 0 && this.#segment) return this.#replace(this.#segment, blocks)
    for (const [at, pieces] of (posts.length === 0 ? [[]] : posts).entries())
      await this.#post(pieces, at >= posts.length - 1 ? blocks : [])
  }

  /** Closes the open stream with these pieces and blocks, whatever happens on the way. */
  async #stopStream(pieces: readonly Piece[], blocks: readonly KnownBlock[]): Promise<void> {
    const segment = this.#segment!
    const { budget, clients, place, answerId } = this.#options
    await budget.take('stop', place.channel)
    const result = await attempt(() =>
      clients.stream.chat.stopStream({
        channel: place.channel,
        ts: segment.ts,
        chunks: [
          ...this.#chunks(pieces),
          { type: 'task_update', id: markerOf(answerId, segment.part), title: 'Answer', status: 'complete' },
        ],
        ...(blocks.length > 0 ? { blocks: [...blocks] } : {}),
        metadata: answerMetadata(answerId, segment.part),
      }),
    )
    if (result.ok) {
      this.#accept(pieces)
      return this.#closeStream()
    }
    const { failure } = result
    if (failure.kind === 'limited') return this.#waitAndStop(failure.waitMs, pieces, blocks)
    if (failure.kind === 'refused') {
      if (failure.code === 'stopped_by_user') return this.#stop()
      if (this.#withoutBlocks(failure, pieces))
        return this.#stopStream(this.#segment!.room(this.#pending), blocks)
      this.#throwIfClosed(failure)
      if (failure.code === 'message_not_found') return this.#closeStream()
    }
    this.#accept(pieces)
    await this.#putRight(blocks)
  }

  async #waitAndStop(waitMs: number, pieces: readonly Piece[], blocks: readonly KnownBlock[]): Promise<void> {
    this.#throwIfLate('ratelimited')
    await this.#options.clock.sleep(waitMs)
    return this.#stopStream(pieces, blocks)
  }

  /** Ends the stream if it is still open, then replaces the message by all that it should hold. */
  async #putRight(blocks: readonly KnownBlock[]): Promise<void> {
    const segment = this.#segment!
    const { budget, clients, place } = this.#options
    const ended = await this.#insist(async () => {
      await budget.take('stop', place.channel)
      return clients.stream.chat.stopStream({ channel: place.channel, ts: segment.ts })
    }, ['message_not_in_streaming_state', 'message_not_found', 'stopped_by_user'])
    if (ended === 'stopped_by_user') return this.#stop()
    this.#closeStream()
    if (ended === 'message_not_found') return
    await this.#replace(segment, blocks)
  }

  /** Replaces a message by the whole of its segment and these blocks; may be repeated. */
  async #replace(segment: Segment, blocks: readonly KnownBlock[]): Promise<void> {
    const { budget, clients, place, answerId } = this.#options
    let shown = segment.pieces
    const send = async (): Promise<string> =>
      this.#insist(async () => {
        await budget.take('update', place.channel)
        const whole = [...blocksOf(shown), ...blocks]
        return clients.background.chat.update({
          channel: place.channel,
          ts: segment.ts,
          text: fallbackOf(shown),
          blocks: whole.length > 0 ? whole : blocksOf([{ text: '…' }]),
          metadata: answerMetadata(answerId, segment.part),
        })
      }, ['message_not_found', 'edit_window_closed', 'cant_update_message', 'invalid_blocks'])
    if ((await send()) !== 'invalid_blocks') return
    shown = shown.map(({ text }) => ({ text }))
    await send()
  }

  async #post(pieces: readonly Piece[], blocks: readonly KnownBlock[]): Promise<void> {
    const { budget, clients, clock, place, answerId } = this.#options
    const part = ++this.#parts
    let shown = pieces
    for (let tries = 0; ; tries++) {
      await budget.take('post', place.channel)
      const result = await attempt(() =>
        clients.background.chat.postMessage({
          channel: place.channel,
          thread_ts: place.threadTs,
          text: fallbackOf(shown),
          blocks: [...blocksOf(shown), ...blocks],
          metadata: answerMetadata(answerId, part),
          unfurl_links: false,
          unfurl_media: false,
        }),
      )
      if (result.ok) return void this.#messages.push(String(result.value.ts))
      const { failure } = result
      this.#throwIfClosed(failure)
      if (failure.kind === 'limited') await clock.sleep(failure.waitMs)
      else if (failure.kind === 'unknown') {
        const found = await this.#find(part)
        if (found !== undefined) return void this.#messages.push(found)
        await clock.sleep(retryMs(tries))
      } else if (shown.some(({ block }) => block)) shown = shown.map(({ text }) => ({ text }))
      else throw new Closed(failure.code)
      this.#throwIfLate('no_answer')
    }
  }

  /** The message that carries a part, if there is one. Asks until Slack says. */
  async #find(part: number): Promise<string | undefined> {
    const { budget, clients, place, answerId } = this.#options
    let found: string | undefined
    await this.#insist(async () => {
      await budget.take('lookup', place.channel)
      found = await findPart(clients.background, place, answerId, part)
    }, [])
    return found
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
      this.#throwIfLate('no_answer')
      if (!this.#ended && tries > 2 * RETRY_MS.length) throw new Closed('no_answer')
      await this.#options.clock.sleep(failure.kind === 'limited' ? failure.waitMs : retryMs(tries))
    }
  }

  /** Slack has not taken a block (it does not know it yet, say): its text goes in its place. True when there was one. */
  #withoutBlocks(failure: SlackFailure, pieces: readonly Piece[]): boolean {
    const isAboutBlocks =
      failure.kind === 'refused' && /^invalid_(?:blocks|chunks|arguments)$/.test(failure.code)
    if (!isAboutBlocks || !pieces.some(({ block }) => block)) return false
    this.#pending = this.#pending.map(({ text }) => ({ text }))
    return true
  }

  #throwIfClosed(failure: SlackFailure): void {
    if (failure.kind === 'refused' && CLOSED.has(failure.code)) throw new Closed(failure.code)
  }

  #throwIfLate(code: string): void {
    if (this.#options.clock.now() > this.#giveUpAtMs) throw new Closed(code)
  }

  /** These pieces stand, or will, in the message of the segment. */
  #accept(pieces: readonly Piece[]): void {
    this.#segment!.pieces.push(...pieces)
    this.#pending = rest(this.#pending, pieces)
    this.#tasks.clear()
  }

  #trimEnd(): void {
    const last = this.#pending.at(-1)
    if (!last || last.block) return
    const text = last.text.trimEnd()
    this.#pending = [...this.#pending.slice(0, -1), ...(text === '' ? [] : [{ text }])]
  }

  #chunks(pieces: readonly Piece[]): AnyChunk[] {
    return [
      ...this.#tasks.values(),
      ...pieces.map(({ text, block }): AnyChunk =>
        block ? { type: 'blocks', blocks: [block] } : { type: 'markdown_text', text },
      ),
    ]
  }

  #closeStream(): void {
    if (!this.#isStreaming) return
    this.#isStreaming = false
    this.#options.budget.closeStream()
  }

  #stop(): void {
    this.#stopped = true
    this.#closeStream()
    this.#options.onStop?.()
  }
}

const retryMs = (tries: number): number => RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]!

/** For notifications and for those who see no blocks. */
const fallbackOf = (pieces: readonly Piece[]): string =>
  clip(
    pieces
      .map(({ text }) => text)
      .join('')
      .trim() || 'An answer',
    300,
  )

/** What of the waiting pieces is still to be sent after these went; the last of them may have been cut. */
const rest = (pending: readonly Piece[], sent: readonly Piece[]): Piece[] => {
  const left = [...pending]
  for (const piece of sent) {
    const first = left[0]!
    if (piece.block || first.text.length === piece.text.length) left.shift()
    else left[0] = { text: first.text.slice(piece.text.length) }
  }
  return left
}
