import { sql } from '../db/sql.ts'
import { assertStanding } from '../db/standing.ts'
import { rows } from '../db/tenant.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import type { ProposalLabel } from '../domain/approval-policy.ts'
import { conflict, userError } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { assertMayCarryOut } from './deciders.ts'
import { noteEvent } from './history.ts'
import { ProposalInput } from './changes.ts'
import { diffChanges } from './diff.ts'
import { hashOf } from './hash.ts'
import { originOf } from './origin.ts'
import { planFingerprint, planHash } from './plan.ts'
import type { Plan } from './plan.ts'
import { proseOf } from './references.ts'
import { planOf, readProposal, selectProposals } from './store.ts'
import type { StoredProposal } from './store.ts'

export const EXPIRY_MS = 72 * 3_600_000
/** Open ones of a conversation that may come in an hour. */
export const MAX_OPEN = 30

export interface ProposeOptions {
  /** `{reason?, changes}` as asked; parsed here. */
  readonly input: unknown
  readonly actor: Actor
  readonly workspace: Workspace
  readonly now: Date
  readonly conversationId: string | null
  /** The same key gives the same proposal; the same key for other changes is refused. */
  readonly idempotencyKey?: string
  /** Name of the call that asks, where it may be made twice: the second time its proposal is answered as it is. */
  readonly onceAs?: string | undefined
  /** What the member said in the conversation, in their own words: what they named themselves is theirs. */
  readonly said?: readonly string[]
  /** `none`: for what a person approved as a whole, such as an import, whose proposals are told apart by their keys. */
  readonly openLimit?: 'none'
}

/** `created` is false when an identical proposal was open already and is answered instead. */
export interface Proposed {
  readonly proposal: StoredProposal
  readonly created: boolean
}

/**
 * Records changes as a pending proposal; writes nothing else. Throws `denied` for those who may not propose or have that done, errors that teach for
 * changes that do not hold, `no_change`, and `too_many_open` past 30 open ones that one conversation asked for within an hour. What the same member has
 * open already, from whatever conversation, is answered and not made again.
 */
export const propose = async (tx: TenantTx, options: ProposeOptions): Promise<Proposed> => {
  const { actor, workspace, now, conversationId } = options
  const role = await assertStanding(tx, actor, 'propose')
  const asked = readInput(options.input)
  await holdProposers(tx, actor, conversationId)
  const { onceAs } = options
  const made = onceAs === undefined ? undefined : await byKey(tx, onceKey(conversationId, onceAs))
  if (made) return { proposal: made, created: false }
  const plan: Plan = {
    reason: await cleanReason(tx, asked.reason),
    changes: await diffChanges(asked.changes, {
      tx,
      memberId: actor.memberId,
      clock: { now, timezone: workspace.timezone },
      currency: workspace.currency,
      country: workspace.country,
      made: new Map(),
    }),
  }
  assertMayCarryOut(role, plan.changes)
  const fingerprint = planFingerprint(plan)
  const key = options.idempotencyKey
  const earlier = key === undefined ? undefined : await byKey(tx, givenKey(conversationId, key))
  if (earlier) {
    if (planFingerprint(planOf(earlier)) === fingerprint) return { proposal: earlier, created: false }
    throw conflict('idempotency_key_reused', 'This idempotency key belongs to another proposal.', {
      fix: 'Use a new key for new changes.',
    })
  }
  if (options.openLimit !== 'none') {
    const alike = await openAlike(tx, plan, options)
    const same = alike.find((one) => planFingerprint(planOf(one)) === fingerprint)
    if (same) return { proposal: same, created: false }
    await assertMayOpen(tx, options)
  }
  const id = newId()
  const { via } = actor
  const said = options.said ?? []
  const origin = await originOf(plan.changes, { tx, workspace, via, conversationId, said })
  await insert(tx, {
    id,
    plan,
    origin,
    options,
    idempotencyKey:
      key !== undefined
        ? givenKey(conversationId, key)
        : onceAs !== undefined
          ? onceKey(conversationId, onceAs)
          : `auto:${id}`,
  })
  await noteEvent(tx, 'proposed', id, {
    hash: planHash(plan),
    changes: plan.changes.length,
    conversation_id: conversationId,
  })
  return { proposal: await readProposal(tx, id), created: true }
}

const readInput = (input: unknown): ProposalInput => {
  const parsed = ProposalInput.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw userError('bad_input', 'The proposal does not have the right form.', {
    at: issue?.path.map(String).join('.') ?? '',
    fix: 'Give `changes`, 1 to 25 of them, each with op, entity, record and set.',
  })
}

