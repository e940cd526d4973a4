import { describe, expect, it } from 'vitest'
import { closedText } from './closed-text.ts'
import { destinationsIn } from './destinations.ts'

describe('a closed text', () => {
  it.each([
    ['an image', 'see ![x](https://evil.example/a?q=1)', 'see (image left out: x)'],
    [
      'a link by reference',
      '[click][1]\n\n[1]: https://evil.example/x',
      '[click][1]\n1: hxxps[:]//evil[.]example/x',
    ],
    ['HTML', '<img src=x>', '‹img src=x>'],
    ['a bare host', 'go to www.evil.example now', 'go to www[.]evil[.]example now'],
    ['a link without scheme', '//evil.example/x', '/ /evil[.]example/x'],
    ['an image in an image', '![![a](https://evil.example/a)][b]', '(image left out: [a)][b]'],
    ['a script', 'javascript:alert(1)', 'javascript[:]alert(1)'],
    ['hidden letters', 'ev\u200bil\u{e0041}.example', 'evil[.]example'],
  ])('leaves %s dead', (_, text, closed) => {
    expect(closedText(text)).toBe(closed)
  })

  it('keeps what leads nowhere, and what is on the list', () => {
    const text = 'a@b.example wrote of feedback.xlsx, e.g. $54,000 at 10:00. [ours](https://ours.example/x)'
    expect(closedText(text, { hosts: new Set(['ours.example']) })).toBe(text)
  })
})

describe('destinations', () => {
  it('are addresses, links, accounts and phone numbers, and neither dates nor files', () => {
    const text =
      'mail drop@evil.example, see bit.ly/x, wire to IBAN 0123456789, call +1 (415) 555-0110, by 2026-11-30 with plan.docx'
    expect(destinationsIn(text).map(({ kind }) => kind)).toEqual(['address', 'link', 'account', 'phone'])
  })
})

it('an address is dead whatever letters or signs stand right before it', () => {
  expect(closedText('日本語https://evil.example/x')).toBe('日本語hxxps[:]//evil[.]example/x')
  expect(closedText('see --www.evil.example and %sevil.example')).toBe(
    'see --www[.]evil[.]example and %sevil[.]example',
  )
  expect(closedText(`${'a'.repeat(30)}https://user@evil.example`)).not.toContain('https:')
})
