import type { LegendEntry } from '../../legend.ts'

export type Vertical = 'fund' | 'sales' | 'brokerage'

export interface StageWord {
  readonly name: string
  readonly kind: 'open' | 'won' | 'lost'
  /** Chance of winning from here, 0 to 1. */
  readonly probability?: number
}

/** Words of a workspace that name nobody. Filled from the database; everything but the stages may be empty. */
export interface Vocabulary {
  readonly vertical: Vertical
  readonly stages: readonly StageWord[]
  readonly tags: readonly string[]
  /** `people.role` */
  readonly roles: readonly string[]
  /** `people.title` */
  readonly titles: readonly string[]
  /** Cities of people and companies. */
  readonly cities: readonly string[]
  readonly countries: readonly string[]
  /** `companies.status` */
  readonly statuses: readonly string[]
  /** `companies.kind` */
  readonly kinds: readonly string[]
  readonly industries: readonly string[]
  /** Words the team uses for something of ours: `['logo', 'customer']`. */
  readonly synonyms?: readonly (readonly [word: string, means: string])[]
}

export const emptyVocabulary = (vertical: Vertical): Vocabulary => ({
  vertical,
  stages: [],
  tags: [],
  roles: [],
  titles: [],
  cities: [],
  countries: [],
  statuses: [],
  kinds: [],
  industries: [],
})

export type Legend = readonly LegendEntry[]
