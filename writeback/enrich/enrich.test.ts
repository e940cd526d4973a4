import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../db/sql.ts'
import { asTenant } from '../../db/tenant.ts'
import { openTestDatabase, testEngines } from '../../db/testing.ts'
import type { TestDatabase } from '../../db/testing.ts'
import type { TactError } from '../../domain/errors.ts'
import { makeTeam } from '../testing.ts'
import type { Team } from '../testing.ts'
import { enrichCompany, staleCompanies } from './enrich.ts'
import { enricherOf } from './enrichers.ts'

const FINDINGS = [
  { set: { industry: 'Space', employees: 40 }, source: 'registry', url: 'https://registry.example/acme' },
]
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error as TactError).code,
  )

describe.each(testEngines)('what is looked up about a company on %s', (engine) => {
  let test: TestDatabase
  let team: Team
  let directory: string
  beforeAll(async () => {
    test = await openTestDatabase(engine)
    team = await makeTeam(test)
    directory = await mkdtemp(join(tmpdir(), 'tact-enrich-'))
  })
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true })
    await test.close()
  })

  const fileOf = async (content: unknown): Promise<string> => {
    const path = join(directory, 'findings.json')
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    return `file:${path}`
  }
  const enrich = (setting: string): Promise<number> =>
    enrichCompany(team.database, enricherOf(setting)!, {
      tenantId: team.tenant.workspace.id,
      companyId: team.ids.acme,
      signal: new AbortController().signal,
      finish: async () => {},
    })
  const stale = () => asTenant(team.database, { ...team.owner, via: 'system' }, staleCompanies)

  it('is proposed with its source, never written, and not asked for again while it is fresh', async () => {
    expect(await stale()).toEqual([team.ids.acme])
    expect(await codeOf(enrich(await fileOf('not json')))).toBe('no_enrichment_file')
    expect(
      await codeOf(enrich(await fileOf({ 'acme.example': [{ set: { owner: 'me' }, source: 'x' }] }))),
    ).toBe('bad_findings')
    expect(await stale()).toEqual([team.ids.acme])
    expect(await enrich(await fileOf({ 'acme.example': FINDINGS }))).toBe(1)
    const [proposal] = await team.query<{ reason: string; by: string }>(
      sql`select reason, proposed_by as by from workflow.proposals where state = 'pending'`,
    )
    expect(proposal?.by).toBe(team.owner.memberId)
    expect(proposal?.reason).toContain('registry')
    const [company] = await team.query<object>(
      sql`select industry, employees, (select count(*)::int from intel.enrichments e where e.company_id = c.id) as found
        from crm.companies c where id = ${team.ids.acme}`,
    )
    expect(company).toEqual({ industry: null, employees: null, found: 1 })
    expect(await stale()).toEqual([])
  })

  it('is asked of a server by the domain alone; one that fails is asked again, one that knows nothing is not', async () => {
    const asked: string[] = []
    const answers = [
      { status: 500, body: '' },
      { status: 200, body: '{"set":1}' },
      { status: 404, body: '' },
      { status: 200, body: JSON.stringify([{ set: { city: 'Bonn' }, source: 'registry' }]) },
    ]
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      const { status, body } = answers.shift()!
      response.writeHead(status).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/find`
    try {
      expect(await codeOf(enrich(url))).toBe('enricher_unavailable')
      expect(await codeOf(enrich(url))).toBe('bad_findings')
      expect(await enrich(url)).toBe(0)
      expect(await enrich(url)).toBe(1)
      expect(new Set(asked)).toEqual(new Set(['/find?domain=acme.example']))
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('comes from nowhere unless it is set, and goes nowhere without https', () => {
    expect(enricherOf(undefined)).toBeUndefined()
    expect(() => enricherOf('http://registry.example/find')).toThrow('by https')
    for (const setting of ['acme', 'file:'])
      expect(() => enricherOf(setting)).toThrow('TACT_ENRICHER names no enricher')
  })
})
