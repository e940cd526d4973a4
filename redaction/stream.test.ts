import { describe, expect, test } from 'vitest'
import { restoreText } from './restore.ts'
import { createAsyncRestoreStream, createRestoreStream } from './stream.ts'
import { createWorkspace, openTestVault } from './testing.ts'

const setUp = async () => {
  const workspace = createWorkspace()
  const dana = workspace.person('Dana', 'Whitfield')
  const vault = await openTestVault()
  await vault.ensure([
    { label: 'PERSON', record: dana },
    { label: 'EMAIL', value: 'dana@nimbus.example' },
  ])
  const person = vault.handleForRecord('PERSON', dana)
  const email = vault.handleForValue('EMAIL', 'dana@nimbus.example')
  const digits = person.slice(-5)
  const texts = [
    `Ask ${person}f or **${person}**'s mail: ${email}.`,
    `x person ${digits}, Person-${digits}s; PERSON\\_${digits} PERSON_${digits}0 PERSOON_${digits}l`,
    `[${person}](https://x.example/${person}?a=${email}) and ${email}`,
    `<img src="//e/${person}"> PER\u200bSON_\n${digits} &#95; PERSON&#95;${digits} PERSON\\u005f${digits}`,
    `**PERSON**_${digits} PERSON=5F${digits}f, PERSON＿${digits.replace(/\d/gu, (digit) => String.fromCharCode(0xff10 + Number(digit)))} =5 =`,
    `PERSON${digits} PERSON_1 PERSON_12 PERSON_ ${digits} a_b_c 12345 ${'w'.repeat(70)}_${digits} 人物_${digits}さん`,
  ]
  return { texts, resolve: workspace.resolverOf(vault), person }
}

describe('a restoring stream', () => {
  test('equals the unstreamed text for every two cuts and one character at a time', async () => {
    const { texts, resolve } = await setUp()
    for (const text of texts) {
      const whole = restoreText(text, resolve)
      expect(whole).not.toBe(text)
      const wrong: string[] = []
      for (let one = 0; one <= text.length; one += 1) {
        for (let two = one; two <= text.length; two += 1) {
          const stream = createRestoreStream(resolve)
          const said =
            stream.push(text.slice(0, one)) +
            stream.push(text.slice(one, two)) +
            stream.push(text.slice(two)) +
            stream.end()
          if (said !== whole) wrong.push(`${one},${two}`)
        }
      }
      expect(wrong).toEqual([])
      const stream = createRestoreStream(resolve)
      const letters = text.split('').map((letter) => stream.push(letter))
      expect(letters.join('') + stream.end()).toBe(whole)
    }
  })

  test('holds back at most one handle', async () => {
    const { texts } = await setUp()
    const text = texts.join('\n')
    const stream = createRestoreStream(() => undefined)
    let shown = 0
    let most = 0
    for (const [at, letter] of text.split('').entries()) {
      shown += stream.push(letter).length
      most = Math.max(most, at + 1 - shown)
    }
    expect(most).toBeLessThan(80)
  })

  test('ordinary words are shown as soon as the next one begins', () => {
    const stream = createRestoreStream(() => undefined)
    expect(stream.push('The quick brown')).toBe('The quick ')
    expect(stream.push(' fox. ')).toBe('brown fox. ')
    expect(stream.end()).toBe('')
  })

  test('a long link is not forgotten', async () => {
    const { resolve, person } = await setUp()
    const text = `see https://x.example/${'a/'.repeat(900)}${person} and ${person}`
    const stream = createRestoreStream(resolve)
    const said = text.split('').map((letter) => stream.push(letter))
    expect(said.join('') + stream.end()).toBe(restoreText(text, resolve))
    expect(restoreText(text, resolve)).toContain(`/${person} and Dana Whitfield`)
  })

  test('names may be read while the text arrives; each piece asks only for its own', async () => {
    const { texts, resolve } = await setUp()
    for (const text of texts) {
      const asked: string[] = []
      const stream = createAsyncRestoreStream(async (handles) => {
        asked.push(...handles.map(({ number }) => number))
        return resolve
      })
      let said = ''
      for (let at = 0; at < text.length; at += 7) said += await stream.push(text.slice(at, at + 7))
      expect(said + (await stream.end())).toBe(restoreText(text, resolve))
      expect(asked.length).toBeGreaterThan(0)
    }
  })
})
