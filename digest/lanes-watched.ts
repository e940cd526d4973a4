import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import { draftAnswer } from '../writeback/draft-answer.ts'
import type { WaitingMail } from '../writeback/draft-answer.ts'
import type { FactsFor, Item } from './facts.ts'
import { agoWords } from './words.ts'

/** Younger than so many days: a watch tells of news. */
const MOST_DAYS = 14

interface WatchedMail extends WaitingMail {
  readonly threadId: string
  readonly sentAt: string
  readonly companyId: string | null
  readonly company: string | null
}

/** Mail that the reader asked to be told of, as far as they may see it; of the team, nothing. */
export const watched = async (tx: TenantTx, { memberId, window }: FactsFor): Promise<readonly Item[]> => {
  if (memberId === null) return []
  const until = window.until.toISOString()
  const found = await rows<WatchedMail>(
    tx,
    sql`select distinct m.id as "emailId", m.thread_id as "threadId", m.subject, m.sent_at as "sentAt", m.from_address as address, p.id as "personId",
        coalesce(nullif(btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')), ''), m.from_name) as person,
        c.id as "companyId", c.name as company
      from workflow.automation_runs x join workflow.automation_rules r on r.tenant_id = x.tenant_id and r.id = x.rule_id and r.deleted_at is null
      join intel.mail_messages m on m.tenant_id = x.tenant_id and m.id = x.record_id and m.deleted_at is null
      left join crm.people p on p.tenant_id = m.tenant_id and p.id = m.from_person_id and p.deleted_at is null
      left join crm.companies c on c.tenant_id = m.tenant_id and c.id = coalesce(m.company_id, p.company_id) and c.deleted_at is null
      where r.trigger = 'reply_from' and r.member_id = ${memberId}::uuid and x.state = 'done' and x.deleted_at is null
        and m.sent_at <= ${until}::timestamptz and m.sent_at > ${until}::timestamptz - ${MOST_DAYS} * interval '1 day'
      order by m.sent_at, m.id`,
  )
  return found.map(({ threadId, sentAt, companyId, company, ...mail }) => ({
    key: `watched:${mail.emailId}`,
    lane: 'watched',
    fingerprint: sentAt,
    title: `${mail.person ?? mail.address ?? 'Somebody'}${company === null ? '' : ` (${company})`}: ${mail.subject}`,
    why: `wrote ${agoWords(sentAt, window.until)} ago; you asked to be told`,
    since: sentAt,
    sources: [
      { entity: 'threads', id: threadId, name: mail.subject },
      ...(mail.personId === null ? [] : [{ entity: 'people', id: mail.personId, name: mail.person ?? '' }]),
      ...(companyId === null ? [] : [{ entity: 'companies', id: companyId, name: company ?? '' }]),
    ],
    ready: {
      kind: 'propose',
      label: 'Draft an answer',
      reason: 'Mail that was waited for',
      changes: [draftAnswer(mail)],
    },
  }))
}
