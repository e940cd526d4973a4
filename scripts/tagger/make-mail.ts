import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  englishOf,
  familyOf,
  givenOf,
  isCompanyWord,
  isPlace,
  unpackWords,
} from '../../redaction/tagger/lexicon.ts'
import type { PackedLexicon } from '../../redaction/tagger/lexicon.ts'
import { createRandom } from './learn.ts'
import { CLOSINGS, GERMAN, PORTUGUESE, SENTENCES, SUBJECTS, TITLES } from './mail-phrases.ts'
import type { MarkedText } from './sets.ts'

const upper = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const pools = () => {
  const file = join(import.meta.dirname, '..', '..', 'redaction', 'tagger', 'lexicon.json')
  const { kinds } = JSON.parse(readFileSync(file, 'utf8')) as PackedLexicon
  const pool = {
    given: [[], [], []] as string[][],
    family: [[], [], [], []] as string[][],
    place: [] as string[],
    company: [] as string[],
    plain: [] as string[],
  }
  for (const [key, packed] of Object.entries(kinds)) {
    const kind = Number(key)
    for (const word of unpackWords(packed)) {
      pool.given[givenOf(kind)]!.push(word)
      pool.family[familyOf(kind)]!.push(word)
      if (isPlace(kind) && givenOf(kind) === 0) pool.place.push(word)
      if (isCompanyWord(kind) && givenOf(kind) < 2) pool.company.push(word)
      if (englishOf(kind) > 0 && englishOf(kind) < 3 && givenOf(kind) === 0 && word.length > 2)
        pool.plain.push(word)
    }
  }
  return pool
}

