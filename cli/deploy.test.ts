import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfig, Settings } from '../config.ts'

const read = (name: string): string => readFileSync(join(import.meta.dirname, '..', 'deploy', name), 'utf8')

const Compose = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      environment: z.record(z.string(), z.string()).optional(),
      networks: z.array(z.string()),
      ports: z.array(z.string()).optional(),
    }),
  ),
})
const { services } = Compose.parse(parse(read('compose.yaml')))

describe('the files to deploy with', () => {
  it('set nothing that is no setting', () => {
    const set = Object.keys(services['tact']!.environment!)
    const inUnit = [...read('tact.service').matchAll(/\bTACT_[A-Z_]+(?==)/gu)].map(([name]) => name)
    expect([...set, ...inUnit].filter((name) => !Object.hasOwn(Settings.shape, name))).toEqual([])
  })

  it('make a configuration that holds', () => {
    const filled = Object.fromEntries(
      Object.entries(services['tact']!.environment!).map(([name, value]) => [
        name,
        value
          .replaceAll(/\$\{TACT_SECRET_KEY[^}]*\}/gu, Buffer.alloc(32).toString('base64'))
          .replaceAll(/\$\{TACT_DOMAIN[^}]*\}/gu, 'crm.example.com')
          .replaceAll(/\$\{[^}]*\}/gu, 'a0a0a0a0a0a0a0a0a0a0'),
      ]),
    )
    expect(loadConfig(filled)).toMatchObject({ TACT_PUBLIC_URL: 'https://crm.example.com', TACT_PORT: 4321 })
  })

  it('ask for every value that has to be made, and say so in the example', () => {
    const wanted = new Set([...read('compose.yaml').matchAll(/\$\{([A-Z_]+):\?/gu)].map(([, name]) => name!))
    const given = [...read('.env.example').matchAll(/^([A-Z_]+)=/gmu)].map(([, name]) => name!)
    expect(new Set(given)).toEqual(wanted)
  })

  it('let the outside reach the proxy alone, and neither metrics nor probes through it', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined)
    expect(open.map(([name]) => name)).toEqual(['caddy'])
    for (const name of ['postgres', 'redis', 'qdrant']) expect(services[name]!.networks).toEqual(['inside'])
    expect(read('Caddyfile')).toMatch(/@inside path \/metrics \/healthz \/readyz\n\s*respond @inside 404/u)
  })
})
