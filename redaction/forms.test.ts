import { describe, expect, test } from 'vitest'
import { companyForms, dealForms, personForms, valueForms } from './forms.ts'
import { uuidOf } from './testing.ts'
import type { KnownForm } from './types.ts'
import { foldText } from './words.ts'

const record = { entity: 'people', id: uuidOf(1) }
const texts = (forms: readonly KnownForm[], needs: KnownForm['needs']): string[] =>
  forms.filter((form) => form.needs === needs).map(({ text }) => text)

describe('forms of a person', () => {
  test('full names always count, single names by context', () => {
    const forms = personForms(record, { given: 'Dana', family: 'Whitfield', label: 'PERSON' })
    expect(texts(forms, 'always')).toEqual([
      'Dana Whitfield',
      'Whitfield, Dana',
      'Whitfield Dana',
      'D. Whitfield',
      'Whitfield, D.',
      'DanaWhitfield',
    ])
    expect(texts(forms, 'context')).toEqual(['Dana W.', 'Dana', 'Whitfield'])
    expect(forms.find(({ text }) => text === 'Dana')!.form).toBe('first')
    expect(forms.find(({ text }) => text === 'Whitfield')!.form).toBe('last')
  })

  test('a double name is known by each part and without its hyphen', () => {
    const always = texts(
      personForms(record, { given: 'Anne-Marie', family: "O'Neal-Smith", label: 'PERSON' }),
      'always',
    )
    for (const text of ["Anne-Marie O'Neal-Smith", 'Anne Smith', "Anne O'Neal", 'AnneMarie ONeal']) {
      expect(always.map(foldText)).toContain(foldText(text))
    }
  })

  test('a short name counts together with the family name, both ways round', () => {
    const always = (given: string): string[] =>
      texts(personForms(record, { given, family: 'Achebe', label: 'PERSON' }), 'always').map(foldText)
    expect(always('Robert')).toEqual(expect.arrayContaining(['bob achebe', 'achebe , rob']))
    expect(always('Bob')).toContain('robert achebe')
    expect(always('Dana')).not.toContain('bob achebe')
  })

  test('one name alone counts by context; nothing at all gives no forms', () => {
    expect(texts(personForms(record, { given: 'Cher', family: null, label: 'PERSON' }), 'always')).toEqual([])
    expect(personForms(record, { given: 'Cher', family: '', label: 'PERSON' })).toHaveLength(1)
    expect(personForms(record, { given: ' ', family: undefined, label: 'MEMBER' })).toEqual([])
  })

  test('no form is a single letter', () => {
    const forms = personForms(record, { given: 'J', family: 'O', label: 'PERSON' })
    expect(forms.every(({ text }) => foldText(text).replaceAll(' ', '').length > 1)).toBe(true)
  })
})

describe('forms of a company', () => {
  test.each([
    ['Nimbus Robotics, Inc.', 'Nimbus Robotics'],
    ['Quanta Ledger GmbH & Co. KG', 'Quanta Ledger'],
    ['Helio Grid S.A.', 'Helio Grid'],
    ['Delphi Insurance Ltd', 'Delphi Insurance'],
    ['Tidewater Bio Holdings LLC', 'Tidewater Bio'],
  ])('%s is also known as %s', (name, short) => {
    expect(texts(companyForms(record, { name }), 'always')).toEqual(expect.arrayContaining([name, short]))
  })

  test('first word, initials and domain label count by context; the domain always', () => {
    const forms = companyForms(record, { name: 'Arbor Freight Lines', domain: 'www.arborfreight.example' })
    expect(texts(forms, 'context')).toEqual(['Arbor', 'AFL', 'arborfreight'])
    expect(texts(forms, 'always')).toContain('arborfreight.example')
    expect(
      texts(companyForms(record, { name: 'Arbor Freight', domain: 'afx.example' }), 'context'),
    ).toContain('afx')
  })

  test('a name that is one common word counts by context, unless its legal form stands with it', () => {
    const forms = companyForms(record, { name: 'Block, Inc.' })
    expect(texts(forms, 'context')).toEqual(['Block'])
    expect(texts(forms, 'always')).toEqual(['Block, Inc.', 'Block  Inc.'])
    expect(texts(companyForms(record, { name: 'Zendesk' }), 'always')).toEqual(['Zendesk'])
  })

  test('an ampersand is also written out', () => {
    expect(texts(companyForms(record, { name: 'Voss & Kern' }), 'always').map(foldText)).toEqual(
      expect.arrayContaining(['voss kern', 'voss and kern']),
    )
  })
})

describe('forms of deals and values', () => {
  test('a street address or telling name always counts, common words by context', () => {
    expect(dealForms(record, '220 Harbor Road')[0]!.needs).toBe('always')
    expect(dealForms(record, 'Nimbus seed round')[0]!.needs).toBe('always')
    expect(dealForms(record, 'Renewal 2026')[0]!.needs).toBe('context')
  })

  test('a phone number is known in the ways people write it, with one value for all', () => {
    const forms = valueForms(record, 'PHONE', '+1 415 555 0134')
    expect(new Set(forms.map(({ value }) => value))).toEqual(new Set(['+14155550134']))
    expect(forms.map(({ text }) => foldText(text))).toEqual(
      expect.arrayContaining(['1 415 555 0134', '415 555 0134', '14155550134', '4155550134']),
    )
  })

  test('a national number is read in the countries of the workspace', () => {
    expect(valueForms(record, 'PHONE', '030 901820', ['de', 'XX'])[0]!.value).toBe('+4930901820')
    expect(valueForms(record, 'PHONE', '020 7946 0958', ['GB'])[0]!.value).toBe('+442079460958')
  })

  test('an address is known as it is, in lower case as its value', () => {
    expect(valueForms(record, 'EMAIL', 'Dana@Nimbus.example')).toEqual([
      {
        text: 'Dana@Nimbus.example',
        label: 'EMAIL',
        record,
        form: 'full',
        needs: 'always',
        value: 'dana@nimbus.example',
      },
    ])
  })
})
