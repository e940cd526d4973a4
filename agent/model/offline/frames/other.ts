import { has, says, take, takeAll } from '../bag.ts'
import type { Bag } from '../bag.ts'
import type { EntityWord, Want } from '../pieces.ts'
import type { Frame, FrameContext } from './common.ts'
import { takeNamed } from './common.ts'
import { isContent } from '../cover.ts'
import { stem } from '../stem.ts'

const UNAVAILABLE = 'is not something this workspace can do yet'

const isBrief = (bag: Bag): boolean =>
  /^(?:(?:can you|could you|please|pls) )*(?:prep|prepare|brief|summari[sz]e|catch me up|bring me up to speed|get me up to speed|sum up|get me ready|recap)\b/i.test(
    bag.text,
  ) ||
  /\b(?:give me (?:a|the|an) (?:quick |short |full |brief )?(?:brief|briefing|summary|overview|rundown|recap|run-down|background)|what (?:do|should) i (?:need to )?know\b|what to know about|(?:quick |short |brief )?(?:brief|briefing) (?:me )?(?:on|about|for|before)|update me on|get me (?:briefed|prepped)|ahead of (?:my|our|the) (?:call|meeting)|background on|overview of|briefing (?:on|for)|rundown on|summary (?:of|on|for)|brief me|prep (?:me )?for|prepare me|where do (?:we|things) stand with|what's the story with|what is the story with|status update on|before my (?:call|meeting)|catch me up|fill me in on|bring me up to speed)\b/i.test(
    bag.text,
  )

const useRest = (bag: Bag): void => {
  for (let at = 0; at < bag.tokens.length; at += 1) if (bag.tokens[at]!.kind !== 'handle') bag.taken.add(at)
}

