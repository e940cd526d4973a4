import { checkDigit } from '../../../domain/handle.ts'
import { plan } from './plan.ts'
import type { Plan } from './plan-types.ts'
import { emptyVocabulary } from './vocabulary.ts'
import type { Legend, Vertical, Vocabulary } from './vocabulary.ts'

const handle = (label: string, digits: string): string => `${label}_${digits}${checkDigit(digits)}`

/** Handles that tests use for names. */
export const NAMES = {
  C: handle('COMPANY', '2055'),
  C2: handle('COMPANY', '2066'),
  P: handle('PERSON', '4331'),
  P2: handle('PERSON', '4342'),
  D: handle('DEAL', '7120'),
  M: handle('MEMBER', '3006'),
  M2: handle('MEMBER', '3017'),
  N: handle('NAME', '9001'),
} as const

export const LEGEND: Legend = [
  { handle: NAMES.C, is: 'companies' },
  { handle: NAMES.C2, is: 'companies' },
  { handle: NAMES.P, is: 'people' },
  { handle: NAMES.P2, is: 'people' },
  { handle: NAMES.D, is: 'deals' },
  { handle: NAMES.M, is: 'members' },
  { handle: NAMES.M2, is: 'members' },
  { handle: NAMES.N, is: 'ambiguous', candidates: [NAMES.P, NAMES.P2] },
]

const stages = (open: readonly string[], won: string, lost: string): Vocabulary['stages'] => [
  ...open.map((name) => ({ name, kind: 'open' as const })),
  { name: won, kind: 'won' },
  { name: lost, kind: 'lost' },
]

export const VOCABULARIES: Readonly<Record<Vertical, Vocabulary>> = {
  fund: {
    ...emptyVocabulary('fund'),
    stages: stages(['Sourced', 'First Meeting', 'Diligence', 'IC', 'Term Sheet'], 'Closed', 'Passed'),
    roles: ['founder', 'investor', 'advisor', 'scout'],
    tags: ['portfolio'],
    cities: ['Berlin', 'London'],
  },
  sales: {
    ...emptyVocabulary('sales'),
    stages: stages(['Lead', 'Qualified', 'Demo', 'Proposal', 'Negotiation'], 'Won', 'Lost'),
    statuses: ['customer', 'prospect', 'churned'],
    industries: ['Healthcare', 'Logistics'],
    cities: ['Austin', 'Denver'],
    tags: ['champion', 'VIP'],
  },
  brokerage: {
    ...emptyVocabulary('brokerage'),
    stages: stages(['Inquiry', 'Viewing', 'Offer', 'Under Contract'], 'Closed', 'Withdrawn'),
    roles: ['buyer', 'seller', 'lender', 'attorney'],
    tags: ['client'],
  },
}

export const TOOLS: ReadonlySet<string> = new Set([
  'search_people',
  'get_record',
  'query_crm',
  'search_email',
  'read_email',
  'log_interaction',
  'propose_writeback',
  'get_proposal',
  'describe_crm',
])

/** `{P}` in questions, a lone `P` in meanings, become the handle. */
export const withNames = (text: string): string =>
  text
    .replace(/\{(\w+)\}/g, (_all, name: string) => NAMES[name as keyof typeof NAMES])
    .replace(
      /(?<![\w'"’])(C2?|P2?|D|M2?)(?!\w)|(?<=")(C2?|P2?|D|M2?)(?=")/g,
      (name) => NAMES[name as keyof typeof NAMES],
    )

/** A Friday: 20 November 2026, 09:00 UTC. */
export const NOW = new Date('2026-11-20T09:00:00Z')

/** Plans a conversation; names in braces. */
export const planFor = (
  trade: Vertical,
  said: readonly string[],
  options: { readonly tools?: readonly string[]; readonly shown?: readonly string[] } = {},
): Plan =>
  plan({
    turns: said.map((text, at) => ({
      said: text.replace(/\{(\w+)\}/g, (_all, name: string) => NAMES[name as keyof typeof NAMES]),
      legend: LEGEND,
      ...(at < said.length - 1 && options.shown ? { shown: options.shown } : {}),
    })),
    vocabulary: VOCABULARIES[trade],
    now: NOW,
    timezone: 'UTC',
    tools: new Set([...TOOLS, ...(options.tools ?? [])]),
  })
