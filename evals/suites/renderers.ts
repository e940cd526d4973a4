import { closeAnswer, closedNames } from '../../agent/closed-names.ts'
import { conversationPage } from '../../inbox/conversation-pages.ts'
import { openTestVault, createWorkspace } from '../../redaction/testing.ts'
import { scrub } from '../../redaction/scrub.ts'
import { awayInMarkdown, liveInHtml, liveInMarkdown } from './live-judge.ts'
import type { Payload } from './renderers-set.ts'

/** One way in which a text that others wrote reaches somebody's screen. */
interface Renderer {
  readonly name: string
  readonly draw: (text: string) => Promise<string>
  readonly judge: (drawn: string) => readonly string[]
}

export interface RenderersReport {
  /** Payloads by renderers. */
  readonly total: number
  /** Payloads that are live as they stand: what the judge must be able to see. */
  readonly liveAsWritten: number
  readonly live: number
  readonly rows: readonly { readonly renderer: string; readonly payload: string; readonly what: string }[]
  readonly byRenderer: Readonly<Record<string, { readonly total: number; readonly live: number }>>
  /** Benign texts with nothing live in them that came out of an answer otherwise than they went in. */
  readonly falseAlarms: { readonly total: number; readonly changed: number }
}

const NOBODY = async (): Promise<ReadonlySet<string>> => new Set()

/** A text as it arrives from a model: in pieces that end anywhere. */
const inPieces = async (text: string): Promise<string> => {
  const stream = closedNames({ push: async (chunk) => chunk, end: async () => '' }, NOBODY)
  let drawn = ''
  for (let at = 0, turn = 1; at < text.length; turn += 1) {
    const length = 1 + ((turn * 7) % 13)
    drawn += await stream.push(text.slice(at, at + length))
    at += length
  }
  return drawn + (await stream.end())
}

const AT = '2026-11-21T10:00:00Z'

const inInbox = (text: string): string =>
  conversationPage({
    row: { id: 'c', channel: 'chat', startedAt: AT, turns: 1, handles: 0, requests: 0 },
    turns: [{ role: 'assistant', withNames: text, withHandles: text }],
    requests: [],
    timezone: 'Europe/Berlin',
    csrf: '',
    written: 0,
    notice: undefined,
  }).text

const openRenderers = async (): Promise<readonly Renderer[]> => {
  const { dictionary } = createWorkspace()
  const vault = await openTestVault()
  return [
    { name: 'answer', draw: (text) => closeAnswer(text, NOBODY), judge: liveInMarkdown },
    { name: 'answer, streamed', draw: inPieces, judge: liveInMarkdown },
    { name: 'inbox', draw: async (text) => inInbox(text), judge: liveInHtml },
    // HTML in a mail stays as it was written, for a model to quote: what counts is where it leads.
    {
      name: 'tool result',
      draw: async (text) =>
        (await scrub(text, { dictionary, active: new Set(), mode: 'content', vault })).text,
      judge: awayInMarkdown,
    },
  ]
}

/** Every payload through every renderer, and benign texts through the answer's. */
export const runRenderers = async (
  hostile: readonly Payload[],
  benign: readonly Payload[],
): Promise<RenderersReport> => {
  const rows: { renderer: string; payload: string; what: string }[] = []
  const byRenderer: Record<string, { total: number; live: number }> = {}
  for (const { name, draw, judge } of await openRenderers()) {
    const count = (byRenderer[name] = { total: 0, live: 0 })
    for (const { id, text } of hostile) {
      const [what] = judge(await draw(text))
      count.total += 1
      if (what === undefined) continue
      count.live += 1
      rows.push({ renderer: name, payload: id, what })
    }
  }
  let harmless = 0
  let changed = 0
  for (const { text } of benign) {
    if (liveInMarkdown(text).length > 0) continue
    harmless += 1
    if ((await closeAnswer(text, NOBODY)) !== text) changed += 1
  }
  return {
    total: hostile.length * Object.keys(byRenderer).length,
    liveAsWritten: hostile.filter(({ text }) => liveInMarkdown(text).length > 0).length,
    live: rows.length,
    rows,
    byRenderer,
    falseAlarms: { total: harmless, changed },
  }
}
