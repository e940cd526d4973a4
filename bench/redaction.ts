import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `npm run bench -- redaction [--json]`: how much stays readable and how much else is hidden, ours beside the npm peers and
 * Microsoft Presidio, on the real mail beside the checkout (or `--file F`). The peers are installed under the temporary
 * directory, each version named here; what cannot be had is left out by name.
 */
const PEERS = {
  compromise: '14.17.0',
  'redact-pii': '3.4.0',
  '@libretto/redact-pii-light': '1.0.1',
  '@coffeeandfun/remove-pii': '3.0.1',
  openredaction: '1.1.5',
  '@arcjet/redact': '1.4.0',
  '@redactpii/node': '1.0.17',
  '@cdssnc/sanitize-pii': '2.1.1',
  'wink-nlp': '2.4.0',
  'wink-eng-lite-web-model': '1.8.1',
}
const PRESIDIO = ['presidio-analyzer==2.2.360', 'spacy==3.8.18']
const MODEL = 'en_core_web_sm'

const folder = join(tmpdir(), 'tact-redaction-peers')
const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { cwd: folder, stdio: 'ignore', timeout: 600_000 }).status === 0
const leftOut = (what: string): void => void process.stdout.write(`left out: ${what}\n`)

mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: PEERS }))
const hasPeers =
  existsSync(join(folder, 'node_modules', 'compromise')) ||
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'])
if (!hasPeers) leftOut('the npm peers: the registry could not be reached')

const python = join(folder, 'venv', 'bin', 'python')
const hasPresidio =
  existsSync(python) ||
  (run('python3', ['-m', 'venv', 'venv']) && run(python, ['-m', 'pip', 'install', ...PRESIDIO]))
if (!hasPresidio) leftOut('Presidio: it could not be installed')
const hasModel =
  hasPresidio && (run(python, ['-m', MODEL]) || run(python, ['-m', 'spacy', 'download', MODEL]))
if (hasPresidio && !hasModel)
  leftOut(`Presidio: its spaCy model ${MODEL} could not be fetched, and without one it knows no names`)

const { status } = spawnSync(
  process.execPath,
  [
    join(import.meta.dirname, '..', 'evals', 'main.ts'),
    'redaction',
    ...(hasPeers ? ['--peers', folder] : []),
    ...(hasModel ? ['--presidio', `${python}:${MODEL}`] : []),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
