import { has, says, take, takeAll } from '../bag.ts'
import { emptyDraft, withWant } from '../draft.ts'
import type { Draft } from '../draft.ts'
import type { EntityWord, Want } from '../pieces.ts'
import type { Frame, Reading } from './common.ts'
import { takeNamed } from './common.ts'

const DETAILS = new Set(['phone', 'email', 'contact', 'linkedin_url', 'tags', 'notes', 'budget'])

const describe = (draft: Draft): Reading => ({ frame: 'lookup', bonus: 0.5, draft })

const oneRecord = (label: string, handle: string, fields: readonly string[]): Draft =>
  withWant(
    { ...emptyDraft(label), fields },
    {
      slot: label === 'people' ? 'person' : label === 'companies' ? 'company' : 'deal',
      op: '=',
      value: handle,
    },
  )

/** "Who is …": one person, or the record behind a name. */
export const whoIs: Frame = (bag) => {
  const first = bag.tokens[0]?.word
  const asks =
    first === 'who' ||
    first === 'whois' ||
    (first === 'tell' && says(bag, 'about')) ||
    first === 'show' ||
    first === 'find' ||
    first === 'lookup' ||
    first === 'look' ||
    first === 'pull' ||
    first === 'bring' ||
    first === 'open' ||
    first === 'do' ||
    (first === 'what' && bag.tokens[1]?.stem === 'be') ||
    says(bag, 'who') ||
    bag.tokens.length <= 2
  if (!asks) return undefined
  const found = takeNamed(bag, ['people', 'companies', 'deals'])
  if (!found || found.isNegated) return undefined
  take(bag, 'ABOUT')
  take(bag, 'SEARCH')
  takeAll<EntityWord>(
    bag,
    'ENTITY',
    ({ where, kind, entity }) =>
      where === undefined && kind === undefined && ['people', 'companies', 'deals'].includes(entity),
  )
  const handle = found.ref.handles[0]!
  if (found.ref.label === 'people')
    return {
      frame: 'lookup.person',
      bonus: 0.2,
      calls: [{ tool: 'search_people', args: { query: handle, limit: 5 } }],
      readAs: `who ${handle} is`,
    }
  return {
    frame: 'lookup.record',
    bonus: 0,
    calls: [{ tool: 'get_record', args: { id: handle } }],
    readAs: `the record ${handle}`,
  }
}

/** "Who owns …", "what stage is … in", "…'s phone number". */
export const attribute: Frame = (bag) => {
  if (has(bag, 'MEASURE') && !says(bag, 'much')) return undefined
  if (has(bag, 'GROUP') || has(bag, 'PERIOD') || has(bag, 'LAST')) return undefined
  const owns = says(bag, 'who', 'whose', 'which') ? take(bag, 'OWNS') : undefined
  const asksWhose =
    says(bag, 'whose') &&
    takeAll<EntityWord>(bag, 'ENTITY', ({ entity }) => entity === 'companies' || entity === 'deals').length >
      0
  const attributes = takeAll<string>(bag, 'ATTR')
  const dims = takeAll<string>(bag, 'DIM')
  if (says(bag, 'where') && attributes.length === 0) {
    const works = bag.tokens.findIndex(({ stem }) => stem === 'work')
    if (works >= 0) bag.taken.add(works)
    attributesPush(attributes, works >= 0 ? 'company' : 'city')
  }
  if (attributes.length === 0 && says(bag, 'what', 'which') && bag.tokens.some(({ stem }) => stem === 'work'))
    attributesPush(attributes, 'company')
  for (const dim of dims)
    if (['owner', 'stage', 'company', 'status', 'city', 'role', 'industry'].includes(dim))
      attributesPush(attributes, dim)
  const works = bag.tokens.findIndex(({ stem }) => stem === 'work')
  if (works >= 0 && (attributes.length > 0 || dims.includes('company'))) bag.taken.add(works)
  if (says(bag, 'stage')) take(bag, 'PIPE')
  take<{ fn: string }>(bag, 'MEASURE')
  takeAll<EntityWord>(
    bag,
    'ENTITY',
    ({ entity, where, kind }) =>
      ['deals', 'companies'].includes(entity) && where === undefined && kind === undefined,
  )
  const isOwner = owns !== undefined || asksWhose
  if (!isOwner && attributes.length === 0) return undefined
  const fields = [...new Set([...(isOwner ? ['owner'] : []), ...attributes])]
  const wanted = fields.some((field) =>
    ['amount', 'stage', 'close_date', 'next_step', 'bedrooms'].includes(field),
  )
    ? ['deals', 'companies']
    : ['people', 'companies', 'deals']
  const found = takeNamed(bag, wanted) ?? takeNamed(bag, ['people', 'companies', 'deals'])
  if (!found || found.isNegated) return undefined
  take(bag, 'EVENT')
  const handle = found.ref.handles[0]!
  const { label } = found.ref
  if (works >= 0 && label !== 'people') return undefined
  if (label === 'people' && fields.some((field) => DETAILS.has(field))) {
    return {
      frame: 'lookup.details',
      bonus: 1,
      calls: [{ tool: 'search_people', args: { query: handle, limit: 1 } }],
      readAs: `${fields.join(', ')} of ${handle}`,
    }
  }
  const isDealAttribute = fields.some((field) =>
    ['stage', 'amount', 'close_date', 'next_step'].includes(field),
  )
  if (label === 'companies' && isDealAttribute) {
    const draft = withWant({ ...emptyDraft('deals'), fields }, { slot: 'company', op: '=', value: handle })
    return says(bag, 'much') && says(bag, 'deal') ? { ...describe(draft), bonus: 0.9 } : describe(draft)
  }
  if (fields.some((field) => DETAILS.has(field)))
    return {
      frame: 'lookup.details',
      bonus: 0.4,
      calls: [{ tool: 'get_record', args: { id: handle } }],
      readAs: `${fields.join(', ')} of ${handle}`,
    }
  return { ...describe(oneRecord(label, handle, fields)), frame: 'lookup.attribute', bonus: 0.75 }
}

