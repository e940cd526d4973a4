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

  test('an address is not cut into names', () => {
    expect(
      tagged('Write to ilse.brandvold@quillmark.example or see https://example.org/Ilse/Brandvold today.'),
    ).toEqual([])
  })

  test('two readings of one text are the same', () => {
    expect(tagged(MAIL)).toEqual(tagged(MAIL))
  })
})
