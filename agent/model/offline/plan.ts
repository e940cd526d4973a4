import { unaccounted } from './account.ts'
import { bagOf, coverageOf, coveredTokens } from './bag.ts'
import type { Bag } from './bag.ts'
import type { Grammar } from './chart.ts'
import { parseChart } from './chart.ts'
import { bestCovers } from './cover.ts'
import type { Draft } from './draft.ts'
import { nearestQuestions } from './family.ts'
import { plainly } from './idioms.ts'
import { correctionOf } from './correction.ts'
import { continueDraft, isFollowUp, resolvePronouns } from './dialogue.ts'
import type { DialogueState } from './dialogue.ts'
import { contactIn, lastContact, threads, timeline } from './frames/contact.ts'
import { Ambiguous } from './frames/common.ts'
import type { Frame, FrameContext, Reading } from './frames/common.ts'
import { attribute, peopleAt, whoIs } from './frames/lookup.ts'
import { mailSearch } from './frames/mail.ts'
import { brief, forbidden, introPath } from './frames/other.ts'
import { candidateEntities, queryFrame } from './frames/query.ts'
import { sentenceStarts } from './frames/sentences.ts'
import { write } from './frames/write.ts'
import { lower } from './lower.ts'
import type { Token } from './normalise.ts'
import { tokenise } from './normalise.ts'
import { PIECE_TYPES } from './pieces.ts'
import type { Plan, PlannedCall, Turn } from './plan-types.ts'
import { grammarFor, seedsFor } from './seeds.ts'
import { withoutCourtesy } from './politeness.ts'
import { shorterQuestions } from './shorter.ts'
import { correctSpelling } from './spelling.ts'
import { stepBack } from './step-back.ts'
import type { Vocabulary } from './vocabulary.ts'
import { queryWords } from './words.ts'

export interface PlanInput {
  /** What the person said, oldest first; the last is the question. */
  readonly turns: readonly Turn[]
  readonly vocabulary: Vocabulary
  readonly now: Date
  readonly timezone: string
  readonly staleDays?: number | undefined
  /** Names of the tools that may be called. */
  readonly tools: ReadonlySet<string>
}

/** The first words of an answer to what could not be read. */
export const UNREAD = 'I could not read the whole question, and I do not guess.'

const MIN_SHARE = 0.8
const MARGIN = 0.12

const KEPT_GRAMMARS = 12
const ofObject = new WeakMap<Vocabulary, Grammar>()
const ofWords = new Map<string, Grammar>()

/** The grammar of a workspace, made once for the same words: a chat reads them anew for every turn. */
const grammarOfWorkspace = (vocabulary: Vocabulary): Grammar => {
  const known = ofObject.get(vocabulary)
  if (known) return known
  const words = JSON.stringify(vocabulary)
  const made = ofWords.get(words) ?? grammarFor(vocabulary)
  ofWords.delete(words)
  ofWords.set(words, made)
  if (ofWords.size > KEPT_GRAMMARS) ofWords.delete(ofWords.keys().next().value!)
  ofObject.set(vocabulary, made)
  return made
}

interface Scored {
  readonly reading: Reading
  readonly plan: Plan
  readonly score: number
  readonly share: number
  /** Equal for readings that do the same. */
  readonly key: string
  /** Words of the question that the reading or its calls say nothing of. */
  readonly lost: readonly Token[]
}

const FIXED: readonly Frame[] = [
  write,
  brief,
  introPath,
  lastContact,
  contactIn,
  timeline,
  threads,
  mailSearch,
  attribute,
  peopleAt,
  whoIs,
]

const planOf = (reading: Reading, context: FrameContext): Plan | undefined => {
  if (reading.refuse) return { kind: 'refuse', reason: reading.refuse, suggestions: [] }
  if (reading.ask) return { kind: 'clarify', ...reading.ask }
  if (reading.draft) {
    const query = lower(reading.draft, context)
    if (!query) return undefined
    const words = queryWords(query, context)
    const notes = reading.draft.notes
    return { kind: 'calls', calls: [{ tool: 'query_crm', args: { ...query } }], readAs: words, notes }
  }
  if (!reading.calls) return undefined
  const readAs = reading.readAs ?? callWords(reading.calls[0]!.args)
  return { kind: 'calls', calls: reading.calls, readAs, notes: [] }
}