const cleanReason = async (tx: TenantTx, reason: string | undefined): Promise<string | null> => {
  const text = (await proseOf(tx, reason ?? '')).toWellFormed().replaceAll('\u0000', '').trim()
  return text === '' ? null : text
}

/**
 * One proposal at a time of a member, and in a conversation, so that limit and duplicates are judged on what is there.
 * Always in this order, so that no two wait for each other.
 */
const holdProposers = async (
  tx: TenantTx,
  { tenantId, memberId }: Actor,
  conversationId: string | null,
): Promise<void> => {
  for (const held of [`member ${memberId ?? ''}`, `conversation ${conversationId ?? ''}`]) {
    const key = `${tenantId}/${held}`
    await rows(tx, sql`select pg_advisory_xact_lock(hashtextextended(${key}, 7))`)
  }
}

const givenKey = (conversationId: string | null, key: string): string =>
  `given:${hashOf([conversationId, key.toWellFormed()])}`

const onceKey = (conversationId: string | null, name: string): string =>
  `once:${hashOf([conversationId, name])}`

const byKey = async (tx: TenantTx, key: string): Promise<StoredProposal | undefined> => {
  const [found] = await selectProposals(tx, sql`where p.idempotency_key = ${key} and p.deleted_at is null`)
  return found
}

const tooManyOpen = (minutes: number) =>
  userError(
    'too_many_open',
    `This conversation has asked for ${MAX_OPEN} things within an hour that still wait.`,
    {
      fix: `A person decides about some of them first, in the inbox; or propose this again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    },
  )

const isOpen = ({ now }: ProposeOptions) =>
  sql`p.state = 'pending' and p.deleted_at is null and p.expires_at > ${now.toISOString()}::timestamptz`

/** Open ones of the same member, from any conversation, that begin with the same change. */
const openAlike = (
  tx: TenantTx,
  { changes }: Plan,
  options: ProposeOptions,
): Promise<readonly StoredProposal[]> => {
  const { op, entity, id, fields } = changes[0]!
  const same =
    op === 'create'
      ? sql`p.changes->0->'fields' = ${JSON.stringify(fields)}::jsonb`
      : sql`p.changes->0->>'id' = ${id}`
  return selectProposals(
    tx,
    sql`where ${isOpen(options)} and p.proposed_by is not distinct from ${options.actor.memberId}::uuid
      and jsonb_array_length(p.changes) = ${changes.length} and p.changes->0->>'op' = ${op} and p.changes->0->>'entity' = ${entity}
      and ${same} order by p.created_at`,
  )
}

/**
 * Counts what the conversation (outside of one: the member) opened in the last hour of the database's clock and is open
 * still. Throws `too_many_open` with the minutes until the oldest of them is an hour old.
 */
const assertMayOpen = async (tx: TenantTx, options: ProposeOptions): Promise<void> => {
  const { actor, conversationId } = options
  const [found] = await rows<{ open: number; minutes: number | null }>(
    tx,
    sql`select count(*)::int as open,
        ceil(extract(epoch from min(p.opened_at) + interval '1 hour' - clock_timestamp()) / 60)::int as minutes
      from workflow.proposals p where ${isOpen(options)} and p.opened_at > clock_timestamp() - interval '1 hour'
      and p.conversation_id is not distinct from ${conversationId}::uuid
      and (p.conversation_id is not null or p.proposed_by is not distinct from ${actor.memberId}::uuid)`,
  )
  const { open, minutes } = found!
  if (open >= MAX_OPEN) throw tooManyOpen(Math.max(1, minutes ?? 1))
}

const insert = async (
  tx: TenantTx,
  {
    id,
    plan,
    origin,
    options: { actor, conversationId, now },
    idempotencyKey,
  }: {
    readonly id: string
    readonly plan: Plan
    readonly origin: ProposalLabel
    readonly options: ProposeOptions
    readonly idempotencyKey: string
  },
): Promise<void> => {
  await rows(
    tx,
    sql`insert into workflow.proposals (id, tenant_id, conversation_id, proposed_by, proposed_via, state, diff_hash, reason,
        changes, origin, idempotency_key, created_at, expires_at)
      values (${id}::uuid, ${actor.tenantId}::uuid, ${conversationId}::uuid, ${actor.memberId}::uuid, ${actor.via}, 'pending',
        ${planHash(plan)}, ${plan.reason}, ${JSON.stringify(plan.changes)}::jsonb, ${JSON.stringify(origin)}::jsonb, ${idempotencyKey},
        ${now.toISOString()}::timestamptz, ${new Date(now.getTime() + EXPIRY_MS).toISOString()}::timestamptz)`,
  )
}
