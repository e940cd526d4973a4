import { has, says, saysStem, take, takeAll } from '../bag.ts'
import type { Bag } from '../bag.ts'
import { emptyDraft, withWant } from '../draft.ts'
import type { Draft } from '../draft.ts'
import type { EntityWord, EventPiece, Period, Want } from '../pieces.ts'
import type { Frame } from './common.ts'
import { takeNamed } from './common.ts'

const KINDS: Readonly<Record<string, Want>> = {
  meeting: { slot: 'kind', op: '=', value: 'meeting' },
  call: { slot: 'kind', op: '=', value: 'call' },
  viewing: { slot: 'kind', op: '=', value: 'viewing' },
  email: { slot: 'kind', op: '=', value: 'email' },
  speak: { slot: 'kind', op: 'in', value: ['call', 'meeting'] },
  heard: { slot: 'direction', op: '=', value: 'inbound' },
  wrote: { slot: 'direction', op: '=', value: 'outbound' },
}

const takeWho = (bag: Bag, start: Draft): Draft => {
  let draft = start
  for (let found = takeNamed(bag, ['members']); found; found = takeNamed(bag, ['members'])) {
    draft = withWant(draft, { slot: 'owner', op: '=', value: found.ref.handles[0]! })
  }
  for (
    let found = takeNamed(bag, ['people', 'companies', 'deals']);
    found;
    found = takeNamed(bag, ['people', 'companies', 'deals'])
  ) {
    const slot =
      found.ref.label === 'people' ? 'person' : found.ref.label === 'companies' ? 'company' : 'deal'
    const { handles } = found.ref
    draft = withWant(
      draft,
      handles.length === 1 ? { slot, op: '=', value: handles[0]! } : { slot, op: 'in', value: [...handles] },
    )
  }
  return draft
}

const isAboutSomeone = (draft: Draft): boolean =>
  draft.wants.some(({ slot }) => slot === 'person' || slot === 'company' || slot === 'deal')

/** "When did we last talk to …", "last contact with …", "who spoke to … last". */
export const lastContact: Frame = (bag) => {
  const asksWhen = says(bag, 'when') || (says(bag, 'long') && says(bag, 'how', 'since'))
  if (!(has(bag, 'LAST') || asksWhen) || has(bag, 'MEASURE') || has(bag, 'GROUP')) return undefined
  if (bag.pieces.some(({ type }) => type === 'PERIOD') || has(bag, 'SAID')) return undefined
  let draft = emptyDraft('interactions')
  const happened = take<EventPiece>(
    bag,
    'EVENT',
    ({ isNegated, event }) => !isNegated && !['won', 'lost', 'closing', 'created', 'reply'].includes(event),
  )
  const noun = take<EntityWord>(bag, 'ENTITY', ({ entity }) => entity === 'interactions')
  const contactWord = take<EntityWord>(
    bag,
    'ENTITY',
    ({ entity, where }) => entity === 'people' && !where && says(bag, 'contact'),
  )
  const mail = happened || noun ? undefined : take(bag, 'MAIL')
  if (!happened && !noun && !contactWord && !mail) return undefined
  if (happened?.event === 'email' && !asksWhen) return undefined
  if (asksWhen) {
    for (const [index, { word }] of bag.tokens.entries())
      if (['long', 'since', 'been', 'it', 'time', 'ago'].includes(word)) bag.taken.add(index)
  }
  if (mail && !asksWhen) return undefined
  takeAll(bag, 'LAST')
  if (asksWhen) takeAll(bag, 'RECENTLY')
  for (const [index, { word }] of bag.tokens.entries())
    if (['date', 'day', 'time'].includes(word)) bag.taken.add(index)
  const kind = happened
    ? KINDS[happened.event]
    : noun?.kind
      ? KINDS[noun.kind]
      : mail
        ? KINDS['email']
        : undefined
  if (kind) draft = withWant(draft, kind)
  draft = takeWho(bag, draft)
  if (!isAboutSomeone(draft)) return undefined
  const isTheirs =
    happened?.event === 'email' &&
    bag.pieces.some(
      (edge) =>
        edge.type === 'REF' &&
        bag.used.has(edge) &&
        edge.end <= bag.pieces.find(({ type }) => type === 'EVENT')!.start &&
        ['people', 'companies'].includes((edge.value as { ref: { label: string } }).ref.label),
    )
  if (isTheirs) draft = withWant(draft, { slot: 'direction', op: '=', value: 'inbound' })
  draft = { ...draft, order: [{ slot: 'date', desc: true }], limit: 1 }
  return { frame: 'contact.last', bonus: 0.8, draft }
}

