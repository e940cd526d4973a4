import type { Bag } from '../bag.ts'
import type { Draft } from '../draft.ts'
import type { Setting } from '../setting.ts'
import type { RefPiece, Reference, RefRole } from '../pieces.ts'
import type { PlannedCall } from '../plan-types.ts'

export interface FrameContext extends Setting {
  readonly tools: ReadonlySet<string>
}

/** What a frame makes of a cover. Its score is the cover's coverage plus `bonus`. */
export interface Reading {
  readonly frame: string
  readonly bonus: number
  readonly draft?: Draft
  readonly calls?: readonly PlannedCall[]
  readonly readAs?: string
  readonly refuse?: string
  /** The question names what it is about, so it can stand without the one before. */
  readonly isHeaded?: boolean
  /** Question to ask back; `choices` are handles or short phrases. */
  readonly ask?: { readonly question: string; readonly choices: readonly string[] }
}

export type Frame = (bag: Bag, context: FrameContext) => Reading | undefined

/** Thrown out of a frame when a name may stand for several records of the kind the frame needs. */
export class Ambiguous extends Error {
  readonly candidates: readonly string[]
  constructor(candidates: readonly string[]) {
    super('ambiguous')
    this.candidates = candidates
  }
}

const LABEL_OF: Readonly<Record<string, string>> = {
  PERSON: 'people',
  COMPANY: 'companies',
  DEAL: 'deals',
  MEMBER: 'members',
}
const labelOf = (handle: string): string => LABEL_OF[handle.split('_')[0]!] ?? 'unknown'

/**
 * The records a reference stands for, of the kinds wanted, most wanted first. A name that fits one record of a wanted
 * kind means that record; one that fits two of the same kind is asked back.
 */
export const resolve = (ref: Reference, wanted: readonly string[]): Reference | undefined => {
  if (ref.label !== 'ambiguous') return wanted.includes(ref.label) ? ref : undefined
  const candidates = ref.candidates ?? []
  for (const label of wanted) {
    const fitting = candidates.filter((handle) => labelOf(handle) === label)
    if (fitting.length === 1) return { label: label as Reference['label'], handles: fitting }
    if (fitting.length > 1) throw new Ambiguous(fitting)
  }
  if (candidates.length > 0) throw new Ambiguous(candidates)
  return undefined
}

export interface Named {
  readonly role: RefRole
  readonly ref: Reference
  readonly isNegated: boolean
}

/** The next unused reference that resolves to one of the wanted kinds; used after this. */
export const takeNamed = (
  bag: Bag,
  wanted: readonly string[],
  test: (piece: RefPiece) => boolean = () => true,
): Named | undefined => {
  for (const edge of bag.pieces) {
    if (edge.type !== 'REF' || bag.used.has(edge)) continue
    const piece = edge.value as RefPiece
    if (!test(piece)) continue
    const ref = resolve(piece.ref, wanted)
    if (!ref) continue
    bag.used.add(edge)
    return { role: piece.role, ref, isNegated: piece.isNegated === true }
  }
  return undefined
}

/** Whether one of these words stands before that token, at most `reach` tokens away. */
export const saidBefore = (bag: Bag, at: number, words: readonly string[], reach = 4): boolean => {
  for (let index = Math.max(0, at - reach); index < at; index += 1)
    if (words.includes(bag.tokens[index]!.word)) return true
  return false
}
