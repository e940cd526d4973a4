import type { AnyChunk, KnownBlock, TaskUpdateChunk } from '@slack/types'
import { log } from '../log.ts'
import { AnswerText, type Piece } from './render/answer.ts'
import { clean, clip, type Hosts } from './render/text.ts'
import { attempt, type SlackFailure } from './slack-failure.ts'
import { Closed, StreamCalls, throwIfClosed, type StreamCallsOptions } from './stream-calls.ts'
import { answerMetadata, markerOf } from './stream-find.ts'
import { lengthOf, Segment, splitPieces } from './stream-segment.ts'

export interface AnswerStreamOptions extends StreamCallsOptions {
  /** That an answer may link to. */
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
/**
 * One answer on its way into a Slack thread. `write` never waits; one call at a time is sent, with all that has come
 * since the last. What cannot be streamed (no budget, the stream expired or was refused, an answer was lost on the way)
 * is put right by replacing the whole message, which can be repeated, or is posted; a post whose answer was lost is
 * looked for by its metadata before it is sent again.
 */
export class AnswerStream {
  readonly #options: AnswerStreamOptions
  readonly #text: AnswerText
  readonly #calls: StreamCalls
  readonly #messages: string[] = []
  #pending: Piece[] = []
  readonly #tasks = new Map<string, TaskUpdateChunk>()
  #sentTasks: readonly TaskUpdateChunk[] = []
  #segment: Segment | undefined
  #isStreaming = false
  #mayStream = true
  #parts = 0
  #lastCallMs = 0
  #pump: Promise<void> | undefined
  #ended = false
  #stopped = false
  #failure: string | undefined

  constructor(options: AnswerStreamOptions) {
    this.#options = options
    this.#text = new AnswerText(options.hosts)
    this.#calls = new StreamCalls(options)
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
    this.#calls.giveUpAt(this.#options.clock.now() + (this.#options.giveUpAfterMs ?? GIVE_UP_AFTER_MS))
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
      if (!(thrown instanceof Closed)) log.error('slack_stream_broke', { name: (thrown as Error).name })
      this.#failure = thrown instanceof Closed ? thrown.code : 'broke'
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
      else if (this.#isDue()) await this.#stopStream()
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
    // Others stream just now: what waits goes out with the next try, or as a post at the end.
    if (!budget.tryOpenStream()) return clock.sleep(this.#options.gapMs ?? GAP_MS)
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
    const found = failure.kind === 'unknown' ? await this.#calls.find(part) : undefined
    if (found !== undefined) return begin(found)
    budget.closeStream()
    this.#parts--
    throwIfClosed(failure)
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
      throwIfClosed(failure)
    }
    // Expired, or nothing is known: the whole message is put in its place.
    this.#accept(pieces)
    await this.#putRight([])
  }

  /** What is left, in one call where that can be. */
  async #end(blocks: readonly KnownBlock[]): Promise<void> {
    while (this.#isStreaming && !this.#isOver()) {
      if (await this.#stopStream(blocks)) return
    }
    if (this.#isOver()) return
    this.#trimEnd()
    const posts = splitPieces(this.#pending)
    this.#pending = []
    if (posts.length === 0 && blocks.length === 0) return
    if (posts.length === 0 && this.#segment) return this.#calls.replace(this.#segment, blocks)
    for (const [at, pieces] of (posts.length === 0 ? [[]] : posts).entries())
      this.#messages.push(await this.#calls.post(++this.#parts, pieces, at >= posts.length - 1 ? blocks : []))
  }

  /**
   * Closes the open stream, whatever happens on the way. With the blocks of the end, all that waits and has room goes
   * into the same call; true when that was everything, with its end.
   */
  async #stopStream(end?: readonly KnownBlock[]): Promise<boolean> {
    const segment = this.#segment!
    const pieces = end ? segment.room(this.#pending) : []
    const isWhole =
      end !== undefined &&
      pieces.length === this.#pending.length &&
      lengthOf(pieces) === lengthOf(this.#pending)
    const blocks = isWhole ? end : []
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
      this.#closeStream()
      return isWhole
    }
    const { failure } = result
    if (failure.kind === 'limited') {
      await this.#calls.pauseFor(failure.waitMs)
      return this.#stopStream(end)
    }
    if (failure.kind === 'refused') {
      if (failure.code === 'stopped_by_user') this.#stop()
      if (failure.code === 'message_not_found') this.#closeStream()
      if (!this.#isStreaming) return false
      if (this.#withoutBlocks(failure, pieces)) return this.#stopStream(end)
      throwIfClosed(failure)
    }
    this.#accept(pieces)
    await this.#putRight(blocks)
    return isWhole
  }

  /** Ends the stream if it is still open, then replaces the message by all that it should hold. */
  async #putRight(blocks: readonly KnownBlock[]): Promise<void> {
    const segment = this.#segment!
    const ended = await this.#calls.end(segment)
    if (ended === 'stopped_by_user') return this.#stop()
    this.#closeStream()
    if (ended === 'message_not_found') return
    await this.#calls.replace(segment, blocks)
  }

  /** Slack has not taken a block (it does not know it yet, say): its text goes in its place. True when there was one. */
  #withoutBlocks(failure: SlackFailure, pieces: readonly Piece[]): boolean {
    const isAboutBlocks =
      failure.kind === 'refused' && /^invalid_(?:blocks|chunks|arguments)$/.test(failure.code)
    if (!isAboutBlocks || !pieces.some(({ block }) => block)) return false
    this.#pending = this.#pending.map(({ text }) => ({ text }))
    return true
  }

  /** These pieces stand, or will, in the message of the segment. */
  #accept(pieces: readonly Piece[]): void {
    this.#segment!.pieces.push(...pieces)
    this.#pending = rest(this.#pending, pieces)
    for (const task of this.#sentTasks) if (this.#tasks.get(task.id) === task) this.#tasks.delete(task.id)
  }

  #trimEnd(): void {
    const last = this.#pending.at(-1)
    if (!last || last.block) return
    const text = last.text.trimEnd()
    this.#pending = [...this.#pending.slice(0, -1), ...(text === '' ? [] : [{ text }])]
  }

  #chunks(pieces: readonly Piece[]): AnyChunk[] {
    this.#sentTasks = [...this.#tasks.values()]
    return [
      ...this.#sentTasks,
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
