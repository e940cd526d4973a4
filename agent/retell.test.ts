import { describe, expect, it } from 'vitest'
import { checkDigit } from '../domain/handle.ts'
import type { Turn } from '../db/conversations.ts'
import { loadConfig } from '../config.ts'
import type { ChatModel } from './model/model.ts'
import { selectNarrator } from './model/select.ts'
import { retell, type Retold } from './retell.ts'
import { foldable, KEPT_TURNS, plainSummary, summarise } from './summary.ts'
import { scriptedAnthropic } from './testing/fake-anthropic.ts'
import { scriptedOpenai } from './testing/fake-openai.ts'
import type { Move } from './testing/script.ts'

const PERSON = `PERSON_4331${checkDigit('4331')}`
const DEAL = `DEAL_7120${checkDigit('7120')}`
const FACTS = `${DEAL} closes on 2026-11-30, amount 40,000.\n${PERSON} has waited for an answer for 6 days.`
const OFFLINE = { name: 'offline', local: true } as unknown as ChatModel
const signal = new AbortController().signal

const told = async (start: typeof scriptedAnthropic, move: Move): Promise<Retold> => {
  const server = await start(() => move)
  try {
    const model = selectNarrator(
      loadConfig({
        TACT_NARRATIVE_MODEL: server.settings.TACT_MODEL,
        ...server.settings,
        TACT_MODEL: 'offline',
      }),
      () => OFFLINE,
      () => Promise.resolve(),
    )
    const retold = await retell(FACTS, { model, signal })
    expect(server.refused).toEqual([])
    return retold
  } finally {
    await server.close()
  }
}

describe.each([
  ['Anthropic', scriptedAnthropic],
  ['OpenAI', scriptedOpenai],
] as const)('facts put into words by the model for narratives, over the protocol of %s', (_name, start) => {
  it('are shown as it wrote them, where the facts bear them', async () => {
    const text = `${PERSON} has waited for 6 days. ${DEAL} closes on 2026-11-30.`
    expect(await told(start, { text })).toMatchObject({
      text,
      leftOut: 0,
      by: expect.stringContaining(':') as string,
    })
  })

  it('lose the sentence with a figure or a name of its own', async () => {
    const { text, leftOut } = await told(start, {
      text: `${DEAL} is worth 55,000. ${PERSON} has waited for 6 days. Their boss Ottoline Quist is cross.`,
    })
    expect(text).toBe(`${PERSON} has waited for 6 days.`)
    expect(leftOut).toBe(2)
  })

  it('stand as they were where nothing holds, the model declines, or its server fails', async () => {
    expect(await told(start, { text: 'There are 17 of them.' })).toMatchObject({
      text: FACTS,
      failure: 'unfounded',
    })
    expect(await told(start, { stop: 'refusal' })).toMatchObject({
      text: FACTS,
      by: 'offline',
      failure: 'declined',
    })
    expect(await told(start, { status: 400 })).toMatchObject({ text: FACTS, failure: 'model_unavailable' })
  })
})

describe('the model for narratives', () => {
  const named = (settings: Record<string, string>): string =>
    selectNarrator(
      loadConfig(settings),
      () => OFFLINE,
      () => Promise.resolve(),
    ).name
  const LOCAL = 'openai-compatible:http://127.0.0.1:9/v1#small'

  it('is the one for answers unless it is named, and may be another', () => {
    expect(named({})).toBe('offline')
    expect(named({ TACT_MODEL: LOCAL })).toBe('openai-compatible:small')
    expect(named({ TACT_MODEL: LOCAL, TACT_NARRATIVE_MODEL: 'offline' })).toBe('offline')
    expect(named({ TACT_NARRATIVE_MODEL: LOCAL })).toBe('openai-compatible:small')
  })
})

describe('the earlier part of a conversation', () => {
  const turns = (count: number): readonly Turn[] =>
    Array.from({ length: count }, (_, at) => ({
      position: at + 1,
      role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: {
        text:
          at % 2 === 0
            ? `Question ${at} of ${PERSON}?\n<legend>\n{"handle":"${PERSON}","is":"people"}\n</legend>`
            : `Answer ${at}.\nMore of it.`,
      },
    }))

  it('is folded by tens, in whole pairs, and the latest turns stay', () => {
    expect(foldable(turns(KEPT_TURNS + 8))).toEqual([])
    expect(foldable(turns(KEPT_TURNS + 11)).map(({ position }) => position)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  it('is a line for each turn offline, the same each time, with handles and without their legends', async () => {
    const { text, by } = await summarise('Asked: before', turns(2), { model: OFFLINE, signal })
    expect(by).toBe('offline')
    expect(text).toBe(`Asked: before\nAsked: Question 0 of ${PERSON}?\nAnswered: Answer 1.`)
  })

  it('gives way from its beginning when it grows too long', () => {
    const text = plainSummary(`Asked: the very first\n${'x'.repeat(3990)}`, turns(2))
    expect(text).not.toContain('the very first')
    expect(text.split('\n').at(-1)).toBe('Answered: Answer 1.')
  })
})
