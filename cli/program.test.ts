import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../config.ts'
import { createMember } from '../db/members.ts'
import { asTenant } from '../db/tenant.ts'
import { openTestDatabase, testEngines, type TestDatabase } from '../db/testing.ts'
import { furnish, type House } from './compose.ts'
import { runCommandLine } from './program.ts'

describe.each(testEngines)('the command line on %s', (engine) => {
  const home = mkdtempSync(join(tmpdir(), 'tact-cli-'))
  let db: TestDatabase
  let house: House

  beforeAll(async () => {
    db = await openTestDatabase(engine)
    const first = await db.addTenant({ slug: 'first' })
    await db.addTenant({ slug: 'second' })
    await asTenant(db.database, first.actor('owner'), (tx) =>
      createMember(tx, {
        email: 'ann@first.example',
        givenName: 'Ann',
        familyName: 'Archer',
        role: 'viewer',
      }),
    )
    house = furnish(loadConfig({ TACT_HOME: home }), db.database)
  })
  afterAll(async () => {
    await db.close()
    rmSync(home, { recursive: true, force: true })
  })

  const run = async (argv: readonly string[], input = '') => {
    let out = ''
    let err = ''
    const stdin = new PassThrough()
    stdin.end(input)
    const code = await runCommandLine(argv, {
      config: house.config,
      house,
      io: {
        stdin,
        out: (text) => (out += text),
        err: (text) => (err += text),
        fancy: false,
        interactive: false,
        columns: 100,
        cwd: home,
        signal: new AbortController().signal,
      },
    })
    return { code, out, err }
  }

  test.each([
    [['query', '--ast', '{"find":"people"}', '--workspace', 'first', '--json']],
    [['tool', 'describe_crm', '--workspace', 'second', '--json']],
    [['proposals', 'list', '--workspace', 'first', '--json']],
    [['tokens', 'list', '--workspace', 'second', '--json']],
    [['doctor', '--json']],
    [['migrate', '--json']],
    [['search', 'hello', '--workspace', 'first', '--json']],
    [['ask', 'Pipeline by stage', '--workspace', 'first', '--json']],
  ])('%j answers one JSON document and 0', async (argv) => {
    const { code, out, err } = await run(argv)
    expect([err, code]).toEqual(['', 0])
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(out)).toBeTypeOf('object')
  })

  test('several workspaces and none chosen is bad usage that names them', async () => {
    const { code, out } = await run(['proposals', 'list', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'which_workspace', valid_options: ['first', 'second'] },
    })
  })

  test('an unknown workspace is 4, a refused change is 3, an unknown command or broken JSON is 2', async () => {
    expect((await run(['query', '--ast', '{"find":"people"}', '--workspace', 'third'])).code).toBe(4)
    expect((await run(['nonsense'])).code).toBe(2)
    expect((await run(['constructor'])).code).toBe(2)
    expect((await run(['query', '--ast', '{', '--workspace', 'first'])).code).toBe(2)
    expect((await run(['tool', 'no_such_tool', '--workspace', 'first'])).code).toBe(4)
    const viewer = [
      'tool',
      'log_interaction',
      '{"kind":"note","summary":"x"}',
      '--workspace',
      'first',
      '--as',
      'ann@first.example',
    ]
    expect((await run(viewer)).code).toBe(3)
  })

  test('redact reads stdin and writes stdout, and takes back what it hid', async () => {
    const { code, out } = await run(
      ['redact', '--workspace', 'first'],
      'Write to ann.archer@else.example today',
    )
    expect(code).toBe(0)
    expect(out).toMatch(/^Write to EMAIL_\d{5} today$/)
    expect((await run(['redact', '--restore', '--workspace', 'first'], out)).out).toBe(
      'Write to ann.archer@else.example today',
    )
  })
})
