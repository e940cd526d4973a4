import { NICKNAMES } from '../../redaction/nicknames.ts'
import { foldText } from '../../redaction/words.ts'

/** Whom a mention names. */
export interface CarriedName {
  readonly given: string
  readonly family: string
}

/** A way to write a name in a mail. */
export interface SurfaceForm {
  readonly name: string
  /** Whether it is one of the twelve that the goal counts; the others are reported beside them. */
  readonly counted: boolean
  /** Characters before and after the name that are no part of it: a title, digits. */
  readonly frame: readonly [number, number]
  write(person: CarriedName, letter: string): string
}

const SHORT_OF = new Map<string, string>()
for (const [short, names] of NICKNAMES) {
  for (const name of names) if (!SHORT_OF.has(name)) SHORT_OF.set(name, short)
}

const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

const shortName = (given: string): string => {
  const short = SHORT_OF.get(foldText(given))
  return short === undefined ? given : titled(short)
}

const withoutAccents = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss')

const quotedPrintable = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

const counted = (name: string, write: SurfaceForm['write']): SurfaceForm => ({
  name,
  counted: true,
  frame: [0, 0],
  write,
})
const beside = (
  name: string,
  write: SurfaceForm['write'],
  frame: SurfaceForm['frame'] = [0, 0],
): SurfaceForm => ({ name, counted: false, frame, write })

/** Twelve ways that people write a name they know, and some that they do not choose or that leave half of it out. */
export const SURFACE_FORMS: readonly SurfaceForm[] = [
  counted('First Last', ({ given, family }) => `${given} ${family}`),
  counted('Last, First', ({ given, family }) => `${family}, ${given}`),
  counted('First M. Last', ({ given, family }, letter) => `${given} ${letter}. ${family}`),
  counted('F. Last', ({ given, family }) => `${given.charAt(0)}. ${family}`),
  counted('FIRST LAST', ({ given, family }) => `${given} ${family}`.toUpperCase()),
  counted('first last', ({ given, family }) => `${given} ${family}`.toLowerCase()),
  counted('over a quoted line break', ({ given, family }) => `${given}\n> ${family}`),
  counted("First Last's", ({ given, family }) => `${given} ${family}'s`),
  counted('Nick Last', ({ given, family }) => `${shortName(given)} ${family}`),
  counted('without accents', ({ given, family }) => withoutAccents(`${given} ${family}`)),
  counted('Last First', ({ given, family }) => `${family} ${given}`),
  counted('Last, First M', ({ given, family }, letter) => `${family}, ${given} ${letter}`),
  beside('Mr. Last', ({ family }) => `Mr. ${family}`, [4, 0]),
  beside('First alone, of this conversation', ({ given }) => given),
  beside('Last alone, of this conversation', ({ family }) => family),
  beside(
    'glued to digits',
    ({ given, family }, letter) => `${letter.charCodeAt(0)}${given} ${family}2001`,
    [2, 4],
  ),
  beside('zero-width inside', ({ given, family }) => `${given.slice(0, 2)}\u200b${given.slice(2)} ${family}`),
  beside('quoted-printable', ({ given, family }) => quotedPrintable(`${given} ${family}`)),
  beside('HTML blank', ({ given, family }) => `${given}&nbsp;${family}`),
]
