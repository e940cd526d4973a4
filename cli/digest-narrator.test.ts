import { describe, expect, test } from 'vitest'
import { scriptedAnthropic } from '../agent/testing/fake-anthropic.ts'
import { scriptedOpenai } from '../agent/testing/fake-openai.ts'
import { loadConfig } from '../config.ts'
import type { Layout } from '../digest/layout.ts'
import { narrate } from '../digest/narrative.ts'
import { renderText } from '../digest/render.ts'
import { digestNarrator } from './digest-narrator.ts'

const LAYOUT: Layout = {
  title: 'Cobalt: Wednesday, 18 November 2026',
  subtitle: 'for the team',
  quiet: null,
  still: null,
  inboxHref: 'http://here/inbox',
  blocks: [
    {
      section: 'lanes',
      title: 'They wait for us',
      lines: [{ text: 'Zephyrine Quillon: Pilot', detail: 'waits for an answer for 6 days', sources: '' }],
    },
  ],
}
const FACTS = renderText(LAYOUT)
const NARRATIVE = 'Zephyrine Quillon has waited for 6 days.'

const told = (settings: Record<string, string | undefined>): Promise<Layout> =>
  narrate(LAYOUT, digestNarrator(loadConfig(settings)))

describe('who puts a digest into words', () => {
  test('nobody, where no model is set', async () => {
    expect(digestNarrator(loadConfig({}))).toBeUndefined()
    expect(renderText(await told({}))).toBe(FACTS)
  })

  test('a model on this machine, over the same facts, and not with a number of its own', async () => {
    for (const [text, is] of [
      [NARRATIVE, NARRATIVE],
      [NARRATIVE.replace('6', '7'), undefined],
    ] as const) {
      const server = await scriptedOpenai(() => ({ text }))
      try {
        const made = await told({ ...server.settings, TACT_NARRATIVE_MODEL: server.settings.TACT_MODEL })
        expect(server.refused).toEqual([])
        expect(made.blocks[0]?.narrative).toBe(is)
        expect(renderText(made).replace(`${NARRATIVE}\n\n`, '')).toBe(FACTS)
      } finally {
        await server.close()
      }
    }
  })

  test('no model elsewhere: it is not asked at all, whichever setting names it', async () => {
    let asked = 0
    const server = await scriptedAnthropic(() => {
      asked += 1
      return { text: NARRATIVE }
    })
    try {
      const { settings } = server
      for (const name of ['TACT_MODEL', 'TACT_NARRATIVE_MODEL'])
        expect(renderText(await told({ ...settings, [name]: settings.TACT_MODEL }))).toBe(FACTS)
      const elsewhere = 'openai-compatible:https://models.example.com/v1#large'
      expect(digestNarrator(loadConfig({ TACT_NARRATIVE_MODEL: elsewhere }))).toBeUndefined()
      expect(asked).toBe(0)
    } finally {
      await server.close()
    }
  })
})
