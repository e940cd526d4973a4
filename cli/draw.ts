import pc from 'picocolors'
import { dollars } from '../agent/budget.ts'
import type { TurnEnd, TurnEvent } from '../domain/events.ts'
import type { Io } from './io.ts'

const colours = (io: Io) => pc.createColors(io.fancy)

const MAX_SOURCES = 6

/** Draws what happens in a turn as it happens: what is being looked up on stderr, text on stdout. */
export const drawEvent = (io: Io, event: Exclude<TurnEvent, TurnEnd>): void => {
  switch (event.type) {
    case 'text-delta':
      io.out(event.text)
      break
    case 'tool-call':
      if (io.fancy) io.err(`${colours(io).dim(`· ${event.label} …`)}\n`)
      break
    case 'tool-result':
      if (io.fancy && !event.ok) io.err(`${colours(io).yellow(`· ${event.label}: refused`)}\n`)
      break
    case 'proposal':
      break
  }
}

const receiptLine = ({ receipt }: TurnEnd): string => {
  if (receipt.local) return `${receipt.model}, on this machine; nothing left it.`
  const { model, insteadOf, requests, handles, inputTokens, outputTokens, costMicrodollars: cost } = receipt
  const price = typeof cost === 'number' ? `, ${dollars(cost)}` : ''
  return `${insteadOf === undefined ? model : `${model} in place of ${insteadOf}`}: ${requests} request${requests === 1 ? '' : 's'}, ${handles} names hidden, ${inputTokens + outputTokens} tokens${price}.`
}

/** Draws what stands under an answer: what was not streamed, sources, proposals, and the receipt. */
export const drawEnd = (io: Io, end: TurnEnd): void => {
  const { dim, cyan, green } = colours(io)
  io.out('\n')
  if (end.sources.length > 0) {
    io.out(`\n${dim('Sources')}\n`)
    for (const { name, what, uri } of end.sources.slice(0, MAX_SOURCES)) {
      io.out(`  ${cyan(name || what)} ${dim(`${what} · ${uri}`)}\n`)
    }
    const left = end.sources.length - MAX_SOURCES
    if (left > 0) io.out(`  ${dim(`and ${left} more`)}\n`)
  }
  for (const id of end.proposals)
    io.out(`\n${green('Proposed, not written.')} Approve: tact proposals approve ${id}\n`)
  io.out(`${dim(receiptLine(end))}\n`)
}
