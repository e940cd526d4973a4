import { briefText } from './answer-brief.ts'
import { interactionLine } from './answer-lines.ts'
import { pathText } from './answer-path.ts'
import { peopleText } from './answer-people.ts'
import { proposalText } from './answer-proposal.ts'
import { recordText } from './answer-record.ts'
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

const wordsIn = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.flatMap(wordsIn)
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(wordsIn)
      : typeof value === 'string'
        ? [value.replace(/^-/, '')]
        : []

/** Fields that a query sorts or filters by: a reader wants to see them. */
const mentionedIn = ({ args }: PlannedCall): ReadonlySet<string> =>
  new Set(wordsIn([args['where'], args['order']]))

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
  const [row] = rows
  if (rows.length === 1 && row && 'occurred_at' in row && 'kind' in row) return interactionLine(row)
  return rowsText(columns, rows, { wanted: mentionedIn(call) })
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

const failureText = (value: unknown): string => {
  const { message, fix } = (typeof value === 'object' && value !== null ? value : {}) as {
    message?: string
    fix?: string
  }
  return `That did not work. ${message ?? 'The tool gave no reason.'}${fix ? ` ${fix}` : ''}`
}

const bodyOf = (outcome: Outcome, call: PlannedCall, readAs: string): string => {
  const result = asResult(outcome.value)
  switch (outcome.tool) {
    case 'query_crm':
      return queryText(result, call)
    case 'search_people':
      return peopleText((result.data as { people?: readonly Row[] } | undefined)?.people ?? [], readAs)
    case 'get_record':
      return recordText(result.data)
    case 'search_email':
      return mailText(result)
    case 'read_email':
      return readText(result)
    case 'log_interaction':
    case 'propose_writeback':
    case 'get_proposal':
      return proposalText(result.data)
    case 'brief':
      return briefText(result.data)
    case 'intro_path':
      return pathText(result.data)
    default:
      return JSON.stringify(result.data ?? null, null, 2)
  }
}

/** Answers that say themselves how much there is of what. */
const UNCOUNTED: readonly string[] = ['brief', 'get_record']

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
    const isOnePerson = outcome.tool === 'search_people' && completeness?.total === 1
    const isPlain = isOnePerson || UNCOUNTED.includes(outcome.tool)
    const isCounted = !isMeasured && !isProposal && !isPlain
    const footer = [
      ...(completeness && isCounted && (completeness.total ?? 0) > 0 ? [countText(completeness)] : []),
      ...(completeness?.filters_in_words && !isPlain
        ? [`Counted: ${completeness.filters_in_words}.`.replace(/\.\.$/, '.')]
        : []),
      ...(isProposal ? [] : notes.filter((note) => note !== '').map((note) => `Note: ${note}`)),
    ]
    parts.push(
      [bodyOf(outcome, call, plan.readAs), ...(footer.length > 0 ? [footer.join('\n')] : [])].join('\n\n'),
    )
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
