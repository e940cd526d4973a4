import type { KnownBlock } from '@slack/types'
import { drawTable } from './table.ts'
import { codeLine, markdownLine, type Hosts } from './text.ts'

/** A part of an answer: Markdown that is safe to send, or a block with Markdown to send where it is refused. */
export interface Piece {
  readonly text: string
  readonly block?: KnownBlock
}

const ROW = /^\s*\|.*\|\s*$/u
const RULE = /^\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$/u
const FENCE = /^\s{0,3}(?:```|~~~)/u
/** Longest line that is held back for its end. */
const MOST_HELD = 4000

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/u)
    .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('**', ''))

/** Where a line that is too long is cut: after a blank if there is one, else not within a name, an address or a word that `@` calls. */
const cutOf = (held: string): number => {
  const blank = held.lastIndexOf(' ', MOST_HELD)
  if (blank > MOST_HELD / 2) return blank + 1
  const word = /[\p{L}\p{N}\p{Cf}@._/:+-]+$/u.exec(held.slice(0, MOST_HELD))?.[0].length ?? 0
  return word < MOST_HELD / 2 ? MOST_HELD - word : MOST_HELD
}

/**
 * Makes an answer that arrives in pieces safe to send, line by line: nothing in it calls people, leads to a host that is
 * not listed or loads anything; tables become Slack's own, groupings get bars.
 */
export class AnswerText {
  readonly #hosts: Hosts
  #held = ''
  #inFence = false
  #table: string[] = []

  constructor(hosts: Hosts) {
    this.#hosts = hosts
  }

  push(delta: string): Piece[] {
    this.#held += delta
    const pieces: Piece[] = []
    for (;;) {
      const end = this.#held.indexOf('\n')
      if (end >= 0 && end < MOST_HELD) pieces.push(...this.#line(this.#held.slice(0, end), '\n'))
      else if (this.#held.length <= MOST_HELD) return merged(pieces)
      const cut = end >= 0 && end < MOST_HELD ? end + 1 : cutOf(this.#held)
      if (cut !== end + 1 || end < 0) pieces.push(...this.#line(this.#held.slice(0, cut), ''))
      this.#held = this.#held.slice(cut)
    }
  }

  /** What is left at the end; a fence that is still open is closed. */
  end(): Piece[] {
    const last = this.#held === '' ? [] : this.#line(this.#held, '')
    this.#held = ''
    const pieces = [...last, ...this.#drawTable(), ...(this.#inFence ? [{ text: '\n```' }] : [])]
    this.#inFence = false
    return merged(pieces)
  }

  #line(line: string, end: string): Piece[] {
    if (!this.#inFence && ROW.test(line)) {
      this.#table.push(line)
      return []
    }
    const before = this.#drawTable()
    if (FENCE.test(line)) {
      this.#inFence = !this.#inFence
      return [...before, { text: `\`\`\`${end}` }]
    }
    const text = this.#inFence ? codeLine(line) : markdownLine(line, this.#hosts)
    return [...before, { text: text + end }]
  }

  #drawTable(): Piece[] {
    const [head, rule, ...body] = this.#table
    this.#table = []
    if (head === undefined) return []
    if (rule === undefined || !RULE.test(rule) || body.length === 0)
      return [
        {
          text: [head, rule, ...body]
            .filter((line) => line !== undefined)
            .map((line) => `${markdownLine(line, this.#hosts)}\n`)
            .join(''),
        },
      ]
    const { block, text, leftOut } = drawTable({ headings: cellsOf(head), rows: body.map(cellsOf) })
    const more = leftOut > 0 ? [{ text: `…and ${leftOut} more rows.\n` }] : []
    return [{ text, block }, ...more]
  }
}

/** Texts that follow each other as one. */
const merged = (pieces: readonly Piece[]): Piece[] => {
  const out: Piece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (last && !last.block && !piece.block) out[out.length - 1] = { text: last.text + piece.text }
    else out.push(piece)
  }
  return out
}
