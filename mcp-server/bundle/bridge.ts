import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Config } from '../../config.ts'
import { unavailable } from '../../domain/errors.ts'
import { ATTACH_PROTOCOL } from '../handshake.ts'
import { relay } from '../relay.ts'
import { remoteLeg } from '../remote-leg.ts'
import { runStdio } from '../run-stdio.ts'

export interface BridgeOptions {
  readonly config: Config
  readonly version: string
  readonly input: Readable
  readonly output: Writable
}

/** Starts `tact mcp` as the owner of the data. Its input stays open, since it serves for as long as that is. */
const startOwner = async (command: string): Promise<ChildProcess> => {
  const script = /\.[cm]?js$/.test(command)
  const child = spawn(script ? 'node' : command, script ? [command, 'mcp'] : ['mcp'], {
    stdio: ['pipe', 'ignore', 'inherit'],
    // Windows finds `tact.cmd` by a shell alone.
    shell: process.platform === 'win32' && !script,
  })
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>()
  child.once('spawn', () => resolve(child))
  child.once('error', (cause) =>
    reject(
      unavailable('no_tact', `Tact could not be started as \`${command}\`.`, {
        fix: 'Install it with `npm install -g tact-crm`, or give the full path of `tact` in the settings of this extension.',
        cause,
      }),
    ),
  )
  return promise
}

/**
 * What the Claude Desktop extension runs: serves one stdio client through the Tact at `TACT_URL`, or through the process
 * that owns the data in `TACT_HOME`, which it starts where none runs. Holds no data and no engine.
 */
export const runBridge = async ({ config, version, input, output }: BridgeOptions): Promise<void> => {
  const { TACT_URL: address, TACT_TOKEN: token, TACT_HOME: home, TACT_COMMAND: command } = config
  if (address !== undefined) {
    if (token === undefined) {
      throw unavailable('no_token', 'There is an address of Tact, and no token for it.', {
        fix: 'Make one there with `tact tokens create`, and put it into the settings of this extension.',
      })
    }
    await relay({ input, output, connect: () => remoteLeg(address, token) })
    return
  }
  let owner: ChildProcess | undefined
  const hello = {
    tact: ATTACH_PROTOCOL,
    version,
    workspace: config.TACT_WORKSPACE ?? null,
    as: config.TACT_AS ?? null,
  } as const
  try {
    await runStdio({
      home,
      hello,
      input,
      output,
      becomeOwner: async () => {
        if (owner === undefined || owner.exitCode !== null || owner.signalCode !== null)
          owner = await startOwner(command)
        return undefined
      },
    })
  } finally {
    owner?.stdin?.end()
  }
}
