import { connect, type Socket } from 'node:net'
import { duplexPair, type Duplex, type Readable, type Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from '../domain/errors.ts'
import { attachAddress } from './address.ts'
import { type Hello, helloLine, MAX_HANDSHAKE_BYTES, parseReply } from './handshake.ts'
import { readLine } from './lines.ts'
import { type Accept, type AttachListener, listenForAttach } from './listen.ts'
import { relay } from './relay.ts'

/** Ownership of the data directory, held until released. */
export interface OwnerSeat {
  readonly accept: Accept
  release(): Promise<void>
}

export interface StdioOptions {
  readonly home: string
  readonly hello: Hello
  /** Takes the ownership if it is free; undefined when another process has it. */
  becomeOwner(): Promise<OwnerSeat | undefined>
  /** How long to look for an owner before giving up. */
  readonly patienceMs?: number
}

/** Longer than any statement an owner may be busy with. */
const REPLY_TIMEOUT_MS = 15_000
const PATIENCE_MS = 30_000
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 400

const connected = (address: string): Promise<Socket | undefined> => {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>()
  const socket = connect(address)
  socket.once('connect', () => resolve(socket))
  socket.once('error', () => resolve(undefined))
  return promise
}

/**
 * A stream on which the owner of `home` serves MCP, or undefined when no owner answers. Throws the owner's TactError
 * when it turned us away.
 */
export const attach = async (home: string, hello: Hello): Promise<Duplex | undefined> => {
  const socket = await connected(attachAddress(home))
  if (socket === undefined) return undefined
  socket.on('error', () => socket.destroy())
  socket.write(helloLine(hello))
  const line = await readLine(socket, { maxBytes: MAX_HANDSHAKE_BYTES, timeoutMs: REPLY_TIMEOUT_MS })
  const reply = line === undefined ? undefined : parseReply(line)
  if (reply === true) return socket
  socket.destroy()
  if (reply === undefined) return undefined
  throw reply
}

/** A stream to a server in this very process. */
export const localLeg = async (accept: Accept, hello: Hello): Promise<Duplex> => {
  const [near, far] = duplexPair()
  const serve = await accept(hello)
  const session = serve(far)
  near.once('close', () => void session.close())
  void session.closed.then(() => near.destroy())
  return near
}

/** The way to whoever owns the data: another process, or this one. Holds the ownership once it has it. */
class OwnerDoor {
  readonly #options: StdioOptions
  #seat: OwnerSeat | undefined
  #listener: AttachListener | undefined

  constructor(options: StdioOptions) {
    this.#options = options
  }

  /** Throws `unavailable` when nobody owns the data for `patienceMs` and we cannot either. */
  async connect(): Promise<Duplex> {
    const { home, hello, patienceMs = PATIENCE_MS } = this.#options
    const deadline = performance.now() + patienceMs
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
      if (this.#seat) return localLeg(this.#seat.accept, hello)
      const stream = await attach(home, hello)
      if (stream) return stream
      this.#seat = await this.#options.becomeOwner()
      if (this.#seat) {
        await this.#letOthersIn(this.#seat)
        continue
      }
      if (performance.now() > deadline) break
      await sleep(pauseMs * (0.5 + Math.random()))
    }
    throw unavailable('owner_silent', 'Another process holds the data but does not answer.', {
      fix: 'Try again; if it stays, stop the other Tact process (`tact doctor` shows it).',
    })
  }

  async #letOthersIn({ accept }: OwnerSeat): Promise<void> {
    try {
      this.#listener = await listenForAttach({ home: this.#options.home, accept })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#listener?.close()
    await this.#seat?.release()
    this.#listener = undefined
    this.#seat = undefined
  }
}

/**
 * `tact mcp`: serves one stdio client for as long as it stays, through the process that owns the data or as that
 * process. When the owner dies, it attaches to the next one or takes over, and the client notices at most an error on
 * the calls in flight that says to try again. Rejects with a TactError when it never got as far as serving.
 */
export const runStdio = async (
  options: StdioOptions & { readonly input: Readable; readonly output: Writable },
): Promise<void> => {
  const door = new OwnerDoor(options)
  try {
    await relay({ input: options.input, output: options.output, connect: () => door.connect() })
  } finally {
    await door.close()
  }
}
