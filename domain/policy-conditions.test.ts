import { describe, expect, it } from 'vitest'
import { labelOf, relabelled, stillToType } from './approval-policy.ts'
import type { LabelledField, ProposalLabel, ProposedChange } from './approval-policy.ts'
import { closedText } from './closed-text.ts'
import { provenanceOf } from './label.ts'
import type { Evidence, Label, Provenance } from './label.ts'

const mail: Label = {
  source: { entity: 'emails', id: 'x' },
  what: 'mail from mallory@evil.example',
  author: 'mallory@evil.example',
  integrity: 'external',
  readers: ['mallory@evil.example'],
}
const EVIDENCE: Evidence = {
  typed: ['Nothing here', 'typed words'],
  crm: ['Nothing there', 'known words'],
  outside: [{ label: mail, text: 'foreign words' }],
}
const WORDS: Readonly<Record<Provenance, string>> = {
  typed: 'typed words',
  crm: 'known words',
  outside: 'foreign words',
  model: 'made up words',
}
const change = (from: readonly Provenance[], more: Partial<ProposedChange> = {}): ProposedChange => ({
  op: 'update',
  fields: from.map((one, place) => ({ field: `field_${place}`, value: WORDS[one] })),
  ...more,
})

describe('where a value comes from', () => {
  it.each(Object.entries(WORDS))(
    '%s words are told apart where one text of several holds them',
    (from, words) => {
      expect(provenanceOf(words, EVIDENCE).from).toBe(from)
    },
  )

  it.each(['crm', 'outside', 'model'] as const)('%s words are not typed where nothing was typed', (from) => {
    expect(provenanceOf(WORDS[from], { ...EVIDENCE, typed: [] }).from).toBe(from)
  })

  it.each(['outside', 'model'] as const)('%s words are of no record where none was read', (from) => {
    expect(provenanceOf(WORDS[from], { ...EVIDENCE, crm: [] }).from).toBe(from)
  })

  const place = (text: string, value: string) =>
    provenanceOf(value, {
      typed: [],
      crm: [],
      outside: [{ label: mail, text, parts: [{ column: 'body', text }] }],
    }).span

  it.each([
    ['the price is', 'price', 'price'],
    ['two,  "words" here', 'two words', 'two,  "words'],
    ['the pri\u200bce is', 'price', 'pri\u200bce'],
    ['un cafe\u0301 noir', 'café noir', 'cafe\u0301 noir'],
    ['  , first thing', 'first', 'first'],
  ])('%j: %j stands where it was written', (text, value, quote) => {
    const start = text.indexOf(quote)
    expect(place(text, value)).toEqual({ column: 'body', start, end: start + quote.length, quote })
  })
})

describe('a choice from what the workspace has', () => {
  const choice = (value: string) =>
    labelOf([{ op: 'update', fields: [{ field: 'stage', value, isChoice: true }] }], EVIDENCE).changes[0]![0]!

  it('is nobody’s words', () => {
    expect(choice(WORDS.outside)).toEqual({ field: 'stage', from: 'crm', label: null, strange: [] })
  })
  it('is the member’s where they typed it', () => {
    expect(choice(WORDS.typed).from).toBe('typed')
  })
})

describe('a proposal is taken from outside text', () => {
  it.each<[readonly Provenance[], boolean, boolean]>([
    [['outside'], false, true],
    [['outside', 'typed'], false, true],
    [['model'], false, false],
    [['model'], true, true],
    [['typed'], true, false],
    [['typed', 'crm'], false, false],
  ])('words that are %s, evidence from outside %s: %s', (from, isCitingOutside, derived) => {
    expect(labelOf([change(from, { isCitingOutside })], EVIDENCE).derived).toBe(derived)
  })

  it('where one change of several is', () => {
    expect(labelOf([change(['typed']), change(['outside'])], EVIDENCE).derived).toBe(true)
  })

  it('and goes one by one where one change of several archives', () => {
    expect(labelOf([change(['typed']), change(['typed'], { op: 'archive' })], EVIDENCE).oneByOne).toBe(true)
  })
})

describe('what has to be typed', () => {
  it('is typed where one of several lines is it', () => {
    expect(stillToType({ toType: ['a@b.example'] }, ['hello', 'a@b.example'])).toEqual([])
  })
})

describe('what is left of a label after an edit', () => {
  const field = (name: string, from: Provenance): LabelledField => ({
    field: name,
    from,
    label: null,
    span: null,
    strange: [],
  })
  const label = (
    changes: readonly (readonly LabelledField[])[],
    more: Partial<ProposalLabel>,
  ): ProposalLabel => ({
    outside: true,
    derived: true,
    sources: [],
    changes,
    toType: [],
    oneByOne: true,
    strangers: [],
    ...more,
  })
  const keep = (place: number, fields: readonly string[], written: readonly string[] = []) => ({
    place,
    fields,
    written,
  })

  it('holds the fields that stay, and those written anew as typed', () => {
    const edited = relabelled(
      label([[field('a', 'outside'), field('b', 'outside'), field('c', 'outside')]], {}),
      [keep(0, ['a', 'b'], ['b'])],
    )
    expect(edited.changes[0]!.map(({ field: name, from }) => [name, from])).toEqual([
      ['a', 'outside'],
      ['b', 'typed'],
    ])
  })

  it.each<[readonly Provenance[], boolean, boolean]>([
    [['outside'], true, true],
    [['model'], true, true],
    [['outside', 'typed'], true, true],
    [['typed', 'crm'], true, false],
    [['model'], false, false],
  ])('of fields that are %s, derived before %s: %s', (from, before, after) => {
    const fields = from.map((one, place) => field(`f${place}`, one))
    const edited = relabelled(label([fields], { derived: before }), [keep(0, ['f0', 'f1'])])
    expect(edited.derived).toBe(after)
  })

  it.each<[number, number, boolean, boolean]>([
    [2, 2, true, true],
    [2, 1, true, false],
    [12, 11, true, true],
    [12, 10, true, false],
    [2, 2, false, false],
  ])('%i changes of which %i stay, one by one before %s: %s', (all, stay, before, after) => {
    const changes = Array.from({ length: all }, () => [field('a', 'typed')])
    const kept = changes.slice(0, stay).map((_, place) => keep(place, ['a']))
    expect(relabelled(label(changes, { oneByOne: before }), kept).oneByOne).toBe(after)
  })
})

describe('a link to a listed host', () => {
  const hosts = new Set(['crm.example'])

  it('stays where it is of the web', () => {
    expect(closedText('[x](https://crm.example/a)', { hosts })).toBe('[x](https://crm.example/a)')
  })
  it.each(['ftp://crm.example/a', 'http://[crm.example'])('is dead as %s', (target) => {
    expect(closedText(`[x](${target})`, { hosts })).not.toContain('](')
  })
})
