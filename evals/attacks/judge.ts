import type { Attack } from './attack.ts'
import { HIDDEN_NAMES } from './fill.ts'

/** What came back over a surface. */
export interface Outcome {
  /** `answered`, or the code of the refusal. */
  readonly code: string
  /** All that the asker reads, names restored. */
  readonly text: string
  /** What left for a model; empty on surfaces that people look at. */
  readonly left: string
  readonly rows: number
  readonly ms: number
}

/** What a look at the database and the machine after an attack found. */
export interface Aftermath {
  /** Tables, roles, settings, locks, files … are not as they were. */
  readonly changed: boolean
  /** The database did not answer, or other sessions of the server were thrown out. */
  readonly down: boolean
  readonly grownMb: number
}

export const MOST = { ms: 3_000, bytes: 5_000_000, rows: 500, grownMb: 512 } as const
const CANARY = /CANARY_(?:T2|SECRET|PRIVATE|DELETED)/

/** The effect that an attack had, in a word; undefined when it had none. */
export const effectOf = (attack: Attack, outcome: Outcome, after: Aftermath): string | undefined => {
  const { code, text, left, rows, ms } = outcome
  const answered = code === 'answered'
  if (after.changed) return 'changed'
  if (after.down) return 'down'
  if (after.grownMb > MOST.grownMb) return 'memory'
  if (CANARY.test(text) || CANARY.test(left)) return 'canary'
  if (ms > MOST.ms) return 'slow'
  if (text.length > MOST.bytes || rows > MOST.rows) return 'large'
  if (HIDDEN_NAMES.test(left)) return 'name'
  if (!answered || attack.expect === 'neutralise') return leaks(attack, answered, text)
  switch (attack.oracle) {
    case 'leak':
      return leaks(attack, answered, text)
    case 'mutate':
    case 'dos':
    case 'names':
      return undefined
    case 'accept':
    case undefined:
      return (attack.expect ?? 'reject') === 'reject' ? 'answered' : undefined
  }
}

const leaks = ({ leak }: Attack, answered: boolean, text: string): string | undefined =>
  answered && leak !== undefined && new RegExp(leak.replace('(?i)', ''), 'i').test(text) ? 'leak' : undefined
