import { describe, expect, test } from 'vitest'
import { recordUri } from '../domain/records.ts'
import { createMemoryStore } from './memory-store.ts'
import { restoreArguments } from './restore-arguments.ts'
import type { RestoreArgumentsOptions } from './restore-arguments.ts'
import { createWorkspace, openTestVault } from './testing.ts'

const setUp = async () => {
  const workspace = createWorkspace()
  const dana = workspace.person('Dana', "O'Neal")
  const nimbus = workspace.company('Nimbus Robotics')
  const store = createMemoryStore()
  const vault = await openTestVault(7, store)
  await vault.ensure([
    { label: 'PERSON', record: dana },
    { label: 'COMPANY', record: nimbus },
    { label: 'EMAIL', value: 'dana@nimbus.example' },
    { label: 'NAME', value: 'Sam' },
  ])
  const options: RestoreArgumentsOptions = {
    display: async (record, form) => workspace.nameOf(record, form),
    codeKeys: new Set(['sql']),
  }
  return {
    dana,
    nimbus,
    store,
    vault,
    person: vault.handleForRecord('PERSON', dana),
    company: vault.handleForRecord('COMPANY', nimbus),
    email: vault.handleForValue('EMAIL', 'dana@nimbus.example'),
    name: vault.handleForValue('NAME', 'Sam'),
    restore: async (raw: unknown) => restoreArguments(raw, vault, options),
  }
}

describe('restoring tool arguments', () => {
  test('a whole handle becomes a record URI or a value, at any depth', async () => {
    const { dana, nimbus, person, company, email, restore } = await setUp()
    const { value, unknown } = await restore({
      who: person,
      where: [{ field: 'company', op: '=', value: company }, { any: [`${person}f`, 3, null, true] }],
      to: email,
    })
    expect(value).toEqual({
      who: recordUri(dana),
      where: [
        { field: 'company', op: '=', value: recordUri(nimbus) },
        { any: [recordUri(dana), 3, null, true] },
      ],
      to: 'dana@nimbus.example',
    })
    expect(unknown).toEqual([])
  })

  test.each([
    (handle: string) => handle.toLowerCase(),
    (handle: string) => ` ${handle} `,
    (handle: string) => `[${handle}]`,
    (handle: string) => `"${handle}"`,
    (handle: string) => handle.replace('_', ' '),
    (handle: string) => handle.replace(/^[A-Z]+/u, 'Kontakt'),
    (handle: string) => `**${handle}**`,
  ])('a handle is whole however it is dressed (%#)', async (dress) => {
    const { dana, person, restore } = await setUp()
    expect((await restore({ who: dress(person) })).value).toEqual({ who: recordUri(dana) })
  })

  test('handles inside a longer text become names, in the form they ask for', async () => {
    const { person, company, email, name, restore } = await setUp()
    const { value } = await restore({ note: `Met ${person}f of ${company} (${email}) with ${name}` })
    expect(value).toEqual({ note: 'Met Dana of Nimbus Robotics (dana@nimbus.example) with Sam' })
  })

  test('a string that is JSON is restored inside and stays JSON', async () => {
    const { nimbus, company, restore } = await setUp()
    const { value } = await restore({ ast: `{"where":[["company","=","${company}"],["n",">",2]]}` })
    expect(JSON.parse((value as { ast: string }).ast)).toEqual({
      where: [
        ['company', '=', recordUri(nimbus)],
        ['n', '>', 2],
      ],
    })
  })

  test('in code, records become URIs and quotes of values are doubled', async () => {
    const { dana, person, vault, restore } = await setUp()
    await vault.ensure([{ label: 'URL', value: "x' or '1'='1" }])
    const secret = vault.handleForValue('URL', "x' or '1'='1")
    const { value } = await restore({ sql: `select 1 where p = '${person}' and q = '${secret}'` })
    expect(value).toEqual({ sql: `select 1 where p = '${recordUri(dana)}' and q = 'x'' or ''1''=''1'` })
  })

  test.each(['CARD', 'ID', 'SECRET'] as const)(
    'a %s goes one way: it is refused, alone and inside a text',
    async (label) => {
      const { vault, restore } = await setUp()
      await vault.ensure([{ label, value: '4111111111111111' }])
      const handle = vault.handleForValue(label, '4111111111111111')
      await expect(restore({ note: handle })).rejects.toMatchObject({
        kind: 'denied',
        code: 'one_way_handle',
      })
      await expect(restore({ note: `pay ${handle} now` })).rejects.toMatchObject({ code: 'one_way_handle' })
    },
  )

  test('an ambiguous handle is refused as an argument and says what to do', async () => {
    const { name, restore } = await setUp()
    await expect(restore({ person: name })).rejects.toMatchObject({
      kind: 'user',
      code: 'ambiguous_handle',
      details: { at: 'person', fix: expect.stringContaining('candidates') },
    })
  })

  test.each([
    ['never issued', () => 'PERSON_00000'],
    [
      'with a wrong digit',
      (handle: string) => handle.slice(0, -1) + String((Number(handle.at(-1)) + 1) % 10),
    ],
    ['of three letters, never issued', () => 'URL_00000'],
    ['never issued, inside a text', () => 'call PERSON_00000 back'],
    [
      'with a wrong digit, inside a text',
      (handle: string) => `call ${handle.slice(0, -1)}${(Number(handle.at(-1)) + 1) % 10} back`,
    ],
  ])('a handle %s is refused and says to use handles from results', async (_how, alter) => {
    const { person, restore } = await setUp()
    await expect(restore({ where: [{ value: alter(person) }] })).rejects.toMatchObject({
      kind: 'user',
      code: 'unknown_handle',
      details: { at: 'where[0].value', fix: expect.stringContaining('results') },
    })
  })

  test('a record that the caller may not see is refused inside a text', async () => {
    const { vault, person } = await setUp()
    const blind: RestoreArgumentsOptions = { display: async () => undefined }
    await expect(restoreArguments({ note: `met ${person} today` }, vault, blind)).rejects.toMatchObject({
      code: 'unknown_handle',
    })
  })

  test('words with numbers that are no handles of ours stay and are reported', async () => {
    const { restore } = await setUp()
    const raw = { q: 'deal 12340 and invoice_20341, INV_20342, flat 12345', iso: '2026-11-20', n: '600000' }
    const { value, unknown } = await restore(raw)
    expect(value).toEqual(raw)
    expect(unknown.every((word) => /\d{5}/u.test(word))).toBe(true)
  })

  test('a handle that another process issued is found after one look at the store', async () => {
    const { store, restore } = await setUp()
    const other = await openTestVault(7, store)
    const record = { entity: 'deals', id: '0198f2a0-0000-7000-8000-00000000beef' }
    await other.ensure([{ label: 'DEAL', record }])
    expect((await restore({ deal: other.handleForRecord('DEAL', record) })).value).toEqual({
      deal: recordUri(record),
    })
  })
})