const HAPPENED = new Set([
  'happen',
  'chang',
  'change',
  'history',
  'timelin',
  'activity',
  'activ',
  'interaction',
  'log',
  'update',
  'develop',
  'go',
  'new',
])

/** "Have we talked to … this month?": what there was, with its kind. */
export const contactIn: Frame = (bag) => {
  if (!['have', 'has', 'did', 'do'].includes(bag.tokens[0]?.word ?? '') || !has(bag, 'PERIOD'))
    return undefined
  if (has(bag, 'MEASURE') || has(bag, 'MAIL') || has(bag, 'VERSUS') || has(bag, 'MORE')) return undefined
  const happened = take<EventPiece>(
    bag,
    'EVENT',
    ({ isNegated, event }) => !isNegated && ['talk', 'speak', 'meeting', 'call', 'viewing'].includes(event),
  )
  if (!happened) return undefined
  const kind = KINDS[happened.event]
  const draft = takeWho(bag, kind ? withWant(emptyDraft('interactions'), kind) : emptyDraft('interactions'))
  const period = take<Period>(bag, 'PERIOD')
  if (!isAboutSomeone(draft) || !period) return undefined
  return {
    frame: 'contact.in',
    bonus: 0.6,
    draft: { ...draft, period, order: [{ slot: 'date', desc: false }] },
  }
}

/** "everything that happened with …", "history with …", "what is new with …". */
export const timeline: Frame = (bag) => {
  const cue = bag.tokens.findIndex(
    ({ stem, word }) => HAPPENED.has(stem) || ['everything', 'activity', 'happening', 'new'].includes(word),
  )
  if (cue < 0 || has(bag, 'MEASURE') || has(bag, 'GROUP') || has(bag, 'MAIL')) return undefined
  if (bag.tokens[cue]!.word === 'new' && !says(bag, 'what')) return undefined
  let draft = takeWho(bag, emptyDraft('interactions'))
  if (!isAboutSomeone(draft)) return undefined
  for (const [index, token] of bag.tokens.entries()) {
    if (
      HAPPENED.has(token.stem) ||
      ['everything', 'anything', 'events', 'full', 'complete', 'on', 'been', 'lately'].includes(token.word)
    )
      bag.taken.add(index)
  }
  take<EntityWord>(bag, 'ENTITY', ({ entity, kind }) => entity === 'interactions' && kind === undefined)
  const period = take<Period>(bag, 'PERIOD')
  const notes: string[] = []
  if (period) draft = { ...draft, period }
  else if (take(bag, 'RECENTLY') ?? take(bag, 'LAST')) {
    draft = { ...draft, period: { kind: 'back', token: '-30d' } }
    notes.push('"recently" taken as the last 30 days')
  }
  return {
    frame: 'contact.timeline',
    bonus: 0.5,
    draft: { ...draft, order: [{ slot: 'date', desc: false }], notes },
  }
}

const THREAD_SUBJECT = new Set([
  'proposal',
  'quote',
  'offer',
  'contract',
  'invoice',
  'pricing',
  'renewal',
  'nda',
  'deck',
  'proposals',
  'quotes',
  'offers',
  'intro',
  'contracts',
  'invoices',
  'listing',
  'inspection',
  'follow-up',
])

const aboutText = (bag: Bag): string | undefined => {
  const about = bag.pieces.find(
    ({ type, start, end }) =>
      type === 'ABOUT' && !bag.used.has(bag.pieces.find((edge) => edge.start === start && edge.end === end)!),
  )
  if (!about) return undefined
  const words: string[] = []
  let at = about.end
  for (; at < bag.tokens.length; at += 1) {
    const token = bag.tokens[at]!
    const piece = bag.pieces.find(
      (edge) =>
        edge.start <= at &&
        edge.end > at &&
        (['REF', 'PERIOD', 'UNANSWERED', 'WAITING_US', 'WAITING_THEM'].includes(edge.type) ||
          (edge.type === 'ENTITY' && (edge.value as EntityWord).where !== undefined)),
    )
    if (piece || token.kind === 'mark') break
    if (token.kind === 'handle') break
    words.push(token.raw)
    bag.taken.add(at)
  }
  if (words.length === 0) return undefined
  bag.used.add(about)
  return words.join(' ').replace(/^(the|our|a|an) /i, '')
}

