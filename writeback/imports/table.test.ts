import { describe, expect, test } from 'vitest'
import { readCsv } from './table.ts'

const TEXT =
  'Name;Firma;Notiz\nJörg Müller;Öl & Söhne;"erste Zeile\r\nzweite; mit ""Zitat"""\nZoë;Café – Ñandú €;\n'
const ROWS = [
  ['Jörg Müller', 'Öl & Söhne', 'erste Zeile\r\nzweite; mit "Zitat"'],
  ['Zoë', 'Café – Ñandú €', ''],
]

/** Windows-1252 as spreadsheets write it. */
const windows = (text: string): Uint8Array =>
  Uint8Array.from(
    Array.from(text, (letter) => ({ '€': 0x80, '–': 0x96, '’': 0x92 })[letter] ?? letter.codePointAt(0)!),
  )
const bigEndian = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16()

describe('the bytes of a table', () => {
  const forms: readonly (readonly [string, Uint8Array, string])[] = [
    ['UTF-8', Buffer.from(TEXT), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`), 'utf-8'],
    ['Windows-1252', windows(TEXT), 'windows-1252'],
    ['UTF-16 little-endian with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 little-endian without one', Buffer.from(TEXT, 'utf16le'), 'utf-16le'],
    ['UTF-16 big-endian with a mark', bigEndian(`\uFEFF${TEXT}`), 'utf-16be'],
    ['UTF-16 big-endian without one', bigEndian(TEXT), 'utf-16be'],
  ]
  test.each(forms)(
    '%s are found out, with quoted line ends and separators inside',
    (_name, bytes, encoding) => {
      const table = readCsv(bytes)
      expect([table.encoding, table.delimiter]).toEqual([encoding, ';'])
      expect(table.headers).toEqual(['Name', 'Firma', 'Notiz'])
      expect(table.rows).toEqual(ROWS)
    },
  )

  test.each([
    [',', 'a@b.example,"1,5",x'],
    [';', 'a@b.example;"1,5";x'],
    ['\t', 'a@b.example\t1,5\tx'],
    ['|', 'a@b.example|1,5|x'],
  ])('cells between %j are told apart', (delimiter, line) => {
    const table = readCsv(Buffer.from(`Mail${delimiter}Size${delimiter}Note\n${line}\n${line}\n`))
    expect(table.delimiter).toBe(delimiter)
    expect(table.rows[0]).toEqual(['a@b.example', '1,5', 'x'])
  })

  test('the separator that Excel names in a line of its own is taken', () => {
    const table = readCsv(Buffer.from('sep=;\r\nName;Size\r\nA, B;1\r\n'))
    expect([table.headers, table.rows]).toEqual([['Name', 'Size'], [['A, B', '1']]])
  })

  test('UTF-8 with one broken letter is still UTF-8', () => {
    const bytes = Buffer.concat([
      Buffer.from('Name,City\nJörg Müller,Köln\nZoë Núñez,Málaga\nÅsa Öst,Örebro\nBj'),
      Buffer.from([0xf6]),
      Buffer.from('rn,Umeå\n'),
    ])
    const table = readCsv(bytes)
    expect(table.encoding).toBe('utf-8')
    expect(table.rows.map(([name]) => name)).toEqual(['Jörg Müller', 'Zoë Núñez', 'Åsa Öst', 'Bj\uFFFDrn'])
  })

  test.each([
    ['a workbook', Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(300, 7)])],
    ['a PDF', Buffer.from('%PDF-1.7\n…')],
    ['noise', Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 256))],
    ['half a letter of UTF-16', Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8])],
  ])('%s is refused with what to do', (_name, bytes) => {
    expect(() => readCsv(bytes)).toThrow(
      expect.objectContaining({ code: 'not_text', details: { fix: expect.stringContaining('CSV') } }),
    )
  })

  test('a quote that never ends is refused by its line', () => {
    expect(() => readCsv(Buffer.from('a,b\n1,"two\n3,4\n'))).toThrow(
      expect.objectContaining({ code: 'bad_csv' }),
    )
  })
})

describe('the header of a table', () => {
  test('a title, a date and blank lines above the names are passed over', () => {
    const table = readCsv(
      Buffer.from('Pipeline;;\nAs of 21.11.2026;;\n;;\n\nName;E-mail;Amount\nAnn Lee;ann@acre.example;10\n'),
    )
    expect(table.headers).toEqual(['Name', 'E-mail', 'Amount'])
    expect(table.rows).toEqual([['Ann Lee', 'ann@acre.example', '10']])
  })

  test('captions over several columns stand before the names below them', () => {
    const table = readCsv(
      Buffer.from(
        'Company,,Contact,\nName,Website,Name,E-mail\nAcre,acre.example,Ann Lee,ann@acre.example\n',
      ),
    )
    expect(table.headers).toEqual(['Company Name', 'Company Website', 'Contact Name', 'Contact E-mail'])
  })

  test('the header once more and rows of totals are no records; a company called Total is one', () => {
    const table = readCsv(
      Buffer.from(
        'Company,Contact,Amount\nAcre,Ann Lee,10\nSubtotal,,10\nCompany,Contact,Amount\nTotal,Bo Ek,20\nGrand total:,2 deals,30\n',
      ),
    )
    expect([...table.noRecords]).toEqual([
      [1, 'a row of totals'],
      [2, 'the names of the columns once more'],
      [4, 'a row of totals'],
    ])
  })

  test('names that stand twice or not at all are told apart', () => {
    expect(readCsv(Buffer.from('Name,,Name\na,b,c\n')).headers).toEqual(['Name', 'column 2', 'Name (2)'])
  })
})
