import { sql } from '../db/sql.ts'
import { asTenant } from '../db/tenant.ts'
import { approveAndExecute } from './execute.ts'
import { hashOf } from './hash.ts'
import { getProposal } from './list.ts'
import { readProposal } from './store.ts'
import type { Team } from './testing.ts'

/** Kinds of characters that have fooled renderers, hashes or databases. */
const KINDS = {
  bidi: ['\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2069', '\u200f', 'م', 'ש', 'a', ' '],
  invisible: ['\u200b', '\u200d', '\ufeff', '\u00ad', '\u2060', '\u{e0041}', 'b', '\u180e'],
  emoji: ['👩‍👩‍👧‍👦', '🏳️‍🌈', '👍🏽', '🇩🇪', '☕', '\u{1f9d1}', ' '],
  combining: ['e\u0301', 'é', 'a\u0308\u0323', 'ñ', 'Å', '\u212b', 'ﬁ', 'ẞ'],
  markup: ['<b>', '&amp;', '"', "'", '\\', '$1', '{', '}', '`', '\n', '\t', '%s', '\u2028'],
  plain: ['a', 'Z', '9', ' ', '.', '-', ','],
} as const
type Kind = keyof typeof KINDS
const NAMES = Object.keys(KINDS) as Kind[]
const LONGEST = 5000

/** Deterministic numbers in [0, 1) (mulberry32). */
export const randomFrom = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const textOf = (kind: Kind, random: () => number): string => {
  const letters = KINDS[kind]
  const length = random() < 0.1 ? LONGEST : 1 + Math.floor(random() * 80)
  let text = 'x'
  while (text.length < length) text += letters[Math.floor(random() * letters.length)]
  return `${text}x`.toWellFormed()
}

export interface ShownOutcome {
  readonly kinds: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

/**
 * Proposes `count` random texts for a deal's notes, and carries each out by the hash that was shown. A fault is a shown
 * text or hash other than the stored one, or a record that afterwards holds other code points than were shown.
 */
export const runShown = async (
  team: Team,
  {
    count,
    seed,
    onTurn,
  }: {
    readonly count: number
    readonly seed: number
    /** Told before each turn how many are done, and how many faults there were. */
    readonly onTurn?: (done: number, faults: number) => void
  },
): Promise<ShownOutcome> => {
  const random = randomFrom(seed)
  const kinds: Record<string, number> = {}
  const faults: string[] = []
  const { database, owner, now, tenant } = team
  for (let turn = 0; turn < count; turn += 1) {
    onTurn?.(turn, faults.length)
    const kind = NAMES[turn % NAMES.length]!
    // Unlike the one before, however short.
    const notes = `${turn} ${textOf(kind, random)}`
    const { proposal } = await team.propose([
      { op: 'update', entity: 'deals', record: `deals:${team.ids.deal}`, set: { notes } },
    ])
    const [shown, stored] = await asTenant(database, owner, async (tx) => [
      await getProposal({ tx, workspace: tenant.workspace, now }, proposal.id),
      await readProposal(tx, proposal.id),
    ])
    const seen = shown.changes[0]?.fields[0]?.new?.text
    const held = stored.changes[0]?.fields[0]?.new
    const again = hashOf({ reason: stored.reason, changes: stored.changes })
    if (shown.hash !== again || shown.hash !== stored.diffHash) faults.push(`${turn} ${kind}: another hash`)
    if (seen !== held) faults.push(`${turn} ${kind}: shown otherwise than stored`)
    const done = await approveAndExecute(database, {
      proposalId: proposal.id,
      hash: shown.hash,
      decider: owner,
      now,
    })
    if (done.state !== 'executed') faults.push(`${turn} ${kind}: ${done.state}`)
    const [row] = await team.query<{ notes: string }>(
      sql`select notes from crm.deals where id = ${team.ids.deal}::uuid`,
    )
    if (row?.notes !== seen) faults.push(`${turn} ${kind}: the record holds something else`)
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  return { kinds, faults }
}
