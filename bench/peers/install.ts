import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Programs of others that a measurement runs beside ours: fetched by npm, at this exact version, into a folder under the
 * system's temporary one, without their install scripts. Answers the path of the program, or undefined when npm cannot
 * fetch it: the measurement then leaves it out by name.
 */
export const installPeer = (name: string, version: string, program: string): string | undefined => {
  const folder = join(tmpdir(), 'tact-bench-peers', `${name.replaceAll('/', '+')}@${version}`)
  const home = join(folder, 'node_modules', name)
  if (!existsSync(home)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private":true}')
    try {
      execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], {
        cwd: folder,
        stdio: 'ignore',
      })
    } catch {
      return undefined
    }
  }
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>
  }
  return join(home, typeof bin === 'string' ? bin : bin[program]!)
}
