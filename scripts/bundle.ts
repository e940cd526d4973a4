import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { tools } from '../tools/registry.ts'

/**
 * `npm run bundle [-- <folder>]`: packs the extension for Claude Desktop, a double click to install. One file of plain JavaScript, since
 * macOS refuses extensions with native modules; the data and its engine stay with the Tact it attaches to.
 */
const root = join(import.meta.dirname, '..')
const folder = process.argv[2] ?? join(root, '.bundle')
const staged = join(folder, 'extension')
const packed = join(folder, 'tact.mcpb')
const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string
  readonly license: string
}

const text = (title: string, description: string, more: object = {}) => ({
  type: 'string',
  title,
  description,
  required: false,
  ...more,
})

const manifest = {
  manifest_version: '0.3',
  name: 'tact',
  display_name: 'Tact',
  version,
  description: 'A CRM that keeps names to itself: Claude works on handles, people approve changes.',
  long_description:
    'Questions about people, companies, deals and mail are answered with handles in place of names. Changes are proposals that a person approves in the inbox of Tact. Needs a Tact on this machine (`npm install -g tact-crm`) or the address of one.',
  author: { name: 'Tact' },
  license,
  server: {
    type: 'node',
    entry_point: 'server/index.mjs',
    mcp_config: {
      command: 'node',
      args: ['${__dirname}/server/index.mjs'],
      env: {
        TACT_HOME: '${user_config.home}',
        TACT_URL: '${user_config.address}',
        TACT_TOKEN: '${user_config.token}',
        TACT_COMMAND: '${user_config.command}',
        TACT_WORKSPACE: '${user_config.workspace}',
      },
    },
  },
  tools: [...tools.values()].map(({ name, description }) => ({ name, description })),
  user_config: {
    home: {
      type: 'directory',
      title: 'Directory of the data',
      description: 'Where the Tact of this machine keeps its data; empty for the usual place.',
      required: false,
    },
    workspace: text('Workspace', 'Its short name, where the directory has several.'),
    command: text('Command', 'How Tact is started on this machine: `tact`, or the full path of it.'),
    address: text('Address', 'Of a Tact elsewhere, e.g. https://crm.example.com; empty for this machine.'),
    token: text('Token', 'For that address, from `tact tokens create`.', { sensitive: true }),
  },
  compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20.0.0' } },
}

rmSync(staged, { recursive: true, force: true })
mkdirSync(join(staged, 'server'), { recursive: true })
await build({
  entryPoints: [join(root, 'mcp-server', 'bundle', 'main.ts')],
  outfile: join(staged, 'server', 'index.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  legalComments: 'linked',
  define: { BUNDLE_VERSION: JSON.stringify(version) },
  // Packages that were written for `require` find it here.
  banner: {
    js: "import{createRequire as makeRequireForBundle}from'node:module';const require=makeRequireForBundle(import.meta.url);",
  },
})
cpSync(join(root, 'LICENSE'), join(staged, 'LICENSE'))
writeFileSync(join(staged, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
const mcpb = join(root, 'node_modules', '.bin', 'mcpb')
execFileSync(mcpb, ['validate', join(staged, 'manifest.json')], { stdio: ['ignore', 'ignore', 'inherit'] })
execFileSync(mcpb, ['pack', staged, packed], { stdio: ['ignore', 'ignore', 'inherit'] })
const sha256 = createHash('sha256').update(readFileSync(packed)).digest('hex')
process.stdout.write(`${packed}\n${Math.round(statSync(packed).size / 1024)} kB, sha256 ${sha256}\n`)
