import { has, says, take, takeAll } from '../bag.ts'
import type { Bag } from '../bag.ts'
import type { Edge } from '../chart.ts'
import { isContent, isUnskippable } from '../cover.ts'
import type { EntityWord, EventPiece, Period, RankPiece, RefPiece, Want } from '../pieces.ts'
import type { Frame, FrameContext } from './common.ts'
import { takeNamed } from './common.ts'
import { stem } from '../stem.ts'
import { dateConditions } from '../dates.ts'

const DOCUMENTS = new Set(
  'report deck contract proposal invoice nda agreement pdf spreadsheet statement sheet brochure plan file document attachment model questionnaire redline appraisal disclosure lease quote presentation msa sow financials memo slides teaser resume floorplan'.split(
    ' ',
  ),
)
/** Verbs that also say what something is about: who stands before them wrote it. */
const SPEAKS = new Set(
  ['ask', 'mention', 'bring', 'raise', 'refer', 'complain', 'discuss', 'write', 'speak'].map(stem),
)
const DEEDS = new Set(
  'promise agree offer propose request complain object suggest confirm commit'.split(' ').map(stem),
)
const DROPPED = new Set(
  'come came comes received the a an our any all with that which who where is are was were did do does has have had in of to for on and it they them their he she we i my me please ever anything something what say said says when this there be word phrase appears about from at by find search show email emails mail mails message messages get us how yet already so far still attached attachment attachments'.split(
    ' ',
  ),
)

/** "We email", "did I mail": a verb, not the noun. */
const isVerb = (bag: Bag, { start, end }: Edge): boolean =>
  end === start + 1 && ['we', 'i', 'ever', 'not'].includes(bag.tokens[start - 1]?.word ?? '')

const isUsedAt = (bag: Bag, at: number): boolean =>
  [...bag.used].some((edge) => edge.start <= at && edge.end > at)

/**
 * Search words: what follows "about", "mentioned", "search for"; what stands right before "email"; quotes. Words
 * elsewhere are not taken, so that a question that was not understood is not searched for.
 */
const searchWords = (bag: Bag, cues: readonly Edge[], mail: Edge | undefined): string[] => {
  const wanted = new Set<number>()
  for (const cue of cues) {
    for (let at = cue.end; at < bag.tokens.length; at += 1) {
      if (isUsedAt(bag, at) && !cues.some((edge) => edge.start <= at && edge.end > at)) {
        if (wanted.size > 0) break
        continue
      }
      wanted.add(at)
    }
  }
  if (mail) {
    for (
      let at = mail.start - 1;
      at >= 0 &&
      !isUsedAt(bag, at) &&
      bag.tokens[at]!.kind !== 'number' &&
      !DROPPED.has(bag.tokens[at]!.word) &&
      !isUnskippable(bag.tokens[at]!);
      at -= 1
    )
      wanted.add(at)
    const documents = bag.tokens.findIndex(
      ({ word }, at) => at > mail.start && (word === 'with' || word === 'attached'),
    )
    if (documents >= 0) {
      for (let at = documents + 1; at < bag.tokens.length && !isUsedAt(bag, at); at += 1) wanted.add(at)
    }
  }
  for (const [at, { kind }] of bag.tokens.entries()) if (kind === 'quote') wanted.add(at)
  const words: string[] = []
  for (const at of [...wanted].sort((a, b) => a - b)) {
    const token = bag.tokens[at]!
    bag.taken.add(at)
    // "sign-on" is one word.
    if (
      words.length > 0 &&
      bag.text[token.start - 1] === '-' &&
      bag.tokens[at - 1]?.end === token.start - 1
    ) {
      words.push(`${words.pop()!}-${token.raw}`)
      continue
    }
    if (isUsedAt(bag, at) || token.kind === 'mark' || token.word === "'s") continue
    if (DROPPED.has(token.word) && token.kind === 'word') continue
    words.push(token.kind === 'quote' ? `"${token.raw}"` : token.raw)
  }
  return words
}

const dates = (period: Period, context: FrameContext): Record<string, string> => {
  const conditions = dateConditions('at', period, false, context)
  const made: Record<string, string> = {}
  for (const { op, value } of conditions) {
    if (op === 'in') {
      made['after'] = String(value)
      made['before'] = String(value)
    } else if (op === '>=' || op === '>') made['after'] = String(value)
    else if (op === '<' || op === '<=') made['before'] = String(value)
  }
  return made
}

