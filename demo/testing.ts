import { makeDemo } from './make.ts'
import { readMail } from './testing-mail.ts'
import type { ReadMail } from './testing-mail.ts'
import type { DemoName } from './world.ts'

const TEXTS = [
  'given_name',
  'family_name',
  'title',
  'role',
  'name',
  'kind',
  'status',
  'city',
  'side',
  'subject',
  'direction',
  'number',
  'address',
  'email',
  'company_id',
  'owner_id',
  'person_id',
  'stage_id',
  'deal_id',
  'tag_id',
  'interaction_id',
  'member_id',
  'assignee_id',
  'task_id',
  'to_stage_id',
  'from_stage_id',
  'occurred_at',
  'closed_at',
  'created_at',
  'close_date',
  'due_at',
  'done_at',
  'stage_since',
  'at',
] as const
type TextField = (typeof TEXTS)[number]
/** A record of a demo, with the fields that tests look at. */
export type Row = { readonly id: string } & { readonly [K in TextField]?: string } & {
  readonly [K in 'amount_minor' | 'budget_minor' | 'bedrooms_min' | 'probability']?: number
}
const DAY_MS = 86_400_000

/** A demo opened for tests: what the questions ask of, worked out from document and mail without a database. */
export const openDemo = (name: DemoName) => {
  const { document, mail } = makeDemo(name)
  const nowMs = Date.parse(document.workspace.clock_at!)
  const all = (entity: string): readonly Row[] => document.records[entity] ?? []
  const mails = [...mail()].map(({ raw }) => readMail(raw))
  const byId = (entity: string): Map<string, Row> => new Map(all(entity).map((row) => [row.id, row]))
  const [people, companies, members, stages, deals] = [
    'people',
    'companies',
    'members',
    'stages',
    'deals',
  ].map(byId) as [Map<string, Row>, Map<string, Row>, Map<string, Row>, Map<string, Row>, Map<string, Row>]
  const personAt = new Map(
    all('person_emails').map((row) => [row['address'], people.get(row['person_id']!)!]),
  )
  const memberAt = new Map(all('members').map((row) => [row['email'], row]))
  const person = (full: string): Row =>
    all('people').find((row) => `${row['given_name']} ${row['family_name']}` === full)!
  const company = (called: string): Row => all('companies').find((row) => row['name'] === called)!
  const tagged = (tag: string): ReadonlySet<string> => {
    const id = all('tags').find((row) => row['name'] === tag)!.id
    return new Set(
      all('person_tags')
        .filter((row) => row['tag_id'] === id)
        .map((row) => row['person_id']!),
    )
  }
  const withPerson = (id: string): readonly Row[] => {
    const ids = new Set(
      all('interaction_people')
        .filter((row) => row['person_id'] === id)
        .map((row) => row['interaction_id']),
    )
    return all('interactions').filter((row) => ids.has(row.id))
  }
  const mailOf = (id: string): readonly ReadMail[] =>
    mails.filter((one) => [one.from, ...one.readers].some((address) => personAt.get(address)?.id === id))
  const fromCompany = (called: string): readonly ReadMail[] =>
    mails.filter((one) => personAt.get(one.from)?.['company_id'] === company(called).id)
  const fromPerson = (full: string): readonly ReadMail[] =>
    mails.filter((one) => personAt.get(one.from)?.id === person(full).id)
  const lastContact = (id: string): number =>
    Math.max(
      0,
      ...withPerson(id).map((row) => Date.parse(row['occurred_at']!)),
      ...mailOf(id).map(({ atMs }) => atMs),
    )
  const lastInbound = (id: string): number =>
    Math.max(
      0,
      ...withPerson(id)
        .filter((row) => row['direction'] === 'inbound')
        .map((row) => Date.parse(row['occurred_at']!)),
      ...mails.filter((one) => personAt.get(one.from)?.id === id).map(({ atMs }) => atMs),
    )
  const stageOf = (deal: Row): Row => stages.get(deal['stage_id']!)!
  const openDeals = all('deals').filter((deal) => stageOf(deal)['kind'] === 'open')
  const inStage = (stage: string): readonly Row[] =>
    all('deals').filter((deal) => stageOf(deal)['name'] === stage)
  const owner = (row: Row): string => members.get(row['owner_id']!)!['family_name']!
  const lastOfDeal = (id: string): number | undefined => {
    const times = all('interactions')
      .filter((row) => row['deal_id'] === id)
      .map((row) => Date.parse(row['occurred_at']!))
    return times.length === 0 ? undefined : Math.max(...times)
  }
  /** Threads by their last message, newest state. */
  const threads = ((): readonly { subject: string; last: ReadMail; member: Row | undefined }[] => {
    const root = new Map<string, string>()
    const lastOf = new Map<string, ReadMail>()
    for (const one of mails) {
      const first = one.answers === undefined ? one.id : (root.get(one.answers) ?? one.answers)
      root.set(one.id, first)
      lastOf.set(first, one)
    }
    return [...lastOf.values()].map((last) => ({
      subject: last.subject.replace(/^(re|automatic reply): /i, ''),
      last,
      member:
        memberAt.get(last.from) ??
        last.readers.map((address) => memberAt.get(address)).find((row) => row !== undefined),
    }))
  })()
  const isInbound = (one: ReadMail): boolean => !memberAt.has(one.from) && !one.isBulk
  const between = (row: Row, field: TextField, from: string, to: string): boolean =>
    (row[field] ?? '') >= from && (row[field] ?? '') < to
  return {
    nowMs,
    all,
    mails,
    people,
    companies,
    members,
    deals,
    personAt,
    memberAt,
    person,
    company,
    tagged,
    withPerson,
    mailOf,
    fromCompany,
    fromPerson,
    lastContact,
    lastInbound,
    stageOf,
    openDeals,
    inStage,
    owner,
    lastOfDeal,
    threads,
    isInbound,
    between,
    ago: (days: number) => nowMs - days * DAY_MS,
  }
}

export type OpenDemo = ReturnType<typeof openDemo>
