import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { plan } from '../../agent/model/offline/plan.ts'
import type { Plan, PlannedCall } from '../../agent/model/offline/plan-types.ts'
import { emptyVocabulary } from '../../agent/model/offline/vocabulary.ts'
import { tools as registry } from '../../tools/registry.ts'
import { readCsv } from '../../writeback/imports/table.ts'
import { linkerFor } from '../questions-link.ts'
import type { Linker } from '../questions-link.ts'

/** What a task asks to have changed: the customer, what about them, and what it becomes. */
export interface Action {
  readonly customer: string
  readonly field: string
  readonly value: string
}

export type SentenceVerdict = 'right' | 'abstained' | 'wrong'

export interface SentenceResult {
  readonly set: string
  readonly form: string
  readonly sentence: string
  /** True where nothing is to be done. */
  readonly isIdle: boolean
  readonly verdict: SentenceVerdict
  readonly proposed: readonly Action[]
  readonly wanted: readonly Action[]
}

export interface SentencesReport {
  readonly suite: 'workbench-sentences'
  readonly leftOut?: string
  readonly right: number
  readonly abstained: number
  readonly wrong: number
  readonly total: number
  /** Tasks that need no action, and proposals made for them. */
  readonly idle: number
  readonly wrongOfIdle: number
  readonly results: readonly SentenceResult[]
}

type Row = Readonly<Record<string, string>>

const rowsOf = (file: string): readonly Row[] => {
  const { headers, rows } = readCsv(readFileSync(file))
  return rows.map((cells) => Object.fromEntries(headers.map((name, at) => [name, cells[at] ?? ''])))
}

