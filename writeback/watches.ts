import { sql } from '../db/sql.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Actor } from '../domain/actor.ts'
import { denied, notFound, userError } from '../domain/errors.ts'
import { saveRule } from './automation.ts'

/** A member waits for mail of somebody. It is kept as a rule that tells its maker, and nobody else. */
export interface Watch {
  readonly id: string
  readonly whom: string
  readonly entity: 'people' | 'companies'
  /** ISO 8601. */
  readonly since: string
  /** How often mail came since, and when last. */
  readonly told: number
  readonly toldAt: string | null
}

const MOST_OFFERED = 5

/** A person or company that goes by a name. */
export interface Match {
  readonly entity: 'people' | 'companies'
  readonly id: string
  readonly name: string
}

/** A person or company by the whole name, or the only one that begins with these words. Throws `unknown_name` and `ambiguous_name`. */
export const findByName = async (tx: TenantTx, who: string): Promise<Match> => {
  const wanted = who.trim().toLowerCase()
  const found = await rows<Match>(
    tx,
    sql`select x.* from (
        select 'companies' as entity, c.id, c.name from crm.companies c where c.deleted_at is null
        union all select 'people', p.id, btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')) from crm.people p where p.deleted_at is null
      ) x where lower(x.name) = ${wanted} or starts_with(lower(x.name), ${`${wanted} `})
      order by lower(x.name) <> ${wanted}, x.name, x.id limit ${MOST_OFFERED + 1}`,
  )
  const whole = found.filter(({ name }) => name.toLowerCase() === wanted)
  const [one, ...others] = whole.length > 0 ? whole : found
  if (one === undefined || wanted === '')
    throw notFound('unknown_name', 'There is nobody of that name, and no company.', {
      fix: 'Write the name as the record has it.',
    })
  if (others.length === 0) return one
  throw userError('ambiguous_name', 'More than one goes by that name.', {
    fix: 'Write the whole name.',
  })
}

const memberOf = ({ memberId }: Actor) => {
  if (memberId !== null) return memberId
  throw denied('no_member', 'A watch tells a member.', { fix: 'Say who, with --as <email>.' })
}

/** Waits for the next mail of a person or company, by name, for whoever asks. One that was there begins anew. */
export const watch = async (tx: TenantTx, actor: Actor, who: string): Promise<Match> => {
  const memberId = memberOf(actor)
  const { entity, id, name } = await findByName(tx, who)
  const rule = { name: `watch ${memberId} ${id}`, trigger: 'reply_from', action: 'tell' } as const
  await saveRule(tx, { ...rule, whom: { entity, id } }, actor)
  return { entity, id, name }
}

/** Those of whoever asks, the newest first. */
export const listWatches = (tx: TenantTx, actor: Actor): Promise<readonly Watch[]> =>
  rows<Watch>(
    tx,
    sql`select r.id, coalesce(c.name, btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, ''))) as whom,
        r.conditions->'whom'->>'entity' as entity, r.created_at as since,
        (select count(*)::int from workflow.automation_runs x where x.rule_id = r.id and x.state = 'done' and x.deleted_at is null) as told,
        (select max(x.started_at) from workflow.automation_runs x where x.rule_id = r.id and x.state = 'done' and x.deleted_at is null) as "toldAt"
      from workflow.automation_rules r
      left join crm.companies c on c.tenant_id = r.tenant_id and c.id::text = r.conditions->'whom'->>'id' and c.deleted_at is null
      left join crm.people p on p.tenant_id = r.tenant_id and p.id::text = r.conditions->'whom'->>'id' and p.deleted_at is null
      where r.trigger = 'reply_from' and r.member_id = ${memberOf(actor)}::uuid and r.is_enabled and r.deleted_at is null
        and coalesce(c.id, p.id) is not null
      order by r.created_at desc, r.id desc`,
  )

/** Waits no longer. `which` is the id of a watch or the name of whom it waits for. Throws `unknown_watch`. */
export const stopWatch = async (tx: TenantTx, actor: Actor, which: string): Promise<Watch> => {
  const wanted = which.trim().toLowerCase()
  const mine = await listWatches(tx, actor)
  const found = mine.find(({ id, whom }) => id === wanted || whom.toLowerCase() === wanted)
  if (!found)
    throw notFound('unknown_watch', 'You wait for no mail of that name.', {
      fix: 'See yours with `tact watch list`.',
    })
  await rows(tx, sql`update workflow.automation_rules set deleted_at = now() where id = ${found.id}::uuid`)
  return found
}

const ASKED =
  /^(?:please\s+)?(?:tell|notify|alert|ping|let)\s+me(?:\s+know)?\s+(?:when|once|as soon as|if)\s+(.{1,120}?)\s+(?:replies|responds|answers|writes(?: back)?|gets back(?: to (?:me|us))?)(?:\s+to\s+(?:me|us))?\s*[.!]?$/iu

/** Whom a line asks to be told of: “tell me when Acme replies” is `Acme`. Undefined where it asks something else. */
export const readWatch = (line: string): string | undefined => ASKED.exec(line.trim())?.[1]
