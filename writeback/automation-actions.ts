import { z } from 'zod'
import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { notFound } from '../domain/errors.ts'
import type { MemberId } from '../domain/ids.ts'
import type { AutomationEvent } from './automation-events.ts'
import { MAX_CHANGES } from './changes.ts'
import type { ChangeInput } from './changes.ts'
import { draftAnswer } from './draft-answer.ts'
import type { WaitingMail } from './draft-answer.ts'

/** What a rule has proposed; nothing is written without a person. `tell` proposes nothing: who set the watch is told. */
export const ACTIONS = ['decline_commitments', 'task', 'tag', 'move_to_list', 'draft_answer', 'tell'] as const
export type AutomationAction = (typeof ACTIONS)[number]

const NAME = z.string().trim().min(1).max(200)
export const Action = z.strictObject({
  do: z.enum(ACTIONS),
  title: NAME.exactOptional(),
  to: NAME.exactOptional(),
  text: z.string().trim().min(1).max(5_000).exactOptional(),
})
export type Action = z.infer<typeof Action>

interface ActionFor {
  readonly event: AutomationEvent
  readonly memberId: MemberId
}

const declining = async (
  tx: TenantTx,
  { entity, recordId }: AutomationEvent,
): Promise<readonly ChangeInput[]> => {
  const column = sql.raw(entity === 'people' ? 'investor_person_id' : 'investor_company_id')
  const open = await rows<{ id: string }>(
    tx,
    sql`select id from fund.commitments where ${column} = ${recordId}::uuid and status in ('prospect', 'soft')
      and deleted_at is null order by created_at, id limit ${MAX_CHANGES}`,
  )
  return open.map(({ id }) => ({
    op: 'update',
    entity: 'commitments',
    record: `commitments:${id}`,
    set: { status: 'declined' },
    evidence: [],
  }))
}

const about = ({ entity, recordId }: AutomationEvent): ChangeInput['set'] => {
  const record = `${entity}:${recordId}`
  if (entity === 'people') return { people: [record] }
  return entity === 'companies' ? { company: record } : { deal: record }
}

const task = ({ title = 'Follow up' }: Action, { event, memberId }: ActionFor): ChangeInput => ({
  op: 'create',
  entity: 'tasks',
  set: { title, due_at: 'today', assignee: `members:${memberId}`, ...about(event) },
  evidence: [],
})

const tagged = async (
  tx: TenantTx,
  { to = '' }: Action,
  { entity, recordId }: AutomationEvent,
): Promise<ChangeInput> => {
  const [tag] = await rows<{ id: string }>(
    tx,
    sql`select id from crm.tags where lower(name) = lower(${to}) and deleted_at is null order by id limit 1`,
  )
  if (!tag) throw notFound('unknown_tag', 'The tag that a rule names does not exist.')
  const set = { tags: [`tags:${tag.id}`] }
  return { op: 'link', entity, record: `${entity}:${recordId}`, set, evidence: [] }
}

/** Onto one list, and off that from which the event came. */
const listed = async (
  tx: TenantTx,
  { to = '' }: Action,
  event: AutomationEvent,
): Promise<readonly ChangeInput[]> => {
  const { entity, recordId, key } = event
  const [list] = await rows<{ id: string }>(
    tx,
    sql`select id from crm.lists where lower(name) = lower(${to}) and deleted_at is null order by id limit 1`,
  )
  if (!list) throw notFound('unknown_list', 'The list that a rule names does not exist.')
  const [from] = await rows<{ list_id: string }>(
    tx,
    sql`select list_id from crm.list_memberships where id::text = split_part(${key}, ':', 1) and deleted_at is null and list_id <> ${list.id}::uuid`,
  )
  const change = (op: 'link' | 'unlink', id: string): ChangeInput => ({
    op,
    entity: 'lists',
    record: `lists:${id}`,
    set: { [entity]: [`${entity}:${recordId}`] },
    evidence: [],
  })
  return [change('link', list.id), ...(from ? [change('unlink', from.list_id)] : [])]
}

const answer = async (tx: TenantTx, { text }: Action, { recordId }: AutomationEvent) => {
  const [mail] = await rows<WaitingMail>(
    tx,
    sql`select m.id as "emailId", m.subject, p.id as "personId", m.from_address as address,
        coalesce(nullif(btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')), ''), m.from_name) as person
      from intel.mail_messages m left join crm.people p on p.tenant_id = m.tenant_id and p.id = m.from_person_id and p.deleted_at is null
      where m.id = ${recordId}::uuid and m.deleted_at is null`,
  )
  return mail ? [draftAnswer(mail, text)] : []
}

/** The changes that a rule's action proposes on one event; none where there is nothing to change. Throws `unknown_tag` and `unknown_list`. */
export const changesOf = async (
  tx: TenantTx,
  action: Action,
  { event, memberId }: ActionFor,
): Promise<readonly ChangeInput[]> => {
  switch (action.do) {
    case 'decline_commitments':
      return await declining(tx, event)
    case 'task':
      return [task(action, { event, memberId })]
    case 'tag':
      return [await tagged(tx, action, event)]
    case 'move_to_list':
      return await listed(tx, action, event)
    case 'draft_answer':
      return await answer(tx, action, event)
    case 'tell':
      return []
  }
}
