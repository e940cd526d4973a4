import { cellText, rowsText } from './answer-rows.ts'
import type { Column, Row } from './answer-rows.ts'
import type { Plan, PlannedCall } from './plan-types.ts'

/** What a tool answered, as it stands in the prompt. */
export interface Outcome {
  readonly tool: string
  readonly isError: boolean
  readonly value: unknown
}

interface Completeness {
  readonly total?: number
  readonly returned?: number
  readonly complete?: boolean
  readonly filters_in_words?: string
}
interface Result {
  readonly data?: unknown
  readonly completeness?: Completeness | null
  readonly notes?: readonly string[]
}

const asResult = (value: unknown): Result => (typeof value === 'object' && value !== null ? value : {})

const countText = ({ total, returned, complete }: Completeness): string => {
  if (total === undefined || returned === undefined) return ''
  if (complete === true) return total === 1 ? '1 in all.' : `${total} in all.`
  return `${returned} of ${total} shown.`
}

const queryText = (result: Result, call: PlannedCall): string => {
  const data = (result.data ?? {}) as { columns?: readonly Column[]; rows?: readonly Row[] }
  const columns = data.columns ?? []
  const rows = data.rows ?? []
  const hasMeasures = Array.isArray(call.args['measures'])
  const isTotal = hasMeasures && call.args['group_by'] === undefined && call.args['compare'] === undefined
  if (isTotal && rows.length === 1) {
    return columns
      .filter(({ name }) => name !== 'currency' || !columns.some(({ type }) => type === 'money'))
      .map((column) => `${column.name.replace(/_/g, ' ')}: **${cellText(column, rows[0]!)}**`)
      .join('\n')
  }
  if (rows.length === 0) return 'Nothing in the records fits.'
  return rowsText(columns, rows)
}

const peopleText = (result: Result): string => {
  const { people = [] } = (result.data ?? {}) as { people?: readonly Row[] }
  if (people.length === 0) return 'Nobody was found.'
  const names = [
    'id',
    'title',
    'role',
    'company',
    'city',
    'owner',
    'emails',
    'phones',
    'tags',
    'last_interaction_at',
  ]
  const columns = names.map((name) => ({ name }))
  if (people.length === 1) return rowsText(columns, people)
  return rowsText(
    columns.filter(({ name }) => ['id', 'title', 'company', 'role', 'city'].includes(name)),
    people,
  )
}

const recordText = (result: Result): string => {
  const {
    id,
    fields = {},
    related = [],
  } = (result.data ?? {}) as {
    id?: string
    fields?: Row
    related?: readonly { relation: string; count: number; first: readonly string[] }[]
  }
  const lines = Object.entries(fields)
    .filter(([name]) => !['version', 'created_at', 'updated_at', 'currency'].includes(name))
    .slice(0, 16)
    .map(
      ([name]) =>
        `- ${name.replace(/_/g, ' ')}: ${cellText({ name, ...(name === 'amount' ? { type: 'money' } : {}) }, fields)}`,
    )
  for (const { relation, count, first } of related)
    lines.push(
      `- ${relation.replace(/_/g, ' ')}: ${count}${first.length > 0 ? ` (${first.join(', ')})` : ''}`,
    )
  return `${id ?? ''}\n${lines.join('\n')}`
}

interface Hit {
  readonly id: string
  readonly sent_at: string
  readonly from: string | null
  readonly company: string | null
  readonly subject: string
  readonly snippet: string
}

/** Mail is answered in its own words: a quote of each message and where it stands. */
const mailText = (result: Result): string => {
  const hits = (Array.isArray(result.data) ? result.data : []) as readonly Hit[]
  if (hits.length === 0) return 'No mail fits.'
  const quote = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim()
  return hits
    .map((hit, at) => {
      const head = `${hits.length > 1 ? `${at + 1}. ` : ''}${hit.from ?? 'someone'}, ${hit.sent_at.slice(0, 10)}: ${quote(hit.subject)} [${hit.id}]`
      return hit.snippet.trim() === '' ? head : `${head}\n   > ${quote(hit.snippet)}`
    })
    .join('\n')
}

