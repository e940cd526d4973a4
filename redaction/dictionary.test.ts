import { describe, expect, test } from 'vitest'
import { createDictionary } from './dictionary.ts'
import { personForms } from './forms.ts'
import { createWorkspace, uuidOf } from './testing.ts'
import { foldText } from './words.ts'

const found = (workspace: ReturnType<typeof createWorkspace>, text: string): string[] =>
  workspace.dictionary.find(text).map(({ start, end }) => text.slice(start, end))

describe('the dictionary', () => {
  test.each([
    ['as it is', 'met Dana Whitfield today', 'Dana Whitfield'],
    ['in capitals', 'met DANA WHITFIELD today', 'DANA WHITFIELD'],
    ['in lower case', 'met dana whitfield today', 'dana whitfield'],
    ['Last, First', 'met Whitfield, Dana today', 'Whitfield, Dana'],
    ['Last First', 'met WHITFIELD Dana today', 'WHITFIELD Dana'],
    ['with an initial', 'met D. Whitfield today', 'D. Whitfield'],
    ['Last, initial', 'met Whitfield, D. today', 'Whitfield, D'],
    ['with a middle initial', 'met Dana M. Whitfield today', 'Dana M. Whitfield'],
    ['Last, First with an initial between', 'met Whitfield, M. Dana', 'Whitfield, M. Dana'],
    ['broken over lines', 'met Dana\n   Whitfield today', 'Dana\n   Whitfield'],
    ['broken in quoted mail', 'met Dana\r\n> > Whitfield today', 'Dana\r\n> > Whitfield'],
    ['with a non-breaking blank', 'met Dana\u00a0Whitfield', 'Dana\u00a0Whitfield'],
    ['with zero-width characters', 'met Da\u200bna Whit\u00adfield', 'Da\u200bna Whit\u00adfield'],
    ['glued to digits', 'ext. 3-5746Dana Whitfield4 ok', 'Dana Whitfield'],
    ['with underscores and dots', 'see dana_whitfield.pdf and x', 'dana_whitfield'],
    ['in Markdown', 'met **Dana** *Whitfield* today', 'Dana** *Whitfield'],
    ['possessive', "Dana Whitfield's team", 'Dana Whitfield'],
    ['after w/', 'lunch w/Dana Whitfield', 'Dana Whitfield'],
    ['written together', 'twitter @danawhitfield said', 'danawhitfield'],
    ['in full-width letters', 'met Ｄａｎａ Ｗｈｉｔｆｉｅｌｄ', 'Ｄａｎａ Ｗｈｉｔｆｉｅｌｄ'],
  ])('finds a known name %s', (_way, text, expected) => {
    const workspace = createWorkspace()
    workspace.person('Dana', 'Whitfield')
    expect(found(workspace, text)).toContain(expected)
  })

  test.each([
    ['a longer word', 'Danas Whitfields are many'],
    ['a word that holds the name', 'the Danawhit fielded it'],
    ['two sentences apart by a bracket', 'Dana; Whitfield'],
    ['two columns far apart', `Dana${' '.repeat(40)}Whitfield`],
  ])('does not find a full name in %s', (_way, text) => {
    const workspace = createWorkspace()
    workspace.person('Dana', 'Whitfield')
    expect(found(workspace, text).filter((match) => /whitfield/iu.test(match) && match.length > 10)).toEqual(
      [],
    )
  })

  test('names with accents, apostrophes and hyphens are found without them and the other way round', () => {
    const workspace = createWorkspace()
    workspace.person('Zoë', "O'Neal-Müller")
    for (const text of [
      'Zoe ONeal-Muller',
      'ZOË O’NEAL MÜLLER',
      'Zoe O Neal Mueller',
      'Zoë Mueller',
      'Zoe\u0308 O`Neal Mu\u0308ller',
    ]) {
      expect(found(workspace, `by ${text} today`)).toEqual([text])
    }
  })

  test('case folding never shifts offsets, even where Unicode makes a character longer', () => {
    const workspace = createWorkspace()
    workspace.person('İpek', 'Yılmaz')
    workspace.person('Jeſſe', 'Strauß')
    const text = 'İİİ ſſ ﬁ ẞ İpek Yılmaz, IPEK YILMAZ and Jesse Strauss, JESSE STRAUß'
    expect(found(workspace, text)).toEqual(['İpek Yılmaz', 'IPEK YILMAZ', 'Jesse Strauss', 'JESSE STRAUß'])
    expect(foldText('İSTANBUL')).toBe('istanbul')
  })

  test('a name in a script without blanks is found inside a run of characters', () => {
    const workspace = createWorkspace()
    workspace.person('太郎', '山田')
    expect(found(workspace, '昨日は山田太郎さんと話した')).toEqual(['山田太郎'])
  })

  test('the longest of several forms wins and a prefix is not mistaken for it', () => {
    const workspace = createWorkspace()
    workspace.company('Arbor')
    workspace.company('Arbor Freight')
    workspace.company('Arbor Freight Logistics')
    expect(found(workspace, 'Arbor Freight Logistics, Arbor Freight Ltd, Arbor')).toEqual([
      'Arbor Freight Logistics',
      'Arbor Freight',
      'Arbor',
    ])
  })

  test('a form that several records share keeps all of them', () => {
    const workspace = createWorkspace()
    const one = workspace.person('John', 'Smith')
    const two = workspace.person('John', 'Smith')
    const [match] = workspace.dictionary.find('John Smith')
    expect(match!.meanings.map(({ record }) => record)).toEqual(expect.arrayContaining([one, two]))
    expect(match!.meanings).toHaveLength(2)
  })

  test('a removed record is gone, the others stay, and what is added twice counts once', () => {
    const workspace = createWorkspace()
    const one = workspace.person('John', 'Smith')
    const two = workspace.person('John', 'Smith')
    const { dictionary } = workspace
    const size = dictionary.size
    dictionary.remove(one)
    expect(dictionary.size).toBe(size / 2)
    expect(dictionary.lookup('john smith').map(({ record }) => record)).toEqual([two])
    for (const form of personForms(two, { given: 'John', family: 'Smith', label: 'PERSON' }))
      dictionary.add(form)
    expect(dictionary.size).toBe(size / 2)
    dictionary.remove(two)
    expect(dictionary.size).toBe(0)
    expect(dictionary.find('John Smith and Smith, John')).toEqual([])
    dictionary.remove(two)
    expect(dictionary.size).toBe(0)
  })

  test('what a name means follows each change, also when it was asked before', () => {
    const dictionary = createDictionary()
    const personAt = (at: number) => ({ entity: 'people', id: uuidOf(at) })
    const add = (at: number, family: string): void => {
      for (const form of personForms(personAt(at), { given: 'Dana', family, label: 'PERSON' }))
        dictionary.add(form)
    }
    const whose = (): string[] =>
      dictionary
        .find('Dana')
        .flatMap(({ meanings }) => meanings.map(({ record }) => record.id))
        .toSorted()
    add(1, 'Whitfield')
    expect(whose()).toEqual([uuidOf(1)])
    add(2, 'Okonjo')
    expect(whose()).toEqual([uuidOf(1), uuidOf(2)])
    dictionary.remove(personAt(1))
    expect(whose()).toEqual([uuidOf(2)])
    add(3, 'Ferreira')
    expect(whose()).toEqual([uuidOf(2), uuidOf(3)])
    expect(dictionary.lookup('Dana')).toBe(dictionary.lookup('dana'))
  })

  test('every change raises the version', () => {
    const dictionary = createDictionary()
    const record = { entity: 'people', id: uuidOf(1) }
    const versions = [dictionary.version]
    dictionary.add({ text: 'Dana', label: 'PERSON', record, form: 'first', needs: 'context' })
    versions.push(dictionary.version)
    dictionary.remove(record)
    versions.push(dictionary.version)
    expect(new Set(versions).size).toBe(3)
  })

  test('agrees with a plain search over thousands of random names', () => {
    const dictionary = createDictionary()
    const syllables = ['ba', 'ko', 'ri', 'mel', 'tan', 'zu', 'del', 'for']
    let seed = 1
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return (seed >>> 8) % below
    }
    const word = (): string => Array.from({ length: 1 + next(3) }, () => syllables[next(8)]!).join('')
    const phrases = new Set(Array.from({ length: 5_000 }, () => `${word()} ${word()}`))
    let at = 0
    for (const text of phrases) {
      dictionary.add({
        text,
        label: 'PERSON',
        record: { entity: 'people', id: uuidOf((at += 1)) },
        form: 'full',
        needs: 'always',
      })
    }
    for (let round = 0; round < 300; round += 1) {
      const words = Array.from({ length: 12 }, word)
      const expected: string[] = []
      for (let from = 0; from < 11; from += 1) {
        const pair = `${words[from]!} ${words[from + 1]!}`
        if (phrases.has(pair)) expected.push(pair)
      }
      const text = words.join(' ')
      expect(dictionary.findAll(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected)
    }
  })
})
