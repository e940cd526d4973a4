import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createAnswerWriter } from './answer-writer.ts'

const TABLE = '| Stage | Count |\n|---|---|\n| Lead | 4 |\n| Demo | 8 |\n'

const written = (text: string, options: { fancy: boolean; columns?: number }): string => {
  let out = ''
  const writer = createAnswerWriter({
    stdin: new PassThrough(),
    out: (piece) => (out += piece),
    err: () => {},
    interactive: options.fancy,
    columns: 80,
    cwd: '.',
    signal: new AbortController().signal,
    ...options,
  })
  for (const piece of text.match(/[\s\S]{1,5}/gu) ?? []) writer.push(piece)
  writer.end()
  return stripVTControlCharacters(out)
}

describe('an answer on a screen', () => {
  test('passes as it is where there is no terminal', () => {
    expect(written(`Here.\n\n${TABLE}12 in all.`, { fancy: false })).toBe(`Here.\n\n${TABLE}12 in all.`)
  })

  test('has groupings with bars, and the words around them', () => {
    const out = written(`Here.\n\n${TABLE}12 in all.`, { fancy: true })
    expect(out).toBe(
      `Here.\n\nStage  Count\nLead   4      ${'█'.repeat(12)}\nDemo   8      ${'█'.repeat(24)}\n12 in all.`,
    )
  })

  test('has tables that fit the screen', () => {
    const wide = `| Name | Note |\n|---|---|\n| ${'a'.repeat(60)} | ${'b'.repeat(60)} |\n`
    const lines = written(wide, { fancy: true, columns: 60 }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  })

  test('draws what only looks like a table as text', () => {
    expect(written('| not a table |\nmore', { fancy: true })).toBe('| not a table |\nmore')
  })
})