const callWords = (args: Readonly<Record<string, unknown>>): string =>
  `emails${Object.entries(args)
    .map(([key, value]) =>
      key === 'query'
        ? ` about ${String(value)}`
        : key === 'limit'
          ? ''
          : `, ${key.replace('_', ' ')} ${String(value)}`,
    )
    .join('')}`

/** The order of conditions makes no difference. */
const inOrder = (call: PlannedCall): PlannedCall =>
  Array.isArray(call.args['where'])
    ? { ...call, args: { ...call.args, where: call.args['where'].map((one) => JSON.stringify(one)).sort() } }
    : call

const CHANGES = new Set(
  'schedule create add set update change make put log record remind assign reassign mark move tag label note cancel archive rename merge close reopen transfer link push bump reduce raise lower increase drop hand complete approve reject undo'.split(
    ' ',
  ),
)

/** What somebody is told to do: "have Hana call …". */
const DEEDS = new Set(
  'call phone ring email mail write send ask meet visit follow schedule prepare review check draft book arrange contact chase update talk speak sign'.split(
    ' ',
  ),
)

/** A fact told without a question: "… is under contract now", "we lost …", "Hana has to …". Recorded, or nothing. */
const TOLD =
  /^(?:(?:the )?(?:[A-Z]+_\d+[fl]?)(?: deal| opportunity| account| listing)?,? (?:is|was|are|has|have|had|goes|went|moves|moved|needs|must|should|wants|will|signed|said)\b|(?:we|i)(?: just| have| had| finally)? (?:won|lost|met|saw|called|spoke|talked|closed|signed|sent|visited|agreed)\b|let MEMBER_\d+ know\b|(?:follow up|pass on|chase|ping|nudge|check in|touch base|remember)\b(?! (?:deals|emails|tasks)))/iu
const ASKS = /\?\s*$|\b(?:which|what|who|when|where|how many|how much)\b/iu

const tellsFact = (text: string, tokens: readonly Token[]): boolean => {
  const [first] = tokens
  const said = first === undefined ? '' : text.slice(first.start)
  return !ASKS.test(said) && TOLD.test(said)
}

/** A request to change something is a proposal or nothing: never answered with a list. */
const asksChange = (tokens: readonly Token[], text: string): boolean =>
  sentenceStarts({ tokens, text }).some((start) => {
    const words = tokens
      .slice(start)
      .map(({ word }) => word)
      .filter(
        (word) => !['please', 'can', 'could', 'you', 'hey', 'kindly', 'just', 'now', ','].includes(word),
      )
    const isOrder =
      ['tell', 'ask'].includes(words[0] ?? '') && (words[1] ?? '').startsWith('MEMBER_') && words[2] === 'to'
    const isTold =
      ['have', 'get', 'let', 'make'].includes(words[0] ?? '') &&
      (words[1] ?? '').startsWith('MEMBER_') &&
      DEEDS.has(words[2] ?? '')
    if (isOrder || isTold) return true
    return (
      CHANGES.has(words[0] ?? '') &&
      !(words[0] === 'close' && /^(?:date|dates|rate)$/.test(words[1] ?? '')) &&
      words[0] !== 'note' &&
      words.length > 1
    )
  })

const openStages = ({ vocabulary }: FrameContext): readonly string[] =>
  vocabulary.stages.flatMap(({ name, kind }) => (kind === 'open' ? [name] : []))

const score = (bag: Bag, reading: Reading, coverScore: number, context: FrameContext): Scored | undefined => {
  const coverage = coverageOf(bag)
  const plan = planOf(reading, context)
  if (!plan) return undefined
  const unaccountedFor = plan.kind === 'calls' ? unaccounted(bag.tokens, plan.calls, openStages(context)) : []
  const isPart = coverage.hasLostWord || coverage.hasLostName || coverage.uncoveredWeight >= 1
  const lost = [...(isPart ? coverage.missing : []), ...unaccountedFor]
  const key = JSON.stringify(plan.kind === 'calls' ? plan.calls.map(inOrder) : plan)
  return {
    reading,
    plan,
    share: coverage.share,
    score:
      -coverage.uncoveredWeight +
      reading.bonus * 0.6 +
      Math.min(coverScore, 20) * 0.03 +
      coveredTokens(bag).size * 0.01,
    key,
    lost,
  }
}

