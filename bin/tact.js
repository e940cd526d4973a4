#!/usr/bin/env node
// Plain JavaScript, so that any Node of the last years can read it and say what is missing.
import { existsSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const built = join(root, 'dist', 'cli', 'main.js')
const source = join(root, 'cli', 'main.ts')
const entry = existsSync(source) ? source : built
const [major, minor] = process.versions.node.split('.').map(Number)
const enough = major > 24 || (major === 24 && minor >= 0)

if (enough) {
  // What was compiled is kept for the next start, which takes half the time then; in the user's own folder, since it is run.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(join(homedir(), '.cache', 'tact'))
  await import(entry)
} else {
  const bundled = [
    join(root, 'node_modules', 'node', 'bin', 'node'),
    join(root, '..', 'node', 'bin', 'node'),
  ].find((path) => existsSync(path))
  if (!bundled) {
    process.stderr.write(
      `tact needs Node 24 or later; this is ${process.version}.\nInstall Node 24 (https://nodejs.org), or put it beside tact with: npm install node@24\n`,
    )
    process.exit(1)
  }
  const child = spawn(bundled, [entry, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}