/** Threads by who wrote last: "unanswered", "waiting for my reply", "who has not replied to my …". */
export const threads: Frame = (bag) => {
  const reply = bag.pieces.find(
    (edge) =>
      edge.type === 'EVENT' &&
      (edge.value as EventPiece).isNegated &&
      ['reply', 'heard'].includes((edge.value as EventPiece).event) &&
      !(edge.value as EventPiece).isQuiet,
  )
  const cue = ['UNANSWERED', 'WAITING_US', 'WAITING_THEM'].find((type) => has(bag, type))
  const isHeard = reply !== undefined && (reply.value as EventPiece).event === 'heard'
  if (!cue && !reply) return undefined
  if (isHeard && !(has(bag, 'MAIL') || says(bag, 'back') || says(bag, 'who'))) return undefined
  if (
    !cue &&
    isHeard &&
    bag.pieces.some(
      ({ type, value }) =>
        type === 'ENTITY' &&
        ['people', 'companies', 'deals'].includes((value as EntityWord).entity) &&
        (value as EntityWord).where,
    )
  )
    return undefined
  let side: 'us' | 'them' = cue === 'WAITING_THEM' ? 'them' : 'us'
  let draft = emptyDraft('threads')
  if (reply) {
    bag.used.add(reply)
    const before = bag.tokens.slice(Math.max(0, reply.start - 3), reply.end)
    const isOurs =
      before.some(({ word }) => ['we', 'i', 'nobody', 'us', 'our', 'one'].includes(word)) ||
      bag.tokens.slice(reply.start, reply.end).some(({ word }) => word === 'been') ||
      bag.pieces.some(
        (edge) =>
          edge.type === 'REF' &&
          edge.end <= reply.start + 1 &&
          edge.end >= reply.start - 1 &&
          (edge.value as { ref: { label: string } }).ref.label === 'members',
      )
    side = isHeard ? 'them' : isOurs ? 'us' : 'them'
  }
  const isOurDocument = bag.tokens.some(
    ({ word }, at) => THREAD_SUBJECT.has(word) && ['my', 'our'].includes(bag.tokens[at - 1]?.word ?? ''),
  )
  const isSentByUs = bag.pieces.some(
    ({ type, value, start }) =>
      type === 'EVENT' &&
      ['send', 'email'].includes((value as EventPiece).event) &&
      ['we', 'i'].includes(bag.tokens[start - 1]?.word ?? ''),
  )
  if (cue === 'UNANSWERED' && (isOurDocument || isSentByUs)) side = 'them'
  const isOutgoing = bag.pieces.some(
    ({ type, value }) =>
      type === 'FILTER' &&
      (value as readonly Want[]).some(({ slot, value: way }) => slot === 'direction' && way === 'outbound'),
  )
  if (isOutgoing) side = 'them'
  // "No response from …": theirs is what is missing, unless a colleague's is.
  const none = bag.pieces.find(
    ({ type, start }) => type === 'UNANSWERED' && ['no', 'without', 'with'].includes(bag.tokens[start]!.word),
  )
  const whose = none && bag.tokens[none.end]?.word === 'from' ? bag.tokens[none.end + 1] : undefined
  if (whose && !['us', 'me'].includes(whose.word) && !whose.raw.startsWith('MEMBER_')) side = 'them'
  for (const type of ['UNANSWERED', 'WAITING_US', 'WAITING_THEM']) takeAll(bag, type)
  takeAll(bag, 'MAIL')
  takeAll(bag, 'SEARCH')
  for (const edge of bag.pieces) {
    if (
      edge.type === 'EVENT' &&
      !bag.used.has(edge) &&
      ['email', 'send', 'reply', 'receive', 'talk', 'created'].includes((edge.value as EventPiece).event)
    )
      bag.used.add(edge)
    if (
      edge.type === 'FILTER' &&
      (edge.value as readonly Want[]).every(
        ({ slot, value }) => slot === 'direction' || (slot === 'status' && value === 'open'),
      )
    )
      bag.used.add(edge)
  }
  if (
    saysStem(bag, 'my', 'i', 'mine') ||
    bag.tokens.some(({ word }) => ['my', 'i', 'me', 'mine'].includes(word))
  ) {
    const isShow = bag.tokens.some(
      ({ word }, index) => word === 'me' && /^(show|give|tell|get)$/.test(bag.tokens[index - 1]?.word ?? ''),
    )
    const others = bag.tokens.some(({ word }) => ['my', 'i', 'mine'].includes(word))
    if (!isShow || others) draft = withWant(draft, { slot: 'owner', op: '=', value: 'me' })
    for (const [index, token] of bag.tokens.entries())
      if (['my', 'i', 'me', 'mine'].includes(token.word)) bag.taken.add(index)
    for (const edge of bag.pieces)
      if (
        edge.type === 'REF' &&
        JSON.stringify((edge.value as { ref: { handles: string[] } }).ref.handles) === '["me"]'
      )
        bag.used.add(edge)
  }
  for (let found = takeNamed(bag, ['members']); found; found = takeNamed(bag, ['members']))
    draft = withWant(draft, { slot: 'owner', op: '=', value: found.ref.handles[0]! })
  for (
    let found = takeNamed(bag, ['companies', 'people', 'deals']);
    found;
    found = takeNamed(bag, ['companies', 'people', 'deals'])
  ) {
    const slot =
      found.ref.label === 'people' ? 'person' : found.ref.label === 'companies' ? 'company' : 'deal'
    draft = withWant(draft, { slot, op: found.isNegated ? '!=' : '=', value: found.ref.handles[0]! })
  }
  const place = takeNamed(bag, ['value'], ({ ref }) => ref.handles[0]!.startsWith('PLACE_'))
  if (place && !place.isNegated)
    draft = withWant(draft, { slot: 'subject', op: '=', value: place.ref.handles[0]! })
  for (const word of takeAll<EntityWord>(
    bag,
    'ENTITY',
    ({ entity, where }) => ['companies', 'people'].includes(entity) && where !== undefined,
  ))
    for (const want of word.where ?? []) draft = withWant(draft, want)
  for (const wants of takeAll<readonly Want[]>(bag, 'FILTER', (value) =>
    value.every(({ slot }) => ['part', 'title', 'standing', 'industry', 'city'].includes(slot)),
  ))
    for (const want of wants) draft = withWant(draft, want)
  takeAll<EntityWord>(
    bag,
    'ENTITY',
    ({ entity, where }) => ['people', 'companies', 'members'].includes(entity) && where === undefined,
  )
  const subject = bag.tokens.findIndex(({ word }) => THREAD_SUBJECT.has(word))
  const quoted = take<string>(bag, 'QUOTE')
  const text =
    quoted ?? aboutText(bag) ?? (subject >= 0 ? bag.tokens[subject]!.word.replace(/s$/, '') : undefined)
  if (subject >= 0) bag.taken.add(subject)
  if (text) {
    draft = withWant(draft, { slot: 'subject', op: '=', value: text })
    if (subject >= 0)
      for (const edge of bag.pieces)
        if (edge.type === 'FILTER' && edge.start <= subject && edge.end > subject) bag.used.add(edge)
  } else take(bag, 'ABOUT')
  const period = take<Period>(bag, 'PERIOD')
  if (period)
    draft = { ...draft, period: period.kind === 'span' ? { kind: 'older', token: period.token } : period }
  const measure = take<{ fn: 'count' | 'sum' | 'avg' }>(bag, 'MEASURE')
  const group = take<{ dim: string }>(bag, 'GROUP')
  const shaped = {
    ...(measure || group
      ? { measures: [{ fn: 'count' as const }] }
      : { order: [{ slot: 'last', desc: false }] }),
    ...(group ? { groups: [group.dim] } : {}),
  }
  take(bag, 'ORDER')
  take(bag, 'LAST')
  return { frame: 'threads', bonus: 0.9, draft: { ...draft, reply: side, ...shaped } }
}
