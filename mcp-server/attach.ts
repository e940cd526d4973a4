import { connect, type Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { TactError, unavailable } from '../domain/errors.ts'
import { attachAddress } from './address.ts'
import {
  ATTACH_PROTOCOL,
  type Claim,
  type Hello,
  MAX_HANDSHAKE_BYTES,
  openingLine,
  parseReply,
} from './handshake.ts'
import { readLine } from './lines.ts'
import type { Accept } from './listen.ts'

/** Longer than any statement an owner may be busy with. */
const REPLY_TIMEOUT_MS = 15_000
const CLAIM_PAUSE_MS = 25

const connected = (address: string): Promise<Socket | undefined> => {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>()
  const socket = connect(address)
  socket.once('connect', () => resolve(socket))
  socket.once('error', () => resolve(undefined))
  return promise
}

/**
 * A stream to the owner of `home` that it has agreed to, or undefined when no owner answers. Throws the owner's
 * TactError when it turned us away.
 */
export const attach = async (home: string, opening: Hello | Claim): Promise<Duplex | undefined> => {
  const socket = await connected(attachAddress(home))
  if (socket === undefined) return undefined
  socket.on('error', () => socket.destroy())
  socket.write(openingLine(opening))
  const line = await readLine(socket, { maxBytes: MAX_HANDSHAKE_BYTES, timeoutMs: REPLY_TIMEOUT_MS })
  const reply = line === undefined ? undefined : parseReply(line)
  if (reply === true) return socket
  socket.destroy()
  if (reply instanceof TactError) throw reply
  return undefined
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

export const ownerSilent = (): TactError =>
  unavailable('owner_silent', 'Another process holds the data but does not answer.', {
    fix: 'Try again; if it stays, stop the other Tact process.',
  })

/**
 * For `tact up`: takes the ownership even from a `tact mcp` that has it because it came first; that one then works
 * through us, and so do those that would have taken it from us. Throws `already_up` when the owner is no less than we
 * are, `owner_silent` when it does not let go.
 */
export const claimOwnership = async <T>(options: {
  readonly home: string
  readonly version: string
  /** Takes the place of the next owner if it is free, so that nobody else takes the ownership as it is let go. */
  readonly becomeNext: () => { release(): void } | undefined
  /** Takes the ownership if it is free; undefined when another process has it. */
  readonly becomeOwner: () => Promise<T | undefined>
  readonly patienceMs?: number
}): Promise<T> => {
  const { home, version, patienceMs = 30_000 } = options
  const claim: Claim = { tact: ATTACH_PROTOCOL, version, claims: 'ownership' }
  const deadline = performance.now() + patienceMs
  let place: { release(): void } | undefined
  try {
    while (performance.now() < deadline) {
      place ??= options.becomeNext()
      const seat = place && (await options.becomeOwner())
      if (seat !== undefined) return seat
      const stream = await attach(home, claim)
      stream?.destroy()
      await sleep(CLAIM_PAUSE_MS)
    }
    throw ownerSilent()
  } finally {
    place?.release()
  }
}
