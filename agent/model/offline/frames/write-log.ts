import type { Bag } from '../bag.ts'
import { formatInZone } from '../zone.ts'
import type { FrameContext, Reading } from './common.ts'
import { resolve } from './common.ts'
import { instantIn, noteAfter, references, sentence, useAll } from './write-parts.ts'

const KIND_WORDS: Readonly<Record<string, string>> = {
  call: 'call',
  phone: 'call',
  meeting: 'meeting',
  meet: 'meeting',
  viewing: 'viewing',
  showing: 'viewing',
  tour: 'viewing',
  note: 'note',
  email: 'email',
  coffee: 'meeting',
  lunch: 'meeting',
  visit: 'viewing',
  conversation: 'call',
  message: 'message',
  chat: 'call',
  dinner: 'meeting',
  demo: 'meeting',
}

/** What somebody did, told after "log that": it says the kind. */
const DID: Readonly<Record<string, string>> = {
  met: 'meeting',
  saw: 'meeting',
  called: 'call',
  rang: 'call',
  phoned: 'call',
  spoke: 'call',
  talked: 'call',
}

const kindOf = (word: string): string | undefined => KIND_WORDS[word] ?? KIND_WORDS[word.replace(/s$/, '')]

/** "Note a call with …", not "note for …". */
const isOfSomething = (bag: Bag, verb: number): boolean =>
  ['a', 'an', 'the', 'today', 'yesterday', 'my', 'our'].includes(bag.tokens[verb + 1]?.word ?? '')

/** "Log a call with … today: …", "note for …: …", "I met … yesterday". */
export const logInteraction = (bag: Bag, context: FrameContext, verb: number): Reading | undefined => {
  const word = bag.tokens[verb]!.word
  const isNote = word === 'note' || word === 'jot'
  const spoken = bag.tokens[verb]!.word
  const told = ['met', 'spoke', 'called', 'talked'].includes(spoken) && bag.tokens[0]!.word === 'i'
  if (
    !['log', 'record', 'note', 'jot', 'add', 'register', 'track', 'save', 'enter', 'capture'].includes(
      word,
    ) &&
    !told
  )
    return undefined
  const note = noteAfter(bag)
  const until = note?.at ?? bag.tokens.length
  const had = isNote
    ? bag.tokens.findIndex(
        (token, at) => at > verb && at < until && ['had', 'did', 'took', 'held'].includes(token.word),
      )
    : -1
  const kindToken = told
    ? undefined
    : (bag.tokens.slice(had, had < 0 ? 0 : had + 4).find(({ word: said }) => kindOf(said) !== undefined) ??
      bag.tokens
        .slice(verb + (isNote && !isOfSomething(bag, verb) ? 0 : 1), until)
        .find(({ word: said }) => kindOf(said) !== undefined))
  const done = bag.tokens.slice(verb + 1, until).find(({ word: said }) => DID[said] !== undefined)
  const isDone = !told && kindToken === undefined && done !== undefined
  const kind = isDone
    ? DID[done.word]
    : told
      ? spoken === 'met'
        ? 'meeting'
        : 'call'
      : kindToken && kindOf(kindToken.word)
  if (!kind) return undefined
  // What a colleague did is theirs to log.
  if (
    isDone &&
    references(bag, verb, until).some(
      ({ piece }) => piece.ref.label === 'members' && piece.ref.handles[0] !== 'me',
    )
  )
    return undefined
  const people: string[] = []
  let company: string | undefined
  let deal: string | undefined
  for (const { piece } of references(bag, verb, until)) {
    const ref = resolve(piece.ref, ['people', 'companies', 'deals', 'members'])
    if (ref?.label === 'people') people.push(...ref.handles)
    else if (ref?.label === 'companies') company = ref.handles[0]
    else if (ref?.label === 'deals') deal = ref.handles[0]
  }
  if (people.length === 0 && !company && !deal) return undefined
  useAll(bag, told ? 0 : until)
  const said = instantIn(bag, context, false, 0, until)
  const occurredAt = said ?? formatInZone(context.now, context.timezone)
  const args: Record<string, unknown> = {
    people,
    ...(company ? { company } : {}),
    ...(deal ? { deal } : {}),
    kind,
    occurred_at: occurredAt,
    summary: note?.text || (told ? sentence(bag.text) : '') || `${kind[0]!.toUpperCase()}${kind.slice(1)}`,
  }
  return {
    frame: 'write.log',
    bonus: 1.5,
    calls: [{ tool: 'log_interaction', args }],
    readAs: `propose to log: ${kind} with ${[...people, company, deal].filter(Boolean).join(', ')}, ${occurredAt}`,
  }
}
