import { isOwned, tryNext, tryOwn } from '../../db/embedded/owner.ts'
import { userError } from '../../domain/errors.ts'
import { claimOwnership } from '../attach.ts'
import { ATTACH_PROTOCOL } from '../handshake.ts'
import { instructionsFor } from '../instructions.ts'
import { type Accept, listenForAttach } from '../listen.ts'
import { buildServer } from '../register.ts'
import { type OwnerSeat, runStdio } from '../run-stdio.ts'
import { serveStreams } from '../stdio.ts'
import { identity, memoryToolbox } from './memory-toolbox.ts'

/*
 * What `tact mcp` and `tact up` do, over a list in memory: `node attached-server.ts mcp|up <home> [workspace]`.
 * The ownership is a lock that dies with its process, as the product's is. The server's name tells the process.
 */
const [mode, home, workspace = null] = process.argv.slice(2)
if (home === undefined) throw new Error('usage: attached-server.ts mcp|up <home> [workspace]')

const accept: Accept = async (hello) => {
  if (hello.workspace === 'nowhere') {
    throw userError('unknown_workspace', 'There is no workspace of that name.', {
      fix: 'Use one of these.',
      validOptions: ['fund'],
    })
  }
  const caller = identity(`stdio:${hello.as}`)
  const toolbox = memoryToolbox()
  const build = () =>
    buildServer({
      toolbox,
      caller: () => caller,
      instructions: instructionsFor({ inboxUrl: null }),
      name: `pid ${process.pid}`,
      version: '0.0.0',
    })
  return (stream) => serveStreams(stream, stream, build)
}

const becomeOwner = async (): Promise<OwnerSeat | undefined> => {
  const ownership = tryOwn(home)
  return ownership && { accept, release: async () => ownership.release() }
}
const becomeOwnerInTurn = async (): Promise<OwnerSeat | undefined> => {
  const place = isOwned(home) ? undefined : tryNext(home)
  const seat = place && (await becomeOwner())
  place?.release()
  return seat
}

if (mode === 'up') {
  const seat = await claimOwnership({
    home,
    version: '0.0.0',
    becomeNext: () => tryNext(home),
    becomeOwner,
  })
  await listenForAttach({ home, accept: seat.accept })
  process.stderr.write(`listening ${process.pid}\n`)
  setInterval(() => void seat, 60_000)
} else {
  const hello = { tact: ATTACH_PROTOCOL, version: '0.0.0', workspace, as: null } as const
  try {
    await runStdio({
      home,
      hello,
      becomeOwner: becomeOwnerInTurn,
      input: process.stdin,
      output: process.stdout,
    })
  } catch (error) {
    process.stderr.write(`failed ${error instanceof Error ? error.message : ''}\n`)
    process.exitCode = 1
  }
}
