import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { asTactError } from '../domain/errors.ts'
import { log } from '../log.ts'
import type { RunCommandLine } from './command.ts'
import type { House } from './compose.ts'
import type { Io } from './io.ts'

/**
 * Commands that run at the process that owns the embedded database. The client sends one line `Hello`, then frames;
 * the owner answers frames. A frame is one line of JSON. The socket lies in a directory only this user may enter.
 */
const Hello = z.strictObject({
  argv: z.array(z.string()).max(1000),
  cwd: z.string(),
  fancy: z.boolean(),
  interactive: z.boolean(),
  columns: z.int(),
})
const ToOwner = z.union([
  z.strictObject({ in: z.string() }),
  z.strictObject({ end: z.literal(true) }),
  z.strictObject({ stop: z.literal(true) }),
])
const ToClient = z.union([
  z.strictObject({ out: z.string() }),
  z.strictObject({ err: z.string() }),
  z.strictObject({ exit: z.int() }),
])

const socketPath = (home: string): string =>
  process.platform === 'win32'
    ? `\\\\.\\pipe\\tact-${Buffer.from(home).toString('hex').slice(-40)}`
    : join(home, 'run', 'owner.sock')

const send = (socket: Socket, frame: unknown): void => {
  if (!socket.destroyed) socket.write(`${JSON.stringify(frame)}\n`)
}

const serveClient = (socket: Socket, house: House, run: RunCommandLine): void => {
  const stdin = new PassThrough()
  const stop = new AbortController()
  let started = false
  const lines = createInterface({ input: socket })
  socket.on('error', () => stop.abort())
  socket.on('close', () => {
    stop.abort()
    stdin.end()
  })
  const start = async (line: string): Promise<void> => {
    const hello = Hello.parse(JSON.parse(line))
    const io: Io = {
      stdin,
      out: (text) => send(socket, { out: text }),
      err: (text) => send(socket, { err: text }),
      fancy: hello.fancy,
      interactive: hello.interactive,
      columns: hello.columns,
      cwd: hello.cwd,
      signal: stop.signal,
    }
    const exit = await run(hello.argv, { config: house.config, io, house })
    send(socket, { exit })
    socket.end()
  }
  lines.on('line', (line) => {
    if (!started) {
      started = true
      start(line).catch((error: unknown) => {
        log.warn('attached_command_failed', { error: asTactError(error).code })
        socket.destroy()
      })
      return
    }
    const frame = ToOwner.safeParse(JSON.parse(line))
    if (!frame.success) return void socket.destroy()
    if ('in' in frame.data) stdin.write(Buffer.from(frame.data.in, 'base64'))
    else if ('end' in frame.data) stdin.end()
    else stop.abort()
  })
}

/** Takes in commands of other processes of this user; answers how to stop. */
export const listenForCommands = async (
  house: House,
  run: RunCommandLine,
): Promise<{ close(): Promise<void> }> => {
  const path = socketPath(house.config.TACT_HOME)
  if (process.platform !== 'win32') {
    mkdirSync(join(house.config.TACT_HOME, 'run'), { recursive: true, mode: 0o700 })
    rmSync(path, { force: true })
  }
  const server: Server = createServer((socket) => serveClient(socket, house, run))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.unref()
        setTimeout(resolve, 500).unref()
      }),
  }
}

/** Runs a command line at the owner; `no-owner` where nobody listens. Rejects when the owner goes away half-way. */
export const runAtOwner = (
  argv: readonly string[],
  { config, io }: { readonly config: Config; readonly io: Io },
): Promise<number | 'no-owner'> =>
  new Promise((resolve) => {
    const socket = connect(socketPath(config.TACT_HOME))
    let exit: number | undefined
    let connected = false
    socket.on('error', () => {
      if (!connected) resolve('no-owner')
    })
    socket.on('connect', () => {
      connected = true
      const { cwd, fancy, interactive, columns } = io
      send(socket, { argv, cwd, fancy, interactive, columns })
      io.stdin.on('data', (chunk: Buffer | string) =>
        send(socket, { in: Buffer.from(chunk).toString('base64') }),
      )
      io.stdin.on('end', () => send(socket, { end: true }))
      io.signal.addEventListener('abort', () => send(socket, { stop: true }))
      createInterface({ input: socket }).on('line', (line) => {
        const frame = ToClient.parse(JSON.parse(line))
        if ('out' in frame) io.out(frame.out)
        else if ('err' in frame) io.err(frame.err)
        else exit = frame.exit
      })
    })
    socket.on('close', () => {
      io.stdin.pause()
      if (!connected) return
      if (exit === undefined) io.err('The process that owns the database went away; run the command again.\n')
      resolve(exit ?? 1)
    })
  })
