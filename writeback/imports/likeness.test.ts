import { describe, expect, test } from 'vitest'
import { companyName, companySimilarity } from './company-name.ts'
import { joinName, severalNames, splitName } from './names.ts'
import { readEmails, readMoney, readPhones } from './read-values.ts'
import { addressFits, nameSimilarity, nameWords } from './similar.ts'

const companies = (a: string, b: string): number => companySimilarity(companyName(a), companyName(b))
const people = (a: string, b: string): number => nameSimilarity(nameWords(a), nameWords(b))

describe('names of companies', () => {
  test.each([
    ['Atlas Engineering S.p.A.', 'Atlas Eng.'],
    ['Atlas Manufacturing', 'Atlas Mfg'],
    ["Pelican Int'l", 'Pelican International Ltd'],
    ['Harbor Foods (via partner)', 'Harbor Foods, Inc.'],
    ['Harbor Foods – Head Office', 'The Harbor Foods Company'],
    ['Altona Freight, Hamburg', 'Altona Freight Sp. z o.o.'],
    ['BlueHarbor Labs', 'Blue Harbor Labs'],
    ['Möwe Technologies', 'Moewe Technologies GmbH & Co. KG'],
    ['Северсталь', 'Severstal'],
    ['Larkspur Isurance', 'Larkspur Insurance'],
  ])('%s is %s', (a, b) => expect(companies(a, b)).toBeGreaterThanOrEqual(0.84))

  test.each([
    ['Atlas Engineering', 'Atlas Consulting'],
    ['Beacon Pharmaceuticals', 'Falcon Pharmaceuticals'],
    ['Nord Capital', 'Ford Capital'],
    ['Lighthouse Eng.', 'Lighthouse Mfg'],
    ['Harbor Fund 1', 'Harbor Fund 2'],
    ['Nimbus – North', 'Nimbus – South'],
    ['Acre', 'Acre Robotics'],
  ])('%s is not %s', (a, b) => expect(companies(a, b)).toBeLessThan(0.84))

  test('letters in brackets that a name is short for are another name of it, a country is not', () => {
    expect(companyName('Nordic Rail Logistics (NRL)').also).toEqual(['NRL'])
    expect(companyName('Altona Freight (formerly Hansa Freight)').also).toEqual(['Hansa Freight'])
    expect(companyName('United Kites (UK) Ltd').also).toEqual([])
  })
})

describe('names of people', () => {
  test.each([
    ['Дмитрий Соколов', 'Dmitry Sokolov'],
    ['Ксения Щербакова', 'Xenia Scherbakova'],
    ['Γιώργος Παπαδόπουλος', 'Giorgos Papadopoulos'],
    ['Jürgen Özdemir', 'Juergen Oezdemir'],
    ['Dana Whitfield', 'WHITFIELD, Dana'],
    ['Liz Whitfield', 'Elizabeth Anne Whitfield'],
  ])('%s is %s', (a, b) => expect(people(a, b)).toBeGreaterThanOrEqual(0.8))

  test.each([
    ['Anna Petrova', 'Ivan Petrov'],
    ['Dana Whitfield', 'Erik Whitfield'],
    ['Дмитрий Соколов', 'Sergey Sokolov'],
  ])('%s is not %s', (a, b) => expect(people(a, b)).toBeLessThan(0.8))

  test.each([
    ['Dr.-Ing. Max Vogel', { given: 'Max', family: 'Vogel' }],
    ['Dana Whitfield, PhD', { given: 'Dana', family: 'Whitfield' }],
    ['Dana Whitfield MBA, CPA', { given: 'Dana', family: 'Whitfield' }],
    ['Dana Whitfield - Managing Director', { given: 'Dana', family: 'Whitfield' }],
    ['Li, Ma', { given: 'Ma', family: 'Li' }],
    ['Maria van der Berg', { given: 'Maria', family: 'van der Berg' }],
    ['Ingrid Öst', { given: 'Ingrid', family: 'Öst' }],
  ])('%s is taken apart', (written, name) => expect(splitName(written)).toEqual(name))

  test('two columns may hold the whole name in one of them', () => {
    expect(joinName('Ann Lee', undefined)).toEqual({ given: 'Ann', family: 'Lee' })
    expect(joinName(undefined, 'Lee, Ann')).toEqual({ given: 'Ann', family: 'Lee' })
    expect(joinName(undefined, 'Lee')).toEqual({ given: null, family: 'Lee' })
    expect(joinName('Ann Lee', 'Lee')).toEqual({ given: 'Ann', family: 'Lee' })
    expect(joinName('Ann', 'Lee, PhD')).toEqual({ given: 'Ann', family: 'Lee' })
  })

  test('a cell for one name may hold several, and a family name first is one', () => {
    expect(severalNames('Ann Lee & Bo Ek')).toEqual(['Ann Lee', 'Bo Ek'])
    expect(severalNames('Ann Lee und José Peña')).toEqual(['Ann Lee', 'José Peña'])
    expect(severalNames('Ann & Bo Ek')).toEqual(['Ann Ek', 'Bo Ek'])
    expect(severalNames('Ann Lee, Bo Ek')).toEqual(['Ann Lee', 'Bo Ek'])
    for (const one of [
      'Lee, Ann',
      'Lee, Ann Marie',
      'Ann Lee, Managing Director',
      'Łucja Yılmaz',
      'Karen Öst',
    ]) {
      expect(severalNames(one)).toBeUndefined()
    }
  })

  test('an address fits the names it could be made of', () => {
    const words = nameWords('Dana Whitfield')
    for (const local of [
      'dana.whitfield',
      'whitfield.d',
      'dwhitfield',
      'whitfieldd',
      'dana',
      'd.whitfield42',
    ]) {
      expect([local, addressFits(`${local}@x.example`, words)]).toEqual([local, true])
    }
    expect(addressFits('erik.novak@x.example', words)).toBe(false)
    expect(addressFits('kontakt@x.example', words)).toBeUndefined()
  })
})

describe('addresses, numbers and amounts as people write them', () => {
  test.each([
    ['189.000,-', 18_900_000, undefined],
    ['186 TEUR', 18_600_000, 'EUR'],
    ['12 T€', 1_200_000, 'EUR'],
    ['1,2 Mio. €', 120_000_000, 'EUR'],
    ['€ 21.000', 2_100_000, 'EUR'],
  ])('%s', (cell, amountMinor, currency) => expect(readMoney(cell, 'EUR')).toEqual({ amountMinor, currency }))

  test('blanks and words around the @', () => {
    expect(readEmails('dana @ x.example')).toEqual(['dana@x.example'])
    expect(readEmails('E: dana (at) x.example;')).toEqual(['dana@x.example'])
    expect(readEmails('Dana <D@x.example>, e@y.example')).toEqual(['d@x.example', 'e@y.example'])
  })

  test('a code before a slash, two numbers at one', () => {
    expect(readPhones('040 / 300 0041', 'DE')).toEqual(['+49403000041'])
    expect(readPhones('+49 (0)40 300 0041', 'DE')).toEqual(['+49403000041'])
    expect(readPhones('040 3000041 / 040 3000042', 'DE')).toEqual(['+49403000041', '+49403000042'])
  })
})
