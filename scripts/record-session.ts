/**
 * Records a session over the sales demo in a real terminal (util-linux `script`): docs/session.cast (asciicast v2, to be
 * played with asciinema) and docs/session.svg, its picture for the README.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { screenAfter, svgOf } from './terminal-screen.ts'

const COLUMNS = 100
const ROWS = 40
const SAID = [
  'Which open deals have had no interaction for 30 days?',
  'only the ones over 50k',
  'Pipeline by stage',
  'How many zorbs do we have?',
  '1',
  'Remind Hana to call Paul Novak next Tuesday at 10',
  'y',
  '/undo',
  '/quit',
]
const PROMPT = '› '
const TYPING_MS = 25
const PAUSE_MS = 900

const root = join(import.meta.dirname, '..')
const home = mkdtempSync(join(tmpdir(), 'tact-session-'))
const command = `stty cols ${COLUMNS} rows ${ROWS}; exec ${process.execPath} bin/tact.js demo`
const child = spawn('script', ['-qec', command, '/dev/null'], {
  cwd: root,
  env: { ...process.env, TACT_HOME: home, TACT_PORT: '0', TERM: 'xterm-256color', NO_COLOR: undefined },
  stdio: ['pipe', 'pipe', 'inherit'],
})

interface Piece {
  readonly atMs: number
  readonly text: string
}
const pieces: Piece[] = []
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const heard = (from: number): string =>
  pieces
    .slice(from)
    .map(({ text }) => text)
    .join('')

const startedMs = performance.now()
child.stdout.setEncoding('utf8')
child.stdout.on('data', (text: string) => pieces.push({ atMs: performance.now() - startedMs, text }))
const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))

/** Waits for the prompt behind everything that was printed so far; the answer is whole then. */
const prompted = async (from: number): Promise<void> => {
  for (let tries = 0; tries < 3000; tries += 1) {
    await wait(100)
    if (stripVTControlCharacters(heard(from)).endsWith(PROMPT)) return
  }
  throw new Error('The session did not come to a prompt.')
}

await prompted(0)
const begun = pieces.findLastIndex(({ text }) => text.includes(PROMPT))
for (const line of SAID) {
  const from = pieces.length
  for (const letter of line) {
    child.stdin.write(letter)
    await wait(TYPING_MS)
  }
  child.stdin.write('\r')
  if (line === '/quit') break
  await wait(PAUSE_MS)
  await prompted(from)
}
await Promise.race([ended, wait(20_000)])
child.kill('SIGTERM')
rmSync(home, { recursive: true, force: true })

const session = pieces.slice(begun)
const zeroMs = session[0]!.atMs
const header = { version: 2, width: COLUMNS, height: ROWS, title: 'Tact over its sales demo, offline' }
const events = session.map(({ atMs, text }) => JSON.stringify([Math.round(atMs - zeroMs) / 1000, 'o', text]))
writeFileSync(join(root, 'docs/session.cast'), `${[JSON.stringify(header), ...events].join('\n')}\n`)
const bytes = session.map(({ text }) => text).join('')
const lines = screenAfter(bytes.slice(bytes.lastIndexOf('\n', bytes.indexOf(PROMPT)) + 1), COLUMNS)
writeFileSync(join(root, 'docs/session.svg'), svgOf(lines, COLUMNS))