const readText = (result: Result): string => {
  const data = (result.data ?? {}) as {
    id?: string
    messages?: readonly Row[]
    subject?: string
    body?: string
    from?: string
    sent_at?: string
  }
  const messages = Array.isArray(data.messages) ? data.messages : [data as Row]
  return messages
    .slice(-3)
    .map((message) => {
      const body = String(message['body'] ?? '').trim()
      const short = body.length > 700 ? `${body.slice(0, 700)} …` : body
      return `${String(message['from'] ?? 'someone')}, ${String(message['sent_at'] ?? '').slice(0, 10)} [${String(message['id'] ?? '')}]\n${short
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n')}`
    })
    .join('\n\n')
}

interface ProposalDiff {
  readonly op: string
  readonly entity: string
  readonly record: string | null
  readonly fields?: readonly { field: string; old: string | null; new: string | null }[]
  readonly links?: readonly { relation: string; action: string; target: string }[]
}

const proposalText = (result: Result): string => {
  const data = (result.data ?? {}) as {
    proposal?: string
    status?: string
    changes?: readonly ProposalDiff[]
  }
  const lines = (data.changes ?? []).flatMap((change) => [
    `- ${change.op} ${change.entity}${change.record === null || change.record === undefined ? '' : ` ${change.record}`}`,
    ...(change.fields ?? []).map(
      ({ field, old, new: next }) =>
        `  - ${field.replace(/_/g, ' ')}: ${old === null ? '' : `${old} → `}${next ?? 'empty'}`,
    ),
    ...(change.links ?? []).map(({ relation, action, target }) => `  - ${relation}: ${action} ${target}`),
  ])
  return `I have proposed this. It is NOT written until a person approves it: ${data.proposal ?? ''}\n${lines.join('\n')}`
}

const failureText = (value: unknown): string => {
  const { message, fix } = (typeof value === 'object' && value !== null ? value : {}) as {
    message?: string
    fix?: string
  }
  return `That did not work. ${message ?? 'The tool gave no reason.'}${fix ? ` ${fix}` : ''}`
}

const bodyOf = (outcome: Outcome, call: PlannedCall): string => {
  const result = asResult(outcome.value)
  switch (outcome.tool) {
    case 'query_crm':
      return queryText(result, call)
    case 'search_people':
      return peopleText(result)
    case 'get_record':
      return recordText(result)
    case 'search_email':
      return mailText(result)
    case 'read_email':
      return readText(result)
    case 'log_interaction':
    case 'propose_writeback':
    case 'get_proposal':
      return proposalText(result)
    default:
      return JSON.stringify(result.data ?? null, null, 2)
  }
}

/** The text of an answer: the results, how complete they are, how the question was read, what was assumed. */
export const answerText = (
  plan: Extract<Plan, { kind: 'calls' }>,
  calls: readonly PlannedCall[],
  outcomes: readonly Outcome[],
): string => {
  const parts: string[] = []
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.isError) {
      parts.push(failureText(outcome.value))
      continue
    }
    const { completeness, notes = [] } = asResult(outcome.value)
    const isProposal = ['log_interaction', 'propose_writeback', 'get_proposal'].includes(outcome.tool)
    const call = calls[index] ?? calls[0]!
    const isMeasured = Array.isArray(call.args['measures'])
    const footer = [
      ...(completeness && !isMeasured && !isProposal && (completeness.total ?? 0) > 0
        ? [countText(completeness)]
        : []),
      ...(completeness?.filters_in_words
        ? [`Counted: ${completeness.filters_in_words}.`.replace(/\.\.$/, '.')]
        : []),
      ...(isProposal ? [] : notes.filter((note) => note !== '').map((note) => `Note: ${note}`)),
    ]
    parts.push([bodyOf(outcome, call), ...(footer.length > 0 ? [footer.join('\n')] : [])].join('\n\n'))
  }
  const assumed = plan.notes.length > 0 ? ` (${[...new Set(plan.notes)].join('; ')})` : ''
  parts.push(`Read as: ${plan.readAs}${assumed}`)
  return parts.join('\n\n')
}

/** Text of a question back or a refusal. */
export const wordsOf = (plan: Exclude<Plan, { kind: 'calls' }>): string => {
  if (plan.kind === 'clarify') {
    const list = plan.choices.map((choice, at) => `${at + 1}. ${choice}`).join('\n')
    return list === '' ? plan.question : `${plan.question}\n${list}`
  }
  const list = plan.suggestions.map((suggestion) => `- ${suggestion}`).join('\n')
  return `${plan.reason}\n\nI can answer questions like these:\n${list}`
}
