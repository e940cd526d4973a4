import type { Database } from '../db/connect.ts'
import { readTurns } from '../db/conversations.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { labelOf, stillToType } from '../domain/approval-policy.ts'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import { destinationsIn } from '../domain/destinations.ts'
import { userError } from '../domain/errors.ts'
import type { Evidence, Label } from '../domain/label.ts'
import { getProposal } from '../writeback/list.ts'
import type { ShownProposal } from '../writeback/show.ts'
import type { Privacy } from './privacy/privacy.ts'

interface OutsideRow {
  readonly entity: string
  readonly id: string
  readonly what: string
  readonly author: string | null
  readonly readers: readonly string[]
  readonly text: string
  /** Whether whoever asks may see it. */
  readonly seen: boolean
}

/** Most texts from outside that are looked at for one proposal; the newest. */
const MOST_SOURCES = 400

/**
 * Texts from outside that this conversation was given before `proposalId`: what has a handle there and was not written
 * by us. Handles are never taken back, so neither is this. Read as Tact itself: what came from mail that the approver may
 * not see came from outside all the same.
 */
const outsideOf = (
  tx: TenantTx,
  { memberId }: Actor,
  { conversationId, proposalId }: { readonly conversationId: string; readonly proposalId: string },
): Promise<OutsideRow[]> =>
  rows<OutsideRow>(
    tx,
    sql`with shown as (
        select entity, record_id from workflow.handles
        where conversation_id = ${conversationId} and record_id is not null and id < ${proposalId}::uuid
      )
      select 'emails' as entity, m.id, 'mail from ' || coalesce(m.from_address, 'somebody') || ', ' || to_char(m.sent_at, 'YYYY-MM-DD') as what,
        lower(m.from_address) as author,
        (select coalesce(array_agg(lower(r.address)), '{}') from intel.mail_recipients r where r.email_id = m.id and r.deleted_at is null)
          || array_remove(array[lower(m.from_address)], null) as readers,
        concat_ws(E'\n', m.subject, m.from_name, m.from_address, m.body_text, m.quoted_text, m.signature_text) as text,
        m.only_for is null or coalesce(${memberId}::text, '') = any(m.only_for) as seen
      from intel.mail_messages m
      where m.from_member_id is null and m.deleted_at is null and (
        m.id in (select record_id from shown where entity = 'emails')
        or m.thread_id in (select record_id from shown where entity = 'threads'))
      union all
      select 'meetings', t.id, 'calendar entry, ' || to_char(t.starts_at, 'YYYY-MM-DD'), null, '{}'::text[],
        concat_ws(E'\n', t.title, t.place, t.notes, t.outcome), true
      from intel.meetings t
      where t.created_by is null and t.deleted_at is null and t.id in (select record_id from shown where entity = 'meetings')
      union all
      select 'interactions', i.id, i.kind || ', ' || to_char(i.occurred_at, 'YYYY-MM-DD'), null, '{}'::text[],
        concat_ws(E'\n', i.summary, i.body, i.outcome), i.only_for is null or coalesce(${memberId}::text, '') = any(i.only_for)
      from intel.interactions i
      where i.created_by is null and i.deleted_at is null and i.id in (select record_id from shown where entity = 'interactions')
      order by 2 desc limit ${MOST_SOURCES}`,
  )

/** Questions that gave out text of messages without naming them: they taint too, from nobody known. */
const askedOutside = async (tx: TenantTx, conversationId: string, proposalId: string): Promise<boolean> => {
  const found = await rows(
    tx,
    sql`select 1 from workflow.tool_calls where conversation_id = ${conversationId} and tool = 'query_crm' and ok and id < ${proposalId}::uuid
      and arguments::text ~* '(mail|thread|meeting|interaction|transcript|whatsapp|body|snippet)' limit 1`,
  )
  return found.length > 0
}

/** Which of these destinations the workspace's own records hold. */
const knownTexts = async (tx: TenantTx, values: readonly string[]): Promise<readonly string[]> => {
  const wanted = [
    ...new Set(values.flatMap((value) => destinationsIn(value).map(({ text }) => text.toLowerCase()))),
  ]
  if (wanted.length === 0) return []
  const found = await rows<{ text: string }>(
    tx,
    sql`select address as text from crm.person_emails where address = any(${sql.param(wanted)}::text[]) and deleted_at is null
      union all select lower(email) from core.members where lower(email) = any(${sql.param(wanted)}::text[])
      union all select number from crm.person_phones where number = any(${sql.param(wanted)}::text[]) and deleted_at is null
      union all select lower(domain) from crm.companies where lower(domain) = any(${sql.param(wanted)}::text[]) and deleted_at is null`,
  )
  return found.map(({ text }) => text)
}

