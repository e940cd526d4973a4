import { entityOf } from '../../db/catalog/all.ts'
import { settablesOf } from '../fields.ts'
import type { SettableField } from '../fields.ts'
import type { Shape } from './read-values.ts'

export const IMPORT_KINDS = [
  'people',
  'companies',
  'deals',
  'interactions',
  'funds',
  'commitments',
  'lists',
  'tags',
] as const
export type ImportKind = (typeof IMPORT_KINDS)[number]

/** A place that a column of the file can go to: `people.email`, `deals.amount`. */
export interface Slot {
  readonly key: string
  readonly entity: ImportKind
  /** A settable field by its name, or one of our own: `name`, `email`, `phone`, `list`, `tags`, `lists`, `investor`, `category`. */
  readonly name: string
  readonly field: SettableField | undefined
  readonly shape: Shape
  /** Several columns may go there. */
  readonly many: boolean
  readonly words: readonly string[]
}

/** Words that say which entity a header speaks of: `contact email`. */
export const ENTITY_WORDS: Readonly<Record<ImportKind, readonly string[]>> = {
  people: [
    'contact',
    'person',
    'people',
    'primary contact',
    'main contact',
    'client',
    'lead',
    'buyer',
    'seller',
    'attendee',
    'founder',
    'investor',
  ],
  companies: [
    'company',
    'account',
    'organisation',
    'organization',
    'org',
    'firm',
    'business',
    'startup',
    'employer',
    'client',
    'customer',
  ],
  deals: ['deal', 'opportunity', 'opp', 'listing', 'pipeline'],
  interactions: ['interaction', 'activity', 'meeting', 'call', 'event'],
  funds: ['fund', 'vehicle'],
  commitments: ['commitment', 'pledge', 'subscription'],
  lists: ['list'],
  tags: ['tag', 'label'],
}

/** What headers say beside the catalog's own words. */
const MORE_WORDS: Readonly<Record<string, readonly string[]>> = {
  'people.name': [
    'name',
    'full name',
    'contact',
    'person',
    'client',
    'attendee',
    'poc',
    'point of contact',
    'display name',
  ],
  'people.given_name': ['given name', 'forename', 'vorname', 'firstname', 'fname'],
  'people.family_name': ['family name', 'nachname', 'lastname', 'lname'],
  'people.email': ['email', 'e mail', 'mail', 'email address', 'emails', 'e mail address', 'other email'],
  'people.phone': [
    'phone',
    'mobile',
    'tel',
    'telephone',
    'cell',
    'phone number',
    'mobile phone',
    'work phone',
    'direct line',
    'telefon',
    'mobil',
  ],
  'people.list': [
    'founders',
    'founder',
    'co founders',
    'contacts',
    'people',
    'attendees',
    'participants',
    'team',
    'key people',
    'employees list',
    'members',
  ],
  'people.title': ['title', 'job', 'function', 'job role'],
  'people.linkedin_url': ['linkedin', 'linkedin profile', 'linkedin url'],
  'companies.name': [
    'company',
    'company name',
    'account',
    'account name',
    'organisation',
    'organization',
    'employer',
    'firm',
    'startup',
    'business',
    'firma',
    'client',
    'customer',
    'kunde',
    'unternehmen',
  ],
  'companies.domain': ['website', 'domain', 'url', 'web', 'homepage', 'site', 'web site'],
  'companies.industry': ['vertical', 'branch', 'category'],
  'deals.name': ['deal', 'deal name', 'opportunity', 'opportunity name', 'name', 'title', 'project'],
  'deals.amount': [
    'deal size',
    'deal value',
    'acv',
    'arr',
    'ticket',
    'check size',
    'list price',
    'volume',
    'budget',
  ],
  'deals.close_date': ['close', 'close date', 'closing date', 'expected close date', 'expected closing'],
  'deals.stage': ['status', 'pipeline stage', 'phase'],
  'deals.next_step': ['next steps', 'next action', 'follow up'],
  'interactions.occurred_at': ['time', 'meeting date', 'call date', 'timestamp', 'start', 'start time'],
  'interactions.summary': ['subject', 'topic', 'title', 'name', 'headline'],
  'interactions.body': ['notes', 'description', 'details', 'comments', 'minutes of meeting'],
  'interactions.kind': ['activity type'],
  'interactions.duration_minutes': ['duration', 'minutes', 'length', 'duration min', 'duration minutes'],
  'interactions.member': ['owner', 'colleague', 'host', 'logged by'],
  notes: ['note', 'comments', 'comment', 'description', 'remarks', 'bemerkung'],
  owner: ['assigned to', 'assignee', 'responsible', 'account owner', 'deal owner'],
  tags: ['tags', 'tag', 'labels', 'label', 'categories', 'segments'],
  lists: ['lists', 'list', 'list membership', 'memberships', 'on lists'],
  'funds.name': ['fund', 'fund name', 'vehicle'],
  'funds.vintage': ['vintage year'],
  'funds.target': ['target size', 'fund size', 'target amount'],
  'commitments.investor': [
    'investor',
    'investor name',
    'investors',
    'lp',
    'lp name',
    'limited partner',
    'backer',
  ],
  'commitments.investor_kind': ['investor type', 'investor kind', 'lp type', 'type'],
  'commitments.amount': [
    'commitment',
    'commitment amount',
    'committed',
    'committed amount',
    'ticket size',
    'amount',
  ],
  'commitments.called': ['called capital', 'drawn', 'drawdown', 'paid in'],
  'commitments.committed_on': ['date', 'commitment date', 'signed', 'signed on', 'closing', 'closing date'],
  'commitments.funded_on': ['funded', 'wired', 'wire date', 'funding date'],
  'lists.name': ['list', 'list name'],
  'lists.kind': ['list kind', 'list type', 'type'],
  'tags.name': ['tag', 'tag name', 'label'],
  'tags.category': ['category', 'tag category', 'group', 'tag group'],
}

