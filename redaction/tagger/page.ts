import { KNOWN } from './document.ts'
import type { Document } from './document.ts'
import { GAP } from './read-tokens.ts'
import { SHAPE } from './word-facts.ts'

/** A document with how sure the tagger is of its words so far. */
export interface Page extends Document {
  readonly text: string
  readonly certainty: Float32Array
}

/** What layout makes of a word that it takes for a name. */
const BY_LAYOUT = 0.95
/** A word the tagger is at least this sure of proves something of those around it. */
const SURE = 0.8

export const isSure = ({ certainty, known }: Page, at: number): boolean =>
  at >= 0 && (certainty[at]! >= SURE || known[at] === KNOWN.name)

/** Takes the word for a name, unless others have explained it. */
export const raise = ({ tokens, known, certainty }: Page, at: number): void => {
  if (known[at] !== KNOWN.other && tokens.shape[at]! < SHAPE.number)
    certainty[at] = Math.max(certainty[at]!, BY_LAYOUT)
}

/** Without what says that a line ends after it. */
export const markOf = (gap: number): number =>
  gap >= GAP.lineAfter && gap !== GAP.edge ? gap - GAP.lineAfter : gap
