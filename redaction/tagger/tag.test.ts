import { describe, expect, test } from 'vitest'
import { KNOWN } from './document.ts'
import { tagNames } from './tag.ts'

const tagged = (
  text: string,
  explained: readonly { start: number; end: number; known: number }[] = [],
): string[] =>
  tagNames(text, { explained, least: 0.05 }).names.map(({ start, end }) => text.slice(start, end))

const MAIL = `From: "Okonjo, Thandeka R." <tokonjo@quillmark.example>
To: Bram Verstappen
Subject: Lunch with Ilse Brandvold
Date: Mon, 4 Feb 2002 09:27:45 -0800

Hi Bram,

I spoke with Ilse Brandvold about the contract this morning. She will call Mr. Quarrington on Thursday.
The meeting in Houston starts at 10:00 AM. Please review the attached agreement before the Board meets.

Thanks,
thandeka
`

describe('names that nobody knows', () => {
  test.each([
    ['in a sentence', 'I spoke with Ilse Brandvold about the contract this morning.', ['Ilse Brandvold']],
    ['in a greeting', 'Hi Zanele,\n\nplease find the report attached.\n', ['Zanele']],
    [
      'in a signature',
      'Please call me tomorrow.\n\nRegards,\nPetronella Achterberg\nVice President\n',
      ['Petronella Achterberg'],
    ],
    ['with a particle', 'Laura de la Torrente will join us at noon.', ['Laura de la Torrente']],
    ['with a title', 'Please call Mr. Quarrington before Friday.', ['Mr. Quarrington']],
    [
      'as an initial and a family name in one word',
      'Committee meeting - DLefferts, JHaverkamp, MQuilty',
      ['DLefferts', 'JHaverkamp', 'MQuilty'],
    ],
    [
      'in quoted-printable lists',
      'The members are:\nPieter Aurelio=09Kevin Haffron=20\nSean Holmstad=09Rod Hayes=20\n',
      ['Pieter Aurelio', 'Kevin Haffron', 'Sean Holmstad', 'Rod Hayes'],
    ],
  ])('are found %s', (_where, text, names) => {
    expect(tagged(text)).toEqual(names)
  })

  test('are found in every part of a message', () => {
    const found = tagged(MAIL)
    for (const name of ['Bram Verstappen', 'Ilse Brandvold', 'Bram', 'Mr. Quarrington', 'thandeka']) {
      expect(found).toContain(name)
    }
  })

  test.each([
    'The meeting on Monday starts at 10:00 AM in the large room.',
    'Please review the Master Agreement before Thursday.',
    'What do you think? When can we talk?',
    'Thanks for the update. I will send the numbers tomorrow.',
    'To: /HOU/ECT@ECT',
  ])('ordinary business words stay readable: %s', (text) => {
    expect(tagged(text)).toEqual([])
  })

  test('what is already explained is left alone, and the rest of the name is still found', () => {
    const text = 'I met Ilse Brandvold and Thandeka Okonjo in the morning.'
    const start = text.indexOf('Ilse')
    expect(tagged(text, [{ start, end: start + 'Ilse Brandvold'.length, known: KNOWN.name }])).toEqual([
      'Thandeka Okonjo',
    ])
    expect(tagged(text, [{ start, end: start + 4, known: KNOWN.word }])).toContain('Brandvold')
  })

  test('a known part of a name makes the rest of it a name', () => {
    const text = 'Please call Ilse Farmer about the agenda. Regards, the team'
    const start = text.indexOf('Ilse')
    expect(tagged(text, [{ start, end: start + 4, known: KNOWN.word }])).toEqual(['Farmer'])
  })

  test('a known word that is only the end of a word leaves none of it readable', () => {
    const text = "Thanks to Murray O'Neil for the figures."
    const start = text.indexOf('Neil')
    expect(tagged(text, [{ start, end: start + 4, known: KNOWN.word }])).toEqual(['Murray O'])
  })

  test('words run together, as systems are called, are no names', () => {
    expect(tagged('The HourAhead file and LimitingElementsRanking are late again.')).toEqual([])
  })

  test('a family name in small letters goes with the given name before it', () => {
    expect(tagged('To: zanele\nSubject: Re: george rustay\n\nHow are you?')).toContain('george rustay')
  })

  test('German nouns are no names, and German names are', () => {
    const text =
      'Hallo zusammen,\n\ndie Lieferung und die Rechnung sind bei der Abteilung von Herrn Wiesenhütter. Bitte fragen Sie Swantje Petersen.\n'
    const found = tagged(text).join(' ')
    expect(found).toMatch(/Wiesenhütter.*Swantje Petersen/u)
    expect(found).not.toMatch(/Lieferung|Rechnung|Abteilung/u)
  })

  test('only words that name places, things or the domain of an address are doubted, never a listed name', () => {
    const doubted = (text: string, word: string): string[] => {
      const start = text.indexOf(word)
      const explained = [{ start, end: start + word.length, known: KNOWN.word }]
      return tagNames(text, { explained, least: 0.05, doubt: 1.1 }).doubted.map((one) =>
        text.slice(one.start, one.end),
      )
    }
    expect(doubted('Our Calgary office is closed on Monday.', 'Calgary')).toEqual(['Calgary'])
    expect(doubted('Quillmark was founded by a@quillmark.example in May.', 'Quillmark')).toEqual([
      'Quillmark',
    ])
    expect(doubted('The Dana report is late.', 'Dana')).toEqual([])
    expect(doubted('The Okonjo report is late.', 'Okonjo')).toEqual([])
  })

  test('an address is not cut into names', () => {
    expect(
      tagged('Write to ilse.brandvold@quillmark.example or see https://example.org/Ilse/Brandvold today.'),
    ).toEqual([])
  })

  test('two readings of one text are the same', () => {
    expect(tagged(MAIL)).toEqual(tagged(MAIL))
  })
})

describe('names in German and Portuguese mail', () => {
  const GERMAN =
    'Sehr geehrte Frau Quellmann,\n\nder Vertrag mit der Firma Rabenholt KG ist bei uns und wird von unserer Leiterin Einkauf gelesen. ' +
    'Der Herbst ist für den Kunden nicht gut, auch wenn sich Quellmann das wünscht.\n\nMfG\nOrtrud Sandvoss\n'
  const PORTUGUESE =
    'Prezados,\n\nO Sr. Azambuja ligou para que o contrato da empresa não fique com os advogados. ' +
    'Ela disse que o diretor de vendas não vai; por isso o Azambuja pediu uma reunião para a terça.\n'

  test('after a title stands a name, here and where the word stands again', () => {
    expect(tagged(GERMAN).filter((name) => name.includes('Quellmann'))).toHaveLength(2)
    expect(tagged(PORTUGUESE)).toEqual(['Sr. Azambuja', 'Azambuja'])
  })

  test('a word that is a noun too is a name beside a given name', () => {
    const text = 'Claudia Winter hat uns das Angebot geschickt und ist bis Freitag nicht im Haus.'
    expect(tagged(text)).toEqual(['Claudia Winter'])
  })

  test('nouns of business mail and companies by their ending are no names', () => {
    const names = tagged(GERMAN).join(' ')
    expect(names).toContain('Ortrud Sandvoss')
    expect(names).not.toMatch(/Rabenholt|KG|Leiterin|Einkauf|Herbst|Kunden|MfG/u)
  })
})
