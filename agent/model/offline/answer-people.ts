import { dayWords } from './answer-lines.ts'
import { cellText, rowsText } from './answer-rows.ts'
import type { Row } from './answer-rows.ts'

const text = (row: Row, name: string): string => {
  const shown = cellText({ name }, row)
  return shown === '–' ? '' : shown
}

/** What a question calls a field, and the card's name for it. */
const ASKED: Readonly<Record<string, string>> = {
  phone: 'phones',
  email: 'emails',
  tags: 'tags',
  city: 'city',
  title: 'title',
  owner: 'owner',
}

/** `PERSON is CEO at COMPANY (founder). MEMBER owns the relationship; the last contact was on 16 Nov 2026.` */
export const personSentence = (row: Row): string => {
  const [title, role, company, city] = ['title', 'role', 'company', 'city'].map((name) => text(row, name))
  const what = title || role || ''
  const is = [
    what === '' ? (company ? '' : 'a person in the records') : what,
    company ? `at ${company}` : '',
    title && role ? `(${role})` : '',
  ]
    .filter(Boolean)
    .join(' ')
  const owner = text(row, 'owner')
  const last = row['last_interaction_at']
  const care = [
    owner === '' ? 'Nobody owns the relationship' : `${owner} owns the relationship`,
    typeof last === 'string' ? `the last contact was on ${dayWords(last)}` : 'no contact is recorded',
  ].join('; ')
  return `${text(row, 'id')} is ${is}${city ? `, in ${city}` : ''}. ${care}.`
}

const details = (row: Row): readonly string[] =>
  ['emails', 'phones', 'tags'].flatMap((name) => {
    const value = text(row, name)
    return value === '' ? [] : [`- ${name.replace(/s$/, '')}: ${value}`]
  })

/** The fields that a question was about, first; undefined when it was about the person. */
const askedFor = (row: Row, readAs: string): string | undefined => {
  const fields = /^([a-z_, ]+) of [A-Z]+_\d+$/.exec(readAs)?.[1]?.split(', ')
  if (!fields) return undefined
  const lines = fields.flatMap((field) => {
    const names = field === 'contact' ? ['emails', 'phones'] : [ASKED[field] ?? '']
    return names.flatMap((name) =>
      name === ''
        ? []
        : [`**${name.replace(/s$/, '')} of ${text(row, 'id')}: ${text(row, name) || 'none recorded'}**`],
    )
  })
  return lines.length === 0 ? undefined : lines.join('\n')
}

/** People as a sentence (one) or a table (several). */
export const peopleText = (people: readonly Row[], readAs: string): string => {
  const [person] = people
  if (!person) return 'Nobody was found.'
  if (people.length > 1)
    return rowsText(
      ['id', 'title', 'company', 'role', 'city'].map((name) => ({ name })),
      people,
    )
  const asked = askedFor(person, readAs)
  return asked
    ? `${asked}\n\n${personSentence(person)}`
    : [personSentence(person), ...details(person)].join('\n')
}
