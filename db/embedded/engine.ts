import { Worker } from 'node:worker_threads'
import { unavailable } from '../../domain/errors.ts'
import type { TactError } from '../../domain/errors.ts'
import { log } from '../../log.ts'
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts'

/** Receives what the database thread sends to the connection that is open. */
export interface Listener {
  data(bytes: Uint8Array): void
  gone(error: TactError): void
}

const timedOut = (timeoutMs: number): TactError =>
  unavailable(
    'query_timeout',
    `The database was stopped after working on one statement for ${timeoutMs} ms.`,
    {
      fix: 'Ask for less: a shorter period, more filters, or fewer groups.',
    },
  )

const cancelled = (): TactError =>
  unavailable('query_cancelled', 'The statement was cancelled.', { fix: 'Ask again when you need it.' })

const broken = (): TactError =>
  unavailable('database_restarted', 'The database thread ended and was started again.', {
    fix: 'Try again; if it stays, run `tact doctor`.',
  })

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/**
 * The thread that runs PGlite, started on first use and started again after it was ended. PGlite ignores
 * statement_timeout and cancel requests, so the only way to stop a statement is to end its thread; the write-ahead log
 * makes that safe.
 */
export class EmbeddedEngine {
  readonly #options: WorkerOptions
  readonly #defaultDeadlineMs: number
  #deadlineMs: number
  #deadline: NodeJS.Timeout | undefined
  #busy = false
  #statement = 0
  #idleSinceMs = Date.now()
  #starting: Promise<Worker> | undefined
  #worker: Worker | undefined
  #listener: Listener | undefined
  /** Connections asked for, and those whose session has begun: until these agree, what comes is for one that is gone. */
  #asked = 0
  #opened = 0
  #lastWords: TactError | undefined
  #onDump: ((bytes: Uint8Array) => void) | undefined
  #failDump: ((error: TactError) => void) | undefined

  constructor(options: WorkerOptions, deadlineMs: number) {
    this.#options = options
    this.#defaultDeadlineMs = deadlineMs
    this.#deadlineMs = deadlineMs
  }

  /** Longest a statement may run from now on; undefined goes back to the default, 0 is no limit. */
  setDeadline(timeoutMs: number | undefined): void {
    this.#deadlineMs = timeoutMs ?? this.#defaultDeadlineMs
  }

  /** How many statements ran so far, and since when none has run (milliseconds since the epoch; 0 while one runs). */
  get activity(): { readonly statements: number; readonly idleSinceMs: number } {
    return { statements: this.#statement, idleSinceMs: this.#busy ? 0 : this.#idleSinceMs }
  }

  /** Starts the thread if need be. Rejects with `unavailable('database_unreadable')` when the directory cannot be opened. */
  start(): Promise<Worker> {
    this.#starting ??= new Promise<Worker>((resolve, reject) => {
      const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
        workerData: this.#options,
      })
      let ready = false
      worker.on('message', (message: Uint8Array | FromWorker) => {
        if (message instanceof Uint8Array) {
          if (this.#opened === this.#asked) this.#listener?.data(message)
          return
        }
        if (message.at === 'ready') {
          ready = true
          this.#worker = worker
          return resolve(worker)
        }
        return this.#hear(message)
      })
      worker.on('error', (error) => {
        log.error('database_thread_failed', { error: error.name })
        if (!ready) {
          reject(
            unavailable('database_unreadable', 'The embedded database could not be opened.', {
              fix: 'Run `tact doctor`; `tact restore` brings back a backup.',
              cause: error,
            }),
          )
        }
      })
      worker.once('exit', () => this.#ended())
    })
    return this.#starting
  }

  /** Opens the one connection: `listener` hears everything until the next one opens. */
  async open(listener: Listener): Promise<void> {
    const worker = await this.start()
    if (worker !== this.#worker) throw broken()
    this.#listener = listener
    this.#asked += 1
    worker.postMessage({ do: 'open' } satisfies ToWorker, [])
  }

  send(bytes: Uint8Array): void {
    this.#worker?.postMessage(bytes)
  }

  forget(listener: Listener): void {
    if (this.#listener === listener) this.#listener = undefined
  }

  /** The data directory as a tar archive. Call it while no transaction is open. */
  async dump(compression: 'gzip' | 'none' = 'gzip'): Promise<Uint8Array> {
    const worker = await this.start()
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      this.#onDump = resolve
      this.#failDump = reject
      worker.postMessage({ do: 'dump', compression } satisfies ToWorker, [])
    })
    return bytes
  }

  /** Ends the statement that runs now, if one does, and with it the transaction it belongs to. */
  async cancel(): Promise<void> {
    if (this.#busy) await this.#end(cancelled())
  }

  async close(): Promise<void> {
    const worker = await this.#starting?.catch(() => undefined)
    if (!worker) return
    const gone = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage({ do: 'close' } satisfies ToWorker, [])
    await gone
  }

  #hear(message: FromWorker): void {
    switch (message.at) {
      case 'opened':
        this.#opened += 1
        return
      case 'began':
        this.#busy = true
        this.#statement += 1
        this.#arm()
        return
      case 'ended':
        this.#busy = false
        this.#idleSinceMs = Date.now()
        clearTimeout(this.#deadline)
        return
      case 'dumped':
        this.#onDump?.(message.bytes)
        return
      case 'broken':
        log.error('database_thread_broken', { reason: message.reason })
        void this.#end(broken())
        return
      case 'ready':
    }
  }

  #arm(): void {
    clearTimeout(this.#deadline)
    if (this.#deadlineMs === 0) return
    const timeoutMs = this.#deadlineMs
    const statement = this.#statement
    this.#deadline = setTimeout(() => {
      // The answer may already wait in our queue if this thread was busy itself: look once more before ending it.
      setImmediate(() => {
        if (this.#busy && this.#statement === statement) void this.#end(timedOut(timeoutMs))
      })
    }, timeoutMs)
  }

  async #end(words: TactError): Promise<void> {
    this.#lastWords = words
    log.warn('database_statement_ended', { reason: words.code })
    await this.#worker?.terminate()
  }

  #ended(): void {
    clearTimeout(this.#deadline)
    this.#busy = false
    this.#worker = undefined
    this.#starting = undefined
    this.#asked = 0
    this.#opened = 0
    const error = this.#lastWords ?? broken()
    this.#lastWords = undefined
    this.#failDump?.(error)
    const listener = this.#listener
    this.#listener = undefined
    listener?.gone(error)
  }
}