export interface Understanding {
  readonly readings: readonly Scored[]
  /** What the reading that loses least leaves out, where none is whole. */
  readonly lost?: readonly Token[]
  readonly ambiguous?: readonly string[]
}

/** Every reading of one question that a frame makes of some cover of it, best first. */
const understand = (
  tokens: readonly Token[],
  text: string,
  turn: Turn,
  input: PlanInput,
  previous?: Draft,
): Understanding => {
  const grammar = grammarOfWorkspace(input.vocabulary)
  const context: FrameContext = input
  const chart = parseChart(
    tokens,
    grammar,
    seedsFor(text, tokens, grammar, { ...input, legend: turn.legend }),
  )
  const readings: Scored[] = []
  const ambiguous = new Map<string, number>()
  let lost: readonly Token[] | undefined
  for (const cover of bestCovers(chart, PIECE_TYPES)) {
    const entities = candidateEntities(bagOf(text, tokens, cover.pieces))
    const frames: Frame[] = previous
      ? [continueDraft(previous)]
      : [...FIXED, ...[...entities].map((entity) => queryFrame(entity))]
    for (const frame of frames) {
      const bag = bagOf(text, tokens, cover.pieces)
      try {
        const reading = frame(bag, context)
        const scored = reading && score(bag, reading, cover.score, context)
        if (!scored) continue
        if (scored.lost.length === 0) readings.push(scored)
        else if (scored.plan.kind === 'calls' && (!lost || scored.lost.length < lost.length))
          lost = scored.lost
      } catch (error) {
        if (!(error instanceof Ambiguous)) throw error
        const key = error.candidates.join(' ')
        ambiguous.set(key, Math.max(ambiguous.get(key) ?? -Infinity, cover.score))
      }
    }
  }
  readings.sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
  const asked = [...ambiguous.entries()].sort((a, b) => b[1] - a[1])[0]?.[0]
  return {
    readings,
    ...(readings.length === 0 && lost ? { lost } : {}),
    ...(asked ? { ambiguous: asked.split(' ') } : {}),
  }
}

const refuse = (reason: string, said: string, input: PlanInput): Plan => ({
  kind: 'refuse',
  reason,
  suggestions: nearestQuestions(said, input),
})

interface Answered {
  readonly plan: Plan
  readonly reading?: Reading
  readonly lost?: readonly Token[] | undefined
}

const decide = (understanding: Understanding, said: string, input: PlanInput): Answered => {
  const [best, ...rest] = understanding.readings
  if (best && best.share >= MIN_SHARE) {
    if (best.plan.kind === 'refuse') return { plan: refuse(best.plan.reason, said, input) }
    const rival = rest.find(({ key, share }) => key !== best.key && share >= MIN_SHARE)
    if (
      rival &&
      best.score - rival.score < MARGIN &&
      best.plan.kind === 'calls' &&
      rival.plan.kind === 'calls' &&
      best.reading.frame !== rival.reading.frame &&
      !(best.reading.isHeaded === true && rival.reading.isHeaded === false)
    ) {
      return {
        plan: {
          kind: 'clarify',
          question: 'I can read this in two ways. Which do you mean?',
          choices: [best.plan.readAs, rival.plan.readAs],
        },
      }
    }
    return { plan: best.plan, reading: best.reading }
  }
  if (understanding.ambiguous) {
    return {
      plan: {
        kind: 'clarify',
        question: 'More than one record goes by that name. Which one do you mean?',
        choices: understanding.ambiguous,
      },
    }
  }
  return { plan: refuse(UNREAD, said, input), lost: understanding.lost }
}

const ambiguousPlan = (understanding: Understanding): Plan | undefined =>
  understanding.ambiguous && (understanding.readings[0]?.share ?? 0) < MIN_SHARE
    ? {
        kind: 'clarify',
        question: 'More than one record goes by that name. Which one do you mean?',
        choices: understanding.ambiguous,
      }
    : undefined

