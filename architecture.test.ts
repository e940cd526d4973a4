import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

/** Folders of one floor never import each other; a file imports only from lower floors. */
const FLOORS: readonly (readonly string[])[] = [
  ['domain', 'config.ts', 'log.ts'],
  ['db', 'redaction'],
  ['query', 'search', 'mail', 'writeback', 'jobs', 'demo'],
  ['tools'],
  ['agent', 'digest'],
  ['slack-bot', 'mcp-server', 'inbox'],
  ['cli'],
  ['evals', 'bench'],
]

const VENDORS: readonly (readonly [pattern: RegExp, folders: readonly string[]])[] = [
  [/^(drizzle-orm|@electric-sql\/)/, ['db']],
  [/^pg(\/|$)/, ['db', 'bench']],
  [/^libpg-query/, ['query']],
  [/^node-sql-parser/, ['evals']],
  [/^@qdrant\//, ['search']],
  [/^(postal-mime|imapflow|html-to-text)/, ['mail']],
  [/^(bullmq|ioredis)/, ['jobs']],
  [/^nodemailer/, ['digest']],
  [/^pg-boss/, ['bench']],
  [/^(ai$|ai\/|@ai-sdk\/)/, ['agent']],
  [/^@slack\//, ['slack-bot']],
  [/^ws$/, ['slack-bot']],
  [/^(ajv|ts-json-schema-generator)/, ['slack-bot', 'search']],
  [/^@modelcontextprotocol\//, ['mcp-server']],
  [/^jose/, ['mcp-server', 'mail']],
  [/^oidc-provider/, ['mcp-server']],
  [/^express/, ['mcp-server', 'inbox', 'slack-bot', 'cli']],
  [/^libphonenumber-js/, ['redaction', 'writeback']],
  [/^chrono-node/, ['agent']],
  [/^csv-parse/, ['writeback', 'evals']],
  [/^any-ascii/, ['writeback']],
  [/^@streamparser\//, ['db']],
  [/^csv-stringify/, ['query']],
  [/^d3-scale/, ['inbox']],
  [/^@simplewebauthn\//, ['inbox']],
  [/^(snowball-stemmers|stopword)/, ['search']],
  [/^(commander|picocolors|prom-client|@opentelemetry\/)/, ['cli']],
]

/** Tests may also reach for the test database and for the official clients they test with. */
const TEST_EXTRAS = [/^db\/testing\.ts$/, /^db\//]
const TEST_VENDORS = [
  /^vitest/,
  /^@modelcontextprotocol\/(client|sdk|server\/stdio)/,
  /^@ai-sdk\/mcp/,
  /^@anthropic-ai\/sdk/,
  /^ai\/test/,
  /^express/,
  /^pg$/,
  /^playwright-core/,
  /^oidc-provider/,
  /^(smtp-server|postal-mime)/,
]
const DOMAIN_MAY_IMPORT = /^(zod|node:)/

const root = import.meta.dirname
const SKIPPED = new Set(['node_modules', 'dist', '.git', 'docs', 'bin', '.ci', 'deploy'])

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sources(join(folder, entry.name))
    return entry.name.endsWith('.ts') ? [relative(root, join(folder, entry.name))] : []
  })

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

const importsOf = (text: string): string[] =>
  [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3])!)

const folderOf = (path: string): string => path.split('/')[0]!
const floorOf = (path: string): number => FLOORS.findIndex((floor) => floor.includes(folderOf(path)))
const isTest = (path: string): boolean => /\.test\.ts$|\/testing\//.test(path)

const files = sources(root).map((path) => {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, imports: importsOf(text) }
})
const housed = files.filter(({ path }) => floorOf(path) >= 0)

describe('the floors', () => {
  test('every folder with code stands on a floor', () => {
    const outside = files
      .filter(({ path }) => floorOf(path) < 0 && path.includes('/'))
      .map(({ path }) => folderOf(path))
    expect([...new Set(outside)].filter((folder) => folder !== 'scripts')).toEqual([])
  })

  test('a file imports only from its own folder and from lower floors', () => {
    const wrong: string[] = []
    for (const { path, imports } of housed) {
      for (const specifier of imports.filter((name) => name.startsWith('.'))) {
        const target = relative(root, resolve(root, dirname(path), specifier))
        if (folderOf(target) === folderOf(path) || (floorOf(path) === 0 && floorOf(target) === 0)) continue
        if (isTest(path) && TEST_EXTRAS.some((extra) => extra.test(target))) continue
        if (floorOf(target) >= floorOf(path)) wrong.push(`${path} -> ${target}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('domain, config and log import zod alone', () => {
    const wrong = housed
      .filter(({ path }) => floorOf(path) === 0 && !isTest(path))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => !name.startsWith('.') && !DOMAIN_MAY_IMPORT.test(name))
          .map((name) => `${path} -> ${name}`),
      )
    expect(wrong).toEqual([])
  })
})

describe('the vendors', () => {
  test('each lives only in its folders', () => {
    const wrong: string[] = []
    for (const { path, imports } of housed) {
      for (const name of imports.filter((specifier) => !specifier.startsWith('.'))) {
        if (isTest(path) && TEST_VENDORS.some((vendor) => vendor.test(name))) continue
        for (const [pattern, folders] of VENDORS) {
          if (pattern.test(name) && !folders.includes(folderOf(path))) wrong.push(`${path} -> ${name}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })
})

describe('the doors', () => {
  const product = housed.filter(({ path }) => !isTest(path))
  const matching = (pattern: RegExp, allowed: (path: string) => boolean) =>
    product.filter(({ path, text }) => pattern.test(text) && !allowed(path)).map(({ path }) => path)

  test('only config.ts reads the environment', () => {
    expect(
      matching(/process\.env\b/, (path) => path === 'config.ts' || /^(evals|bench)\//.test(path)),
    ).toEqual([])
  })

  test('only cli/ writes to stdout', () => {
    expect(
      matching(/process\.stdout|console\.(log|info)/, (path) =>
        /^((cli|evals|bench)\/|mcp-server\/bundle\/main\.ts$)/.test(path),
      ),
    ).toEqual([])
  })

  test('only tools/call.ts runs a tool', () => {
    expect(matching(/\btool\.run\(/, (path) => path === 'tools/call.ts')).toEqual([])
  })

  test('a tool file knows neither redaction nor the agent', () => {
    const plumbing = new Set(['tools/call.ts', 'tools/toolbox.ts', 'tools/registry.ts'])
    const wrong = product
      .filter(
        ({ path }) => path.startsWith('tools/') && !plumbing.has(path) && !path.startsWith('tools/privacy/'),
      )
      .filter(({ imports }) => imports.some((name) => name.includes('/redaction/')))
      .map(({ path }) => path)
    expect(wrong).toEqual([])
  })

  test('brands are minted only where they belong', () => {
    expect(matching(/as unknown as Scrubbed|as Scrubbed\b/, (path) => path.startsWith('redaction/'))).toEqual(
      [],
    )
    expect(matching(/as unknown as TenantTx|as TenantTx\b/, (path) => path === 'db/tenant.ts')).toEqual([])
    expect(
      matching(/as unknown as Approved|as Approved\b/, (path) => path === 'writeback/approve.ts'),
    ).toEqual([])
  })
})
