import { describe, expect, test } from 'vitest'
import { readSpans } from './find-spans.ts'
import { findResidue, refuseResidue } from './residue.ts'
import { planScrub } from './scrub.ts'
import { createWorkspace } from './testing.ts'

const workspace = createWorkspace()
workspace.person('Dana', 'Whitfield')
workspace.company('Nimbus Robotics Ltd', 'nimbus.example')
const context = {
  dictionary: workspace.dictionary,
  active: new Set<string>(),
  mode: 'content' as const,
  countries: ['US'],
}

describe('the second look at a scrubbed text', () => {
  test.each([
    ['a name', 'then Dana Whitfield wrote', 'a name'],
    ['an address', 'to kim@north.example', 'an e-mail address'],
    ['an escaped address', 'to kim&#64;north.example', 'an e-mail address'],
    ['a card', '4111 1111 1111 1111', 'a card number'],
    ['a company', 'with Nimbus Robotics', 'a name'],
  ])('refuses to send %s that the first one missed, and says so and what to do', (_what, text, named) => {
    expect(() => refuseResidue(findResidue(text, [], context))).toThrow(
      expect.objectContaining({
        code: 'unsafe_text',
        message: expect.stringContaining(named),
        details: expect.objectContaining({ fix: expect.stringContaining('model on this machine') }),
      }),
    )
  })

  test('does not repeat what it found', () => {
    const residue = findResidue('kim@north.example', [], context)
    expect(() => refuseResidue(residue)).toThrow(/^(?!.*north)/u)
  })

  test('what it finds is hidden too, so that nothing is left, whatever stands together', () => {
    const parts = [
      'Dana Whitfield',
      'Whitfield, Dana M.',
      'kim@north.example',
      'Nimbus Robotics Ltd',
      '4111 1111 1111 1111',
      '+1 415 555 0134',
      'https://nimbus.example/x?a=20',
      ' and ',
      ', ',
      '\n',
      'Zo&eacute;',
      'password: hunter22',
      '536-90-4399',
    ]
    for (let seed = 0; seed < 600; seed += 1) {
      const text = Array.from(
        { length: 6 },
        (_, at) => parts[(seed * 31 + at * at * 17 + seed * at) % parts.length]!,
      ).join(seed % 2 ? ' ' : '')
      const { spans } = planScrub(text, context)
      expect(findResidue(text, spans, context)).toEqual([])
    }
  })

  test.each(['Whitfield, Dana M', 'Whitfield, Dana M.', "Whitfield, Dana M's", 'Whitfield, Dana M’'])(
    'the initial goes with the name: %j',
    (written) => {
      const text = `ask ${written} about it`
      const hidden = planScrub(text, { ...context, unknownNames: 'leave' }).spans.map(({ start, end }) =>
        text.slice(start, end),
      )
      expect(hidden).toEqual([written.replace(/['’]s?$/u, '')])
    },
  )

  test('a listing that goes by its address is that listing, not any place', () => {
    const listings = createWorkspace()
    const lane = listings.deal('9 Quarry Lane')
    const text = 'Show the inspection report email for 9 Quarry Lane'
    const { spans } = planScrub(text, {
      dictionary: listings.dictionary,
      active: new Set<string>(),
      mode: 'question',
      unknownNames: 'leave',
    })
    expect(spans.map(({ label, records }) => ({ label, records }))).toEqual([
      { label: 'DEAL', records: [lane] },
    ])
  })

  test('finds the same with the reading of the first look as without, whatever that one missed', () => {
    const parts = [
      'Dana Whitfield',
      'Whitfield, Dana M.',
      'Nimbus',
      'Robotics',
      'Dana',
      'x@nimbus.example',
      'kim@north.example',

      '4111 1111 1111 1111',
      'https://nimbus.example/a',
      '+1 415 555 0132',
      'Whitfields',
      '=20',
      '&#64;',
      '\u0301',
      'the',
      'call',
      '12',
      '-',
      ', ',
      '\n',
      ' ',
      '\u200b',
      'password: hunter22',
      'DanaWhitfield',
      'é',
    ]
    let state = 3
    const below = (limit: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * limit)
    }
    let found = 0
    for (let round = 0; round < 400; round += 1) {
      const text = Array.from({ length: 2 + below(10) }, () => parts[below(parts.length)]!).join(
        below(3) === 0 ? '' : ' ',
      )
      const reading = readSpans(text, context)
      const some = reading.spans.filter(() => below(3) > 0)
      const residue = findResidue(text, some, context)
      found += residue.length
      expect({ text, residue: findResidue(text, some, context, reading) }).toEqual({ text, residue })
    }
    expect(found).toBeGreaterThan(100)
  })
})
