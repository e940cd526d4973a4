import type { KnownBlock } from '@slack/types'
import type { TurnEnd } from '../domain/events.ts'
import { ACTIONS } from './cards.ts'
import { plain } from './render/text.ts'

const MOST_SOURCES = 6
const LONGEST_LINE = 280

const sourcesLine = ({ sources }: TurnEnd): string | undefined => {
  if (sources.length === 0) return undefined
  const named = sources
    .slice(0, MOST_SOURCES)
    .map(({ name, what }) => (name === '' ? what : `${name} (${what})`))
  const left = sources.length - named.length
  return `Sources: ${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

const receiptLine = ({ receipt }: TurnEnd): string =>
  receipt.local
    ? `${receipt.model}, on Tact’s own machine: nothing left it.`
    : `${receipt.model}: ${receipt.handles} names hidden in ${receipt.requests} request${receipt.requests === 1 ? '' : 's'}.`

/** What stands under an answer: what it rests on, what left for a model, and two buttons to say what one thinks of it. */
export const endBlocks = (end: TurnEnd, eventId: string): readonly KnownBlock[] => {
  const lines = [sourcesLine(end), receiptLine(end)].filter((line) => line !== undefined)
  const context: KnownBlock = { type: 'context', elements: lines.map((line) => plain(line, LONGEST_LINE)) }
  if (end.status === 'cancelled' || end.status === 'failed') return [context]
  return [
    context,
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: ACTIONS.rate,
          positive_button: { text: plain('Good answer'), value: `good:${eventId}` },
          negative_button: { text: plain('Bad answer'), value: `bad:${eventId}` },
        },
      ],
    },
  ]
}
