import { entityOf } from '../../db/catalog/all.ts'
import { sql } from '../../db/sql.ts'
import { rows } from '../../db/tenant.ts'
import type { TenantTx } from '../../db/tenant.ts'
import { newId } from '../../domain/ids.ts'
import { recordUri } from '../../domain/records.ts'
import { minorDigits } from '../amount.ts'
import type { ChangeInput, SetValue } from '../changes.ts'
import { settablesOf, typeOf } from '../fields.ts'
import { canonicalOf, tableOf } from '../rows.ts'
import type { Canonical } from '../rows.ts'
import { valuesOf } from './drafts.ts'
import type { Draft } from './drafts.ts'
import { listKind } from './link-rows.ts'
import type { LinkedRow } from './link-rows.ts'
import { nameSimilarity, nameWords, plainText } from './similar.ts'
import type { ImportKind } from './slots.ts'

/** A row that the approved import inserts. */
export interface Write {
  readonly entity: string
  readonly id: string
  readonly values: Readonly<Record<string, Canonical>>
}

/** What would change a record that is there already: it becomes a proposal. */
export interface WantedChange {
  readonly draft: string
  readonly changes: readonly ChangeInput[]
}

export interface PlannedWrites {
  /** By the row that each is due to. */
  readonly writes: ReadonlyMap<number, readonly Write[]>
  readonly changes: ReadonlyMap<number, readonly WantedChange[]>
}

export interface WriteOptions {
  readonly kind: ImportKind
  /** `import`: what `source` says of records that came this way. */
  readonly source: string
  readonly memberId: string | null
  readonly currency: string
  readonly firstStage: string | null
  /** Kind of interactions whose row does not say. */
  readonly interactionKind: string
}

/** Columns of a draft as they are stored: the name of a person taken apart again. */
const columnsOf = (draft: Draft): Map<string, Canonical> => {
  const values = new Map(valuesOf(draft))
  const name = values.get('name')
  if (draft.entity === 'people' && typeof name === 'string') {
    const [given, family] = JSON.parse(name) as readonly (string | null)[]
    values.delete('name')
    if (given) values.set('given_name', given)
    if (family) values.set('family_name', family)
  }
  return values
}

const newRecord = (draft: Draft, options: WriteOptions): Write => {
  const values = columnsOf(draft)
  const { entity, id } = draft
  const described = entityOf(entity)
  if (described.columns['source'] && !values.has('source')) values.set('source', options.source)
  if (described.columns['owner_id'] && !values.has('owner_id')) values.set('owner_id', options.memberId)
  if (entity === 'deals') {
    if (!values.has('stage_id')) values.set('stage_id', options.firstStage)
    if (!values.has('currency')) values.set('currency', options.currency)
  }
  if ((entity === 'funds' || entity === 'commitments') && !values.has('currency')) {
    values.set('currency', options.currency)
  }
  if (entity === 'interactions') {
    if (!values.has('kind')) values.set('kind', options.interactionKind)
    if (!values.has('member_id')) values.set('member_id', options.memberId)
  }
  return { entity, id, values: Object.fromEntries(values) }
}

const settable = (entity: string, column: string) =>
  settablesOf(entityOf(entity), 'update').find((one) => one.kind === 'field' && one.column === column)

/** A stored value as a proposal is asked for it. */
const asked = (entity: string, column: string, value: Canonical, currency: string): SetValue => {
  const target = entityOf(entity).columns[column]?.marks.references
  if (target !== undefined && typeof value === 'string') return recordUri({ entity: target, id: value })
  if (typeOf(entityOf(entity), column) !== 'money' || typeof value !== 'number') return value
  const digits = minorDigits(currency)
  return (value / 10 ** digits).toFixed(digits)
}

/** Two spellings of one name do not call for a change of it. */
const saysTheSame = (draft: Draft, before: Readonly<Record<string, unknown>>): boolean => {
  if (draft.entity !== 'people') return false
  const words = (values: Readonly<Record<string, unknown>>) =>
    nameWords([values['given_name'], values['family_name']].filter(Boolean).join(' '))
  const known = words(before)
  return known.length > 0 && nameSimilarity(known, words(Object.fromEntries(columnsOf(draft)))) >= 0.7
}

const textOr = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback)

const changesOf = (
  draft: Draft,
  before: Readonly<Record<string, unknown>>,
  currency: string,
): readonly ChangeInput[] => {
  const { entity, id } = draft
  const record = recordUri({ entity, id })
  const keepsName = saysTheSame(draft, before)
  const set: Record<string, SetValue> = {}
  const values = columnsOf(draft)
  for (const [column, value] of values) {
    const field = settable(entity, column)
    if (!field || (keepsName && /^(given|family)_name$/.test(column))) continue
    if (KEEPS_NAME.has(entity) && column === 'name') continue
    const held = canonicalOf(typeOf(entityOf(entity), column), before[column])
    if (held === value) continue
    set[field.name] = asked(
      entity,
      column,
      value,
      textOr(values.get('currency') ?? before['currency'], currency),
    )
  }
  return Object.keys(set).length === 0 ? [] : [{ op: 'update', entity, record, set, evidence: [] }]
}

