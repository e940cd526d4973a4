import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Facts } from './facts.ts'

/** Why the second reader says nothing of a text. */
export type Left = 'too_long' | 'brackets' | 'too_slow' | 'unreadable'
export type Reading = { readonly facts: Facts } | { readonly left: Left }

const LARGEST_BYTES = 16_384
/** Each bracket that stays open costs this parser several times the one before: sixteen take it 13.7 s. */
const DEEPEST = 12

const guard = (sql: string): Left | undefined => {
  if (Buffer.byteLength(sql) > LARGEST_BYTES) return 'too_long'
  const bare = sql.replaceAll(/'(?:[^']|'')*'/g, '')
  let depth = 0
  for (const character of bare) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth < 0 || depth > DEEPEST) return 'brackets'
  }
  return depth === 0 ? undefined : 'brackets'
}

/** A thread that has read its parser and waits for texts. */
const start = async (): Promise<Worker> => {
  const worker = new Worker(new URL('worker.ts', import.meta.url))
  await once(worker, 'message')
  return worker
}

/** node-sql-parser in a thread of its own, which is ended where a text takes it longer than `deadlineMs`. */
export class SecondReader {
  readonly #deadlineMs: number
  #worker = start()
  #ended = 0

  constructor({ deadlineMs = 2_000 }: { readonly deadlineMs?: number } = {}) {
    this.#deadlineMs = deadlineMs
  }

  /** How often its thread had to be ended. */
  get ended(): number {
    return this.#ended
  }

  /** Reads one text; never throws, and asks one at a time. */
  async read(sql: string): Promise<Reading> {
    const left = guard(sql)
    if (left !== undefined) return { left }
    const worker = await this.#worker
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#ended += 1
        this.#worker = start()
        worker.removeAllListeners('message')
        void worker.terminate().then(() => resolve({ left: 'too_slow' }))
      }, this.#deadlineMs)
      worker.once('message', (reading: Reading) => {
        clearTimeout(timer)
        resolve(reading)
      })
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(sql)
    })
  }

  async close(): Promise<void> {
    await (await this.#worker).terminate()
  }
}