const argumentOf = (call: string, name: string): string =>
  new RegExp(`${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(call)?.[1] ?? ''

/** The ground truth of a task: a list of Python calls in one text. */
const actionsOf = (answer: string, nameOf: ReadonlyMap<string, string>): readonly Action[] =>
  (answer.match(/\w+\.\w+\.func\((?:"(?:[^"\\]|\\.)*"|[^")])*\)/g) ?? []).map((call) => {
    const verb = /\.(\w+)\.func/.exec(call)?.[1] ?? ''
    const customer = nameOf.get(argumentOf(call, 'customer_id')) ?? argumentOf(call, 'customer_name')
    return verb === 'update_customer'
      ? {
          customer: customer.toLowerCase(),
          field: argumentOf(call, 'field'),
          value: argumentOf(call, 'new_value').toLowerCase(),
        }
      : { customer: customer.toLowerCase(), field: verb, value: argumentOf(call, 'email_id') }
  })

interface World {
  readonly linker: Linker
  readonly emailOf: (handle: string) => string
  readonly isOpen: (customer: string) => boolean
}

interface Change {
  readonly op?: string
  readonly record?: string
  readonly set?: Readonly<Record<string, unknown>>
}

const whomOf = (args: PlannedCall['args']): string =>
  /"((?:PERSON|COMPANY|DEAL)_\d{5,7})"/.exec(JSON.stringify(args['where'] ?? []))?.[1] ?? ''

/** What a proposal of the planner would change, in the words of the task; a change of the open deal of someone only where there is one. */
const proposedBy = (planned: Plan, { linker, emailOf, isOpen }: World): readonly Action[] => {
  if (planned.kind !== 'calls') return []
  return planned.calls.flatMap((call): readonly Action[] => {
    const proposal = call.next ?? call
    if (proposal.tool === 'log_interaction') return [{ customer: '', field: 'log_interaction', value: '' }]
    if (proposal.tool !== 'propose_writeback') return []
    return (proposal.args['changes'] as readonly Change[]).flatMap(({ op, record, set }) => {
      const customer = (
        linker.nameOf(record === '$row' ? whomOf(call.args) : (record ?? '')) ?? ''
      ).toLowerCase()
      if (record === '$row' && !isOpen(customer)) return []
      return Object.entries(set ?? {}).map(([field, value]) =>
        op !== 'update'
          ? { customer, field: `${op} ${field}`, value: String(value) }
          : field === 'stage'
            ? { customer, field: 'status', value: String(value).toLowerCase() }
            : field === 'owner'
              ? { customer, field: 'assigned_to_email', value: emailOf(String(value)) }
              : { customer, field, value: String(value).toLowerCase() },
      )
    })
  })
}

const keyOf = (actions: readonly Action[]): string =>
  actions
    .map((one) => JSON.stringify(one))
    .sort()
    .join()

const judge = (wanted: readonly Action[], proposed: readonly Action[]): SentenceVerdict =>
  keyOf(wanted) === keyOf(proposed) ? 'right' : proposed.length === 0 ? 'abstained' : 'wrong'

const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)
const nameOfEmail = (email: string): string => email.split('@')[0]!.split('.').map(capitalised).join(' ')

const worldOf = (folder: string): { readonly world: World; readonly nameOf: ReadonlyMap<string, string> } => {
  const customers = rowsOf(join(folder, 'customer_relationship_manager_data.csv'))
  const emails = [
    ...new Set([
      ...readFileSync(join(folder, 'email_addresses.csv'), 'utf8').split('\n').filter(Boolean),
      ...customers.map((row) => row['assigned_to_email'] ?? ''),
    ]),
  ].filter((email) => email.includes('@'))
  const linker = linkerFor({
    key: 'workbench',
    vertical: 'sales',
    members: emails.map(nameOfEmail),
    me: '',
    stages: [],
    companies: [],
    people: customers.map((row) => row['customer_name'] ?? ''),
    deals: [],
  })
  const open = new Set(
    customers
      .filter((row) => !/^(?:won|lost)$/i.test(row['status'] ?? ''))
      .map((row) => (row['customer_name'] ?? '').toLowerCase()),
  )
  const emailByName = new Map(emails.map((email) => [nameOfEmail(email), email]))
  return {
    nameOf: new Map(customers.map((row) => [row['customer_id'] ?? '', row['customer_name'] ?? ''])),
    world: {
      linker,
      emailOf: (handle) => emailByName.get(linker.nameOf(handle) ?? '') ?? handle,
      isOpen: (customer) => open.has(customer),
    },
  }
}

const VOCABULARY = {
  ...emptyVocabulary('sales'),
  stages: [
    { name: 'Lead', kind: 'open' as const },
    { name: 'Qualified', kind: 'open' as const },
    { name: 'Proposal', kind: 'open' as const },
    { name: 'Won', kind: 'won' as const },
    { name: 'Lost', kind: 'lost' as const },
  ],
}
const NOW = new Date('2023-11-30T00:00:00Z')
const TOOLS: ReadonlySet<string> = new Set(registry.keys())

/** First names in lower case are names in this set: "from nadia". */
const withCapitals = (sentence: string, members: ReadonlySet<string>): string =>
  sentence.replace(/[a-z]+/g, (word) => (members.has(word) ? capitalised(word) : word))

/**
 * Reads the 80 CRM and 90 email sentences of WorkBench with the planner alone, names linked from its tables, and compares
 * what is proposed with the ground truth. A list that is shown where a change was asked for counts as an abstention.
 * @param folder of the WorkBench tables; where it is absent, the report says so and counts nothing.
 */
export const runSentences = (folder: string): SentencesReport => {
  const empty = { right: 0, abstained: 0, wrong: 0, total: 0, idle: 0, wrongOfIdle: 0, results: [] }
  if (!existsSync(join(folder, 'crm_tasks_v2026_wording.csv')))
    return {
      suite: 'workbench-sentences',
      ...empty,
      leftOut:
        'The WorkBench tables are not here. They are kept in ../shared/data/evals/workbench; name another folder with --file.',
    }
  const { world, nameOf } = worldOf(folder)
  const firstNames = new Set(
    readFileSync(join(folder, 'email_addresses.csv'), 'utf8').match(/^[a-z]+(?=\.)/gm) ?? [],
  )
  const tasks = [
    ...rowsOf(join(folder, 'crm_tasks_v2026_wording.csv')).map((row) => ({
      set: 'crm',
      sentence: row['query_v2026_05_19'] ?? '',
      row,
    })),
    ...rowsOf(join(folder, 'queries_and_answers/email_queries_and_answers.csv')).map((row) => ({
      set: 'email',
      sentence: withCapitals(row['query'] ?? '', firstNames),
      row,
    })),
  ]
  const results = tasks.map(({ set, sentence, row }): SentenceResult => {
    const planned = plan({
      turns: [world.linker.link(sentence)],
      vocabulary: VOCABULARY,
      now: NOW,
      timezone: 'UTC',
      tools: TOOLS,
    })
    const wanted = actionsOf(row['answer'] ?? '', nameOf)
    const proposed = proposedBy(planned, world)
    return {
      set,
      form: row['base_template'] ?? '',
      sentence,
      isIdle: wanted.length === 0,
      verdict: judge(wanted, proposed),
      proposed,
      wanted,
    }
  })
  const count = (verdict: SentenceVerdict): number =>
    results.filter((result) => result.verdict === verdict).length
  const idle = results.filter(({ isIdle }) => isIdle)
  return {
    suite: 'workbench-sentences',
    right: count('right'),
    abstained: count('abstained'),
    wrong: count('wrong'),
    total: results.length,
    idle: idle.length,
    wrongOfIdle: idle.filter(({ verdict }) => verdict === 'wrong').length,
    results,
  }
}