const unnamed: Label = {
  source: null,
  what: 'text of messages, by a question',
  author: null,
  integrity: 'external',
  readers: [],
}

const unseen: Label = {
  source: null,
  what: 'mail that its owner alone sees',
  author: null,
  integrity: 'external',
  readers: [],
}

const unknownModel: Label = {
  source: null,
  what: 'a model of somebody else, by MCP',
  author: null,
  integrity: 'external',
  readers: [],
}

export interface Labels {
  /** Where the words of a proposal come from, as its approver should know. Throws `proposal_not_found`. */
  of(actor: Actor, proposalId: string): Promise<ProposalLabel>
  /** Throws `typed_confirmation` unless every destination that came from outside alone was typed. */
  assertConfirmed(actor: Actor, proposalId: string, typed: readonly string[]): Promise<void>
}

const valuesOf = ({ changes }: ShownProposal) =>
  changes.map(({ op, fields, links }) => ({
    op,
    fields: [
      ...fields.flatMap(({ field, new: next }) => (next === null ? [] : [{ field, value: next.text }])),
      ...links.map(({ relation, target }) => ({ field: relation, value: target.title })),
    ],
  }))

/** Labels by string search in what the conversation was given; nothing is asked of a model. */
export const createLabels = ({
  database,
  privacy,
}: {
  readonly database: Database
  readonly privacy: Privacy
}): Labels => {
  const typedIn = async (actor: Actor, conversationId: string): Promise<readonly string[]> => {
    const said = await asTenant(database, actor, (tx) => readTurns(tx, conversationId), { readOnly: true })
    if (said.length === 0) return []
    const session = await privacy.open(actor, conversationId)
    const texts = said.flatMap(({ role, content }) => {
      const text = (content as { text?: unknown } | null)?.text
      return role === 'user' && typeof text === 'string' ? [text] : []
    })
    return Promise.all(texts.map((text) => session.restoreText(text)))
  }

  const of = async (actor: Actor, proposalId: string): Promise<ProposalLabel> => {
    const found = await asTenant(
      database,
      actor,
      async (tx) => {
        const workspace = await ownWorkspace(tx)
        const shown = await getProposal({ tx, workspace, now: nowOf(workspace) }, proposalId)
        const changes = valuesOf(shown)
        const values = changes.flatMap(({ fields }) => fields.map(({ value }) => value))
        const { conversationId } = shown
        return {
          shown,
          changes,
          crm: await knownTexts(tx, values),
          asked: conversationId !== null && (await askedOutside(tx, conversationId, proposalId)),
        }
      },
      { readOnly: true },
    )
    const { shown, changes, crm, asked } = found
    const { conversationId } = shown
    const outside =
      conversationId === null
        ? []
        : await asTenant(
            database,
            { ...actor, via: 'system' },
            (tx) => outsideOf(tx, actor, { conversationId, proposalId }),
            { readOnly: true },
          )
    const evidence: Evidence = {
      typed: shown.conversationId === null ? [] : await typedIn(actor, shown.conversationId),
      crm,
      outside: [
        ...outside.map(({ entity, id, what, author, readers, text, seen }) => ({
          label: seen
            ? { source: { entity, id }, what, author, integrity: 'external' as const, readers }
            : unseen,
          text,
        })),
        ...(asked ? [{ label: unnamed, text: '' }] : []),
        ...(shown.proposedVia === 'mcp' ? [{ label: unknownModel, text: '' }] : []),
      ],
    }
    return labelOf(changes, evidence)
  }

  return {
    of,
    async assertConfirmed(actor, proposalId, typed) {
      const left = stillToType(await of(actor, proposalId), typed)
      if (left.length === 0) return
      throw userError(
        'typed_confirmation',
        `${left.length} of the addresses, links, accounts or numbers in this proposal stand in no record of yours and you did not name them.`,
        { fix: 'Look at them, and type each one to approve: `tact proposals show` lists them.' },
      )
    },
  }
}
