import type { HandleLabel } from '../../domain/handle.ts'
import { parseHandle } from '../../domain/handle.ts'
import { createMemoryStore } from '../../redaction/memory-store.ts'
import { openVault } from '../../redaction/vault.ts'

/** One way to guess who is who in two transcripts. */
export interface LinkerScore {
  readonly linker: string
  readonly guesses: number
  readonly right: number
  readonly share: number
  /** How many standard deviations above what guessing within a label gives. */
  readonly deviations: number
}

export interface LinkerReport {
  readonly trials: number
  readonly people: number
  readonly companies: number
  /** What guessing at random within a label gives. */
  readonly chance: number
  /** Records that have the same handle in both conversations, and what pure chance gives. */
  readonly same: number
  readonly sameByChance: number
  readonly linkers: readonly LinkerScore[]
}

type Dice = (limit: number) => number

/** A record's handle in a transcript, as one sees it who has nothing else. */
interface Seen {
  readonly record: number
  readonly label: HandleLabel
  readonly number: number
  /** Place of its first mention, from 0. */
  readonly order: number
  readonly mentions: number
}

/** How alike two handles of different transcripts look: the smaller the better. */
type Unlike = (one: Seen, two: Seen) => number

const digitsApart = (one: number, two: number): number => {
  const [a, b] = [one, two].map((number) => String(number).padStart(5, '0'))
  return Array.from(a!).filter((digit, at) => digit !== b!.charAt(at)).length
}

const LINKERS: Readonly<Record<string, Unlike>> = {
  'nearest number': (one, two) => Math.abs(one.number - two.number),
  'most digits in common': (one, two) => digitsApart(one.number, two.number),
  'same last digit': (one, two) => Math.abs((one.number % 10) - (two.number % 10)),
  'order of first mention': (one, two) => Math.abs(one.order - two.order),
  'number of mentions': (one, two) => Math.abs(one.mentions - two.mentions),
  'all together': (one, two) =>
    Math.abs(one.number - two.number) / 10_000 +
    digitsApart(one.number, two.number) / 5 +
    Math.abs(one.order - two.order) / 60 +
    Math.abs(one.mentions - two.mentions) / 4,
}

const createDice = (seed: number): Dice => {
  let state = seed >>> 0
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const shuffled = (count: number, dice: Dice): number[] => {
  const order = Array.from({ length: count }, (_, at) => at)
  for (let at = count - 1; at > 0; at -= 1) {
    const other = dice(at + 1)
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return order
}

const keyOf = (seed: number): Uint8Array => {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, seed)
  return key
}

/** One conversation that mentions every record, in an order and as often as it happens. */
const transcript = async (labels: readonly HandleLabel[], seed: number, dice: Dice): Promise<Seen[]> => {
  const vault = await openVault({ conversationKey: keyOf(seed), store: createMemoryStore() })
  const seen: Seen[] = []
  for (const [place, record] of shuffled(labels.length, dice).entries()) {
    const label = labels[record]!
    const ref = { entity: label === 'PERSON' ? 'people' : 'companies', id: String(record) }
    await vault.ensure([{ label, record: ref }])
    const { number } = parseHandle(vault.handleForRecord(label, ref))!
    seen.push({ record, label, number: Number(number), order: place, mentions: 1 + dice(4) })
  }
  return seen
}

const best = (one: Seen, others: readonly Seen[], unlike: Unlike): Seen =>
  others.reduce((found, other) => (unlike(one, other) < unlike(one, found) ? other : found))

/**
 * Two transcripts about the same people and companies in two conversations, many times over: a linker guesses, for each
 * handle of the one, which of the same label in the other stands for the same record.
 */
export const runLinker = async ({
  trials,
  seed,
  people = 40,
  companies = 20,
}: {
  readonly trials: number
  readonly seed: number
  readonly people?: number
  readonly companies?: number
}): Promise<LinkerReport> => {
  const labels = Array.from({ length: people + companies }, (_, at): HandleLabel =>
    at < people ? 'PERSON' : 'COMPANY',
  )
  const dice = createDice(seed)
  const right = new Map(Object.keys(LINKERS).map((name) => [name, 0]))
  let same = 0
  for (let trial = 0; trial < trials; trial += 1) {
    const [one, two] = [
      await transcript(labels, seed * 1_000_003 + trial * 2, dice),
      await transcript(labels, seed * 1_000_003 + trial * 2 + 1, dice),
    ]
    for (const handle of one) {
      const others = two.filter(({ label }) => label === handle.label)
      const itself = others.find(({ record }) => record === handle.record)
      if (itself?.number === handle.number) same += 1
      for (const [name, unlike] of Object.entries(LINKERS))
        if (best(handle, others, unlike).record === handle.record) right.set(name, right.get(name)! + 1)
    }
  }
  const guesses = trials * labels.length
  // Each label's handles are guessed among as many: one right guess a label and trial.
  const chance = 2 / labels.length
  const deviation = Math.sqrt(guesses * chance * (1 - chance))
  return {
    trials,
    people,
    companies,
    chance,
    same,
    sameByChance: guesses / 9_900,
    linkers: [...right].map(([linker, count]) => ({
      linker,
      guesses,
      right: count,
      share: count / guesses,
      deviations: (count - guesses * chance) / deviation,
    })),
  }
}
