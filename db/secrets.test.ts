import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { TenantId } from '../domain/ids.ts'
import { openSecrets } from './secrets.ts'

const home = mkdtempSync(join(tmpdir(), 'tact-secrets-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const place = { tenantId: 'one' as TenantId, rowId: 'row' }

describe('secrets of other systems', () => {
  test('open in their own row and workspace alone, and not with a byte changed', () => {
    const secrets = openSecrets({ TACT_HOME: home })
    const sealed = secrets.seal(place, 'the key')
    expect(secrets.unseal(place, sealed)).toBe('the key')
    expect(sealed.includes('the key')).toBe(false)
    expect(secrets.unseal({ ...place, rowId: 'another' }, sealed)).toBeUndefined()
    expect(secrets.unseal({ ...place, tenantId: 'two' as TenantId }, sealed)).toBeUndefined()
    for (let at = 0; at < sealed.length; at += 1) {
      const bent = Buffer.from(sealed)
      bent[at]! ^= 1
      expect(secrets.unseal(place, bent)).toBeUndefined()
    }
    expect(secrets.unseal(place, Buffer.alloc(3))).toBeUndefined()
  })

  test('are opened by another process of the same directory, by nobody without its file', () => {
    const sealed = openSecrets({ TACT_HOME: home }).seal(place, 'the key')
    expect(openSecrets({ TACT_HOME: home }).unseal(place, sealed)).toBe('the key')
    expect(openSecrets({}).unseal(place, sealed)).toBeUndefined()
    const file = join(home, 'secret.key')
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(openSecrets({ TACT_SECRET_KEY: readFileSync(file, 'utf8') }).unseal(place, sealed)).toBe('the key')
  })

  test('are refused under a key that is none', () => {
    expect(() => openSecrets({ TACT_SECRET_KEY: 'short' }).seal(place, 'x')).toThrow('32 bytes')
    writeFileSync(join(home, 'secret.key'), 'broken')
    expect(() => openSecrets({ TACT_HOME: home }).seal(place, 'x')).toThrow('32 bytes')
  })
})