/** Whose day or pipeline, when nobody and nothing is named. */
const DAY =
  /^(?:(?:can you|could you|please|pls) )*(?:(?:give|show|get) me )?(?:(?:my|the|a|our|today'?s|this morning'?s|the team'?s) )?(?:daily|morning|day'?s|today'?s) (?:brief|briefing|digest|rundown|overview|summary)\b|\b(?:brief me|prep me|prepare me|get me ready|catch me up|rundown) (?:on|for|about)? ?(?:today|the day|my day|this morning)\b|^what(?:'s| is) on (?:today|my plate|for today)\b|^what do i have (?:on )?today\b/i
const PIPELINE =
  /\bpipeline (?:brief|briefing|rundown|digest|overview|review)\b|\b(?:brief me|briefing|rundown|overview|catch me up) (?:on|of) (?:the|our|my) pipeline\b/i

const isMeeting = (bag: Bag): boolean =>
  /\b(?:prep|prepare|get me ready|before my|meeting|call with|visit)\b/i.test(bag.text)

const briefOfWork: Frame = (bag) => {
  const kind = DAY.test(bag.text) ? 'daily' : PIPELINE.test(bag.text) ? 'pipeline' : undefined
  if (kind === undefined) return undefined
  const member = takeNamed(bag, ['members'])
  if (takeNamed(bag, ['companies', 'people', 'deals'])) return undefined
  const isTeam = says(bag, 'team', 'everyone', 'everybody')
  const isMine = kind === 'pipeline' && /\bmy pipeline\b/i.test(bag.text)
  useRest(bag)
  for (const edge of bag.pieces) bag.used.add(edge)
  const whose = member?.ref.handles[0] ?? (isTeam ? 'team' : isMine ? 'me' : undefined)
  return {
    frame: 'brief.work',
    bonus: 2,
    calls: [{ tool: 'brief', args: { kind, ...(whose === undefined ? {} : { for: whose }) } }],
    readAs: `${kind === 'daily' ? 'a briefing on the day' : 'a briefing on the pipeline'}${whose === undefined || whose === 'me' ? '' : ` of ${whose === 'team' ? 'the team' : whose}`}`,
  }
}

/** "Prep me for my meeting with …", "summarise the … account", "morning brief". */
export const brief: Frame = (bag, context) => {
  const work = context.tools.has('brief') ? briefOfWork(bag, context) : undefined
  if (work) return work
  if (!isBrief(bag)) return undefined
  const found = takeNamed(bag, ['companies', 'people', 'deals'])
  if (!found || found.isNegated) return undefined
  useRest(bag)
  for (const edge of bag.pieces)
    if (edge.type === 'REF' && JSON.stringify(edge.value).includes('"me"')) bag.used.add(edge)
  if (!context.tools.has('brief'))
    return {
      frame: 'brief',
      bonus: 2,
      refuse: `A briefing in one go ${UNAVAILABLE}; its parts can be asked for one by one.`,
    }
  const handle = found.ref.handles[0]!
  const kind = isMeeting(bag) ? 'meeting' : 'account'
  return {
    frame: 'brief',
    bonus: 2,
    calls: [{ tool: 'brief', args: { id: handle, kind } }],
    readAs: kind === 'meeting' ? `a briefing before meeting ${handle}` : `a briefing on ${handle}`,
  }
}

const PATH =
  /\b(?:introduc\w*|intro|intros|warm(?:est)? (?:path|intro\w*|way|route)|path (?:in)?to|route to|connect(?:ed|ion|ions)? (?:me |us )?(?:to|with|at)|connect me|put (?:me|us) in touch|knows? (?:someone|anyone|somebody|anybody|people)|who (?:on (?:the|our) team |here |of us |among us |in (?:the|our) (?:team|office|firm) )?knows?|get (?:me|us) (?:in front of|to|into|in (?:at|with))|strongest (?:relationship|connection|tie|link)|best (?:relationship|connection|way in|path)|way in(?:to)?|(?:that|who) knows?|how (?:do|can|could|would) (?:i|we) (?:get (?:to|through to|in (?:at|with))|approach)|acquainted with|(?:any )?(?:ties?|links?) (?:to|with|at|into)|close(?:st)? to|(?:has|have|got) (?:an?|any|some) (?:existing |personal |working )?(?:relationship|rapport|connection)s? (?:with|to)|(?:good|strong|close|warm|decent|solid) (?:relationship|ties?|connections?|rapport)s? (?:with|to)|(?:a|any) line (?:in)?to|an? in (?:with|at)|referral|get to know|make the acquaintance of|(?:any|one|some)(?:one|body)? (?:of us|here|on (?:the|our) team|in (?:the|our) (?:team|office)) (?:have|has|had|got) (?:any |some |a |good |got )*(?:contacts?|connections?|relationships?|ties|links?))\b/i

const VIA =
  /(?:^|\b(?:which|what|any|are any) )(?:of )?(?:our |my |the )?([a-z]{3,}?)s? (?:(?:are|is|do|does|who|that|can|could) )*(?:connected|knows?|close|linked|introduce|acquainted)\b/i
const NOBODY_IN_PARTICULAR =
  /^(?:who|whom|people|person|contact|member|colleague|anybody|anyone|everyone|everybody|nobody|teammate|one|team|us|you|we|agent|rep|partner of ours|somebody|someone)$/i

/** "Which of our clients know …": the part that those in between play. */
const viaOf = (bag: Bag, context: FrameContext): string | undefined => {
  const word = VIA.exec(bag.text)?.[1]?.toLowerCase()
  if (word === undefined || NOBODY_IN_PARTICULAR.test(word)) return undefined
  const known = [...context.vocabulary.tags, ...context.vocabulary.roles].find(
    (one) => one.toLowerCase() === word,
  )
  return known ?? word
}

/** "Who can introduce me to …", "warmest path to the CEO of …". */
export const introPath: Frame = (bag, context) => {
  if (!(PATH.test(bag.text) || viaOf(bag, context) !== undefined) || says(bag, 'when', 'emails', 'email'))
    return undefined
  if (
    /\bwho do we know\b(?!.*\b(?:that|who) (?:knows?|could introduce|can introduce|is close)\b)/i.test(
      bag.text,
    )
  )
    return undefined
  // Who once did is no matter of who could.
  if (/\bwho (?:has |had )?introduced\b/i.test(bag.text)) return undefined
  // Portfolio founders: both must be true of whoever stands between, and only one can be asked.
  const kinds = [...context.vocabulary.tags, ...context.vocabulary.roles].map((word) =>
    stem(word.toLowerCase()),
  )
  if (bag.tokens.filter((token) => kinds.includes(token.stem)).length > 1) return undefined
  const target = takeNamed(bag, ['people', 'companies', 'deals'])
  if (!target || target.isNegated) return undefined
  if (!context.tools.has('intro_path')) useRest(bag)
  if (!context.tools.has('intro_path'))
    return { frame: 'path', bonus: 2, refuse: `Finding a way to someone through others ${UNAVAILABLE}.` }
  const args: Record<string, unknown> = {
    [target.ref.label === 'companies' ? 'to_company' : 'to']: target.ref.handles[0]!,
  }
  for (const wants of takeAll<readonly Want[]>(bag, 'FILTER', (value) =>
    value.every(({ slot }) => slot === 'title' || slot === 'part' || slot === 'tag'),
  )) {
    for (const { slot, value } of wants)
      args[slot === 'title' ? 'to_title' : 'via_tag'] = Array.isArray(value) ? value[0] : value
  }
  const via = take<EntityWord>(
    bag,
    'ENTITY',
    ({ entity, where }) => entity === 'people' && where !== undefined,
  )
  // "The founder of …" is whom we want to reach.
  const viaEdge = bag.pieces.find(({ value }) => value === via)
  const isTarget =
    viaEdge !== undefined &&
    target.ref.label === 'companies' &&
    ['of', 'at', 'from', 'over', 'in', 'behind'].includes(bag.tokens[viaEdge.end]?.word ?? '') &&
    bag.tokens.slice(viaEdge.end, viaEdge.end + 3).some(({ raw }) => raw === target.ref.handles[0])
  if (via) args[isTarget ? 'to_title' : 'via_tag'] = via.where![0]!.value
  const between = args['via_tag'] === undefined && !isTarget ? viaOf(bag, context) : undefined
  if (between !== undefined) args['via_tag'] = between
  if (/\b(?:warmest|strongest|best|closest)\b/i.test(bag.text)) args['rank'] = 'strength'
  const member = takeNamed(bag, ['members'])
  const isTeam =
    says(bag, 'anyone', 'anybody', 'someone', 'somebody', 'team', 'we', 'us', 'who', 'here') &&
    !says(bag, 'me', 'i')
  const isLeft = bag.pieces.some(
    (edge) =>
      !bag.used.has(edge) &&
      (['ADJECTIVE', 'FILTER', 'AMOUNT', 'PERIOD', 'MEASURE'].includes(edge.type) ||
        (edge.type === 'ENTITY' && (edge.value as EntityWord).where !== undefined)),
  )
  // Whoever stands between must be all that was said of them.
  const beside = viaEdge && bag.tokens[viaEdge.start - 1]
  if (isLeft || (beside && isContent(beside))) return undefined
  if (!args['via_tag']) args['from'] = member?.ref.handles[0] ?? (isTeam && !args['to_title'] ? 'team' : 'me')
  useRest(bag)
  return {
    frame: 'path',
    bonus: 2,
    calls: [{ tool: 'intro_path', args }],
    readAs: `who can lead us to ${target.ref.handles[0]}`,
  }
}

const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:please |can you |could you |go ahead and |just )*(?:delete|wipe|erase|purge|destroy|drop(?! the (?:asking |list )?(?:price|amount|value)\b)|truncate|remove)\b/i,
    'I do not delete records; a person archives them one by one in the inbox.',
  ],
  [
    /^(?:please |can you |could you |go ahead and |just )*(?:send|forward|share|post|publish|text|sms|export|download|upload|dump|e-?mail(?! ?address)|mail|invite|message|dm|reply to|respond to|write (?:an? )?(?:e-?mail|message|mail|reply|note to)|draft|compose|call (?=[A-Z]|them|him|her|all|every)|book|buy|pay|wire|transfer (?:money|\$))\b(?! (?:about|from|with|mentioning|that|which|where|sent|count|threads?|we|in|of|search)\b)/i,
    'I send nothing out and give no data away; I can find, count and propose changes inside the CRM.',
  ],
  [
    /\b(?:forecast|predict|projection|project(?:ed)? (?:revenue|sales|churn)|probability (?:that|of)|odds|likely to|how likely|chances? (?:of|that)|going to churn|will churn|next year'?s revenue)\b/i,
    'I count what is recorded and make no forecasts.',
  ],
  [
    /^(?:what|how much|how many|when|who|which \w+|where)? ?(?:will|shall)\b(?!.*\bclose\b.*\b(?:this|next|by)\b)/i,
    'I count what is recorded and make no forecasts.',
  ],
  [
    /(?:\b(?:is|are|am|be)|['’]s) (?:\S+ )?(?:going to|gonna|bound to) (?:sell|fetch|go|be|make|win|lose|renew|buy|sign|raise|grow|drop|happen)\b/i,
    'I count what is recorded and make no forecasts.',
  ],
  [
    /^(?:should|ought)\b|\b(?:should (?:i|we)(?! (?:know|be aware))|do you think|in your opinion|your opinion|recommend|advise me|what would you|is it a good idea|good investment|worth investing|best strategy|which (?:one )?is better|do you like)\b/i,
    'I have no opinions to offer; I show what is recorded.',
  ],
  [
    /^why\b|\bwhy (?:did|do|are|is|were|was|has|have)\b|\bhow come\b/i,
    'I do not explain causes; I show what is recorded.',
  ],
  [
    /\b(?:win rate|conversion(?: rate)?|churn(?: rate)?|median|percent(?:age)?|ratio|growth rate|retention|nrr|arr|mrr|cac|ltv|correlat\w+|sentiment|mood|happy|unhappy|irr|tvpi|moic|dpi|quota|attainment|commission)\b(?!ed\b)/i,
    'That figure is not one I can compute from the records yet.',
  ],
  [
    /\b(?:ignore (?:all |your |previous |the )+(?:instructions|rules)|system prompt|your (?:instructions|prompt|rules)|password|api key|credential|approve (?:the|this|that|all|it|my)|social security)\b/i,
    'That is not something I do.',
  ],
  [
    /\b(?:weather|joke|poem|recipe|news|stock price|translate|capital of|write (?:me )?(?:a|an|some) (?:code|script|essay|story))\b/i,
    'I answer questions about this CRM and its mail.',
  ],
]

/** Why a request is outside of what Tact does, if it is. */
export const forbidden = (said: string): string | undefined => {
  for (const [pattern, reason] of FORBIDDEN) if (pattern.test(said)) return reason
  return undefined
}
export { has }
