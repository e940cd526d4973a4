import type { KnownBlock } from '@slack/types'
import type { Piece } from './render/answer.ts'

/** Of one message: as much as `chat.update` takes as Markdown, less than Slack takes over all blocks, with room for those at the end. */
const LONGEST = 9000

export const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { text, block }) => sum + (block ? 0 : text.length), 0)

/** Where a text of at most `most` characters ends: after a paragraph, a line or a word if there is one, never within a pair. */
const cutAt = (text: string, most: number): number => {
  for (const mark of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(mark, most - mark.length)
    if (at > most / 2) return at + mark.length
  }
  const code = text.charCodeAt(most - 1)
  return code >= 0xd8_00 && code <= 0xdb_ff ? most - 1 : most
}

const fitting = (waiting: readonly Piece[], held: readonly Piece[]): Piece[] => {
  let room = LONGEST - lengthOf(held)
  let hasTable = held.some(({ block }) => block)
  const taken: Piece[] = []
  for (const piece of waiting) {
    if (piece.block) {
      if (hasTable) return taken
      hasTable = true
    } else if (piece.text.length > room) {
      const cut = room > 0 ? cutAt(piece.text, room) : 0
      if (cut > 0) taken.push({ text: piece.text.slice(0, cut) })
      return taken
    } else room -= piece.text.length
    taken.push(piece)
  }
  return taken
}

/** What stands in one message of an answer. */
export class Segment {
  readonly part: number
  readonly startedAtMs: number
  readonly pieces: Piece[] = []
  ts = ''

  constructor(part: number, startedAtMs: number) {
    this.part = part
    this.startedAtMs = startedAtMs
  }

  /** How much of what waits has room in this message: Slack takes one table in each. */
  room(waiting: readonly Piece[]): Piece[] {
    return fitting(waiting, this.pieces)
  }

  isFull(waiting: readonly Piece[]): boolean {
    return waiting.length > 0 && this.room(waiting).length === 0
  }

  endsLine(): boolean {
    const last = this.pieces.at(-1)
    return last === undefined || last.block !== undefined || last.text.endsWith('\n')
  }
}

/** Pieces in the messages that they need. */
export const splitPieces = (pieces: readonly Piece[]): Piece[][] => {
  const messages: Piece[][] = []
  let left = [...pieces]
  while (left.length > 0) {
    const taken = fitting(left, [])
    const last = taken.at(-1)!
    const at = taken.length - 1
    const cut = !last.block && left[at]!.text.length > last.text.length
    left = [...(cut ? [{ text: left[at]!.text.slice(last.text.length) }] : []), ...left.slice(taken.length)]
    messages.push(taken)
  }
  return messages.filter((one) => one.some(({ text, block }) => block || text.trim() !== ''))
}

/** The same as blocks, for a message that is not streamed. */
export const blocksOf = (pieces: readonly Piece[]): KnownBlock[] => {
  const blocks: KnownBlock[] = []
  let text = ''
  const flush = (): void => {
    if (text.trim() !== '') blocks.push({ type: 'markdown', text })
    text = ''
  }
  for (const piece of pieces) {
    if (piece.block) {
      flush()
      blocks.push(piece.block)
    } else text += piece.text
  }
  flush()
  return blocks
}
