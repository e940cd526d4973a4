import type { DemoClock } from './clock.ts'
import type { Random } from './random.ts'

export const DEMO_NAMES = ['larkspur', 'cobalt', 'harborview'] as const
export type DemoName = (typeof DEMO_NAMES)[number]
export type Vertical = 'fund' | 'sales' | 'brokerage'

export interface Member {
  readonly id: string
  readonly given: string
  readonly family: string
  readonly email: string
  readonly title: string
  readonly role: 'owner' | 'admin' | 'editor' | 'viewer'
  readonly phone: string
}

export interface Stage {
  readonly id: string
  readonly name: string
  readonly kind: 'open' | 'won' | 'lost'
  readonly probability: number
}

export interface Company {
  readonly id: string
  readonly name: string
  readonly domain: string
  kind: string
  status: string
  readonly industry: string
  readonly city: string
  readonly country: string
  owner: Member
  readonly createdMs: number
  readonly tags: string[]
  notes?: string
  /** Nothing happened with it after this day (0 is today, -40 forty days ago). */
  quietAfterDay: number
  /** The days it became a customer and was lost. */
  customerSinceDay?: number
  churnedDay?: number
}

export interface Person {
  readonly id: string
  readonly given: string
  readonly family: string
  title?: string
  role?: string
  readonly company?: Company
  readonly owner: Member
  readonly city: string
  readonly country: string
  readonly emails: string[]
  phone?: string
  linkedin?: string
  readonly tags: string[]
  notes?: string
  readonly createdMs: number
  quietAfterDay: number
  interest?: { readonly budgetMinor: number; readonly bedroomsMin: number; readonly area: string }
}

export interface StageStep {
  readonly stage: Stage
  readonly atMs: number
}

export interface Deal {
  readonly id: string
  readonly name: string
  readonly company?: Company
  readonly owner: Member
  readonly amountMinor: number
  readonly closeDate: string
  readonly side?: 'buy' | 'sell'
  readonly bedrooms?: number
  readonly steps: readonly StageStep[]
  readonly people: { readonly person: Person; readonly role: string }[]
  readonly nextStep?: string
  readonly source: string
  readonly tags: string[]
  /** Day of the last interaction that names the deal; undefined for none at all. */
  readonly lastTouchDay: number | undefined
}

export interface Interaction {
  readonly id: string
  readonly kind: 'call' | 'meeting' | 'viewing' | 'note' | 'message'
  readonly direction?: 'inbound' | 'outbound' | 'internal'
  readonly atMs: number
  readonly summary: string
  readonly body?: string
  readonly minutes?: number
  readonly company?: Company
  readonly deal?: Deal
  readonly member: Member
  readonly people: readonly Person[]
}

export interface Task {
  readonly id: string
  readonly title: string
  readonly dueMs: number
  readonly doneMs?: number
  readonly assignee: Member
  readonly company?: Company
  readonly deal?: Deal
  readonly people: readonly Person[]
  readonly createdMs: number
  readonly notes?: string
}

/** Everything a demo holds before it is written down as a document and as mail. */
export interface World {
  readonly slug: DemoName
  readonly name: string
  readonly vertical: Vertical
  readonly domain: string
  readonly currency: string
  readonly country: string
  readonly clock: DemoClock
  readonly random: Random
  readonly members: readonly Member[]
  readonly stages: readonly Stage[]
  readonly companies: Company[]
  readonly people: Person[]
  readonly deals: Deal[]
  readonly interactions: Interaction[]
  readonly tasks: Task[]
}

export const fullName = (person: { readonly given: string; readonly family: string }): string =>
  `${person.given} ${person.family}`

export const currentStage = (deal: Deal): Stage => deal.steps.at(-1)!.stage

/** The last day on which a person can have been in touch. */
export const lastDayWith = (person: Person): number =>
  Math.min(person.quietAfterDay, person.company?.quietAfterDay ?? 0)
