import type { Slot } from './pieces.ts'
import type { Vocabulary } from './vocabulary.ts'

/**
 * Where a slot lives in each entity: a field or path over to-one relations; `people>role` is a field behind a to-many
 * relation. A slot that is not listed cannot be asked of that entity.
 */
export const PLACES: Readonly<Record<string, Readonly<Partial<Record<Slot, string>>>>> = {
  deals: {
    owner: 'owner',
    company: 'company',
    person: 'people>id',
    deal: 'id',
    stage: 'stage',
    status: 'status',
    amount: 'amount',
    bedrooms: 'bedrooms',
    side: 'side',
    tag: 'tags>name',
    part: 'people>role',
    title: 'people>title',
    city: 'company.city',
    country: 'company.country',
    industry: 'company.industry',
    standing: 'company.status',
    companyKind: 'company.kind',
  },
  companies: {
    owner: 'owner',
    company: 'id',
    person: 'people>id',
    deal: 'deals>id',
    stage: 'deals>stage',
    status: 'deals>status',
    amount: 'deals>amount',
    tag: 'tags>name',
    part: 'people>role',
    title: 'people>title',
    city: 'city',
    country: 'country',
    industry: 'industry',
    standing: 'status',
    companyKind: 'kind',
  },
  people: {
    owner: 'owner',
    company: 'company',
    person: 'id',
    deal: 'deals>id',
    stage: 'deals>stage',
    status: 'deals>status',
    amount: 'deals>amount',
    budget: 'interests>budget',
    bedrooms: 'interests>bedrooms_min',
    tag: 'tags>name',
    part: 'role',
    title: 'title',
    city: 'city',
    country: 'country',
    industry: 'company.industry',
    standing: 'company.status',
    companyKind: 'company.kind',
  },
  interactions: {
    owner: 'member',
    company: 'company',
    person: 'people>id',
    deal: 'deal',
    stage: 'deal.stage',
    status: 'deal.status',
    kind: 'kind',
    direction: 'direction',
    part: 'people>role',
    title: 'people>title',
    city: 'company.city',
    country: 'company.country',
    industry: 'company.industry',
    standing: 'company.status',
    companyKind: 'company.kind',
  },
  emails: {
    owner: 'from_member',
    company: 'company',
    person: 'from_person',
    direction: 'direction',
    attachment: 'has_attachment',
    part: 'from_person.role',
    title: 'from_person.title',
    city: 'company.city',
    industry: 'company.industry',
    standing: 'company.status',
    companyKind: 'company.kind',
  },
  threads: {
    owner: 'owner',
    company: 'company',
    person: 'person',
    deal: 'subject',
    subject: 'subject',
    direction: 'last_direction',
    part: 'person.role',
    title: 'person.title',
    city: 'company.city',
    industry: 'company.industry',
    standing: 'company.status',
    companyKind: 'company.kind',
  },
  tasks: {
    owner: 'assignee',
    company: 'company',
    person: 'people>id',
    deal: 'deal',
    stage: 'deal.stage',
    status: 'deal.status',
    done: 'done',
    part: 'people>role',
    standing: 'company.status',
  },
}

/** The date a plain period cuts, and the dates of the other names. */
export const DATES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  deals: {
    plain: 'created_at',
    created: 'created_at',
    closing: 'close_date',
    closed: 'closed_at',
    stage: 'stage_since',
    last: 'last_interaction_at',
  },
  companies: { plain: 'created_at', created: 'created_at', last: 'last_interaction_at' },
  people: { plain: 'created_at', created: 'created_at', last: 'last_interaction_at' },
  interactions: { plain: 'occurred_at', created: 'occurred_at', last: 'occurred_at' },
  emails: { plain: 'sent_at', created: 'sent_at', last: 'sent_at' },
  threads: { plain: 'last_at', created: 'first_at', last: 'last_at' },
  tasks: {
    plain: 'due_at',
    created: 'created_at',
    due: 'due_at',
    done: 'done_at',
    last: 'due_at',
    closing: 'due_at',
  },
}

const BY_TAG = new Set(['client', 'portfolio', 'vip', 'lead'])

/** Whether a part people play (buyer, founder …) is kept as their role or as a tag in this workspace. */
export const isTagged = (part: string, vocabulary: Vocabulary): boolean => {
  const same = (word: string): boolean => word.toLowerCase() === part.toLowerCase()
  if (vocabulary.roles.some(same)) return false
  return vocabulary.tags.some(same) || BY_TAG.has(part)
}

/** `companies.status` or `companies.kind`, by which of the two knows the word. */
export const standingSlot = (word: string, vocabulary: Vocabulary): Slot => {
  const same = (known: string): boolean => known.toLowerCase() === word.toLowerCase()
  return !vocabulary.statuses.some(same) && vocabulary.kinds.some(same) ? 'companyKind' : 'standing'
}

/** The workspace's own spelling of a word of a closed set. */
export const spelling = (word: string, known: readonly string[]): string =>
  known.find((value) => value.toLowerCase() === word.toLowerCase()) ?? word

const GROUPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  deals: { company: 'company', person: 'people', source: 'source', side: 'side' },
  companies: { kind: 'kind', source: 'source', status: 'status', company: 'id' },
  people: { role: 'role', source: 'source', company: 'company', status: 'company.status' },
  interactions: { person: 'people', company: 'company', kind: 'kind', deal: 'deal' },
  emails: { person: 'to_people', company: 'company' },
  threads: { person: 'person', company: 'company' },
  tasks: { company: 'company' },
}

/** Field to group an entity by for a dimension; undefined when it cannot be. */
export const groupField = (entity: string, dim: string, date: string): string | undefined => {
  if (['day', 'week', 'month', 'quarter', 'year'].includes(dim)) return `${date}:${dim}`
  const own = GROUPS[entity]?.[dim]
  if (own) return own
  const place = PLACES[entity]?.[dim as Slot]
  return place === undefined || place.includes('>') ? undefined : place
}
