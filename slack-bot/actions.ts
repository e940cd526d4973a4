import { rateAnswer } from '../db/answer-ratings.ts'
import { cardAt } from '../db/slack-cards.ts'
import { answeredIn } from '../db/slack-events.ts'
import { asTenant } from '../db/tenant.ts'
import { nowOf, ownWorkspace } from '../db/workspace.ts'
import type { Workspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { asTactError, conflict, denied } from '../domain/errors.ts'
import type { ProposalState } from '../domain/proposal-states.ts'
import { reject } from '../writeback/approve.ts'
import { approveAndExecute } from '../writeback/execute.ts'
import { recordSeen } from '../writeback/list.ts'
import { readProposal } from '../writeback/store.ts'
import type { StoredProposal } from '../writeback/store.ts'
import { undo } from '../writeback/undo.ts'
import type { Bot } from './bot.ts'
import { redrawCards } from './cards-place.ts'
import { ACTIONS, readTarget } from './cards.ts'
import { whisper } from './delivery-post.ts'
import { REFUSALS } from './gate.ts'
import type { Click } from './listen-read.ts'
import type { Ended } from './listen-work.ts'

/** A click let through the gate: who it is, and the proposal as the row has it now. */
export interface Standing {
  readonly actor: Actor
  readonly workspace: Workspace
  readonly proposal: StoredProposal
}

const notHere = () =>
  denied('not_here', 'This cannot be decided here: not everybody who reads along may see it.', {
    fix: 'Decide about it in the inbox.',
  })

const noCard = () => denied('no_card', 'No card of mine stands there.', { fix: 'Look for it in the inbox.' })

const superseded = () =>
  conflict('superseded', 'This proposal was changed since. Nothing was done.', {
    fix: 'Look at what it says now and decide about that.',
  })

/** A card is noted right after it was posted: who clicks in between is waited for, well within a dialog's three seconds. */
const NOT_YET_MS = [100, 300, 600] as const

/**
 * Who clicked, asked anew, and what they clicked on: a card of ours that stands in that place, in the revision they saw.
 * Throws `denied` for those who may not see it there, and `superseded`.
 */
export const standingOfClick = async (
  bot: Bot,
  click: Pick<Click, 'userId' | 'userTeam' | 'channelId' | 'messageTs' | 'isSharedByEnvelope' | 'value'>,
): Promise<Standing> => {
  const verdict = await bot.gate.judge(click)
  if (verdict.answer === 'nowhere')
    throw denied(verdict.why, REFUSALS[verdict.why] ?? 'You cannot decide about this.')
  const target = readTarget(click.value)
  const { sees: _sees, ...actor } = verdict.actor
  const { channelId, messageTs } = click
  const find = () => asTenant(bot.database, actor, (tx) => cardAt(tx, { channelId, messageTs }))
  let card = target && (await find())
  for (const waitMs of NOT_YET_MS) {
    if (!target || card) break
    await new Promise((done) => setTimeout(done, waitMs))
    card = await find()
  }
  if (!target || card?.proposalId !== target.id) throw noCard()
  if (verdict.answer === 'to-asker') throw notHere()
  return await asTenant(bot.database, actor, async (tx) => {
    const workspace = await ownWorkspace(tx)
    const proposal = await readProposal(tx, target.id)
    if (proposal.revision !== target.revision) throw superseded()
    // They have had it before them: that stands in the audit beside what they decided.
    await recordSeen(tx, { id: proposal.id, hash: proposal.diffHash })
    return { actor, workspace, proposal }
  })
}

export type Deed =
  | { readonly action: 'approve'; readonly typed?: readonly string[] }
  | { readonly action: 'reject'; readonly note: string }
  | { readonly action: 'undo' }

const MAX_NOTE = 500

/** Decides as the inbox does; answers the state it led to. Throws what writeback/ throws. */
export const decide = async (
  bot: Bot,
  { actor, workspace, proposal }: Standing,
  deed: Deed,
): Promise<ProposalState> => {
  const decision = { proposalId: proposal.id, hash: proposal.diffHash, decider: actor, now: nowOf(workspace) }
  switch (deed.action) {
    case 'approve':
      return (await approveAndExecute(bot.database, { ...decision, typed: deed.typed ?? [] })).state
    case 'reject': {
      const note = deed.note.slice(0, MAX_NOTE).trim()
      await reject(bot.database, { ...decision, ...(note === '' ? {} : { note }) })
      return 'rejected'
    }
    case 'undo':
      await undo(bot.database, decision)
      return 'undone'
  }
}

const TOLD: Partial<Readonly<Record<ProposalState, string>>> = {
  pending: 'Your approval is kept. Another person has to approve this too.',
  conflicted: 'A record was changed in the meantime. Nothing was written.',
  failed: 'It could not be written; nothing was changed.',
}

/** What a person is told of a refusal. */
export const refusalText = (thrown: unknown): string => {
  const error = asTactError(thrown)
  if (error.kind === 'bug') throw error
  const { fix } = error.details
  return fix === undefined ? error.message : `${error.message} ${fix}`
}

const tell = (bot: Bot, { userId, channelId, threadTs }: Click, text: string): Promise<void> =>
  whisper(bot.interactive, { channelId, threadTs }, { userId, text })

/** A stored click on Approve or Undo. The card says what came of it; who lost a race is told so. */
export const decideByClick = async (bot: Bot, click: Click): Promise<Ended> => {
  const deed: Deed = click.action === ACTIONS.undo ? { action: 'undo' } : { action: 'approve' }
  let isRefused = false
  try {
    const state = await decide(bot, await standingOfClick(bot, click), deed)
    const told = TOLD[state]
    if (told) await tell(bot, click, told)
  } catch (error) {
    const { kind } = asTactError(error)
    if (kind === 'unavailable') throw error
    isRefused = kind === 'denied'
    await tell(bot, click, refusalText(error))
  }
  const target = readTarget(click.value)
  if (target) await redrawCards(bot, target.id, { anyway: isRefused })
  return 'done'
}

const RATING = /^(good|bad):([0-9a-f-]{36})$/

/** A stored click on Good answer or Bad answer. */
export const rateByClick = async (bot: Bot, click: Click): Promise<Ended> => {
  const found = RATING.exec(click.value)
  const verdict = found ? await bot.gate.judge(click) : undefined
  if (!found || !verdict || verdict.answer === 'nowhere' || verdict.actor.memberId === null) return 'dropped'
  const { memberId } = verdict.actor
  const [, rating, answer] = found
  const kept = await asTenant(bot.database, { ...verdict.actor, via: 'system' }, async (tx) => {
    const conversationId = await answeredIn(tx, answer!)
    if (conversationId === undefined) return false
    await rateAnswer(tx, {
      conversationId,
      answer: answer!,
      memberId,
      rating: rating === 'good' ? 'good' : 'bad',
    })
    return true
  })
  if (kept) await tell(bot, click, 'Thank you. It is kept with this answer, without names.')
  return kept ? 'done' : 'dropped'
}

/** Does what a stored click asks for. */
export const handleClick = (bot: Bot, click: Click): Promise<Ended> =>
  click.action === ACTIONS.rate ? rateByClick(bot, click) : decideByClick(bot, click)