const onlyWrites = (all: Understanding): Understanding => ({
  ...all,
  readings: all.readings.filter(({ reading }) => reading.frame.startsWith('write.')),
})

/** Plans one turn, given the state that the turns before it left. */
const planTurn = (turn: Turn, state: DialogueState, input: PlanInput): Answered => {
  const said = stepBack(plainly(turn.said), state)
  const reason = forbidden(said)
  if (reason) return { plan: refuse(reason, said, input) }
  const grammar = grammarOfWorkspace(input.vocabulary)
  const given = withoutCourtesy(correctSpelling(tokenise(said), grammar))
  const corrected = state.draft ? correctionOf(given) : undefined
  const raw = corrected ?? given
  if (raw.length === 0) return { plan: refuse('There was no question.', said, input) }
  const resolved = resolvePronouns(raw, said, state)
  if (resolved.ask) return { plan: { kind: 'clarify', ...resolved.ask } }
  const { tokens, text } = resolved
  if (asksChange(tokens, text) || tellsFact(text, tokens))
    return decide(onlyWrites(understand(tokens, text, turn, input)), said, input)
  const leans = corrected !== undefined || resolved.meansList
  const follow = state.draft ? (leans ? 'yes' : isFollowUp(tokens, state)) : 'no'
  const continued = follow === 'no' ? undefined : understand(tokens, text, turn, input, state.draft)
  const standsAlone = resolved.isReplaced ? understand(tokens, text, turn, input) : undefined
  const [alone] = standsAlone?.readings ?? []
  if (standsAlone && alone && alone.share >= MIN_SHARE && !alone.reading.frame.startsWith('query.'))
    return decide(standsAlone, said, input)
  if (follow === 'yes' && continued && (continued.readings[0]?.share ?? 0) >= MIN_SHARE)
    return decide(continued, said, input)
  const own = understand(tokens, text, turn, input)
  const [first] = own.readings
  const needsContext = follow === 'maybe' && first?.reading.isHeaded === false
  if (needsContext && continued && (continued.readings[0]?.share ?? 0) >= MIN_SHARE)
    return decide(continued, said, input)
  const blocked = ambiguousPlan(own)
  if (blocked) return { plan: blocked }
  if ((own.readings[0]?.share ?? 0) >= MIN_SHARE) return decide(own, said, input)
  if (continued && (continued.readings[0]?.share ?? 0) >= MIN_SHARE) return decide(continued, said, input)
  return decide(own, said, input)
}

const remember = (state: DialogueState, turn: Turn, answered: Answered): DialogueState => {
  const named = tokenise(turn.said)
    .filter(({ kind }) => kind === 'handle')
    .map(({ raw }) => raw)
  const draft = answered.plan.kind === 'calls' ? answered.reading?.draft : state.draft
  return {
    draft,
    salient: [...new Set([...named.toReversed(), ...state.salient])],
    shown: turn.shown ?? [],
    legend: [...state.legend, ...turn.legend],
  }
}

/**
 * What to do about the last turn: tool calls, a question back, or a refusal with three nearest questions. Pure: the
 * same input gives the same plan. Earlier turns are planned again to know what "their" and "only the ones" refer to.
 */
export const plan = (input: PlanInput): Plan => {
  let state: DialogueState = { draft: undefined, salient: [], shown: [], legend: [] }
  for (const turn of input.turns.slice(0, -1)) state = remember(state, turn, planTurn(turn, state, input))
  const last = input.turns.at(-1)
  if (!last) return refuse('There was no question.', '', input)
  const turn = { ...last, legend: [...state.legend, ...last.legend] }
  const answered = planTurn(turn, state, input)
  const { plan: planned, lost } = answered
  if (planned.kind !== 'refuse' || planned.reason !== UNREAD) return planned
  const reads = (said: string): boolean => planTurn({ ...turn, said }, state, input).plan.kind === 'calls'
  const shorter = shorterQuestions(
    plainly(turn.said),
    lost ?? [],
    grammarOfWorkspace(input.vocabulary),
    reads,
  )
  return { ...planned, suggestions: [...shorter, ...planned.suggestions].slice(0, 3) }
}
