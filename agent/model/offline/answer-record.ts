import { recordLine } from './answer-lines.ts'
import { cellText } from './answer-rows.ts'
import type { Row } from './answer-rows.ts'

/** Fields that say nothing to a reader, or that the head says already. */
const UNSAID = ['version', 'created_at', 'updated_at', 'currency', 'name', 'given_name', 'family_name']
const MAX_FIELDS = 16

/** Sections worth showing under a record, with their titles. */
const SECTIONS: Readonly<Record<string, string>> = {
  people: 'People',
  deals: 'Deals',
  interactions: 'Last contacts',
  open_tasks: 'Open tasks',
}
const SHOWN_ROWS = 3

interface RecordData {
  readonly id?: string
  readonly fields?: Row
  readonly related?: readonly { relation: string; count: number; first: readonly string[] }[]
  readonly sections?: Readonly<Record<string, { readonly total: number; readonly rows: readonly Row[] }>>
}

/** One record: its fields, the latest of its sections, and how much else belongs to it. */
export const recordText = (data: unknown): string => {
  const { id = '', fields = {}, related = [], sections = {} } = (data ?? {}) as RecordData
  const lines = Object.entries(fields)
    .filter(([name]) => !UNSAID.includes(name))
    .slice(0, MAX_FIELDS)
    .map(
      ([name]) =>
        `- ${name.replace(/_/g, ' ')}: ${cellText({ name, ...(name === 'amount' ? { type: 'money' } : {}) }, fields)}`,
    )
  const shown = Object.entries(SECTIONS).flatMap(([name, title]) => {
    const section = sections[name]
    if (!section || section.rows.length === 0) return []
    const rows = section.rows.slice(0, SHOWN_ROWS).map((row) => `- ${recordLine(row)}`)
    return [`**${title}** (${section.total})\n${rows.join('\n')}`]
  })
  const isSaid = (relation: string): boolean =>
    relation in SECTIONS && (sections[relation]?.rows.length ?? 0) > 0
  const rest = related
    .filter(({ relation }) => !isSaid(relation) && !(relation === 'tasks' && isSaid('open_tasks')))
    .map(({ relation, count, first }) => {
      const some = first.length > 0 && first.length <= SHOWN_ROWS ? ` (${first.join(', ')})` : ''
      return `- ${relation.replace(/_/g, ' ')}: ${count}${some}`
    })
  return [`**${id}**\n${[...lines, ...rest].join('\n')}`, ...shown].join('\n\n')
}
