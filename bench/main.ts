import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run bench -- <name>`: runs one measuring script of this folder; each prints a table. */
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -3))
  .sort()
const [name, ...rest] = process.argv.slice(2)
if (name && names.includes(name)) {
  spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...rest], { stdio: 'inherit' }).on(
    'exit',
    (code) => {
      process.exitCode = code ?? 1
    },
  )
} else {
  process.stderr.write(`Choose one of: ${names.join(', ')}\n`)
  process.exitCode = 2
}
