import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse, takeDesk, type House } from '../cli/compose.ts'
import { runConversationTurn } from '../cli/conversation.ts'
import { loadConfig } from '../config.ts'
import { seedHome } from '../db/testing.ts'
import { importDocument } from '../db/workspace-document.ts'
import type { TurnEnd } from '../domain/events.ts'
import { newId } from '../domain/ids.ts'

const id = (kind: number, number: number): string =>
  `01931696-c580-7d46-a9${String(kind).padStart(2, '0')}-${String(number).padStart(12, '0')}`
const numbers = Array.from({ length: 12 }, (_, at) => at + 1)

const RECORDS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  members: [
    { id: id(1, 1), email: 'ana@tern.example', given_name: 'Ana', family_name: 'Ruiz', role: 'owner' },
    { id: id(1, 2), email: 'bo@tern.example', given_name: 'Bo', family_name: 'Lind', role: 'editor' },
  ],
  companies: numbers.map((n) => ({ id: id(2, n), name: `Orchard ${n} Foods` })),
  stages: [
    { id: id(3, 1), name: 'Quote', position: 1, kind: 'open' },
    { id: id(3, 2), name: 'Legal', position: 2, kind: 'open' },
    { id: id(3, 3), name: 'Won', position: 3, kind: 'won' },
    { id: id(3, 4), name: 'Lost', position: 4, kind: 'lost' },
  ],
  deals: numbers.map((n) => ({
    id: id(4, n),
    name: `Orchard ${n} rollout`,
    company_id: id(2, n),
    stage_id: id(3, 1 + (n % 2)),
    owner_id: id(1, 1 + (n % 2)),
    amount_minor: 5_000_000,
    currency: 'USD',
    created_at: '2026-05-01T10:00:00Z',
  })),
}

const documentIn = (order: <T>(list: readonly T[]) => readonly T[]) => ({
  format: 'tact-workspace/1',
  workspace: {
    slug: 'tern',
    name: 'Tern',
    vertical: 'sales',
    timezone: 'UTC',
    currency: 'USD',
    country: 'US',
  },
  records: Object.fromEntries(Object.entries(RECORDS).map(([entity, list]) => [entity, order(list)])),
})

const QUESTIONS = ['Pipeline by stage', 'Top 5 deals by amount', 'List all open deals over 20k']
const REPEATS = 100

describe('the same question over the same records', () => {
  const homes: string[] = []
  const houses: House[] = []

  beforeAll(async () => {
    for (const order of [
      <T>(list: readonly T[]): readonly T[] => list,
      <T>(list: readonly T[]): readonly T[] => list.toReversed(),
    ]) {
      const home = mkdtempSync(join(tmpdir(), 'tact-same-'))
      homes.push(home)
      await seedHome(home)
      const house = await openHouse(loadConfig({ TACT_HOME: home }))
      houses.push(house)
      await importDocument(house.database, documentIn(order))
    }
  }, 120_000)

  afterAll(async () => {
    for (const house of houses) await house.close()
    for (const home of homes) rmSync(home, { recursive: true, force: true })
  })

  const answer = async (house: House, question: string): Promise<string> => {
    const desk = await takeDesk(house, { workspace: 'tern', as: 'ana@tern.example' }, 'cli')
    let end: TurnEnd | undefined
    let text = ''
    const signal = new AbortController().signal
    for await (const event of runConversationTurn(house, desk, question, { name: newId(), signal })) {
      if (event.type === 'text-delta') text += event.text
      if (event.type === 'turn-end') end = event
    }
    expect(end?.status).toBe('answered')
    return text
  }

  it.each(QUESTIONS)(
    'has the same answer, byte for byte: %s',
    async (question) => {
      const [first, other] = houses as [House, House]
      const said = await answer(first, question)
      expect(said.length).toBeGreaterThan(20)
      const repeats = Math.floor(REPEATS / QUESTIONS.length / 4)
      for (let time = 0; time < repeats; time += 1) {
        expect(await answer(first, question)).toBe(said)
        expect(await answer(other, question)).toBe(said)
      }
    },
    120_000,
  )
})