const attributesPush = (attributes: readonly string[], value: string): void => {
  ;(attributes as string[]).push(value)
}

const KNOW = new Set(['know', 'work', 'contact', 'employ', 'have', 'talk', 'deal', 'reach'])

/** "Who do we know at …", "the CFO of …", "contacts at …". */
export const peopleAt: Frame = (bag) => {
  if (has(bag, 'MEASURE') || has(bag, 'LAST') || has(bag, 'MOST') || has(bag, 'GROUP')) return undefined
  const titles: Want[] = []
  for (const wants of takeAll<readonly Want[]>(bag, 'FILTER', (value) =>
    value.every(({ slot }) => ['title', 'part', 'city'].includes(slot)),
  ))
    titles.push(...wants)
  const nouns = takeAll<EntityWord>(bag, 'ENTITY', ({ entity }) => entity === 'people')
  for (const noun of nouns) titles.push(...(noun.where ?? []))
  const isWho =
    says(bag, 'who', 'whom', 'anyone', 'everyone', 'everybody', 'somebody', 'someone', 'anybody', 'people') ||
    nouns.length > 0 ||
    titles.length > 0
  if (!isWho) return undefined
  const found = takeNamed(bag, ['companies', 'deals'], ({ role }) => role !== 'to' && role !== 'about')
  if (!found) return undefined
  const knows = bag.tokens.findIndex(({ stem }) => KNOW.has(stem))
  if (nouns.length === 0 && titles.length === 0 && knows < 0 && found.role !== 'at' && found.role !== 'from')
    return undefined
  if (has(bag, 'EVENT')) {
    const isKnow = bag.pieces.every(
      (edge) => edge.type !== 'EVENT' || !(edge.value as { isNegated: boolean }).isNegated,
    )
    if (!isKnow) return undefined
  }
  for (const [index, { stem, word }] of bag.tokens.entries())
    if (KNOW.has(stem) || ['main', 'key', 'primary'].includes(word)) bag.taken.add(index)
  let draft = emptyDraft('people')
  draft = withWant(draft, {
    slot: found.ref.label === 'deals' ? 'deal' : 'company',
    op: found.isNegated ? '!=' : '=',
    value: found.ref.handles[0]!,
  })
  for (const want of titles) draft = withWant(draft, want)
  if (says(bag, 'address', 'addresses', 'phone', 'phones', 'number', 'numbers', 'details', 'title', 'titles'))
    take(bag, 'ATTR')
  take(bag, 'SEARCH')
  return { frame: 'lookup.people', bonus: titles.length > 0 ? 0.7 : 0.5, draft }
}
