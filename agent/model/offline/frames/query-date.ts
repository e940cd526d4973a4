import { withWant } from '../draft.ts'
import type { Draft } from '../draft.ts'
import type { Period } from '../pieces.ts'

const edit = (draft: Draft, change: Partial<Draft>): Draft => ({ ...draft, ...change })
const note = (draft: Draft, text: string): Draft => ({ ...draft, notes: [...draft.notes, text] })

const isAhead = (period: Period | undefined): boolean =>
  period !== undefined &&
  (period.kind === 'ahead' || period.kind === 'until' || /^next_|tomorrow/.test(period.token))

/** Deals with a plain period: the date that was meant. */
export const chooseDate = (given: Draft): Draft => {
  const isOver = [given.compare?.a, given.compare?.b].some((period) =>
    /^last_|yesterday/.test(period?.token ?? ''),
  )
  // "Closing more than last quarter": what has closed.
  const draft =
    given.entity === 'deals' && given.date === 'closing' && isOver
      ? edit(given, {
          date: 'closed',
          wants: given.wants.map((want) => (want.slot === 'status' ? { ...want, value: 'won' } : want)),
        })
      : given
  const isDone = draft.wants.some(({ slot, value }) => slot === 'done' && value === true)
  if (draft.entity === 'tasks' && isDone && draft.period && !draft.date) return edit(draft, { date: 'done' })
  if (draft.entity !== 'deals' || draft.date !== undefined || (!draft.period && !draft.compare)) return draft
  // "Without … in the last month" is no question of when the deal was made.
  if (draft.noneOf?.length) return draft
  const status = draft.wants.find(({ slot }) => slot === 'status')?.value
  if (status === 'won' || status === 'lost') return edit(draft, { date: 'closed' })
  if (isAhead(draft.period))
    return note(
      withWant(edit(draft, { date: 'closing' }), { slot: 'status', op: '=', value: 'open' }),
      'by expected close date',
    )
  return note(edit(draft, { date: 'created' }), 'by the date they were created')
}
