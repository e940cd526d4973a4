import { describe, expect, test } from 'vitest'
import { freeText, named, Secret } from '../domain/pii.ts'
import { hideTree, hideValue, revealTree } from './hide.ts'
import type { HideContext } from './hide.ts'
import { createWorkspace, openTestVault } from './testing.ts'

const setUp = async () => {
  const workspace = createWorkspace()
  const dana = workspace.person('Dana', 'Whitfield')
  const nimbus = workspace.company('Nimbus Robotics')
  const vault = await openTestVault()
  const context: HideContext = {
    dictionary: workspace.dictionary,
    vault,
    active: new Set<string>(),
    plain: new Set(['stage', 'code']),
  }
  return { workspace, dana, nimbus, vault, context }
}

describe('hiding a result', () => {
  test('a Secret of a record becomes its handle in the form asked for, a value its own handle', async () => {
    const { dana, nimbus, context } = await setUp()
    const { tree, legend } = await hideTree(
      {
        id: named('PERSON', dana, 'Dana Whitfield'),
        first_name: new Secret('PERSON', 'Dana', { record: dana, form: 'first' }),
        company: named('COMPANY', nimbus, 'Nimbus Robotics'),
        email: new Secret('EMAIL', 'dana@nimbus.example', { record: dana }),
        title: new Secret('none', 'CEO'),
        phone: null,
      },
      context,
    )
    expect(tree).toMatchObject({
      id: expect.stringMatching(/^PERSON_\d{5}$/u),
      company: expect.stringMatching(/^COMPANY_\d{5}$/u),
      email: expect.stringMatching(/^EMAIL_\d{5}$/u),
      title: 'CEO',
      phone: null,
    })
    const { id, first_name } = tree as Record<string, string>
    expect(first_name).toBe(`${id!}f`)
    expect(legend.find(({ handle }) => handle === id)).toMatchObject({ is: 'people', record: dana })
  })

  test('free text is read with the records of the same result active', async () => {
    const { dana, context } = await setUp()
    const { tree } = await hideTree(
      {
        who: named('PERSON', dana, 'Dana Whitfield'),
        snippet: freeText('saw dana at 415-555-0134 yesterday'),
      },
      context,
    )
    expect((tree as { snippet: string }).snippet).toMatch(/^saw PERSON_\d{5}f at PHONE_\d{5} yesterday$/u)
  })

  test('a sender the workspace does not know is hidden in the text of the message too', async () => {
    const { context } = await setUp()
    const { tree } = await hideTree(
      {
        from: new Secret('NAME', 'Quillon, Zedra'),
        body: freeText('Zedra Quillon here. Call me.\n\nzedra'),
        other: freeText('ZEDRA QUILLON of Nimbus Robotics'),
      },
      context,
    )
    const { from, body, other } = tree as Record<string, string>
    expect(JSON.stringify(tree)).not.toMatch(/zedra|quillon/iu)
    expect(body!.startsWith(`${from!} here.`)).toBe(true)
    expect(other).toMatch(new RegExp(`^${from!} of COMPANY_\\d{5}$`, 'u'))
  })

  test('a plain string is scrubbed too, wherever it stands, even as a key', async () => {
    const { context } = await setUp()
    const { tree } = await hideTree(
      { notes: ['company is Nimbus Robotics', { 'Dana Whitfield': 3, total: 1 }], other: 'x@y.example' },
      context,
    )
    expect(JSON.stringify(tree)).not.toMatch(/nimbus|dana|x@y/iu)
    expect(JSON.stringify(tree)).toMatch(/"company is COMPANY_\d{5}",\{"PERSON_\d{5}":3,"total":1\}/u)
  })

  test('numbers, dates, ids, issued handles, closed sets and plain keys pass as they are', async () => {
    const { dana, vault, context } = await setUp()
    await vault.ensure([{ label: 'PERSON', record: dana }])
    const value = {
      a: '2026-11-20T09:00:00.000Z',
      b: '2026-11-20',
      c: '12.50',
      d: '0198f2a0-1234-7000-8000-000000000001',
      e: vault.handleForRecord('PERSON', dana),
      f: 'in_progress',
      stage: 'Nimbus Robotics',
      code: ['Dana Whitfield'],
      n: 4,
      ok: true,
      nothing: null,
    }
    expect((await hideTree(value, context)).tree).toEqual(value)
  })

  test('a handle that was not issued, and digits long enough for a phone, do not pass', async () => {
    const { context } = await setUp()
    const { tree } = await hideTree({ a: 'PERSON_43317', b: '4155550134' }, context)
    expect(tree).toEqual({
      a: expect.stringMatching(/^SECRET_\d{5}$/u),
      b: expect.stringMatching(/^PHONE_\d{5}$/u),
    })
  })

  test('the tree is JSON: dates are written out, undefined is dropped, a function is a bug', async () => {
    const { context } = await setUp()
    const { tree } = await hideTree(
      { at: new Date(0), gone: undefined, big: 10n, list: [undefined] },
      context,
    )
    expect(tree).toEqual({ at: '1970-01-01T00:00:00.000Z', big: '10', list: [null] })
    await expect(hideTree({ run: () => 1 }, context)).rejects.toThrow(/cannot leave/u)
  })

  test('one value alone', async () => {
    const { context } = await setUp()
    expect(await hideValue(freeText('Dana Whitfield wrote'), context)).toMatch(/^PERSON_\d{5} wrote$/u)
    expect(await hideValue(new Secret('PHONE', ''), context)).toBe('')
  })

  test('our own screens see real values', async () => {
    const { dana } = await setUp()
    const value = {
      id: named('PERSON', dana, 'Dana Whitfield'),
      list: [freeText('hi')],
      n: 1,
      at: new Date(0),
    }
    expect(revealTree(value)).toEqual({
      id: 'Dana Whitfield',
      list: ['hi'],
      n: 1,
      at: '1970-01-01T00:00:00.000Z',
    })
  })
})
