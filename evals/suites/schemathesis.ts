import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const VERSION = '4.32.5'

/**
 * `positive_data_acceptance` would have to know of a CRM which texts name a record, a date, a currency that is there;
 * `ignored_auth` takes the other one of two credentials, which comes with every request, for none (api.test.ts tries none).
 */
const LEFT_OUT_CHECKS = ['positive_data_acceptance', 'ignored_auth']
/** 413 and 431 turn wrong requests down too. */
const SETTINGS = `[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "415", "429", "431"]
`
const INSTALL_MS = 300_000

const run = promisify(execFile)

/** The program in a virtual environment of its own outside the checkout, installed from PyPI once; or why there is none. */
export const findSchemathesis = async (): Promise<
  { readonly program: string } | { readonly reason: string }
> => {
  const folder = join(tmpdir(), `tact-schemathesis-${VERSION}`)
  const program = join(folder, 'bin', 'schemathesis')
  if (existsSync(program)) return { program }
  try {
    await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_MS })
    const pip = ['-q', '--disable-pip-version-check', 'install', `schemathesis==${VERSION}`]
    await run(join(folder, 'bin', 'pip'), pip, { timeout: INSTALL_MS })
    return { program }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    const [first] = ((error as { readonly stderr?: string }).stderr ?? '').split('\n')
    return { reason: `schemathesis ${VERSION} cannot be installed from PyPI: ${first || 'no python3'}` }
  }
}

export interface SchemathesisRun {
  readonly program: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Most examples of an operation. */
  readonly examples: number
  readonly seed: number
}

/** Runs every check but those named over every operation; answers its exit code and what it printed. */
export const runSchemathesis = async ({
  program,
  url,
  headers,
  examples,
  seed,
}: SchemathesisRun): Promise<{ readonly code: number; readonly text: string }> => {
  const cwd = mkdtempSync(join(tmpdir(), 'tact-schemathesis-run-'))
  writeFileSync(join(cwd, 'schemathesis.toml'), SETTINGS)
  const child = spawn(
    program,
    [
      'run',
      `${url}/api/openapi.json`,
      ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      '--checks',
      'all',
      '--exclude-checks',
      LEFT_OUT_CHECKS.join(','),
      `--max-examples=${examples}`,
      `--seed=${seed}`,
      '--continue-on-failure',
      '--suppress-health-check=all',
      '--request-timeout=60',
      '--no-color',
    ],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  rmSync(cwd, { recursive: true, force: true })
  return { code: code ?? 1, text }
}