/** Made-up mail with its people marked, in the forms that mail archives hold; the same for the same seed. */
export const makeMail = (messages: number, seed = 5): MarkedText[] => {
  const random = createRandom(seed)
  const pool = pools()
  const chance = (share: number): boolean => random() < share
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const times = <Item>(least: number, most: number, make: () => Item): Item[] =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, make)

  const invented = (): string => {
    const one = pick(pool.family[1]!)
    const two = pick(pool.family[1]!)
    return one.slice(0, 2 + Math.floor(random() * 3)) + two.slice(-3 - Math.floor(random() * 2))
  }
  const given = (): string =>
    upper(chance(0.65) ? pick(pool.given[2]!) : chance(0.5) ? pick(pool.given[1]!) : invented())
  const family = (): string => {
    const name = upper(
      chance(0.3)
        ? pick(pool.family[3]!)
        : chance(0.5)
          ? pick(pool.family[2]!)
          : chance(0.5)
            ? pick(pool.family[1]!)
            : invented(),
    )
    if (chance(0.03)) return `${pick(['Mc', "O'", 'De', 'Van ', 'St. ', 'de la ', 'Mac', 'von '])}${name}`
    return chance(0.02) ? `${name}-${upper(pick(pool.family[3]!))}` : name
  }
  const initial = (): string => String.fromCharCode(65 + Math.floor(random() * 26))

  interface Person {
    readonly first: string
    readonly last: string
    readonly middle: string
  }
  const person = (): Person => ({ first: given(), last: family(), middle: chance(0.25) ? initial() : '' })

  const one = (at: number): MarkedText => {
    let text = ''
    const spans: { start: number; end: number; type: string }[] = []
    const put = (more: string): void => void (text += more)
    const name = (more: string): void => {
      spans.push({ start: text.length, end: text.length + more.length, type: 'PERSON' })
      text += more
    }
    const cast = times(3, 9, person)
    const who = (): Person => (chance(0.75) ? pick(cast) : person())
    const full = ({ first, last, middle }: Person): string =>
      `${first} ${middle === '' ? '' : `${middle}${chance(0.5) ? '.' : ''} `}${last}`
    const reversed = ({ first, last, middle }: Person): string =>
      `${last}, ${first}${middle && chance(0.6) ? ` ${middle}.` : ''}`
    /** Whom a workspace knows of them, and what a careless import of addresses made of others. */
    const known = () => {
      const people = chance(0.3) ? [] : cast.filter(() => chance(0.5))
      const careless = chance(0.5)
        ? []
        : times(1, 6, () => ({ first: pick(used), last: upper(pick(pool.plain)) }))
      return [
        ...people,
        ...careless.map((name) => (chance(0.5) ? name : { first: name.last, last: name.first })),
      ].map(({ first, last }) => ({ given: first, family: last }))
    }
    const used: string[] = [upper(pick(pool.place))]
    const words = (): string => {
      const some = times(1, 3, () => upper(pick(pool.plain)))
      return some.join(' ')
    }
    const place = (): string => {
      const word = upper(pick(pool.place))
      used.push(word)
      return word
    }
    const brand = (): string => {
      const word = chance(0.4)
        ? invented()
        : chance(0.5)
          ? pick(pool.company)
          : chance(0.6)
            ? pick(pool.family[3]!)
            : pick(pool.place)
      const written = chance(0.15) ? word.toUpperCase() : upper(word)
      used.push(written)
      return chance(0.15) ? `${written}${upper(pick(pool.plain))}` : written
    }
    const letters = (): string => {
      const word = times(2, 4, initial).join('')
      used.push(word)
      return word
    }
    const number = (): string => String(Math.floor(random() * 90_000) + 100)
    const company = (): string => {
      const base = chance(0.4) ? upper(pick(pool.company)) : chance(0.5) ? words() : family()
      const tail = pick([
        '',
        '',
        ' Inc.',
        ' Corp.',
        ' LLC',
        ' Energy',
        ' & Co.',
        ' Group',
        ' Partners',
        ' Bank',
        ' Capital',
        ` & ${family()}`,
        ' Power Company',
        ', Inc.',
        ' LLP',
      ])
      return base + tail
    }
    const date = (): string =>
      pick([
        'Monday',
        'June 5',
        '10/12/2001',
        'Friday, March 2',
        'May',
        'next Tuesday',
        'January 15th',
        '4/3',
        'Q3',
      ])
    const clock = (): string => pick(['10:00 AM', '3pm', '9:30', '2:00 p.m.', 'noon'])
    const address = (): string => {
      const { first, last } = who()
      const tail = pick(['nimbus.example', 'corp.example', 'mail.example', 'delta.example'])
      const local = pick([
        `${first}.${last}`,
        `${first.charAt(0)}${last}`,
        first,
        `${last}${number()}`,
      ]).toLowerCase()
      return `${local.replace(/[^\p{L}\p{N}.]/gu, '')}@${tail}`
    }
    const slot = (kind: string): void => {
      const some = who()
      switch (kind) {
        case 'P':
          return name(chance(0.08) ? full(some).toUpperCase() : full(some))
        case 'I':
          return name(`${some.first.charAt(0)}. ${some.last}`)
        case 'F':
          return name(some.first)
        case 'f':
          return name(some.first.toLowerCase())
        case 'L':
          return name(some.last)
        case 'R':
          return name(reversed(some))
        case 'J':
          return name(
            chance(0.7) ? `${some.first.charAt(0)}${some.last}` : `${some.first.charAt(0)}.${some.last}`,
          )
        case 'C':
          return put(company())
        case 'G':
          return put(place())
        case 'W':
          return put(words())
        case 'V':
          return put(brand())
        case 'x':
          return put(initial())
        case 'X':
          return put(letters())
        case 'D':
          return put(date())
        case 'T':
          return put(clock())
        default:
          return put(number())
      }
    }
    const phrase = (pattern: string): void => {
      for (const piece of pattern.split(/(\{\w\})/u)) {
        if (/^\{\w\}$/u.test(piece)) slot(piece.charAt(1))
        else put(piece)
      }
    }
    const separated = (least: number, most: number, between: string, make: () => void): void => {
      const count = least + Math.floor(random() * (most - least + 1))
      for (let turn = 0; turn < count; turn += 1) {
        if (turn > 0) put(chance(0.15) ? `${between.trimEnd()}\n\t` : between)
        make()
      }
    }
    const unit = pick([
      'HOU/ECT@ECT',
      'NA/Nimbus',
      'LON/ECT@ECT',
      'Corp/Delta@DELTA',
      'HOU/EES@EES',
      'ENRON@enronXgate',
      'PDX/ECT@ECT',
    ])
    const people = (): void => {
      const style = pick(['reversed', 'unit', 'plain', 'mail', 'quoted', 'address'])
      separated(1, 6, style === 'reversed' ? '; ' : ', ', () => {
        if (style === 'reversed') name(reversed(who()))
        else if (style === 'unit') {
          name(full(who()))
          put(chance(0.8) ? `/${unit}` : '@ECT')
        } else if (style === 'plain') name(full(who()))
        else if (style === 'mail') {
          name(full(who()))
          put(` <${address()}>`)
        } else if (style === 'quoted') {
          put('"')
          name(chance(0.5) ? full(who()) : reversed(who()))
          put(`" <${address()}>`)
        } else put(address())
      })
    }
    const header = (): void => {
      put(
        `Message-ID: <${number()}.${number()}.JavaMail.host@example>\nDate: Mon, 4 Feb 2002 09:27:45 -0800 (PST)\nFrom: ${address()}\nTo: `,
      )
      put(times(1, 4, address).join(', '))
      put('\nSubject: ')
      phrase(pick(SUBJECTS))
      if (chance(0.3)) put(`\nCc: ${times(1, 3, address).join(', ')}`)
      put(
        '\nMime-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n',
      )
    }
    const forwarded = (): void => {
      const style = pick(['outlook', 'notes', 'notes', 'x', 'wrote'])
      if (style === 'outlook') {
        put(pick([' -----Original Message-----\n', 'Original Message\n', '________\n']))
        put('From: \t')
        people()
        put(pick(['\nSent: Friday, December 07, 2001 5:14 AM', '\nDate: 12/7/01']))
        put('\nTo: \t')
        people()
        if (chance(0.4)) {
          put('\nCc: ')
          people()
        }
        put('\nSubject: ')
        phrase(pick(SUBJECTS))
        put('\n\n')
      } else if (style === 'notes') {
        put(pick(['---------------------- Forwarded by ', 'Forwarded by ', 'From: \t', '']))
        name(full(who()))
        put(`/${unit} on 11/27/2001 \n10:04 AM ---------------------------\n\n\n`)
        if (chance(0.6)) {
          name(full(who()))
          put(
            pick([
              '\n11/27/2001 09:09 AM\n',
              '@ENRON\n12/28/2000 10:07 AM\n',
              '\n',
              ' on 01/05/2001 02:12:30 PM\n',
            ]),
          )
        }
        put('To: ')
        people()
        put('\ncc: ')
        if (chance(0.5)) people()
        put('\nSubject: ')
        phrase(pick(SUBJECTS))
        put('\n\n')
      } else if (style === 'x') {
        put('X-From: ')
        name(reversed(who()))
        put('\nX-To: ')
        separated(1, 4, ', ', () => name(reversed(who())))
        put('\nX-cc: \nX-bcc: \nX-Folder: \\Inbox\n')
      } else {
        put('On Tue, 3 Apr 2001, ')
        name(full(who()))
        put(' wrote:\n> ')
      }
    }
    const greeting = (): void => {
      put(pick(['', '', '', 'Hi ', 'Dear ', 'Hello ', 'Hey ', 'Good morning, ']))
      if (chance(0.15))
        return put(
          pick(['Team,\n\n', 'All,\n\n', 'Everyone:\n\n', 'there,\n\n', 'Folks,\n\n', 'Gentlemen,\n\n']),
        )
      separated(1, chance(0.2) ? 3 : 1, pick([', ', ' and ', '/']), () => slot(chance(0.93) ? 'F' : 'P'))
      put(pick([',\n\n', ',\n', ':\n\n', ' -\n\n', ' - ', ', ', '--\n', '\n\n', '...']))
    }
    const body = (): void => {
      const book = chance(0.03) ? GERMAN : chance(0.03) ? PORTUGUESE : SENTENCES
      for (let turn = times(2, 9, () => 0).length; turn > 0; turn -= 1) {
        phrase(pick(book))
        put(pick([' ', ' ', '  ', '\n', '\n\n', ' \n']))
      }
    }
    const list = (): void => {
      const style = pick(['lines', 'numbered', 'dashes', 'tabs', 'commas', 'capitals', 'small'])
      separated(3, 12, style === 'commas' ? ', ' : style === 'small' ? '; ' : '\n', () => {
        if (style === 'numbered') put(`${number().charAt(0)}. `)
        if (style === 'dashes') put('- ')
        const some = who()
        name(
          style === 'capitals'
            ? full(some).toUpperCase()
            : style === 'small' && chance(0.7)
              ? full(some).toLowerCase()
              : chance(0.1)
                ? reversed(some)
                : full(some),
        )
        if (style === 'tabs') put(`\t${number()}`)
        else if (style !== 'commas' && style !== 'small' && chance(0.3))
          put(pick([` - ${letters()}`, ` (${place()})`, `, ${pick(TITLES)}`, ` ${number()}`]))
      })
      put('\n\n')
    }
    const signature = (): void => {
      put(`\n${pick(CLOSINGS)}\n${chance(0.3) ? '\n' : ''}`)
      const signer = pick(cast)
      if (chance(0.35)) return name(chance(0.3) ? signer.first.toLowerCase() : signer.first)
      name(full(signer))
      if (chance(0.6)) put(`\n${pick(TITLES)}`)
      if (chance(0.6)) put(`\n${company()}`)
      if (chance(0.5)) put(`\n${number()} ${words()} Street, Suite ${number()}\n${place()}, TX 77002`)
      if (chance(0.5)) put(`\nPhone: ${number()}\nFax: ${number()}`)
      if (chance(0.4)) put(`\n${address()}`)
      put('\n')
    }
    if (chance(0.6)) header()
    for (let turn = 1 + (chance(0.5) ? 1 : 0); turn > 0; turn -= 1) {
      if (chance(0.75)) greeting()
      body()
      if (chance(0.2)) list()
      if (chance(0.6)) signature()
      put('\n')
      if (chance(0.5)) forwarded()
    }
    return { id: `made-${at}`, text, spans, people: known() }
  }
  return Array.from({ length: messages }, (_, at) => one(at))
}
