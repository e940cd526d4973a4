import type { Bag } from '../bag.ts'
import type { FrameContext, Reading } from './common.ts'
import { resolve } from './common.ts'
import { change, instantIn, references, sentence, useAll } from './write-parts.ts'

/** The words of the task itself: what is left when the date is cut out. */
const withoutDate = (bag: Bag, from: number): string => {
  let text = ''
  let last = bag.tokens[from]?.start ?? bag.text.length
  for (const edge of bag.pieces.filter(({ type, start }) => type === 'PERIOD' && start >= from)) {
    text += bag.text.slice(last, bag.tokens[edge.start]!.start)
    last = bag.tokens[edge.end - 1]!.end
  }
  return sentence(text + bag.text.slice(last))
}

interface TaskParts {
  /** Token where the words of the task begin. */
  readonly from: number
  readonly due: string | undefined
  readonly assignee: string
  readonly named: ReturnType<typeof references>
}

const taskOf = (bag: Bag, { from, due, assignee, named }: TaskParts): Reading | undefined => {
  const people: string[] = []
  let company: string | undefined
  let deal: string | undefined
  for (const { piece } of named) {
    if (piece.ref.label === 'members') continue
    const ref = resolve(piece.ref, ['people', 'companies', 'deals'])
    if (ref?.label === 'people') people.push(...ref.handles)
    if (ref?.label === 'companies') company = ref.handles[0]
    if (ref?.label === 'deals') deal = ref.handles[0]
  }
  const title = withoutDate(bag, from)
  if (title === '') return undefined
  useAll(bag, from)
  const set: Record<string, unknown> = {
    title,
    ...(due ? { due_at: due } : {}),
    assignee,
    ...(people.length > 0 ? { people } : {}),
    ...(company ? { company } : {}),
    ...(deal ? { deal } : {}),
  }
  return {
    frame: 'write.task',
    bonus: 1.5,
    calls: [change('Asked for a reminder.', [{ op: 'create', entity: 'tasks', set }])],
    readAs: `propose a task for ${assignee}: ${title}${due ? `, due ${due}` : ', no due date'}`,
  }
}

/** "Follow up with … in two weeks", "Hana has to send … the quote by Friday": a task, where a day is said. */
const toDo = (bag: Bag, context: FrameContext, verb: number, needs: boolean): Reading | undefined => {
  const due = instantIn(bag, context, true)
  if (!due || bag.text.trimEnd().endsWith('?')) return undefined
  const assignee = needs ? references(bag, verb, verb + 1)[0]?.piece.ref.handles[0] : 'me'
  const from = needs ? verb + (bag.tokens[verb + 2]?.word === 'to' ? 3 : 2) : verb
  if (assignee === undefined) return undefined
  return taskOf(bag, { from, due, assignee, named: references(bag, verb + Number(needs), bag.tokens.length) })
}

/** "Remind Luis to call the Whitmores next Tuesday at 10", "create a task for me to …". */
export const remind = (bag: Bag, context: FrameContext, verb: number): Reading | undefined => {
  const { word: stem } = bag.tokens[verb]!
  const hasTask = bag.tokens
    .slice(verb, verb + 5)
    .some(({ word }) => ['task', 'reminder', 'todo', 'follow'].includes(word))
  const isRemind =
    stem === 'remind' ||
    (['tell', 'ask', 'have', 'get'].includes(stem) &&
      bag.tokens[verb + 1]?.raw.startsWith('MEMBER_') === true)
  const isChase =
    (stem === 'follow' && bag.tokens[verb + 1]?.word === 'up') || ['chase', 'nudge', 'ping'].includes(stem)
  const needs =
    bag.tokens[verb]!.raw.startsWith('MEMBER_') &&
    ['needs', 'need', 'has', 'must', 'should'].includes(bag.tokens[verb + 1]?.word ?? '')
  if (isChase || needs) return toDo(bag, context, verb, needs)
  if (
    !isRemind &&
    !(
      hasTask &&
      [
        'assign',
        'give',
        'creat',
        'create',
        'add',
        'set',
        'make',
        'schedul',
        'schedule',
        'open',
        'put',
        'new',
        'task',
        'todo',
      ].includes(stem)
    ) &&
    !(stem === 'schedul' && hasTask)
  )
    return undefined
  const noun = isRemind
    ? verb
    : bag.tokens.findIndex(
        ({ word }, index) => index >= verb && ['task', 'reminder', 'todo', 'follow'].includes(word),
      )
  // "Have Hana call …": the words of the task begin behind the name.
  const isTold = ['have', 'get'].includes(stem) && !['to', ':'].includes(bag.tokens[verb + 2]?.word ?? 'to')
  const to = isTold
    ? verb + 1
    : bag.tokens.findIndex(
        ({ word }, index) =>
          index > noun && (word === 'to' || word === ':' || word === 'that' || word === 'about'),
      )
  const isFollowUp = bag.tokens[noun]?.word === 'follow'
  if (to < 0 && !isFollowUp) return undefined
  const named = references(bag, verb, bag.tokens.length)
  const forWhom = named.find(({ piece, at }) => piece.ref.label === 'members' && at <= (to < 0 ? noun : to))
    ?.piece.ref
  const assignee = forWhom?.handles[0] ?? 'me'
  const about = named.filter(({ at }) => at > verb)
  const from =
    to < 0 || (isFollowUp && bag.tokens[to]!.word === 'to' && to < noun)
      ? noun
      : bag.tokens[to]!.word === 'about'
        ? to
        : to + 1
  const records = about.filter(({ piece }) => piece.ref !== forWhom)
  return taskOf(bag, { from, due: instantIn(bag, context, true), assignee, named: records })
}
