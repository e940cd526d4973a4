import { dayWords, recordLine } from './answer-lines.ts'
import { cellText } from './answer-rows.ts'
import type { Row } from './answer-rows.ts'

interface Section {
  readonly title: string
  readonly why: string
  readonly total: number
  readonly rows: readonly Row[]
}

interface Brief {
  readonly kind?: string
  readonly about?: { readonly id: string; readonly fields: Row } | null
  readonly sections?: readonly Section[]
}

/** Fields that the head of a brief does not repeat. */
const UNSAID = ['name', 'currency', 'notes', 'version']

const headOf = ({ about, kind }: Brief): string => {
  if (!about) return kind === 'pipeline' ? '**Pipeline**' : '**Your day**'
  const { id, fields } = about
  const said = Object.keys(fields)
    .filter((name) => !UNSAID.includes(name))
    .map((name) => {
      const shown = name.endsWith('_at') || name.endsWith('_date') ? dayWords(fields[name]) : undefined
      const value = shown ?? cellText({ name, ...(name === 'amount' ? { type: 'money' } : {}) }, fields)
      return `${name.replace(/_at$/, '').replace(/_/g, ' ')}: ${value}`
    })
  const notes = fields['notes']
  return [
    `**${id}**`,
    said.join(' · '),
    ...(typeof notes === 'string' && notes !== '' ? [`> ${cellText({ name: 'notes' }, fields)}`] : []),
  ].join('\n')
}

const sectionText = ({ title, why, total, rows }: Section): string =>
  [`**${title}** (${total}). ${why}`, ...rows.map((row) => `- ${recordLine(row)}`)].join('\n')

/** A brief as sections, each with its records and why they are there; what is empty is said in one line. */
export const briefText = (data: unknown): string => {
  const brief = (data ?? {}) as Brief
  const sections = brief.sections ?? []
  const filled = sections.filter(({ rows }) => rows.length > 0)
  const empty = sections.filter(({ rows }) => rows.length === 0).map(({ title }) => title.toLowerCase())
  return [
    headOf(brief),
    ...filled.map(sectionText),
    ...(empty.length > 0 ? [`Nothing under: ${empty.join(', ')}.`] : []),
  ].join('\n\n')
}