/** Mail by words, sender, date: "emails about …", "what did … say about …", "latest email from …". */
export const mailSearch: Frame = (bag, context) => {
  const isSearch = bag.tokens[0]?.word === 'search' || bag.tokens[0]?.word === 'look'
  const searched = bag.pieces.find(({ type, start, end }) => type === 'SEARCH' && end - start > 2)
  const isFrom = bag.pieces.some(({ type, value }) => type === 'REF' && (value as RefPiece).role === 'from')
  const isSent = bag.pieces.some(
    ({ type, value }) => type === 'EVENT' && (value as EventPiece).event === 'send',
  )
  /** "The deck from …", "the contract … sent us": a document is searched for, though no mail is said. */
  const document = bag.tokens.some(({ word }) => DOCUMENTS.has(word)) && (isFrom || isSent)
  const mail = has(bag, 'MAIL') || searched !== undefined || document
  const isTold = ['tell', 'ask', 'bring', 'raise'].includes(bag.tokens[0]?.word ?? '')
  const saidEdge = bag.pieces.find(({ type, start }) => type === 'SAID' && !(isTold && start === 0))
  if (!mail && !saidEdge) return undefined
  const isCounted =
    has(bag, 'MEASURE') || has(bag, 'GROUP') || has(bag, 'MOST') || has(bag, 'VERSUS') || has(bag, 'TREND')
  if (isCounted || ['UNANSWERED', 'WAITING_US', 'WAITING_THEM'].some((type) => has(bag, type)))
    return undefined
  if (says(bag, 'unanswered', 'unreplied', 'overdue')) return undefined
  const isOfMeeting = bag.pieces.some(
    ({ type, value }) => type === 'ENTITY' && (value as EntityWord).entity === 'interactions',
  )
  if (!mail && isOfMeeting) return undefined
  const args: Record<string, unknown> = {}
  /** "What did we tell …", "did I ever email …": we are the ones who wrote. */
  const written =
    saidEdge ??
    bag.pieces.find(
      (edge) =>
        (edge.type === 'MAIL' && isVerb(bag, edge)) ||
        (edge.type === 'EVENT' && ['email', 'send'].includes((edge.value as EventPiece).event)),
    )
  const isOurs =
    written !== undefined &&
    bag.tokens
      .slice(Math.max(0, written.start - 2), written.start)
      .some(({ word }) => ['we', 'i', 'us'].includes(word))
  const isThem = saidEdge !== undefined && !isOurs
  const asked = bag.pieces.find(
    ({ type, value, start }) =>
      bag.tokens[start - 1]?.kind === 'handle' &&
      ((type === 'ABOUT' && SPEAKS.has(bag.tokens[start]!.stem)) ||
        (type === 'EVENT' && ['send', 'email'].includes((value as EventPiece).event))),
  )
  const isBefore = (edge: { start: number } | undefined, other: { start: number } | undefined): boolean =>
    edge !== undefined && other !== undefined && edge.start < other.start
  const words: string[] = []
  for (
    let found = takeNamed(bag, ['companies', 'people', 'members', 'value', 'deals']);
    found;
    found = takeNamed(bag, ['companies', 'people', 'members', 'value', 'deals'])
  ) {
    const handle = found.ref.handles[0]!
    if (found.isNegated) return undefined
    const isTopic = found.ref.label === 'deals' || handle.startsWith('PLACE_')
    if (isTopic || (found.role === 'about' && handle !== 'me')) {
      words.push(handle)
      continue
    }
    const isRecipient = isOurs && bag.tokens.findIndex(({ raw }) => raw === handle) >= written.end
    if (isRecipient && found.ref.label === 'people') {
      args['to'] = handle
      continue
    }
    if (found.ref.label === 'companies') {
      args['company'] = handle
      if (isRecipient) args['direction'] = 'outbound'
      else if (
        (asked !== undefined && bag.tokens[asked.start - 1]!.raw === handle) ||
        found.role === 'from' ||
        found.role === 'poss' ||
        found.role === 'by' ||
        ((found.role === 'bare' || found.role === 'at') && isThem)
      )
        args['direction'] = 'inbound'
      else if (found.role === 'to') args['direction'] = 'outbound'
      continue
    }
    const refEdge = bag.pieces.find(
      (edge) => edge.type === 'REF' && (edge.value as RefPiece).ref.handles[0] === handle,
    )
    const isSender =
      found.role === 'from' ||
      found.role === 'by' ||
      found.role === 'poss' ||
      found.role === 'subject' ||
      (found.role === 'bare' &&
        (isThem ||
          ['did', 'has', 'have', 'had'].includes(bag.tokens[(refEdge?.start ?? 0) - 1]?.word ?? '') ||
          isBefore(
            refEdge,
            bag.pieces.find(({ type }) => type === 'ABOUT' || type === 'EVENT'),
          )))
    if (found.role === 'poss' && handle === 'me') {
      if (args['to'] === undefined) args['with'] = 'me'
    } else if (isSender) {
      if (args['from'] !== undefined) return undefined
      args['from'] = handle
    } else if (found.role === 'to' || found.role === 'for') {
      args['to'] = handle
      if (args['with'] === 'me') delete args['with']
    } else if (args['with'] !== undefined) return undefined
    else args['with'] = handle
  }
  const hasWho = Object.keys(args).length > 0
  if (saidEdge && !mail && !hasWho) return undefined
  if (take(bag, 'RECENTLY')) args['sort'] = 'newest'
  const ranked = bag.pieces.find(({ type }) => type === 'RANKED')?.value as RankPiece | undefined
  const newest =
    take(bag, 'LAST') !== undefined ||
    bag.pieces.some(
      (edge) => edge.type === 'RANKED' && (edge.value as { slot: string; desc: boolean }).slot === 'age',
    )
  if (newest) {
    for (const edge of bag.pieces) if (edge.type === 'RANKED') bag.used.add(edge)
    args['sort'] = 'newest'
    if (ranked?.count !== undefined) args['limit'] = ranked.count
  }
  const period = take<Period>(bag, 'PERIOD')
  if (period)
    Object.assign(
      args,
      dates(period.kind === 'span' ? { kind: 'back', token: period.token } : period, context),
    )
  takeAll(bag, 'MAIL')
  if (isSent || (isOurs && !saidEdge))
    takeAll<EventPiece>(
      bag,
      'EVENT',
      ({ event, isNegated }) => !isNegated && ['send', 'email'].includes(event),
    )
  takeAll(bag, 'SEARCH')
  for (const edge of bag.pieces) {
    if (
      edge.type === 'FILTER' &&
      !bag.used.has(edge) &&
      (edge.value as readonly Want[]).every(({ slot }) => slot === 'attachment')
    ) {
      bag.used.add(edge)
      args['has_attachment'] = true
    }
    if (
      edge.type === 'FILTER' &&
      !bag.used.has(edge) &&
      (edge.value as readonly Want[]).every(({ slot }) => slot === 'direction')
    ) {
      bag.used.add(edge)
      args['direction'] = (edge.value as readonly Want[])[0]!.value
    }
  }
  const about = bag.pieces.find(({ type, start }) => type === 'ABOUT' && start > 0)
  if (about) bag.used.add(about)
  const isNounSaid =
    saidEdge !== undefined &&
    [
      'objection',
      'concern',
      'feedback',
      'complaint',
      'question',
      'suggestion',
      'worry',
      'request',
      'promise',
    ].includes(bag.tokens[saidEdge.start]!.word.replace(/s$/, ''))
  const saidWords = isNounSaid ? [bag.tokens[saidEdge.start]!.raw] : []
  if (saidEdge) bag.used.add(saidEdge)
  const cues = [
    about,
    saidEdge,
    ...bag.pieces.filter(({ type, end }) => type === 'SEARCH' && end > 1),
  ].filter((edge) => edge !== undefined)
  const forWhat = isSearch ? bag.tokens.findIndex(({ word }) => word === 'for') : -1
  if (forWhat >= 0)
    cues.push({ start: forWhat, end: forWhat + 1, type: 'ABOUT', value: true, bonus: 0, rule: 'for' })
  const mailEdge = bag.pieces.find(({ type }) => type === 'MAIL')
  words.unshift(...saidWords, ...searchWords(bag, cues, mailEdge))
  if (document && !mailEdge)
    for (const [at, token] of bag.tokens.entries())
      if (DOCUMENTS.has(token.word) && !bag.taken.has(at)) {
        bag.taken.add(at)
        args['has_attachment'] = true
        if (token.word !== 'attachment') words.push(token.raw)
      }
  for (const [index, token] of bag.tokens.entries()) if (!isContent(token)) bag.taken.add(index)
  // What was promised, agreed or asked for is what is looked for, where nothing else is.
  const deed = saidEdge && bag.tokens[saidEdge.start]!
  if (words.length === 0 && deed && DEEDS.has(deed.stem)) words.push(deed.raw)
  // "Nobody" and "no reply" are no words to search for: something else was asked.
  if (words.some((word) => ['no', 'not', 'nobody', 'without', 'never'].includes(word.toLowerCase())))
    return undefined
  if (words.length > 0) args['query'] = words.join(' ')
  const isDocument = words.some((word) => DOCUMENTS.has(word.toLowerCase().replace(/s$/, '')))
  const documentEmail = bag.tokens.some(
    (token, index) => DOCUMENTS.has(token.word) && /^e?mails?$/.test(bag.tokens[index + 1]?.word ?? ''),
  )
  const withDocument = bag.tokens.some(
    (token, index) =>
      token.word === 'with' &&
      bag.tokens[index + 1]?.kind !== 'handle' &&
      bag.tokens.slice(index + 1, index + 4).some(({ word }) => DOCUMENTS.has(word.replace(/s$/, ''))),
  )
  const isAttached = says(bag, 'attached', 'attachment', 'attachments')
  if (isAttached || (isDocument && (documentEmail || withDocument))) args['has_attachment'] = true
  if (!args['query'] && !newest && !hasWho && args['has_attachment'] !== true && !period) return undefined
  if (newest && ranked?.count === undefined)
    args['limit'] = words.length === 0 || !says(bag, 'emails', 'messages', 'mails') ? 1 : 10
  if (newest && ranked?.count === undefined && says(bag, 'emails', 'messages', 'mails')) args['limit'] = 10
  if (!args['query'] && !newest) args['sort'] = 'newest'
  return {
    frame: 'mail.search',
    bonus: about || newest || saidEdge || args['has_attachment'] ? 0.55 : 0.3,
    calls: [{ tool: 'search_email', args }],
  }
}