/** Of records that the file is not about, only what tells which they are. */
const SIDE_FIELDS: Readonly<Record<ImportKind, readonly string[]>> = {
  people: ['given_name', 'family_name', 'title', 'city', 'linkedin_url'],
  companies: ['name', 'domain', 'industry'],
  deals: ['name'],
  interactions: [],
  funds: ['name'],
  commitments: [],
  lists: [],
  tags: [],
}

const SIDES: Readonly<Record<ImportKind, readonly ImportKind[]>> = {
  people: ['companies'],
  companies: ['people'],
  deals: ['people', 'companies'],
  interactions: ['people', 'companies', 'deals'],
  funds: [],
  commitments: ['people', 'companies', 'funds'],
  lists: ['people', 'companies'],
  tags: ['people', 'companies'],
}

const shapeOf = ({ type, column }: SettableField): Shape => {
  if (column === 'linkedin_url') return 'linkedin'
  if (column === 'domain') return 'url'
  switch (type) {
    case 'money':
      return 'money'
    case 'number':
      return 'number'
    case 'date':
    case 'timestamp':
      return 'date'
    case 'text':
    case 'boolean':
    case 'record':
    case 'json':
      return 'text'
  }
}

const RESOLVED = new Set(['members', 'stages'])

const fieldSlots = (entity: ImportKind, only?: readonly string[]): readonly Slot[] => {
  const described = entityOf(entity)
  return settablesOf(described, 'create').flatMap((field): Slot[] => {
    if (field.kind !== 'field' || (only && !only.includes(field.name))) return []
    if (field.marks.references !== undefined && !RESOLVED.has(field.marks.references)) return []
    const key = `${entity}.${field.name}`
    const plain = field.name.replace(/_(url|minutes|at)$/, '')
    const words = [
      field.name,
      plain,
      ...(field.marks.words ?? []),
      ...(described.relations?.[field.name]?.words ?? []),
      ...(MORE_WORDS[key] ?? []),
      ...(MORE_WORDS[field.name] ?? []),
    ]
    return [
      {
        key,
        entity,
        name: field.name,
        field,
        shape: shapeOf(field),
        many: false,
        words: words.map(plainHeader),
      },
    ]
  })
}

const own = (entity: ImportKind, name: string, shape: Shape, many: boolean): Slot => ({
  key: `${entity}.${name}`,
  entity,
  name,
  field: undefined,
  shape,
  many,
  words: [...(MORE_WORDS[`${entity}.${name}`] ?? []), ...(MORE_WORDS[name] ?? [])],
})

const TAGGED: ReadonlySet<ImportKind> = new Set(['people', 'companies', 'deals'])
const LISTED: ReadonlySet<ImportKind> = new Set(['people', 'companies', 'commitments'])

const peopleSlots = (kind: ImportKind): readonly Slot[] => [
  own('people', 'name', 'name', false),
  own('people', 'email', 'email', true),
  own('people', 'phone', 'phone', true),
  ...(kind === 'people' ? [] : [own('people', 'list', 'text', true)]),
]

/** Every place a column can go to in a file about that kind of record. */
export const slotsOf = (kind: ImportKind): readonly Slot[] => [
  ...fieldSlots(kind),
  ...SIDES[kind].flatMap((side) => fieldSlots(side, SIDE_FIELDS[side])),
  ...(kind === 'funds' ? [] : peopleSlots(kind)),
  ...(TAGGED.has(kind) ? [own(kind, 'tags', 'text', true)] : []),
  ...(LISTED.has(kind) ? [own(kind, 'lists', 'text', true)] : []),
  ...(kind === 'commitments'
    ? [own(kind, 'investor', 'text', false), own(kind, 'investor_kind', 'text', false)]
    : []),
  ...(kind === 'tags' ? [own(kind, 'category', 'text', false)] : []),
]

/** `Contact_Email (work)` -> `contact email`; `firstName` -> `first name`. */
export const plainHeader = (header: string): string =>
  header
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll(/\([^)]*\)/g, ' ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/ ?\d+$/, '')
    .trim()
