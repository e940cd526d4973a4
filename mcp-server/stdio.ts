import type { Readable, Writable } from 'node:stream'
import type { McpServer } from '@modelcontextprotocol/server'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { log } from '../log.ts'

export interface StdioSession {
  /** Resolves when the session has ended, whoever ended it. */
  readonly closed: Promise<void>
  close(): Promise<void>
}

/** Longest message, in bytes, in either direction. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

/** The SDK keeps it to itself when a transport closes (a stream ended, a message was too long). */
class ObservedTransport extends StdioServerTransport {
  readonly #closed = Promise.withResolvers<void>()
  readonly closed = this.#closed.promise

  override async close(): Promise<void> {
    await super.close()
    this.#closed.resolve()
  }
}

/**
 * Serves newline-framed JSON-RPC over two streams, in whichever protocol era the client opens with. `build` makes a
 * fresh server: once for the connection, and once for a probe that a client may send before it falls back. Nothing but
 * protocol goes to `output`. Requests still running when `input` ends are aborted; `relay` waits for them first.
 */
export const serveStreams = (input: Readable, output: Writable, build: () => McpServer): StdioSession => {
  const transport = new ObservedTransport(input, output, { maxBufferSize: MAX_MESSAGE_BYTES })
  const handle = serveStdio(build, {
    transport,
    onerror: (error) => log.warn('mcp_stdio', { error: error.name }),
  })
  return { closed: transport.closed, close: () => handle.close() }
}
