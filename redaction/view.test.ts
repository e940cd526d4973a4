import { describe, expect, test } from 'vitest'
import { findSpans } from './find-spans.ts'
import { createWorkspace } from './testing.ts'
import { viewOf } from './view.ts'

const workspace = createWorkspace()
workspace.person('Zoé', 'Wintermère')
workspace.person('Dana', 'Whitfield')
const context = {
  dictionary: workspace.dictionary,
  active: new Set<string>(),
  mode: 'content' as const,
  countries: ['US'],
}

const hidden = (text: string): string[] =>
  findSpans(text, context).map(({ start, end }) => text.slice(start, end))

describe('a text as a person reads it', () => {
  test('plain text has no view of its own', () => {
    expect(viewOf('Dana Whitfield = 20 % of 100 & more; C:/x')).toBeUndefined()
  })

  test.each([
    ['zero-width characters', 'ask Da\u200bna Whit\u00adfield now', 'Da\u200bna Whit\u00adfield'],
    ['quoted-printable', 'ask Zo=C3=A9=20Winterm=C3=A8re now', 'Zo=C3=A9=20Winterm=C3=A8re'],
    ['a soft line break', 'ask Dana Whit=\nfield now', 'Dana Whit=\nfield'],
    ['Latin 1 in quoted-printable', 'ask Zo=E9 Winterm=E8re now', 'Zo=E9 Winterm=E8re'],
    ['named entities', 'ask Zo&eacute;&nbsp;Winterm&egrave;re now', 'Zo&eacute;&nbsp;Winterm&egrave;re'],
    ['numeric entities', 'ask &#68;ana&#x20;Whitfiel&#100; now', '&#68;ana&#x20;Whitfiel&#100;'],
    ['JSON escapes', 'ask Zo\\u00e9 Winterm\\u00e8re now', 'Zo\\u00e9 Winterm\\u00e8re'],
    ['JSON in JSON', 'ask Zo\\\\u00e9\\\\nWinterm\\\\u00e8re now', 'Zo\\\\u00e9\\\\nWinterm\\\\u00e8re'],
    ['percent-encoding', 'q=Dana%20Whitfield&x', 'Dana%20Whitfield'],
    [
      'entities of entities',
      'ask Zo&amp;eacute; Winterm&amp;egrave;re now',
      'Zo&amp;eacute; Winterm&amp;egrave;re',
    ],
    ['full-width letters', 'ask Ｄａｎａ Ｗｈｉｔｆｉｅｌｄ now', 'Ｄａｎａ Ｗｈｉｔｆｉｅｌｄ'],
    ['combining accents', 'ask Zoe\u0301 Winterme\u0300re now', 'Zoe\u0301 Winterme\u0300re'],
    ['an address in entities', 'to kim&#64;north&#46;example now', 'kim&#64;north&#46;example'],
    ['an escaped address', 'to kim%40north.example now', 'kim%40north.example'],
    [
      'an address with zero-width marks',
      'to kim\u200b@\u200bnorth.example now',
      'kim\u200b@\u200bnorth.example',
    ],
    [
      'full-width digits',
      'card ４１１１ １１１１ １１１１ １１１１ now',
      '４１１１ １１１１ １１１１ １１１１',
    ],
    ['letters that fold to several', 'ask Dana Whitﬁeld now', 'Dana Whitﬁeld'],
  ])('%s hide nothing, and the span is exact', (_what, text, expected) => {
    expect(hidden(text)).toEqual([expected])
  })

  test('case that changes length shifts no offset', () => {
    const text = 'İİİ ſſ ﬁﬁ Dana Whitfield, İ'
    expect(hidden(text)).toContain('Dana Whitfield')
  })

  test('every stretch of a view maps to a stretch that holds it', () => {
    const parts = ['Zo=C3=A9', '\u200b', '&amp;', '\\u00e9', 'ﬁ', 'e\u0301', 'x', '%20', '𝔇', ' ', '=\n']
    for (let seed = 1; seed < 400; seed += 1) {
      const text = Array.from({ length: 8 }, (_, at) => parts[(seed * (at + 3) * 7919) % parts.length]!).join(
        '',
      )
      const view = viewOf(text)
      if (!view) continue
      let last = 0
      for (let at = 0; at < view.text.length; at += 1) {
        const { start, end } = view.original(at, at + 1)
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeGreaterThan(start)
        expect(end).toBeLessThanOrEqual(text.length)
        const shown = view.text.charAt(at)
        const asIs = end - start === 1 && text.charAt(start) !== 'ﬁ'
        expect(asIs ? text.charAt(start) : shown).toBe(shown)
        last = start
      }
    }
  })

  test('a URL whose query reads as quoted-printable is hidden whole', () => {
    expect(hidden('see https://nimbus.example/x?a=20&b=3D4 now')).toEqual([
      'https://nimbus.example/x?a=20&b=3D4',
    ])
  })
})
