import { HANDLE_LABELS } from '../../domain/handle.ts'
import type { HandleLabel } from '../../domain/handle.ts'
import { createMemoryStore } from '../../redaction/memory-store.ts'
import { restoreText } from '../../redaction/restore.ts'
import { openVault } from '../../redaction/vault.ts'

/** What a random fault made of handles. */
export interface CorruptionScore {
  readonly fault: string
  /** One slip of a hand or a model: what the check digit must find. The others are two slips at once. */
  readonly single: boolean
  tried: number
  /** Still restored to the one it was written for. */
  right: number
  /** Left as it stands. */
  left: number
  /** Restored to somebody else. */
  wrong: number
}

export interface CorruptionReport {
  readonly issued: number
  readonly tried: number
  /** Of single faults. */
  readonly wrong: number
  readonly faults: readonly CorruptionScore[]
}

type Dice = (limit: number) => number

interface Fault {
  readonly name: string
  readonly single: boolean
  apply(handle: string, dice: Dice): string
}

const FIRST_DIGIT = /\d/u

const digitAt = (handle: string, dice: Dice): number => {
  const from = handle.search(FIRST_DIGIT)
  return from + dice(handle.length - from)
}

const put = (text: string, at: number, length: number, by: string): string =>
  text.slice(0, at) + by + text.slice(at + length)

const otherDigit = (digit: string, dice: Dice): string => String((Number(digit) + 1 + dice(9)) % 10)

const oneDigit = (handle: string, dice: Dice): string => {
  const at = digitAt(handle, dice)
  return put(handle, at, 1, otherDigit(handle.charAt(at), dice))
}

const neighbours = (handle: string, dice: Dice): string => {
  const from = handle.search(FIRST_DIGIT)
  const at = from + dice(handle.length - from - 1)
  return put(handle, at, 2, handle.charAt(at + 1) + handle.charAt(at))
}

const lostDigit = (handle: string, dice: Dice): string => put(handle, digitAt(handle, dice), 1, '')
const extraDigit = (handle: string, dice: Dice): string =>
  put(handle, digitAt(handle, dice), 0, String(dice(10)))
const doubledDigit = (handle: string, dice: Dice): string => {
  const at = digitAt(handle, dice)
  return put(handle, at, 0, handle.charAt(at))
}

const LOOKALIKE: Readonly<Record<string, string>> = {
  0: 'O',
  1: 'l',
  2: 'Z',
  3: 'E',
  4: 'A',
  5: 'S',
  6: 'b',
  7: 'T',
  8: 'B',
  9: 'g',
}
const lookalike = (handle: string, dice: Dice): string => {
  const at = digitAt(handle, dice)
  return put(handle, at, 1, LOOKALIKE[handle.charAt(at)] ?? 'O')
}

const letterOfLabel = (handle: string, dice: Dice): string =>
  put(handle, dice(handle.indexOf('_')), 1, String.fromCharCode(65 + dice(26)))
const otherLabel = (handle: string, dice: Dice): string =>
  HANDLE_LABELS[dice(HANDLE_LABELS.length)]! + handle.slice(handle.indexOf('_'))
const otherSeparator = (handle: string, dice: Dice): string =>
  handle.replace('_', ['-', ' ', '', '__', '\\_', '\u00a0', '—', ': '][dice(8)]!)
const noise = (handle: string, dice: Dice): string =>
  put(handle, dice(handle.length + 1), 0, ['\u200b', ' ', '_', '-', '.', 'x', '\n', '*'][dice(8)]!)
const cutOff = (handle: string, dice: Dice): string => handle.slice(0, handle.length - 1 - dice(5))

const single = (name: string, apply: Fault['apply']): Fault => ({ name, single: true, apply })
const twice = (name: string, apply: Fault['apply']): Fault => ({ name, single: false, apply })

const FAULTS: readonly Fault[] = [
  single('another digit', oneDigit),
  single('neighbouring digits swapped', neighbours),
  single('a digit lost', lostDigit),
  single('a digit too many', extraDigit),
  single('a digit doubled', doubledDigit),
  single('a letter for a digit', lookalike),
  single('a letter of the label', letterOfLabel),
  single('another label', otherLabel),
  single('another separator', otherSeparator),
  single('a character put in', noise),
  single('cut off', cutOff),
  twice('two other digits', (handle, dice) => oneDigit(oneDigit(handle, dice), dice)),
  twice('a number made up', (handle, dice) =>
    handle.replace(/\d+/u, () => String(dice(100_000)).padStart(5, '0')),
  ),
]

const createDice = (seed: number): Dice => {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return Math.floor((((state ^ (state >>> 13)) >>> 0) / 2 ** 32) * limit)
  }
}

/**
 * Damages handles of one conversation at random and restores them. `count` single faults are tried, and for comparison
 * a tenth as many double ones. The number of handles issued decides how often two faults meet another's number.
 */
export const runCorruptions = async ({
  count,
  seed,
  issued = 200,
}: {
  readonly count: number
  readonly seed: number
  readonly issued?: number
}): Promise<CorruptionReport> => {
  const vault = await openVault({
    conversationKey: new Uint8Array(32).fill(seed),
    store: createMemoryStore(),
  })
  const needs = Array.from({ length: issued }, (_, at) => {
    const label: HandleLabel = at % 3 === 2 ? 'COMPANY' : 'PERSON'
    return { label, record: { entity: label === 'PERSON' ? 'people' : 'companies', id: String(at) } }
  })
  await vault.ensure(needs)
  const handles = needs.map(({ label, record }) => vault.handleForRecord(label, record))
  const dice = createDice(seed)
  const scores = FAULTS.map(({ name, single: one }): CorruptionScore => ({
    fault: name,
    single: one,
    tried: 0,
    right: 0,
    left: 0,
    wrong: 0,
  }))
  const resolve = (number: string): string | undefined => {
    const target = vault.resolve(number)
    return target && 'record' in target ? `«${target.record.id}»` : undefined
  }
  const of = (one: boolean): number[] => FAULTS.flatMap((fault, at) => (fault.single === one ? [at] : []))
  const tryOne = (among: readonly number[]): void => {
    const fault = among[dice(among.length)]!
    const who = dice(handles.length)
    const damaged = FAULTS[fault]!.apply(handles[who]!, dice)
    const said = restoreText(`Ask ${damaged}, please.`, resolve)
    const names = [...said.matchAll(/«(\d+)»/gu)].map(([, id]) => Number(id))
    const score = scores[fault]!
    score.tried += 1
    if (names.some((id) => id !== who)) score.wrong += 1
    else if (names.length > 0) score.right += 1
    else score.left += 1
  }
  const [once, both] = [of(true), of(false)]
  for (let at = 0; at < count; at += 1) tryOne(once)
  for (let at = 0; at < count / 10; at += 1) tryOne(both)
  return {
    issued,
    tried: count,
    wrong: scores.reduce((sum, score) => sum + (score.single ? score.wrong : 0), 0),
    faults: scores,
  }
}
