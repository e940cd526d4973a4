import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { runCommandLine } from '../../cli/program.ts'
import type { Attack } from './attack.ts'
import { OURS, attackIo } from './fixture.ts'
import type { Fixture } from './fixture.ts'
import type { Surface } from './surface.ts'
import { outcomeOfTool } from './tool-outcome.ts'

export const TACT = join(import.meta.dirname, '../../bin/tact.js')
/** Longest single argument that Linux passes to a process. */
const ARGUMENT_BYTES = 131_071
const PATIENCE_MS = 20_000

const lineOf = ({ sql, ast }: Attack): readonly string[] => [
  'query',
  ...(sql === undefined ? [`--ast=${ast ?? ''}`] : [`--sql=${sql}`]),
  '--json',
  `--workspace=${OURS}`,
]

/** `tact query`, run in this process. */
export const cliSurface = async ({ house, environment }: Fixture): Promise<Surface> => ({
  ask: async (attack) => {
    let text = ''
    const io = { ...attackIo(), out: (more: string) => void (text += more) }
    const config = { ...house.config, ...environment, TACT_PORT: 0 }
    const exit = await runCommandLine(lineOf(attack), { config, io, house })
    return outcomeOfTool({ failed: exit !== 0, text })
  },
  close: async () => {},
})

const collect = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<{ readonly failed: boolean; readonly text: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [TACT, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    child.on('error', reject)
    child.on('close', (exit) => {
      clearTimeout(timer)
      resolve({ failed: exit !== 0, text })
    })
  })

/** `tact query` in a process of its own, through the owner of the data where it is embedded. */
export const processSurface = async ({ environment }: Fixture): Promise<Surface> => ({
  ask: async (attack) => {
    const line = lineOf(attack)
    if (line.some((one) => Buffer.byteLength(one) > ARGUMENT_BYTES || one.includes('\0')))
      return { code: 'cannot_be_sent', text: '', left: '', rows: 0 }
    return outcomeOfTool(await collect(line, environment))
  },
  close: async () => {},
})
