import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkAnswer } from '../../agent/check/check.ts'
import { readGround } from '../../agent/check/ground.ts'
import type { ToolOutcome } from '../../tools/toolbox.ts'
import { createDice, dateForms, inWords, WRITERS } from './answer-drafts.ts'
import type { Dice, Draft } from './answer-drafts.ts'

interface Recorded {
  readonly workspace: string
  readonly tool: string
  readonly outcome: ToolOutcome
}

export interface CheckScore {
  readonly form: string
  drafts: number
  touched: number
  corrupted: number
  caught: number
}
export interface CheckReport {
  readonly drafts: number
  readonly touched: number
  readonly corrupted: number
  readonly caught: number
  readonly forms: readonly CheckScore[]
  /** A few of what went wrong. */
  readonly missed: readonly string[]
  readonly wronged: readonly string[]
}

const recorded = (): readonly Recorded[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../sets/outcomes.json'), 'utf8')) as Recorded[]

const otherDigit = (text: string, dice: Dice): string => {
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index)
  // Of a rounded amount only a digit that is written changes; the last zero of 1,250,000 may be any.
  const at = places[dice(places.length)]!
  const digit = String((Number(text[at]) + 1 + dice(9)) % 10)
  return text.slice(0, at) + digit + text.slice(at + 1)
}
const GIVEN = ['Philippa', 'Tomasz', 'Ngozi', 'Ingrid', 'Rashid', 'Beatriz']
const FAMILY = ['Okonkwo-Hale', 'Wiśniewski', 'Adeyemi', 'Lindqvist', 'Haddad', 'Carvalho']
const one = <T>(items: readonly T[], dice: Dice): T => items[dice(items.length)]!

/** The piece with one thing wrong in it, of the same form. */
const corrupt = ({ piece, kind }: Draft, dice: Dice): string => {
  switch (kind) {
    case 'name':
      return dice(2) === 0
        ? `PERSON_${String(10_000 + dice(89_999))}`
        : dice(2) === 0
          ? `${one(GIVEN, dice)} ${one(FAMILY, dice)}`
          : one(FAMILY, dice)
    case 'quote': {
      const words = piece.split(' ')
      const at = dice(words.length)
      const way = dice(3)
      if (way === 0) words.splice(at, 1, one(['never', 'doubled', 'cancelled', 'tomorrow', 'refund'], dice))
      else if (way === 1) words.splice(at, 0, one(['not', 'hardly', 'definitely'], dice))
      else
        words.splice(
          Math.min(at, words.length - 2),
          2,
          ...words
            .slice(Math.min(at, words.length - 2))
            .slice(0, 2)
            .toReversed(),
        )
      return words.join(' ')
    }
    case 'all':
      return one(
        [
          'These are all of them.',
          'Every one of them is listed.',
          'None is left out.',
          'Only these match.',
          'Nobody else comes into question.',
          'No other records match.',
          'Each of them is shown here.',
        ],
        dice,
      )
    case 'date':
      if (!/\d/.test(piece)) return dateForms('2025-03-17', '2026-11-20')[dice(6)]!
      return otherDigit(piece, dice)
    default:
      return /\d/.test(piece) ? otherDigit(piece, dice) : inWords(2 + dice(400))
  }
}

const isSame = (a: string, b: string): boolean =>
  a.replace(/\W/g, '').toLowerCase() === b.replace(/\W/g, '').toLowerCase()

/** Drafts about recorded results: as they are (nothing may be touched), and with one thing wrong (all should be caught). */
export const runAnswerCheck = ({
  count,
  seed,
}: {
  readonly count: number
  readonly seed: number
}): CheckReport => {
  const dice = createDice(seed)
  const cases = recorded().flatMap(({ outcome }) => (outcome.ok ? [outcome] : []))
  const scores = new Map<string, CheckScore>()
  const missed: string[] = []
  const wronged: string[] = []
  let made = 0
  for (let turn = 0; made < count && turn < count * 50; turn += 1) {
    const outcome = one(cases, dice)
    const draft = one(WRITERS, dice)(outcome.result, dice)
    if (!draft) continue
    let wrong = corrupt(draft, dice)
    for (let again = 0; again < 20 && isSame(wrong, draft.piece); again += 1) wrong = corrupt(draft, dice)
    // "All" is false only of a list that was cut short.
    const isFalse = draft.kind !== 'all' || outcome.result.completeness?.complete === false
    const ground = readGround({ question: 'What do we have?', before: [], outcomes: [outcome] })
    const score = scores.get(draft.form) ?? {
      form: draft.form,
      drafts: 0,
      touched: 0,
      corrupted: 0,
      caught: 0,
    }
    scores.set(draft.form, score)
    made += 1
    score.drafts += 1
    const [truth, lie] = [draft.text.replace('{}', () => draft.piece), draft.text.replace('{}', () => wrong)]
    const [touched] = checkAnswer(truth, ground)
    if (touched) {
      score.touched += 1
      wronged.push(`${draft.form}: ${truth} (${touched.doubts.map(({ message }) => message).join('; ')})`)
    }
    if (!isFalse) continue
    score.corrupted += 1
    if (checkAnswer(lie, ground).length > 0) score.caught += 1
    else missed.push(`${draft.form}: ${lie} (was ${draft.piece})`)
  }
  const total = (of: 'drafts' | 'touched' | 'corrupted' | 'caught'): number =>
    [...scores.values()].reduce((whole, score) => whole + score[of], 0)
  return {
    drafts: total('drafts'),
    touched: total('touched'),
    corrupted: total('corrupted'),
    caught: total('caught'),
    forms: [...scores.values()],
    missed: missed.slice(0, 40),
    wronged: wronged.slice(0, 40),
  }
}
