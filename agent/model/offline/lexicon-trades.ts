import type { LexicalEntry } from './lexicon.ts'
import { OPEN } from './lexicon.ts'
import type { Vertical } from './vocabulary.ts'

const part = (value: string, ...patterns: string[]): LexicalEntry => [
  'ENTITY',
  { entity: 'people', where: [{ slot: 'part', op: '=', value }] },
  ...patterns,
]

/** Parts people play in any trade. A workspace's own roles and tags come on top (seeds.ts). */
export const PARTS: readonly LexicalEntry[] = [
  part('founder', 'founder', 'cofounder', 'co founder'),
  part('investor', 'investor'),
  part('buyer', 'buyer', 'house hunter', 'home buyer'),
  part('seller', 'seller', 'vendor of a house'),
  part('advisor', 'advisor', 'adviser'),
  part('lender', 'lender', 'mortgage broker'),
  part('attorney', 'attorney', 'lawyer', 'solicitor'),
  part('scout', 'scout'),
  part('tenant', 'tenant', 'renter'),
  part('landlord', 'landlord'),
  part('champion', 'champion'),
  part('decision maker', 'decision maker', 'decision makers'),
  part('lp', '=lp', '=lps', 'limited partner'),
]

export const TRADES: Readonly<Record<Vertical, readonly LexicalEntry[]>> = {
  fund: [
    ['ENTITY', { entity: 'deals' }, 'round'],
    ['ENTITY', { entity: 'deals', where: [{ slot: 'status', op: '=', value: 'won' }] }, 'investment'],
    ['ENTITY', { entity: 'companies' }, 'startup', 'start up', 'start ups', 'target'],
    [
      'ENTITY',
      { entity: 'companies', where: [{ slot: 'tag', op: '=', value: 'portfolio' }] },
      'portfolio company',
      'portfolio startup',
      'portco',
      'portcos',
      'portfolio',
    ],
    ['ADJECTIVE', [{ slot: 'tag', op: '=', value: 'portfolio' }], 'portfolio'],
    ['REVENUE', {}, '=sales'],
    ['DIM', 'owner', 'partner', 'principal', 'deal lead', 'associate'],
    ['VERB', { event: 'won' }, 'invest in', 'invested', 'backed', 'funded'],
  ],
  sales: [
    ['ENTITY', { entity: 'deals', lead: true }, 'lead', 'inbound lead'],
    ['ENTITY', { entity: 'companies', where: [{ slot: 'standing', op: '=', value: 'customer' }] }, 'client'],
    [
      'ENTITY',
      { entity: 'companies', where: [{ slot: 'standing', op: '=', value: 'partner' }] },
      'partner',
      'reseller',
    ],
    ['REVENUE', {}, '=sales'],
    ['DIM', 'owner', 'seller', 'ae'],
  ],
  brokerage: [
    [
      'ENTITY',
      { entity: 'deals', listing: true },
      'listing',
      'property',
      'house',
      'home',
      'apartment',
      'condo',
      'flat',
      'villa',
      'townhouse',
      'bungalow',
      'maisonette',
      'unit',
    ],
    ['ENTITY', { entity: 'deals' }, 'transaction', 'escrow'],
    ['ENTITY', { entity: 'people', where: [{ slot: 'part', op: '=', value: 'client' }] }, 'client'],
    ['ENTITY', { entity: 'people', where: [{ slot: 'part', op: '=', value: 'lead' }] }, 'lead'],
    ['FILTER', [OPEN], 'on the market', 'for sale', 'available', 'on market', 'unsold', 'currently listed'],
    ['VERB', { event: 'won' }, 'sold', 'sell', '=closed'],
    ['DIM', 'owner', 'realtor', 'listing agent', 'agent'],
    ['WINS', {}, 'sale', 'sold listing', 'sold home', 'sold property'],
  ],
}
