import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { asTactError, conflict, type TactError, userError } from '../domain/errors.ts'
import { log } from '../log.ts'
import { attachAddress, securePrivateDirectory } from './address.ts'
import { type Hello, MAX_HANDSHAKE_BYTES, parseOpening, refusalLine, welcomeLine } from './handshake.ts'
import { readLine } from './lines.ts'
import type { StdioSession } from './stdio.ts'

/**
 * Resolves a workspace and member, and answers how to serve MCP to them over a stream (see `serveStreams`). Throws a
 * TactError to turn the client away: unknown workspace, unknown member.
 */
export type Accept = (hello: Hello) => Promise<(stream: Duplex) => StdioSession>

export interface AttachListener {
  /** Clients attached now. */
  connectionCount(): number
  /** Call before giving up the ownership: the next owner's socket has the same path. */
  close(): Promise<void>
}

export interface ListenOptions {
  readonly home: string
  readonly accept: Accept
  /** Gives the ownership up to a process that claims it. Without it a claim is refused: Tact is already up. */
  readonly giveUp?: () => Promise<void>
}

const HELLO_TIMEOUT_MS = 5_000

const otherVersion = (): TactError =>
  userError('attach_version', 'The running Tact speaks another version of the attach handshake.', {
    fix: 'Stop it and start it again, so that both run the same version.',
  })

const alreadyUp = (): TactError =>
  conflict('already_up', 'Tact is already running on this directory.', {
    fix: 'Use it as it runs, or stop it first.',
  })

const welcome = async (
  socket: Socket,
  { accept, giveUp }: ListenOptions,
  isClosing: () => boolean,
): Promise<void> => {
  socket.on('error', () => socket.destroy())
  const line = await readLine(socket, { maxBytes: MAX_HANDSHAKE_BYTES, timeoutMs: HELLO_TIMEOUT_MS })
  if (line === undefined) {
    socket.destroy()
    return
  }
  try {
    const opening = parseOpening(line)
    if (opening === undefined) throw otherVersion()
    if ('claims' in opening) {
      if (giveUp === undefined) throw alreadyUp()
      socket.end(welcomeLine(), () => void giveUp())
      return
    }
    const serve = await accept(opening)
    socket.write(welcomeLine())
    const session = serve(socket)
    await session.closed
    socket.destroy()
  } catch (thrown) {
    // What fails while the ownership ends says nothing to the client, who finds the next owner.
    if (isClosing()) {
      socket.destroy()
      return
    }
    const error = asTactError(thrown)
    log.warn('mcp_attach_refused', { error: error.code })
    socket.end(refusalLine(error))
  }
}

/**
 * Lets further processes of the same OS user work through this one, which owns the database. Only the owner may call
 * this: a socket file that is already there is a dead owner's and is removed. Who may attach is decided by the mode of
 * the directory (0700) and of the socket (0600); a process that gets in may act as any member, as it could by opening
 * the data directory itself.
 */
export const listenForAttach = async (options: ListenOptions): Promise<AttachListener> => {
  const address = attachAddress(options.home)
  const isFile = process.platform !== 'win32'
  if (isFile) {
    securePrivateDirectory(address)
    rmSync(address, { force: true })
  }
  const sockets = new Set<Socket>()
  let closing = false
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    if (closing) socket.destroy()
    else void welcome(socket, options, () => closing)
  })
  server.listen(address)
  await once(server, 'listening')
  if (isFile) chmodSync(address, 0o600)
  return {
    connectionCount: () => sockets.size,
    close: async () => {
      closing = true
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
