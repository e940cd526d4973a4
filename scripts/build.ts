import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files that the code reads at run time, or that say whose work it passes on, and the compiler does not carry over. */
const ASSETS = [
  'agent/*.md',
  'db/migrations/**/*.{sql,json}',
  'inbox/**/*.css',
  '{agent,redaction,query}/**/*.json',
  'redaction/tagger/SOURCES.md',
]

const root = join(import.meta.dirname, '..')
rmSync(join(root, 'dist'), { recursive: true, force: true })
execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})
for (const path of ASSETS.flatMap((pattern) => globSync(pattern, { cwd: root }))) {
  mkdirSync(dirname(join(root, 'dist', path)), { recursive: true })
  cpSync(join(root, path), join(root, 'dist', path))
}
