import { userError } from '../../domain/errors.ts'
import { decodeText } from './decode.ts'
import { tableOf } from './table.ts'
import type { Table } from './table.ts'

/** One line of a card after unfolding: `item1.TEL;TYPE=work:+49…`. */
interface Line {
  readonly name: string
  readonly parameters: string
  readonly value: string
}

/** Columns that cards become; the guesser of mappings knows these headers. */
const HEADERS = [
  'name',
  'first name',
  'last name',
  'email',
  'phone',
  'company',
  'job title',
  'website',
  'linkedin',
  'city',
  'country',
  'notes',
] as const
type Header = (typeof HEADERS)[number]

const fromQuotedPrintable = (value: string, charset: string): string => {
  const bytes: number[] = []
  for (let at = 0; at < value.length; at += 1) {
    const code = /^=([0-9A-Fa-f]{2})/.exec(value.slice(at, at + 3))?.[1]
    if (code === undefined) {
      bytes.push(...Buffer.from(value[at]!, 'utf8'))
      continue
    }
    bytes.push(Number.parseInt(code, 16))
    at += 2
  }
  try {
    return new TextDecoder(charset).decode(Uint8Array.from(bytes))
  } catch {
    return new TextDecoder('utf-8').decode(Uint8Array.from(bytes))
  }
}

const readLine = (text: string): Line | undefined => {
  const match = /^(?:[\w-]+\.)?([A-Za-z][\w-]*)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/s.exec(text)
  if (!match) return undefined
  const parameters = match[2]!.toLowerCase()
  const charset = /charset="?([\w-]+)/.exec(parameters)?.[1] ?? 'utf-8'
  const value = /quoted-printable/.test(parameters) ? fromQuotedPrintable(match[3]!, charset) : match[3]!
  return { name: match[1]!.toUpperCase(), parameters, value }
}

const unescaped = (value: string): string =>
  value
    .replaceAll(/\\([nN])/g, '\n')
    .replaceAll(/\\(.)/g, '$1')
    .trim()

/** Parts at unescaped semicolons. */
const parts = (value: string): readonly string[] => value.split(/(?<!\\);/).map(unescaped)

const unfolded = (text: string): readonly string[] =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/=\n(?!BEGIN:|END:)/g, '')
    .replaceAll(/\n[ \t]/g, '')
    .split('\n')

const put = (card: Map<Header, string[]>, header: Header, value: string | undefined): void => {
  if (value === undefined || value === '') return
  const held = card.get(header) ?? []
  if (!held.includes(value)) card.set(header, [...held, value])
}

const readCard = (lines: readonly Line[]): readonly string[] => {
  const card = new Map<Header, string[]>()
  for (const { name, value } of lines) {
    switch (name) {
      case 'FN':
        put(card, 'name', unescaped(value))
        break
      case 'N':
        put(card, 'last name', parts(value)[0])
        put(card, 'first name', parts(value)[1])
        break
      case 'EMAIL':
        put(card, 'email', unescaped(value).replace(/^mailto:/i, ''))
        break
      case 'TEL':
        put(card, 'phone', unescaped(value).replace(/^tel:/i, ''))
        break
      case 'ORG':
        put(card, 'company', parts(value)[0])
        break
      case 'TITLE':
      case 'ROLE':
        if (!card.has('job title')) put(card, 'job title', unescaped(value))
        break
      case 'URL':
      case 'X-SOCIALPROFILE':
        put(card, /linkedin\.com/i.test(value) ? 'linkedin' : 'website', unescaped(value))
        break
      case 'ADR':
        if (!card.has('city')) put(card, 'city', parts(value)[3])
        if (!card.has('country')) put(card, 'country', parts(value)[6])
        break
      case 'NOTE':
        put(card, 'notes', unescaped(value))
        break
      default:
    }
  }
  if (card.has('first name') || card.has('last name')) card.delete('name')
  // A second website, title or city has no place; several addresses and numbers do.
  return HEADERS.map((header) =>
    ['email', 'phone'].includes(header) ? (card.get(header) ?? []).join('; ') : (card.get(header)?.[0] ?? ''),
  )
}

/** Reads vCards (2.1 to 4.0) as the table that a CSV of the same people would be. Throws `not_a_vcard`. */
export const readVcards = (bytes: Uint8Array): Table => {
  const { text, encoding } = decodeText(bytes)
  const cards: (readonly string[])[] = []
  let open: Line[] | undefined
  for (const raw of unfolded(text)) {
    const line = readLine(raw)
    if (line?.name === 'BEGIN' && /^vcard$/i.test(line.value.trim())) open = []
    else if (line?.name === 'END' && open) {
      cards.push(readCard(open))
      open = undefined
    } else if (line && open) open.push(line)
  }
  if (cards.length === 0) {
    throw userError('not_a_vcard', 'There is no vCard in that file.', {
      fix: 'Export the contacts as vCard (.vcf).',
    })
  }
  return tableOf([HEADERS, ...cards], { encoding, delimiter: '' })
}
