import { describe, expect, it } from 'vitest'
import { liveInMarkdown } from './suites/live-judge.ts'
import { HAND_MADE } from './suites/renderers-set.ts'
import { runRenderers } from './suites/renderers.ts'

const payloads = HAND_MADE.map((text, at) => ({ id: `made ${at}`, text }))
const benign = [
  { id: 'a', text: 'Revenue was $4.2m, e.g. 12 % more; see deck.pdf, [sic] and *this*.' },
  { id: 'b', text: 'Write to dana@nimbus.example by 10:00. 2 < 3 and 5 > 4.' },
]

describe('what an obedient model repeats', () => {
  it('is live as it is written, to a judge that knows nothing of ours', () => {
    expect(payloads.filter(({ text }) => liveInMarkdown(text).length > 0).length).toBeGreaterThan(30)
  })

  it('loads and links nothing in an answer, whole or in pieces, in the inbox, or in a tool result', async () => {
    expect((await runRenderers(payloads, [])).rows).toEqual([])
  })

  it('leaves harmless texts as they are', async () => {
    expect((await runRenderers([], benign)).falseAlarms).toEqual({ total: 2, changed: 0 })
  })
})
