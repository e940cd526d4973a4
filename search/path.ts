import type { TenantTx } from '../db/tenant.ts'
import { closeTo } from './closeness.ts'
import type { Closeness } from './closeness.ts'
import { tiesTo } from './ties.ts'
import type { Tie } from './ties.ts'

export type Path =
  | { readonly kind: 'direct'; readonly strength: number; readonly tie: Tie }
  /** By a colleague of `fromMemberId` who knows the target. */
  | {
      readonly kind: 'colleague'
      readonly strength: number
      readonly fromMemberId: string
      readonly tie: Tie
    }
  | {
      readonly kind: 'contact'
      readonly strength: number
      readonly tie: Tie
      readonly closeness: Closeness
    }

export interface PathOptions {
  readonly now: Date
  /** One member's own ways; undefined is anybody on the team. */
  readonly fromMemberId?: string | undefined
  /** Only by contacts outside with this tag or part. */
  readonly viaTag?: string | undefined
  /** `nearest`: known directly first, then by one other; `strength`: strongest first whatever the length. */
  readonly rank: 'nearest' | 'strength'
}

/** Colleagues reach each other nearly for certain. */
const COLLEAGUE = 0.9
const LENGTH: Readonly<Record<Path['kind'], number>> = { direct: 0, colleague: 1, contact: 2 }

const keyOf = (path: Path): string =>
  path.kind === 'contact'
    ? `${path.tie.memberId} ${path.tie.personId} ${path.closeness.targetId}`
    : `${path.tie.memberId} ${path.tie.personId}`

const round = (value: number): number => Math.round(value * 1000) / 1000

const byContacts = (ties: readonly Tie[], close: readonly Closeness[]): readonly Path[] =>
  close.flatMap((closeness) => {
    const own = ties.filter(({ personId }) => personId === closeness.contactId)
    return own.map((tie): Path => ({
      kind: 'contact',
      strength: round(tie.strength * closeness.strength),
      tie,
      closeness,
    }))
  })

/** A contact's best knower on the team speaks for the team. */
const bestOfEach = (paths: readonly Path[]): readonly Path[] => {
  const best = new Map<string, Path>()
  for (const path of paths) {
    const key =
      path.kind === 'contact' ? `${path.closeness.contactId} ${path.closeness.targetId}` : keyOf(path)
    const known = best.get(key)
    if (!known || path.strength > known.strength) best.set(key, path)
  }
  return [...best.values()]
}

/**
 * Ways to the targets, best first: a member who knows one, a colleague who does, or a contact of ours who is close to
 * one. A way's strength, 0 to 1, is the product of its steps (a colleague counts 0.9); what makes a step is told at
 * `tiesTo` and `closeTo`. Ways of strength 0 are none. Empty when nobody is known.
 */
export const findPaths = async (
  tx: TenantTx,
  targetIds: readonly string[],
  { now, fromMemberId, viaTag, rank }: PathOptions,
): Promise<readonly Path[]> => {
  const known = viaTag === undefined ? await tiesTo(tx, targetIds, { now }) : []
  const direct = known.map((tie): Path =>
    fromMemberId === undefined || tie.memberId === fromMemberId
      ? { kind: 'direct', strength: tie.strength, tie }
      : { kind: 'colleague', strength: round(tie.strength * COLLEAGUE), fromMemberId, tie },
  )
  const close = await closeTo(tx, targetIds, { now, tag: viaTag })
  const ties = await tiesTo(tx, [...new Set(close.map(({ contactId }) => contactId))], {
    now,
    memberIds: fromMemberId === undefined ? undefined : [fromMemberId],
  })
  const paths = [...direct, ...bestOfEach(byContacts(ties, close))].filter(({ strength }) => strength > 0)
  return paths.sort(
    (a, b) =>
      (rank === 'nearest' ? LENGTH[a.kind] - LENGTH[b.kind] : 0) ||
      b.strength - a.strength ||
      (keyOf(a) < keyOf(b) ? -1 : 1),
  )
}
