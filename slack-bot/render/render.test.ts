import { describe, expect, test } from 'vitest'
import { checkBlocks } from '../testing/validate.ts'
import { runMessage } from '../testing/message-runs.ts'
import { dangersIn } from '../testing/reading.ts'
import { AnswerText } from './answer.ts'
import { digestMessages } from './digest.ts'
import { drawTable } from './table.ts'
import { clip, link, plain, quoted } from './text.ts'

const HOSTS = new Set(['crm.example'])
const answer = (text: string, cut = text.length): { text: string; tables: number } => {
  const lines = new AnswerText(HOSTS)
  const pieces = []
  for (let at = 0; at < text.length; at += cut) pieces.push(...lines.push(text.slice(at, at + cut)))
  pieces.push(...lines.end())
  return {
    text: pieces
      .filter(({ block }) => !block)
      .map((piece) => piece.text)
      .join(''),
    tables: pieces.filter(({ block }) => block?.type === 'table').length,
  }
}

describe('an answer', () => {
  test('calls nobody, however it was written', () => {
    for (const text of [
      '<!channel>',
      '<!here|here>',
      '<@U0ABC>',
      '<#C0ABC>',
      '@channel',
      '`<!everyone>`',
      '```\n<!channel> @here\n```',
      '![@](x)channel',
    ]) {
      const read = answer(`so ${text} now`)
      expect([text, dangersIn({ text: '', markdown: read.text, blocks: [] }, HOSTS)]).toEqual([text, []])
    }
  })

  test('links to the inbox alone', () => {
    expect(answer('[ok](https://crm.example/inbox) and [no](https://evil.example/x)\n').text).toBe(
      '[ok](https://crm.example/inbox) and no (hxxps[:]//evil[.]example/x)\n',
    )
    expect(answer('日本語https://evil.example --www.evil.example %sevil.example\n').text).not.toMatch(
      /evil\.example|https:/u,
    )
  })

  test('is the same in whatever pieces it came', () => {
    const text =
      'One <b> & [x](https://evil.example) two\n```\na < b\n```\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\nlast'
    for (const cut of [1, 3, 7, 1000]) expect(answer(text, cut)).toEqual(answer(text))
    expect(answer(text).tables).toBe(1)
  })

  test('closes a fence that was left open, and keeps quotes as quotes', () => {
    expect(answer('```\nlet a').text).toBe('```\nlet a\n```')
    expect(answer('> said > so\n').text).toBe('> said &gt; so\n')
  })
})

describe('a table', () => {
  test('of figures by name gets bars', () => {
    const { block } = drawTable({
      headings: ['Stage', 'Sum'],
      rows: [
        ['Won', '€12,000'],
        ['Lost', '€3,000'],
      ],
    })
    expect(block.rows[1]!.map((cell) => (cell.type === 'raw_text' ? cell.text : ''))).toEqual([
      'Won',
      '€12,000',
      '█'.repeat(16),
    ])
    expect(block.rows[2]!.at(-1)).toEqual({ type: 'raw_text', text: '████' })
  })

  test('larger than Slack takes is cut, and says by how much', () => {
    const drawn = drawTable({
      headings: Array.from({ length: 30 }, (_, at) => `H${at}`),
      rows: Array.from({ length: 500 }, () => Array.from({ length: 30 }, () => 'x'.repeat(50))),
    })
    expect(checkBlocks([drawn.block])).toEqual([])
    expect(drawn.leftOut).toBe(501 - drawn.block.rows.length)
  })
})

describe('a text of somebody’s', () => {
  test('is cut without halving a character, and never empty', () => {
    expect(clip('ab🙂', 3)).toBe('ab…')
    expect(plain('').text).toBe('–')
    expect(plain('x'.repeat(4000)).text).toHaveLength(3000)
  })

  test('formats nothing in our mark-up, and is a link only to a listed host', () => {
    expect(quoted('*a* <b> `c`')).toBe('∗a∗ ‹b&gt; ˋcˋ')
    expect(link('https://crm.example/a?b=1&c=2', 'Deal', HOSTS)).toBe(
      '<https://crm.example/a?b=1&amp;c=2|Deal>',
    )
    expect(link('https://crm.example@evil.example/', 'Deal', HOSTS)).toBe('Deal')
    expect(link('javascript:alert(1)', 'Deal', HOSTS)).toBe('Deal')
  })
})

test('a digest of hundreds of lines comes in messages that Slack takes, none of its lines lost', () => {
  const lines = Array.from({ length: 400 }, (_, at) => ({
    text: `Line ${at} of the day`,
    url: `https://crm.example/${at}`,
  }))
  const messages = digestMessages(
    { title: 'Today', window: 'Friday', sections: [{ heading: 'Needs you', lines }] },
    HOSTS,
  )
  expect(messages.flatMap(({ blocks }) => checkBlocks(blocks))).toEqual([])
  const text = JSON.stringify(messages)
  expect(lines.filter((line) => !text.includes(`|${line.text}>`))).toEqual([])
})

test('answers, cards and digests of hostile texts keep every limit, call nobody and lead nowhere', async () => {
  const wrong: unknown[] = []
  let sent = 0
  for (let seed = 1; seed <= 120; seed++) {
    const run = await runMessage(seed)
    if (run.wrong.length > 0) wrong.push(run)
    sent += run.messages
  }
  expect(wrong).toEqual([])
  expect(sent).toBeGreaterThan(120)
})
