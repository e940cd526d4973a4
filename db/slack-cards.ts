import type { MemberId } from '../domain/ids.ts'
import { newId } from '../domain/ids.ts'
import { sql } from './sql.ts'
import { rows } from './tenant.ts'
import type { TenantTx } from './tenant.ts'

/** Where a card of a proposal stands in Slack. */
export interface SlackCard {
  readonly id: string
  readonly proposalId: string
  readonly teamId: string
  readonly channelId: string
  readonly messageTs: string
  /** For whose eyes it is drawn; null where all of a channel see it. */
  readonly memberId: MemberId | null
  /** Mark of the proposal as it was when drawn. */
  readonly drawn: string
}

const COLUMNS = sql.raw(
  'id, proposal_id as "proposalId", team_id as "teamId", channel_id as "channelId", message_ts as "messageTs", member_id as "memberId", drawn',
)

/** Older ones are closed when somebody clicks. */
const MOST_IN_CHANNEL = 200

/** Notes a card that was posted; the same message twice is one. */
export const addSlackCard = async (tx: TenantTx, card: Omit<SlackCard, 'id'>): Promise<void> => {
  await rows(
    tx,
    sql`insert into workflow.slack_cards (id, tenant_id, proposal_id, team_id, channel_id, message_ts, member_id, drawn)
      values (${newId()}, core.current_tenant(), ${card.proposalId}::uuid, ${card.teamId}, ${card.channelId}, ${card.messageTs},
        ${card.memberId}::uuid, ${card.drawn})
      on conflict (tenant_id, channel_id, message_ts) where deleted_at is null do nothing`,
  )
}

export const cardsOfProposal = (tx: TenantTx, proposalId: string): Promise<readonly SlackCard[]> =>
  rows<SlackCard>(
    tx,
    sql`select ${COLUMNS} from workflow.slack_cards where proposal_id = ${proposalId}::uuid and deleted_at is null order by id`,
  )

/** The latest cards of a channel, newest first. */
export const cardsInChannel = (tx: TenantTx, channelId: string): Promise<readonly SlackCard[]> =>
  rows<SlackCard>(
    tx,
    sql`select ${COLUMNS} from workflow.slack_cards where channel_id = ${channelId} and deleted_at is null
      order by id desc limit ${MOST_IN_CHANNEL}`,
  )

/** The card at that place; undefined where a message is none. */
export const cardAt = async (
  tx: TenantTx,
  { channelId, messageTs }: Pick<SlackCard, 'channelId' | 'messageTs'>,
): Promise<SlackCard | undefined> => {
  const [found] = await rows<SlackCard>(
    tx,
    sql`select ${COLUMNS} from workflow.slack_cards
      where channel_id = ${channelId} and message_ts = ${messageTs} and deleted_at is null`,
  )
  return found
}

/**
 * Takes a card to draw it: of many who redraw one, one does at a time, so that no older picture overwrites a newer one.
 * Undefined where another has it.
 */
export const leaseSlackCard = async (
  tx: TenantTx,
  id: string,
  leaseMs: number,
): Promise<SlackCard | undefined> => {
  const [taken] = await rows<SlackCard>(
    tx,
    sql`update workflow.slack_cards set leased_until = now() + make_interval(secs => ${leaseMs / 1000})
      where id = ${id}::uuid and deleted_at is null and (leased_until is null or leased_until < now()) returning ${COLUMNS}`,
  )
  return taken
}

/** Gives a card back, as it is drawn now. */
export const drawnSlackCard = async (tx: TenantTx, id: string, drawn: string): Promise<void> => {
  await rows(
    tx,
    sql`update workflow.slack_cards set leased_until = null, drawn = ${drawn} where id = ${id}::uuid`,
  )
}

/** A card whose message is gone. */
export const dropSlackCard = async (tx: TenantTx, id: string): Promise<void> => {
  await rows(tx, sql`update workflow.slack_cards set deleted_at = now() where id = ${id}::uuid`)
}

/** What a card of a proposal would have to show, in short: it differs where one drawn earlier is out of date. */
const markOf = (now: Date) =>
  sql`p.version::text || '.' || (select count(*) from workflow.approvals a where a.tenant_id = p.tenant_id and a.proposal_id = p.id)::text
    || case when p.state = 'pending' and p.expires_at <= ${now.toISOString()}::timestamptz then '.late' else '' end`

/** The mark of a proposal as it stands; undefined where it is not seen. */
export const proposalMark = async (
  tx: TenantTx,
  proposalId: string,
  now: Date,
): Promise<string | undefined> => {
  const [found] = await rows<{ mark: string }>(
    tx,
    sql`select ${markOf(now)} as mark from workflow.proposals p where p.id = ${proposalId}::uuid and p.deleted_at is null`,
  )
  return found?.mark
}

/** Cards that no longer show what their proposals are, oldest first: what a sweep draws anew. */
export const staleSlackCards = (
  tx: TenantTx,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly SlackCard[]> =>
  rows<SlackCard>(
    tx,
    sql`select c.id, c.proposal_id as "proposalId", c.team_id as "teamId", c.channel_id as "channelId", c.message_ts as "messageTs",
        c.member_id as "memberId", c.drawn
      from workflow.slack_cards c join workflow.proposals p on p.tenant_id = c.tenant_id and p.id = c.proposal_id
      where c.deleted_at is null and (c.leased_until is null or c.leased_until < now())
        and c.drawn <> ${markOf(now)}
      order by c.id limit ${limit}`,
  )
