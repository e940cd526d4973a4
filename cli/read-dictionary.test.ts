import { describe, expect, test } from 'vitest'
import { readCsv, readDictionary } from './read-dictionary.ts'

describe('a dictionary from a CSV file', () => {
  test('cells may be quoted, hold commas, quotes and line breaks', () => {
    expect(readCsv('\ufeffname,type\r\n"Whitfield, Dana",person\n"a ""b""\nc",\n\n')).toEqual([
      ['name', 'type'],
      ['Whitfield, Dana', 'person'],
      ['a "b"\nc', ''],
    ])
  })

  test('people, companies, deals, addresses and numbers are known by their forms', () => {
    const dictionary = readDictionary(
      'name,type,email,phone,domain\n"Whitfield, Dana",,dana@nimbus.example,415 555 0134,\nNimbus Robotics Ltd,company,,,nimbus.example\nProject Quokka,deal,,,\n',
      ['US'],
    )
    for (const text of [
      'Dana Whitfield',
      'D. Whitfield',
      'dana@nimbus.example',
      '+1 415 555 0134',
      'Nimbus Robotics',
      'nimbus.example',
      'Project Quokka',
    ]) {
      expect(dictionary.lookup(text)).not.toEqual([])
    }
  })

  test('a file without names, or with a type that is none, is refused by its line', () => {
    expect(() => readDictionary('a,b\n', [])).toThrow(expect.objectContaining({ code: 'bad_dictionary' }))
    expect(() => readDictionary('name,type\nx,dragon\n', [])).toThrow(/Line 2/u)
  })
})
