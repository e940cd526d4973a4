import { describe, expect, test } from 'vitest'
import type { DigestFacts, Item } from './facts.ts'
import { layOut, SECTIONS } from './layout.ts'
import type { LayoutOptions } from './layout.ts'
import { forChat, renderHtml, renderMarkdown, renderText } from './render.ts'
import { untold } from './told.ts'
import type { Told } from './told.ts'

const item = (name: string, place = 0): Item => ({
  key: `they_wait:${place}`,
  lane: 'they_wait',
  fingerprint: 'a',
  title: name,
  why: 'waits for an answer for 2 days',
  since: '2026-11-16T08:00:00.000Z',
  sources: [
    { entity: 'threads', id: '1', name: 'Pilot' },
    { entity: 'people', id: '2', name: 'Dana Whitfield' },
  ],
  ready: { kind: 'propose', label: 'Draft an answer', reason: 'r', changes: [] },
})

const facts = (more: Partial<DigestFacts> = {}): DigestFacts => ({
  workspace: 'Cobalt',
  reader: 'Ana Reyes',
  window: {
    date: '2026-11-18',
    from: new Date('2026-11-17T08:00:00Z'),
    until: new Date('2026-11-18T08:00:00Z'),
    timezone: 'UTC',
  },
  lanes: { they_wait: [], we_wait: [], quiet: [], decide: [], today: [], watched: [] },
  members: [],
  companies: [],
  deals: [],
  moves: [],
  byThemselves: { rules: [], standing: [] },
  ...more,
})
const OPTIONS: LayoutOptions = { sections: SECTIONS, inboxUrl: 'http://here/inbox', channel: 'mail' }
const lay = (of: DigestFacts, told: ReadonlyMap<string, Told> = new Map()) =>
  layOut(of, untold(of, told), OPTIONS)
const waiting = (items: readonly Item[]): DigestFacts =>
  facts({ lanes: { ...facts().lanes, they_wait: items } })

describe('a digest as it is read', () => {
  test('says each thing with why, source and what can be done, decisions first and counts against the window before', () => {
    const text = renderText(
      lay(
        facts({
          lanes: { ...facts().lanes, they_wait: [item('Dana Whitfield: Pilot')] },
          deals: [
            {
              move: 'advanced',
              deal: { entity: 'deals', id: '3', name: 'Rocket fuel' },
              company: 'Acme',
              stage: 'Offer',
              amountMinor: 1_000_000,
              currency: 'EUR',
            },
          ],
          moves: [
            { move: 'advanced', count: 1, before: 3 },
            { move: 'won', count: 0, before: 0 },
          ],
          members: [{ member: 'Ana Reyes', sent: 3, received: 2, people: [] }],
          byThemselves: { rules: [{ rule: 'Call', proposed: 2, failed: 1 }], standing: [] },
        }),
      ),
    )
    expect(text).toMatchInlineSnapshot(`
      "Cobalt: Wednesday, 18 November 2026 (for Ana Reyes)

      THEY WAIT FOR US
      - Dana Whitfield: Pilot: waits for an answer for 2 days · mail “Pilot”, Dana Whitfield
        Draft an answer: http://here/inbox/digest/mail#they_wait%3A0

      DEALS
      - Rocket fuel: advanced to Offer, €10,000 · Acme
        1 advanced (-2), 0 won (0) against the window before

      MAIL BY MEMBER
      - Ana Reyes: 3 sent, 2 received

      WHAT PASSED BY ITSELF
      - Rule “Call”: 2 proposed, 1 failed

      All of it: http://here/inbox/digest/mail
      "
    `)
  })

  test('has one line on a quiet day, which tells how much is still open', () => {
    const told = new Map([['they_wait:0', { fingerprint: 'a', toldAt: '2026-11-17T08:00:00.000Z' }]])
    const layout = lay(waiting([item('Pilot')]), told)
    expect(renderText(layout).trim().split('\n')).toEqual([
      'Cobalt: Wednesday, 18 November 2026 (for Ana Reyes)',
      'A quiet day: nothing new, 1 told before and still open.',
    ])
    expect(lay(facts()).quiet).toBe('A quiet day: nothing new.')
  })

  test('tells again what changed, and what it told in this very window', () => {
    const of = waiting([item('Pilot')])
    const at = (fingerprint: string, toldAt: string) =>
      lay(of, new Map([['they_wait:0', { fingerprint, toldAt }]])).blocks.length
    expect(at('a', '2026-11-17T08:00:00.000Z')).toBe(0)
    expect(at('b', '2026-11-17T08:00:00.000Z')).toBe(1)
    expect(at('a', '2026-11-18T08:00:00.000Z')).toBe(1)
  })

  test('shows seven of a lane and says how many more there are', () => {
    const { blocks } = lay(waiting(Array.from({ length: 9 }, (_, place) => item(`Mail ${place}`, place))))
    expect(blocks[0]?.lines).toHaveLength(7)
    expect(blocks[0]?.note).toBe('2 more in the inbox')
  })

  test('lets no record write markup, a line of its own or against the reading direction', () => {
    const nasty =
      '<img src=x onerror=alert(1)> [here](http://evil) **bold** @channel\n- fake line \u202egnp.exe'
    const layout = lay(waiting([item(nasty)]))
    expect(renderHtml(layout)).not.toContain('<img')
    expect(renderHtml(layout)).toContain('&lt;img')
    expect(renderMarkdown(layout)).toContain(String.raw`\[here\]\(http://evil\)`)
    for (const text of [renderText(layout), renderMarkdown(layout), renderHtml(layout)]) {
      expect(text).not.toContain('\u202e')
      expect(text).not.toMatch(/^- fake line/m)
    }
    expect(JSON.stringify(forChat(layout))).not.toMatch(/\\n|\u202e/)
  })

  test('is one root for a chat, with a reply for each person and company', () => {
    const chat = forChat(
      lay(
        facts({
          members: [{ member: 'Ana Reyes', sent: 3, received: 2, people: [] }],
          companies: [
            {
              company: { entity: 'companies', id: '4', name: 'Acme' },
              received: 1,
              sent: 0,
              members: ['Ana'],
            },
          ],
          lanes: { ...facts().lanes, they_wait: [item('Pilot')] },
        }),
      ),
    )
    expect(chat.root.map(({ title }) => title)).toEqual(['They wait for us'])
    expect(chat.replies.map(({ of }) => of)).toEqual(['Ana Reyes', 'Acme'])
  })
})
