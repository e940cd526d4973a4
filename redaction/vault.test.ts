import { describe, expect, test } from 'vitest'
import { parseHandle } from '../domain/handle.ts'
import { createMemoryStore } from './memory-store.ts'
import { openTestVault, uuidOf } from './testing.ts'
import type { StoredHandle, VaultStore } from './types.ts'

const person = (at: number) => ({ entity: 'people', id: uuidOf(at) })

/** A store that lets other tasks run before every answer, as a database would. */
const slow = (store: VaultStore): VaultStore => ({
  load: async () => (await tick(), store.load()),
  reserve: async (count) => (await tick(), store.reserve(count)),
  save: async (rows) => (await tick(), store.save(rows)),
})
const tick = async (): Promise<void> => {
  await new Promise((resolve) => {
    setTimeout(resolve, 1)
  })
}

describe('a vault', () => {
  test('gives a record one handle, whatever form or label is asked for', async () => {
    const vault = await openTestVault()
    await vault.ensure([{ label: 'PERSON', record: person(1) }])
    await vault.ensure([{ label: 'RECORD', record: person(1) }])
    const full = parseHandle(vault.handleForRecord('PERSON', person(1)))!
    const first = parseHandle(vault.handleForRecord('PERSON', person(1), 'first'))!
    expect(first).toEqual({ ...full, form: 'first' })
    expect(parseHandle(vault.handleForRecord('RECORD', person(1)))!.number).toBe(full.number)
    expect(vault.resolve(full.number)).toEqual({ label: 'PERSON', record: person(1) })
  })

  test('gives the same value the same handle under any spelling that means the same', async () => {
    const vault = await openTestVault()
    await vault.ensure([
      { label: 'EMAIL', value: 'dana@nimbus.example' },
      { label: 'EMAIL', value: 'Dana@Nimbus.example' },
      { label: 'CARD', value: '4111 1111 1111 1111' },
      { label: 'SECRET', value: 'dana@nimbus.example' },
    ])
    const handle = vault.handleForValue('EMAIL', 'DANA@nimbus.example')
    expect(handle).toBe(vault.handleForValue('EMAIL', 'dana@nimbus.example'))
    expect(vault.handleForValue('CARD', '4111-1111-1111-1111')).toMatch(/^CARD_\d{5}$/u)
    expect(vault.handleForValue('SECRET', 'dana@nimbus.example')).not.toContain(handle.slice(6))
  })

  test('hands out no handle that was not stored first', async () => {
    const vault = await openTestVault()
    expect(() => vault.handleForRecord('PERSON', person(1))).toThrow(/before its handle was stored/u)
  })

  test('resolves neither unknown numbers nor numbers with a wrong check digit', async () => {
    const vault = await openTestVault()
    await vault.ensure([{ label: 'PERSON', record: person(1) }])
    const { number } = parseHandle(vault.handleForRecord('PERSON', person(1)))!
    const answers = Array.from({ length: 10 }, (_, digit) =>
      vault.resolve(number.slice(0, 4) + String(digit)),
    )
    expect(answers.filter((answer) => answer !== undefined)).toEqual([{ label: 'PERSON', record: person(1) }])
  })

  test('finds its handles again after a restart, and with another key finds no value', async () => {
    const store = createMemoryStore()
    const before = await openTestVault(7, store)
    await before.ensure([{ label: 'PHONE', value: '+14155550134' }])
    const { number } = parseHandle(before.handleForValue('PHONE', '+14155550134'))!
    expect((await openTestVault(7, store)).resolve(number)).toEqual({
      label: 'PHONE',
      value: '+14155550134',
    })
    expect((await openTestVault(8, store)).resolve(number)).toBeUndefined()
  })

  test('stores no value in the clear and refuses a row moved under another number', async () => {
    const store = createMemoryStore()
    const vault = await openTestVault(7, store)
    await vault.ensure([
      { label: 'EMAIL', value: 'dana@nimbus.example' },
      { label: 'EMAIL', value: 'omar@tidewater.example' },
    ])
    const rows = await store.load()
    expect(JSON.stringify(rows.map((row) => Buffer.from(row.ciphertext!).toString('latin1')))).not.toMatch(
      /dana|omar/u,
    )
    const moved: StoredHandle[] = [{ ...rows[0]!, ciphertext: rows[1]!.ciphertext }]
    const forged = await openTestVault(7, { ...store, load: async () => moved })
    expect(forged.resolve(rows[0]!.number)).toBeUndefined()
  })

  test('two vaults over one store that race for the same records agree on every handle', async () => {
    const store = slow(createMemoryStore())
    const [one, two] = await Promise.all([openTestVault(7, store), openTestVault(7, store)])
    const needs = Array.from({ length: 60 }, (_, at) => ({ label: 'PERSON' as const, record: person(at) }))
    await Promise.all([
      one.ensure(needs.slice(0, 40)),
      two.ensure(needs.slice(20)),
      one.ensure(needs),
      two.ensure(needs.toReversed()),
    ])
    const numbers = new Set<string>()
    for (const { record } of needs) {
      const handle = one.handleForRecord('PERSON', record)
      expect(two.handleForRecord('PERSON', record)).toBe(handle)
      numbers.add(handle)
    }
    expect(numbers.size).toBe(60)
    expect(await store.load()).toHaveLength(60)
  })

  test('a failed save leaves the vault usable', async () => {
    const store = createMemoryStore()
    let broken = true
    const vault = await openTestVault(7, {
      ...store,
      save: async (rows) => {
        if (broken) throw new Error('disk full')
        return store.save(rows)
      },
    })
    await expect(vault.ensure([{ label: 'PERSON', record: person(1) }])).rejects.toThrow(/disk full/u)
    expect(() => vault.handleForRecord('PERSON', person(1))).toThrow(/before its handle/u)
    broken = false
    await vault.ensure([{ label: 'PERSON', record: person(1) }])
    expect(vault.handleForRecord('PERSON', person(1))).toMatch(/^PERSON_\d{5}$/u)
  })

  test('handles issued elsewhere resolve after a refresh', async () => {
    const store = createMemoryStore()
    const [here, there] = await Promise.all([openTestVault(7, store), openTestVault(7, store)])
    await there.ensure([{ label: 'DEAL', record: { entity: 'deals', id: uuidOf(3) } }])
    const { number } = parseHandle(there.handleForRecord('DEAL', { entity: 'deals', id: uuidOf(3) }))!
    expect(here.resolve(number)).toBeUndefined()
    await here.refresh()
    expect(here.resolve(number)).toMatchObject({ label: 'DEAL' })
  })
})
