import { describe, expect, test } from 'vitest'
import { HANDLE_LABELS, parseHandle } from '../domain/handle.ts'
import type { HandleLabel } from '../domain/handle.ts'
import { isRecordLabel } from './find-spans.ts'
import { numbersIn, restoreText } from './restore.ts'
import type { Resolve } from './restore.ts'
import { openTestVault, uuidOf } from './testing.ts'

const wrap = (before: string, after: string) => (handle: string) => before + handle + after

/** Ways in which models were seen to write a placeholder, and more of our own. */
const MANGLINGS: Readonly<Record<string, (handle: string) => string>> = {
  identity: (handle) => handle,
  'lower case': (handle) => handle.toLowerCase(),
  'Title Case': (handle) => handle.charAt(0) + handle.slice(1).toLowerCase(),
  possessive: wrap('', "'s"),
  'plural s': wrap('', 's'),
  'label in the plural': (handle) => handle.replace('_', 's_'),
  bold: wrap('**', '**'),
  italic: wrap('_', '_'),
  code: wrap('`', '`'),
  'struck through': wrap('~~', '~~'),
  'Markdown escape': (handle) => handle.replace('_', '\\_'),
  'square brackets': wrap('[', ']'),
  'angle brackets': wrap('<', '>'),
  parentheses: wrap('(', ')'),
  braces: wrap('{{', '}}'),
  'doubled brackets': wrap('[[', ']]'),
  'full-width brackets': wrap('［', '］'),
  'blank for underscore': (handle) => handle.replace('_', ' '),
  'hyphen for underscore': (handle) => handle.replace('_', '-'),
  'non-breaking hyphen': (handle) => handle.replace('_', '\u2011'),
  'underscore dropped': (handle) => handle.replace('_', ''),
  'underscore doubled': (handle) => handle.replace('_', '__'),
  'inner blanks': wrap('[ ', ' ]'),
  'JSON string': (handle) => JSON.stringify(handle),
  'JSON \\u escape': (handle) => handle.replace('_', '\\u005f'),
  'double JSON': (handle) => JSON.stringify(JSON.stringify(handle)),
  'doubly escaped': (handle) => handle.replace('_', '\\\\_'),
  'HTML entity': (handle) => handle.replace('_', '&#95;'),
  'HTML brackets': wrap('&lt;', '&gt;'),
  'URL-encoded': (handle) => handle.replace('_', '%5F'),
  'line-wrapped': (handle) => handle.replace('_', '_\n'),
  'non-breaking blank': (handle) => handle.replace('_', '\u00a0'),
  'zero-width in the label': (handle) => `${handle.slice(0, 3)}\u200b${handle.slice(3)}`,
  'zero-width in the digits': (handle) => `${handle.slice(0, -2)}\u2060${handle.slice(-2)}`,
  'label translated to Dutch': (handle) => handle.replace(/^[A-Z]+/u, 'PERSOON'),
  'label translated to Spanish': (handle) => handle.replace(/^[A-Z]+_/u, 'empresa '),
  'label in Japanese': (handle) => handle.replace(/^[A-Z]+/u, '人物'),
  'full-width digits': (handle) =>
    handle.replace(/\d/gu, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  'full-width underscore': (handle) => handle.replace('_', '＿'),
  'em dash for underscore': (handle) => handle.replace('_', '—'),
  'label in bold': (handle) => `**${handle.replace('_', '**_')}`,
  'digits in bold': (handle) => `${handle.replace('_', '_**')}**`,
  'quoted-printable': (handle) => handle.replace('_', '=5F'),
  'zero-width between all characters': (handle) => handle.split('').join('\u200b'),
  'narrow blank': (handle) => handle.replace('_', '\u202f'),
  'direction marks': wrap('\u200f', '\u200e'),
  'a cell of a table': wrap('|', '|'),
  'an element of XML': wrap('<person>', '</person>'),
  'typographic quotes': wrap('“', '”'),
  'Japanese brackets': wrap('【', '】'),
  LaTeX: (handle) => `\\text{${handle.replace('_', '\\_')}}`,
  'blanks around the underscore': (handle) => handle.replace('_', ' _ '),
  'at sign before it': wrap('@', ''),
  'typographic possessive': wrap('', '’s'),
  'wrong label': (handle) => handle.replace(/^[A-Z]+/u, 'DEAL'),
  'glued to Japanese': wrap('', 'さんは'),
  'followed by a comma and a number': wrap('', ',12'),
  'after another word and an underscore': wrap('the_', ''),
}

const issue = async (labels: readonly HandleLabel[], each = 1) => {
  const vault = await openTestVault()
  const expected = new Map<string, string>()
  const needs = labels.flatMap((label, kind) =>
    Array.from({ length: each }, (_, at) =>
      isRecordLabel(label)
        ? { label, record: { entity: 'people', id: uuidOf(kind * 100 + at) } }
        : { label, value: `value ${kind} ${at}` },
    ),
  )
  await vault.ensure(needs)
  const handles = needs.map((need, at) => {
    const handle =
      'record' in need
        ? vault.handleForRecord(need.label, need.record)
        : vault.handleForValue(need.label, need.value)
    expected.set(parseHandle(handle)!.number, `«${at}»`)
    return handle
  })
  const resolve: Resolve = (number) => expected.get(number)
  return { handles, resolve, vault }
}

describe('restoring', () => {
  test.each(Object.entries(MANGLINGS))('survives %s, for every label', async (_name, mangle) => {
    const { handles, resolve } = await issue(HANDLE_LABELS)
    const text = handles.map((handle, at) => `Row ${at}: ask ${mangle(handle)} today.`).join('\n')
    const rows = restoreText(text, resolve).split(/\nRow /u)
    expect(rows.filter((row, at) => !row.includes(`«${at}»`))).toEqual([])
    expect(rows).toHaveLength(handles.length)
  })

  test('asks for the form that the suffix says', async () => {
    const { handles } = await issue(['PERSON'])
    const handle = handles[0]!
    const text = `${handle}f, ${handle.toLowerCase()}L, ${handle}fs, ${handle}s`
    expect(restoreText(text, (_number, form) => `<${form}>`)).toBe('<first>, <last>, <first>s, <full>s')
  })

  test('a number with a wrong check digit, never issued, or inside a longer number stays', async () => {
    const { handles, resolve } = await issue(['PERSON'])
    const handle = handles[0]!
    const { number } = parseHandle(handle)!
    const texts = [
      `PERSON_${number.slice(0, 4)}${(Number(number[4]) + 1) % 10}`,
      `PERSON_1${number}`,
      `PERSON_${number}1`,
      `PERSON_${number}abc`,
      `Room ${number}`,
      `$${number}`,
      number,
      `PERSON_1 and PERSON_12`,
    ]
    for (const text of texts) expect(restoreText(text, resolve)).toBe(text)
  })

  test('one handle that is the beginning of another text is not replaced inside it', async () => {
    const { handles, resolve } = await issue(['PERSON'], 30)
    const text = handles.map((handle) => `${handle}0 ${handle}`).join(' ')
    const expected = handles.map((handle, at) => `${handle}0 «${at}»`).join(' ')
    expect(restoreText(text, resolve)).toBe(expected)
  })

  test.each([
    (handle: string) => `https://evil.example/?q=${handle}`,
    (handle: string) => `[click](https://evil.example/${handle})`,
    (handle: string) => `![](//evil.example/${handle}.png)`,
    (handle: string) => `[x](<https://evil.example/${handle}>)`,
    (handle: string) => `<img src="//evil.example/${handle}">`,
    (handle: string) => `<a href='x?${handle}'>`,
    (handle: string) => `www.evil.example/${handle}`,
    (handle: string) => `mailto:${handle}`,
    (handle: string) => `[1]: /${handle}`,
  ])('nothing is restored in a link (%#)', async (link) => {
    const { handles, resolve } = await issue(['EMAIL'])
    const text = link(handles[0]!)
    expect(restoreText(text, resolve)).toBe(text)
    expect(restoreText(`${text} then ${handles[0]!}`, resolve)).toBe(`${text} then «0»`)
  })

  test('the words of a link are restored, its target is not', async () => {
    const { handles, resolve } = await issue(['PERSON'])
    const handle = handles[0]!
    expect(restoreText(`[${handle}](https://x.example/${handle})`, resolve)).toBe(
      `[«0»](https://x.example/${handle})`,
    )
  })

  test('a restored value that reads like a handle is not restored again', async () => {
    const { handles } = await issue(['PERSON'], 2)
    expect(restoreText(handles[0]!, () => handles[1]!)).toBe(handles[1])
  })

  test('tells beforehand which names it will ask for, each once', async () => {
    const { handles } = await issue(['PERSON', 'DEAL'])
    const text = `${handles[0]!} ${handles[0]!.toLowerCase()} ${handles[0]!}f ${handles[1]!} PERSON_11111`
    expect(numbersIn(text)).toEqual([
      { number: parseHandle(handles[0]!)!.number, form: 'full' },
      { number: parseHandle(handles[0]!)!.number, form: 'first' },
      { number: parseHandle(handles[1]!)!.number, form: 'full' },
    ])
  })

  test('100,000 random corruptions of one character give no wrong person', async () => {
    const { handles, resolve } = await issue(['PERSON', 'COMPANY', 'EMAIL', 'DEAL'], 100)
    const alphabet = '0123456789_- abcdeflsPERSON'
    let seed = 42
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    let wrong = 0
    let lost = 0
    for (let round = 0; round < 100_000; round += 1) {
      const which = next(handles.length)
      const handle = handles[which]!
      const at = next(handle.length)
      const letter = alphabet.charAt(next(alphabet.length))
      const edit = next(4)
      const corrupted =
        edit === 0
          ? handle.slice(0, at) + letter + handle.slice(at + 1)
          : edit === 1
            ? handle.slice(0, at) + handle.slice(at + 1)
            : edit === 2
              ? handle.slice(0, at) + letter + handle.slice(at)
              : handle.slice(0, at) + (handle[at + 1] ?? '') + handle.charAt(at) + handle.slice(at + 2)
      const restored = restoreText(`ask ${corrupted} now`, resolve)
      const named = /«(\d+)»/u.exec(restored)?.[1]
      if (named === undefined) lost += 1
      else if (Number(named) !== which) wrong += 1
    }
    expect(wrong).toBe(0)
    expect(lost).toBeGreaterThan(10_000)
  })
})
