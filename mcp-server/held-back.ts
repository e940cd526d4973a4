import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import type { Request, Response } from 'express'

/** A call that is answered sooner goes out whole. Shorter than clients, and what stands between, wait for a first byte. */
const HELD_BACK_MS = 30_000

/** Tells when a server has something to say to its client before the answer, which may not wait for it. */
export class TellingTransport extends NodeStreamableHTTPServerTransport {
  readonly beforeAnswer = new Set<() => void>()

  override send(...[message, options]: Parameters<NodeStreamableHTTPServerTransport['send']>): Promise<void> {
    if ('method' in message) for (const release of this.beforeAnswer) release()
    return super.send(message, options)
  }
}

/**
 * Keeps the beginning of a call's answer back until there is an answer, or something else to say, or for a while: the
 * official client waits its whole time-out for a stream that has begun and whose server died, but knows at once of an
 * answer that never began. A client that asked for progress hears it as it comes.
 */
export const holdBack = (
  { method, body, socket }: Request,
  response: Response,
  { beforeAnswer }: TellingTransport,
): void => {
  const { params } = (body ?? {}) as { readonly params?: { readonly _meta?: { progressToken?: unknown } } }
  const { _meta: meta } = params ?? {}
  if (method !== 'POST' || meta?.progressToken !== undefined) return
  socket.cork()
  const stopHolding = (): void => {
    clearTimeout(timer)
    beforeAnswer.delete(release)
  }
  const release = (): void => {
    stopHolding()
    socket.uncork()
  }
  const timer = setTimeout(release, HELD_BACK_MS)
  beforeAnswer.add(release)
  // Its end lets the rest of an answer go; the socket may be another answer's by now.
  response.once('close', stopHolding)
}
