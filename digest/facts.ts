import type { Workspace } from '../db/workspace.ts'
import type { TenantTx } from '../db/tenant.ts'
import type { MemberId } from '../domain/ids.ts'
import { companyMail, dealMoves, memberMail, passedByThemselves } from './counts.ts'
import type { Move } from './words.ts'
import { theyWait, weWait } from './lanes-mail.ts'
import { watched } from './lanes-watched.ts'
import { goingQuiet, needsDecision, today } from './lanes-work.ts'

export const LANES = ['they_wait', 'we_wait', 'quiet', 'decide', 'today', 'watched'] as const
export type Lane = (typeof LANES)[number]

/** A record that a line rests on, with the name a person knows it by. */
export interface Source {
  readonly entity: string
  readonly id: string
  readonly name: string
}

/** What one press proposes: changes as `propose` takes them, or a proposal that waits already. */
export type Ready =
  | { readonly kind: 'propose'; readonly label: string; readonly reason: string; readonly changes: unknown }
  | { readonly kind: 'open'; readonly label: string; readonly proposalId: string }

/** One line of a lane. */
export interface Item {
  /** The same for as long as it is the same thing. */
  readonly key: string
  readonly lane: Lane
  /** What changes when it has to be told again. */
  readonly fingerprint: string
  readonly title: string
  readonly why: string
  /** ISO 8601; what the lane is ordered by. */
  readonly since: string
  readonly sources: readonly Source[]
  readonly ready: Ready
}

export interface MemberMail {
  readonly member: string
  readonly sent: number
  readonly received: number
  /** Those written with most, at most three. */
  readonly people: readonly Source[]
}

export interface CompanyMail {
  readonly company: Source
  readonly received: number
  readonly sent: number
  readonly members: readonly string[]
}

export interface DealMove {
  readonly move: Move
  readonly deal: Source
  readonly company: string | null
  readonly stage: string
  readonly amountMinor: number | null
  readonly currency: string
}

/** How often a move happened in this window and in the one before. */
export interface MoveCount {
  readonly move: Move
  readonly count: number
  readonly before: number
}

export interface ByThemselves {
  readonly rules: readonly { readonly rule: string; readonly proposed: number; readonly failed: number }[]
  readonly standing: readonly { readonly kind: string; readonly passed: number }[]
}

/** What is so, as the reader may see it. Nothing here was written by a model. */
export interface DigestFacts {
  readonly workspace: string
  /** Null: what the whole team may see. */
  readonly reader: string | null
  readonly window: FactsWindow
  readonly lanes: Readonly<Record<Lane, readonly Item[]>>
  readonly members: readonly MemberMail[]
  readonly companies: readonly CompanyMail[]
  readonly deals: readonly DealMove[]
  readonly moves: readonly MoveCount[]
  readonly byThemselves: ByThemselves
}

export interface FactsWindow {
  /** Local date on which it ends. */
  readonly date: string
  readonly from: Date
  readonly until: Date
  readonly timezone: string
}

/** What the parts are read for. */
export interface FactsFor {
  readonly memberId: MemberId | null
  readonly window: FactsWindow
}

/**
 * Reads the facts in a transaction of the reader: row security gives them what they may see and nothing else. A
 * transaction of `via: 'system'` would give them everything: never pass one.
 */
export const readFacts = async (
  tx: TenantTx,
  {
    workspace,
    reader,
    ...asked
  }: FactsFor & {
    readonly workspace: Pick<Workspace, 'name'>
    readonly reader: string | null
  },
): Promise<DigestFacts> => {
  const they = await theyWait(tx, asked)
  const we = await weWait(tx, asked)
  // Whom somebody waits for is not going quiet.
  const busy = new Set([...they, ...we].flatMap(({ sources }) => sources.map(({ id }) => id)))
  const quiet = (await goingQuiet(tx, asked)).filter(({ sources }) => !sources.some(({ id }) => busy.has(id)))
  const { deals, moves } = await dealMoves(tx, asked)
  return {
    workspace: workspace.name,
    reader,
    window: asked.window,
    lanes: {
      they_wait: they,
      we_wait: we,
      quiet,
      decide: await needsDecision(tx, asked),
      today: await today(tx, asked),
      watched: await watched(tx, asked),
    },
    members: await memberMail(tx, asked),
    companies: await companyMail(tx, asked),
    deals,
    moves,
    byThemselves: await passedByThemselves(tx, asked),
  }
}
