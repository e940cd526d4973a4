import type { Duplex, Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { attach, localLeg, ownerSilent } from './attach.ts'
import type { Hello } from './handshake.ts'
import { type Accept, type AttachListener, listenForAttach } from './listen.ts'
import { relay } from './relay.ts'

/** Ownership of the data directory, held until released. */
export interface OwnerSeat {
  readonly accept: Accept
  release(): Promise<void>
}

interface ClientStreams {
  readonly input: Readable
  readonly output: Writable
  readonly hello: Hello
}

export interface StdioOptions extends ClientStreams {
  readonly home: string
  /** Takes the ownership if it is free; undefined when another process has it, or waits for it. */
  readonly becomeOwner: () => Promise<OwnerSeat | undefined>
  /** How long to look for an owner before giving up. */
  readonly patienceMs?: number
}

const PATIENCE_MS = 30_000
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 150

/** The way to whoever owns the data: another process, or this one. Holds the ownership once it has it. */
class OwnerDoor {
  readonly #options: StdioOptions
  #seat: OwnerSeat | undefined
  #listener: AttachListener | undefined
  #leg: Duplex | undefined
  #isGivingUp = false

  constructor(options: StdioOptions) {
    this.#options = options
  }

  /** Throws `unavailable` when nobody owns the data for `patienceMs` and we cannot either. */
  async connect(): Promise<Duplex> {
    const { home, hello, patienceMs = PATIENCE_MS } = this.#options
    const deadline = performance.now() + patienceMs
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
      const stream = (await this.#ownLeg()) ?? (await attach(home, hello))
      if (stream) return stream
      if (await this.#takeSeat()) continue
      if (performance.now() > deadline) throw ownerSilent()
      await sleep(pauseMs * (0.5 + Math.random()))
    }
  }

  async #ownLeg(): Promise<Duplex | undefined> {
    const seat = this.#seat
    if (seat === undefined) return undefined
    try {
      const leg = await localLeg(seat.accept, this.#options.hello)
      if (this.#seat === seat) this.#leg = leg
      else leg.destroy()
      return this.#leg
    } catch (error) {
      if (this.#seat === seat) throw error
      return undefined
    }
  }

  async #takeSeat(): Promise<boolean> {
    if (this.#isGivingUp) return false
    this.#seat = await this.#options.becomeOwner()
    if (this.#seat === undefined) return false
    try {
      const { accept } = this.#seat
      const giveUp = (): Promise<void> => this.#giveUp()
      this.#listener = await listenForAttach({ home: this.#options.home, accept, giveUp })
      return true
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** Cutting our own client's leg makes its relay look for the new owner, who holds the place of the next. */
  async #giveUp(): Promise<void> {
    this.#isGivingUp = true
    const leg = this.#leg
    const closed = this.close()
    leg?.destroy()
    await closed
    this.#isGivingUp = false
  }

  async close(): Promise<void> {
    const [seat, listener] = [this.#seat, this.#listener]
    this.#seat = undefined
    this.#listener = undefined
    this.#leg = undefined
    await listener?.close()
    await seat?.release()
  }
}

/**
 * `tact mcp`: serves one stdio client for as long as it stays, through the process that owns the data or as that
 * process. When the owner dies, it attaches to the next one or takes over, and the client notices at most an error on
 * the calls in flight that says to try again. Rejects with a TactError when it never got as far as serving.
 */
export const runStdio = async (options: StdioOptions): Promise<void> => {
  const { input, output } = options
  const door = new OwnerDoor(options)
  try {
    await relay({ input, output, connect: () => door.connect() })
  } finally {
    await door.close()
  }
}

/** The same where the data has no single owner (Postgres): this process serves its client alone. */
export const runStdioAlone = async (options: ClientStreams & { readonly accept: Accept }): Promise<void> => {
  const { input, output, accept, hello } = options
  await relay({ input, output, connect: () => localLeg(accept, hello) })
}