const readMany = async (
  tx: TenantTx,
  entity: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> => {
  const found = await rows<{ row: Record<string, unknown> }>(
    tx,
    sql`select to_jsonb(t) as row from ${tableOf(entityOf(entity))} t where t.id = any(${sql.param([...ids])}::uuid[])`,
  )
  return new Map(found.map(({ row }) => [String(row['id']), row]))
}

interface Join {
  readonly entity: string
  readonly from: string
  readonly to: string
}
const joining = (entity: string, from: string, to: string): Join => ({ entity, from, to })
const JOINS: Readonly<Record<string, Join>> = {
  deal_people: joining('deal_people', 'deal_id', 'person_id'),
  interaction_people: joining('interaction_people', 'interaction_id', 'person_id'),
  person_tags: joining('person_tags', 'person_id', 'tag_id'),
  company_tags: joining('company_tags', 'company_id', 'tag_id'),
  deal_tags: joining('deal_tags', 'deal_id', 'tag_id'),
  listed_people: joining('list_memberships', 'list_id', 'person_id'),
  listed_companies: joining('list_memberships', 'list_id', 'company_id'),
}
const TAGGING: Readonly<Record<string, string>> = {
  people: 'person_tags',
  companies: 'company_tags',
  deals: 'deal_tags',
}

const knownPairs = async (tx: TenantTx): Promise<ReadonlySet<string>> => {
  const known = new Set<string>()
  for (const [join, { entity, from, to }] of Object.entries(JOINS)) {
    const found = await rows<{ pair: string }>(
      tx,
      sql`select ${sql.identifier(from)} || '/' || ${sql.identifier(to)} as pair
        from ${tableOf(entityOf(entity))} where deleted_at is null and ${sql.identifier(to)} is not null`,
    )
    for (const { pair } of found) known.add(`${join}/${pair}`)
  }
  return known
}

const knownContacts = async (
  tx: TenantTx,
): Promise<{ readonly emails: ReadonlyMap<string, string>; readonly phones: ReadonlySet<string> }> => {
  const emails = await rows<{ address: string; person_id: string }>(
    tx,
    sql`select address, person_id from crm.person_emails where deleted_at is null`,
  )
  const phones = await rows<{ key: string }>(
    tx,
    sql`select person_id || '/' || number as key from crm.person_phones where deleted_at is null`,
  )
  return {
    emails: new Map(emails.map(({ address, person_id }) => [address, person_id])),
    phones: new Set(phones.map(({ key }) => key)),
  }
}

const PLANNED = ['companies', 'people', 'deals', 'interactions', 'funds', 'lists', 'commitments'] as const
/** What is called as the workspace calls it: how a file spells it is no news. */
const KEEPS_NAME: ReadonlySet<string> = new Set(['companies', 'funds', 'lists'])

/**
 * What the import inserts (new records, their addresses, links) and what it would change of records that are there;
 * of each, the row it is due to.
 */
export const planWrites = async (
  tx: TenantTx,
  linked: readonly LinkedRow[],
  drafts: Iterable<Draft>,
  options: WriteOptions,
): Promise<PlannedWrites> => {
  const writes = new Map<number, Write[]>()
  const changes = new Map<number, WantedChange[]>()
  const add = (row: number, write: Write): void => void writes.set(row, [...(writes.get(row) ?? []), write])
  const want = (row: number, draft: Draft, asks: readonly ChangeInput[]): void => {
    if (asks.length > 0) changes.set(row, [...(changes.get(row) ?? []), { draft: draft.id, changes: asks }])
  }
  const all = [...drafts]
  const contacts = await knownContacts(tx)
  for (const entity of PLANNED) {
    const mine = all.filter((draft) => draft.entity === entity)
    const held = await readMany(
      tx,
      entity,
      mine.filter(({ isNew }) => !isNew).map(({ id }) => id),
    )
    for (const draft of mine) {
      const before = held.get(draft.id)
      if (draft.isNew) add(draft.row, newRecord(draft, options))
      else if (before && entity !== 'interactions' && entityOf(entity).writable)
        want(draft.row, draft, changesOf(draft, before, options.currency))
      if (entity === 'people') addContacts(draft, contacts, add, want)
    }
  }
  await addTags(
    tx,
    all.filter(({ entity }) => entity === 'tags'),
    add,
  )
  await addLinks(tx, linked, options.kind, add)
  return { writes, changes }
}

const addContacts = (
  draft: Draft,
  known: Awaited<ReturnType<typeof knownContacts>>,
  add: (row: number, write: Write) => void,
  want: (row: number, draft: Draft, asks: readonly ChangeInput[]) => void,
): void => {
  const person = recordUri({ entity: 'people', id: draft.id })
  const put = (entity: string, values: Readonly<Record<string, string>>, isFirst: boolean): void => {
    if (draft.isNew) {
      add(draft.row, { entity, id: newId(), values: { person_id: draft.id, ...values, is_primary: isFirst } })
    } else want(draft.row, draft, [{ op: 'create', entity, set: { person, ...values }, evidence: [] }])
  }
  for (const [at, address] of [...draft.emails].entries()) {
    if (!known.emails.has(address)) put('person_emails', { address }, at === 0)
  }
  for (const [at, number] of [...draft.phones].entries()) {
    if (!known.phones.has(`${draft.id}/${number}`)) put('person_phones', { number }, at === 0)
  }
}

const addLinks = async (
  tx: TenantTx,
  linked: readonly LinkedRow[],
  kind: ImportKind,
  add: (row: number, write: Write) => void,
): Promise<void> => {
  const made = new Set(await knownPairs(tx))
  const join = (row: number, name: string, from: string, to: string): void => {
    const key = `${name}/${from}/${to}`
    if (made.has(key)) return
    made.add(key)
    const { entity, from: fromColumn, to: toColumn } = JOINS[name]!
    add(row, { entity, id: newId(), values: { [fromColumn]: from, [toColumn]: to } })
  }
  const [tags, lists] = [await idsByName(tx, 'tags'), await idsByName(tx, 'lists')]
  const enlist = (row: number, list: string, member: Draft): void =>
    join(row, member.entity === 'people' ? 'listed_people' : 'listed_companies', list, member.id)
  for (const one of linked) {
    const { number, primary, deal, people, company, tags: wanted } = one
    const members = people.length > 0 ? people : company ? [company] : []
    if (kind === 'lists' && primary) for (const member of members) enlist(number, primary.id, member)
    if (kind === 'tags' && primary) {
      for (const { entity, id } of members) join(number, TAGGING[entity]!, id, primary.id)
    }
    const member = kind === 'commitments' ? one.investor : primary
    for (const name of member ? one.lists : []) {
      const held = lists.get(plainText(name))
      const id = held ?? newId()
      if (held === undefined) {
        lists.set(plainText(name), id)
        add(number, { entity: 'lists', id, values: { name, kind: listKind(name) } })
      }
      enlist(number, id, member!)
    }
    if (kind === 'deals' && deal) for (const person of people) join(number, 'deal_people', deal.id, person.id)
    if (kind === 'interactions' && primary) {
      for (const person of people) join(number, 'interaction_people', primary.id, person.id)
    }
    const tagging = TAGGING[kind]
    if (!primary || tagging === undefined) continue
    for (const name of wanted) {
      const held = tags.get(plainText(name))
      const id = held ?? newId()
      if (held === undefined) {
        tags.set(plainText(name), id)
        add(number, { entity: 'tags', id, values: { name } })
      }
      join(number, tagging, primary.id, id)
    }
  }
}

/** By folded name: of tags and lists a workspace has one each. */
const idsByName = async (
  tx: TenantTx,
  entity: 'tags' | 'lists' | 'tag_categories',
): Promise<Map<string, string>> => {
  const found = await rows<{ id: string; name: string }>(
    tx,
    sql`select id, name from ${tableOf(entityOf(entity))} where deleted_at is null order by id desc`,
  )
  return new Map(found.map(({ id, name }) => [plainText(name), id]))
}

/** New tags with their categories, which are made where there are none of that name. */
const addTags = async (
  tx: TenantTx,
  drafts: readonly Draft[],
  add: (row: number, write: Write) => void,
): Promise<void> => {
  const categories = drafts.length > 0 ? await idsByName(tx, 'tag_categories') : new Map<string, string>()
  for (const draft of drafts) {
    if (!draft.isNew) continue
    const { category, ...values } = Object.fromEntries(valuesOf(draft))
    let categoryId: string | undefined
    if (typeof category === 'string') {
      categoryId = categories.get(plainText(category))
      if (categoryId === undefined) {
        categoryId = newId()
        categories.set(plainText(category), categoryId)
        add(draft.row, { entity: 'tag_categories', id: categoryId, values: { name: category } })
      }
    }
    add(draft.row, {
      entity: 'tags',
      id: draft.id,
      values: { ...values, ...(categoryId === undefined ? {} : { category_id: categoryId }) },
    })
  }
}
