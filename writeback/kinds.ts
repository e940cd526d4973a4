import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { userError } from '../domain/errors.ts'
import { parseRecordUri } from '../domain/records.ts'
import type { ChangeInput, PlainChange, SetValue } from './changes.ts'
import type { DiffContext } from './context.ts'
import { readReference } from './references.ts'

/** The company that all of these people, or else the deal, belong to. */
const sharedCompany = async (
  tx: TenantTx,
  people: readonly string[],
  deal: string | undefined,
): Promise<string | undefined> => {
  const ids = people.length > 0 ? people : deal === undefined ? [] : [deal]
  const table = people.length > 0 ? sql`crm.people` : sql`crm.deals`
  if (ids.length === 0) return undefined
  const list = sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  )
  const found = await rows<{ company_id: string | null }>(
    tx,
    sql`select distinct t.company_id from ${table} t left join crm.companies c
      on c.tenant_id = t.tenant_id and c.id = t.company_id and c.deleted_at is null
      where t.id in (${list}) and (t.company_id is null or c.id is not null)`,
  )
  return found.length === 1 ? (found[0]!.company_id ?? undefined) : undefined
}

const listed = (value: SetValue | undefined): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]

/** One interaction; the company is filled in where people or deal make it certain. */
const interactionSet = async (
  { people: who, company: where, deal: about, ...rest }: ChangeInput['set'],
  context: DiffContext,
  at: string,
): Promise<ChangeInput['set']> => {
  const people: string[] = []
  for (const [place, person] of listed(who).entries())
    people.push(await readReference(context, 'people', person, `${at}.set.people[${place}]`))
  const referred = async (entity: string, value: SetValue | undefined, name: string) =>
    value === undefined || value === null
      ? undefined
      : await readReference(context, entity, value, `${at}.set.${name}`)
  const deal = await referred('deals', about, 'deal')
  const company =
    (await referred('companies', where, 'company')) ?? (await sharedCompany(context.tx, people, deal))
  return {
    ...rest,
    ...(company === undefined ? {} : { company: `companies:${company}` }),
    ...(deal === undefined ? {} : { deal: `deals:${deal}` }),
    ...(people.length === 0 ? {} : { people: people.map((id) => `people:${id}`) }),
  }
}

const only = (set: ChangeInput['set'], key: 'stage' | 'tags', at: string): void => {
  const keys = Object.keys(set)
  if (keys.length === 1 && keys[0] === key) return
  throw userError('wrong_operation', `This change sets ${key} and nothing else.`, {
    at: `${at}.set`,
    fix: `Give \`{"${key}": …}\`; other fields go with op \`update\`.`,
    validOptions: [key],
  })
}

const noEntity = (at: string) =>
  userError('no_entity', 'The change does not say of which kind its record is.', {
    at: `${at}.entity`,
    fix: 'Give `entity`, for example `people`.',
  })

/** A change as an operation on an entity: `stage`, `task` and the like are names for one. Throws errors that teach. */
export const plainChange = async (
  change: ChangeInput,
  context: DiffContext,
  at: string,
): Promise<PlainChange> => {
  const { op, entity, set } = change
  const as = (plain: Pick<PlainChange, 'op' | 'entity'>, given = set): PlainChange => {
    if (entity === undefined || entity === plain.entity) return { ...change, ...plain, set: given }
    throw userError('wrong_entity', `A change \`${op}\` is one of ${plain.entity}.`, {
      at: `${at}.entity`,
      fix: 'Leave `entity` out, or use op `create` or `update`.',
    })
  }
  switch (op) {
    case 'log_interaction':
      return as({ op: 'create', entity: 'interactions' }, await interactionSet(set, context, at))
    case 'task':
      return as({ op: 'create', entity: 'tasks' })
    case 'draft_email':
      return as({ op: 'create', entity: 'email_drafts' })
    case 'stage':
      only(set, 'stage', at)
      return as({ op: 'update', entity: 'deals' })
    case 'tag':
      only(set, 'tags', at)
      return as({ op: 'link', entity: entity ?? parseRecordUri(change.record?.trim() ?? '')?.entity ?? '' })
    case 'create':
    case 'update':
    case 'archive':
    case 'restore':
    case 'link':
    case 'unlink':
    case 'merge':
      if (entity === undefined) throw noEntity(at)
      return { ...change, op, entity }
  }
}
