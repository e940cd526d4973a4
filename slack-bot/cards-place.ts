import {
  addSlackCard,
  cardsInChannel,
  cardsOfProposal,
  drawnSlackCard,
  dropSlackCard,
  leaseSlackCard,
  proposalMark,
  staleSlackCards,
} from '../db/slack-cards.ts'
import type { SlackCard } from '../db/slack-cards.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { asTactError, unavailable } from '../domain/errors.ts'
import type { MemberId } from '../domain/ids.ts'
import { log } from '../log.ts'
import { impactLine, impactOf } from '../writeback/impact.ts'
import { getProposal } from '../writeback/list.ts'
import { readProposal } from '../writeback/store.ts'
import { closedCard, proposalCard } from './cards.ts'
import type { CardMessage } from './cards.ts'
import { postOnce, slackRefusal } from './delivery-post.ts'
import type { Poster, Spot } from './delivery-post.ts'
import type { Gate } from './gate.ts'
import { systemActor } from './parts.ts'
import type { SlackParts } from './parts.ts'

export interface CardParts extends Pick<SlackParts, 'database' | 'tenantId' | 'inboxUrl'>, Poster {
  readonly gate: Gate
  readonly teamId: string
}

/** Longer than a request to Slack may take, so that no two draw the same card. */
const LEASE_MS = 20_000
const MOST_REDRAWS = 5
const MOST_STALE = 50

/** As who a card is drawn: the member whose direct message it stands in, or nobody in particular. */
const viewer = ({ tenantId }: Pick<CardParts, 'tenantId'>, memberId: MemberId | null): Actor => ({
  tenantId,
  memberId,
  role: 'viewer',
  via: 'slack',
  ...(memberId === null ? { sees: 'shared' } : {}),
})

interface Drawn {
  readonly message: CardMessage
  readonly mark: string
}

/** The card as the row says now, for those eyes; undefined where they do not see the proposal. */
const draw = (parts: CardParts, proposalId: string, memberId: MemberId | null): Promise<Drawn | undefined> =>
  asTenant(parts.database, viewer(parts, memberId), async (tx) => {
    const workspace = await ownWorkspace(tx)
    const now = nowOf(workspace)
    const mark = await proposalMark(tx, proposalId, now)
    if (mark === undefined) return undefined
    const [shown, stored] = [
      await getProposal({ tx, workspace, now }, proposalId),
      await readProposal(tx, proposalId),
    ]
    const impact = shown.state === 'pending' ? (await impactOf(tx, stored)).map(impactLine) : []
    const message = proposalCard(shown, {
      timezone: workspace.timezone,
      inboxUrl: parts.inboxUrl(),
      impact,
      revision: stored.revision,
    })
    return { message, mark }
  })

const GONE = 'gone'

/** The card for that place. Who reads along there is asked for last, after what they would read is known. */
const drawFor = async (
  parts: CardParts,
  { proposalId, channelId, memberId }: Pick<SlackCard, 'proposalId' | 'channelId' | 'memberId'>,
): Promise<Drawn> => {
  const drawn = await draw(parts, proposalId, memberId)
  if (drawn && (await parts.gate.mayShow(channelId, memberId))) return drawn
  const mark = await asTenant(parts.database, systemActor(parts), async (tx) =>
    proposalMark(tx, proposalId, nowOf(await ownWorkspace(tx))),
  )
  return { message: closedCard(proposalId, parts.inboxUrl()), mark: mark ?? GONE }
}

export interface CardPlace extends Spot {
  /** Whose direct message it is; null in a channel. */
  readonly memberId: MemberId | null
}

/** Posts the card of a proposal, once for each place. */
export const postCard = async (
  parts: CardParts,
  proposalId: string,
  place: CardPlace & { readonly isAgain: boolean },
): Promise<void> => {
  const { channelId, threadTs, memberId, isAgain } = place
  const before = await asTenant(parts.database, systemActor(parts), (tx) => cardsOfProposal(tx, proposalId))
  if (before.some((card) => card.channelId === channelId)) return
  const { message, mark } = await drawFor(parts, { proposalId, channelId, memberId })
  const key = `card:${proposalId}`
  const messageTs = await postOnce(parts, { channelId, threadTs }, { ...message, key }, { isAgain })
  await asTenant(parts.database, systemActor(parts), (tx) =>
    addSlackCard(tx, { proposalId, teamId: parts.teamId, channelId, messageTs, memberId, drawn: mark }),
  )
}

/** False where another draws it just now. */
const redrawOnce = async (parts: CardParts, card: SlackCard): Promise<boolean> => {
  const system = systemActor(parts)
  const held = await asTenant(parts.database, system, (tx) => leaseSlackCard(tx, card.id, LEASE_MS))
  if (!held) return false
  const { message, mark } = await drawFor(parts, held)
  try {
    await parts.client.chat.update({
      channel: held.channelId,
      ts: held.messageTs,
      text: message.text,
      blocks: [...message.blocks],
    })
  } catch (error) {
    const refusal = slackRefusal(error)
    if (refusal !== 'message_not_found' && refusal !== 'channel_not_found') throw error
    await asTenant(parts.database, system, (tx) => dropSlackCard(tx, held.id))
    return true
  }
  await asTenant(parts.database, system, (tx) => drawnSlackCard(tx, held.id, mark))
  return true
}

/**
 * Draws every card of a proposal as its row says. Of many who ask for it at once one draws, and looks again afterwards,
 * so that the last word stands. `anyway`: also those that show what the row says, because who reads along may be others.
 */
export const redrawCards = async (
  parts: CardParts,
  proposalId: string,
  { anyway = false }: { readonly anyway?: boolean } = {},
): Promise<void> => {
  const system = systemActor(parts)
  for (let round = 0; round < MOST_REDRAWS; round++) {
    const stale = await asTenant(parts.database, system, async (tx) => {
      const mark = await proposalMark(tx, proposalId, nowOf(await ownWorkspace(tx)))
      return (await cardsOfProposal(tx, proposalId)).filter(
        ({ drawn }) => drawn !== mark || (anyway && round === 0),
      )
    })
    if (stale.length === 0) return
    for (const card of stale) await redrawOnce(parts, card)
  }
}

/**
 * Closes the cards of a channel where others than before read along who may not see them: they say only that they are in
 * the inbox. Throws `card_busy` where another draws one just now, who may have asked before they came.
 */
export const redrawChannel = async (parts: CardParts, channelId: string): Promise<void> => {
  if (await parts.gate.mayShow(channelId, null)) return
  const cards = await asTenant(parts.database, systemActor(parts), (tx) => cardsInChannel(tx, channelId))
  let isBusy = false
  for (const card of cards) {
    await parts.budget.take('update', channelId)
    if (!(await redrawOnce(parts, card))) isBusy = true
  }
  if (isBusy) throw unavailable('card_busy', 'A card is being drawn.', { fix: 'It is drawn again.' })
}

/** Draws what other surfaces, time or a crash left out of date. One card that fails keeps no other from its own. */
export const sweepCards = async (parts: CardParts): Promise<void> => {
  const stale = await asTenant(parts.database, systemActor(parts), async (tx) =>
    staleSlackCards(tx, { now: nowOf(await ownWorkspace(tx)), limit: MOST_STALE }),
  )
  for (const card of stale)
    await redrawOnce(parts, card).catch((error: unknown) =>
      log.warn('slack_card_not_drawn', { error: slackRefusal(error) ?? asTactError(error).code }),
    )
}
