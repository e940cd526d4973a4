import type { Bag } from '../bag.ts'
import { isUnskippable } from '../cover.ts'
import type { FrameContext, Reading } from './common.ts'
import { resolve } from './common.ts'
import { sentenceStarts } from './sentences.ts'
import { references } from './write-parts.ts'

/** "Can you update that in the crm?": asks to record what was just told. */
const LEANS_BACK =
  /^(?:(?:so|and|then|please|now) )*(?:(?:can|could|would|will) you (?:please )?|please )(?:update|change|make|do|reflect|record|reassign|fix|set|adjust)\b[^:]{0,60}\b(?:that|this|it|them|change|accordingly)\b/i
const HANDED_OVER = /\b(?:tak(?:e|es|ing|en) over|taking on|inherits?|inheriting)\b/i
const HANDING =
  /\b(?:mov(?:e|ing)|hand(?:ing)?|giv(?:e|ing)|transfer(?:ring)?|reassign(?:ing)?|switch(?:ing)?)\b/i
const REACHED =
  /\b(?:moved|moving|progressed|advanced|gone|went|went|now|is|are|reached|should (?:go|move|be))\b/i

/** Where what was told ends, when the last sentence asks to record it and names nobody. */
const toldUntil = (bag: Bag): number | undefined => {
  const starts = sentenceStarts(bag)
  const last = starts.at(-1)!
  if (starts.length < 2) return undefined
  const names = references(bag, last, bag.tokens.length)
  return names.length === 0 && LEANS_BACK.test(bag.text.slice(bag.tokens[last]!.start)) ? last : undefined
}

export interface Told {
  readonly move: (bag: Bag, context: FrameContext, until: number) => Reading | undefined
  readonly assign: (
    bag: Bag,
    owner: string,
    record: ReturnType<typeof references>[number],
  ) => Reading | undefined
}

/** A fact and a request to record it: "… has moved to Proposal. Can you update that?", "… is taking over …". */
export const told = (bag: Bag, context: FrameContext, make: Told): Reading | undefined => {
  const until = toldUntil(bag)
  if (until === undefined) return undefined
  if (bag.tokens.slice(0, until).some(isUnskippable)) return undefined
  const text = bag.text.slice(0, bag.tokens[until]!.start)
  const named = references(bag, 0, until)
  const members = named.filter(({ piece }) => piece.ref.label === 'members')
  const records = named.filter(({ piece }) => piece.ref.label !== 'members')
  if (named.some(({ piece }) => piece.isNegated || piece.role === 'poss') || records.length !== 1)
    return undefined
  const [record] = records
  if (members.length === 0) return REACHED.test(text) ? make.move(bag, context, until) : undefined
  const [member] = members
  if (members.length !== 1 || !resolve(record!.piece.ref, ['companies', 'deals', 'people'])) return undefined
  const isSubject = member!.at < record!.at
  const isHanded = isSubject ? HANDED_OVER.test(text) : member!.piece.role === 'to' && HANDING.test(text)
  return isHanded ? make.assign(bag, member!.piece.ref.handles[0]!, record!) : undefined
}
