import { describe, expect, test } from 'vitest'
import { bears } from './bears.ts'
import type { Layout } from './layout.ts'
import { narrate } from './narrative.ts'
import { renderHtml, renderMarkdown, renderText } from './render.ts'

const line = (text: string, detail: string) => ({ text, detail, sources: '' })
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
      lines: [
        line('Dana Whitfield (Acme): Pilot', 'waits for an answer for 6 days'),
        line('Farah Khan (Birch): Terms', 'waits for an answer for 2 days'),
      ],
    },
    {
      section: 'deals',
      title: 'Deals',
      lines: [line('Rocket fuel', 'advanced to Offer, €40,000')],
      note: '3 new (+1)',
    },
  ],
}
const LANES = 'Two people wait. Dana Whitfield of Acme has waited for 6 days, Farah Khan for 2 days.'
const DEALS = 'Rocket fuel advanced to Offer and is worth €40,000.'
const narrator = (tell: (facts: string) => Promise<string | undefined>) => ({ local: true, tell }) as const
const told = async (lanes: string, deals: string) =>
  (
    await narrate(
      LAYOUT,
      narrator(async (facts) => (facts.includes('Dana') ? lanes : deals)),
    )
  ).blocks.map(({ narrative }) => narrative)

describe('a narrative over a section', () => {
  test('stands there where its lines bear it, in every rendering and escaped', async () => {
    expect(await told(LANES, DEALS)).toEqual([LANES, DEALS])
    const made = await narrate(
      LAYOUT,
      narrator(async (facts) => (facts.includes('Dana') ? LANES : undefined)),
    )
    for (const text of [renderText(made), renderHtml(made)]) expect(text).toContain(LANES)
    expect(renderMarkdown(made)).toContain('Dana Whitfield of Acme has waited for 6 days')
  })

  test('is dropped with one changed number, wherever it stands, and with a name of its own', async () => {
    const changed = [...LANES.matchAll(/\d+/g)].map(
      ({ index, 0: number }) =>
        `${LANES.slice(0, index)}${Number(number) + 1}${LANES.slice(index + number.length)}`,
    )
    expect(changed).toHaveLength(2)
    for (const lanes of [...changed, LANES.replace('Two', 'Three'), `${LANES} Ottoline Quist is cross.`])
      expect(await told(lanes, DEALS)).toEqual([undefined, DEALS])
    expect(await told(LANES, DEALS.replace('40,000', '40,001'))).toEqual([LANES, undefined])
  })

  test('is dropped where two numbers changed places', () => {
    const facts = ['Dana Whitfield: waits for 6 days', 'Farah Khan: waits for 2 days']
    expect(bears(facts, 'Farah Khan waits for 2 days.')).toBe(true)
    expect(bears(facts, 'Farah Khan waits for 6 days.')).toBe(false)
  })

  test('is left out where the model fails, says nothing or takes too long; the facts stand as they were', async () => {
    const late = new AbortController()
    const never = new Promise<undefined>(() => {})
    const waiting = narrate(
      LAYOUT,
      narrator(() => never),
      { signal: late.signal },
    )
    late.abort()
    expect(await waiting).toEqual(LAYOUT)
    expect(
      await narrate(
        LAYOUT,
        narrator(() => Promise.reject(new Error('broken'))),
      ),
    ).toEqual(LAYOUT)
    expect(await narrate(LAYOUT, undefined)).toBe(LAYOUT)
  })
})
