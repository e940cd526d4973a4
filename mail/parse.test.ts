import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseMailDate } from './date.ts'
import { parseMessage } from './parse.ts'
import { spamAssassinFiles } from './testing/corpus.ts'

const NOW = new Date('2026-11-21T09:00:00Z')
const FIXTURES = fileURLToPath(new URL('../../shared/data/search/mime-fixtures', import.meta.url))

const parse = (text: string, encoding: BufferEncoding = 'utf8') =>
  parseMessage(Buffer.from(text, encoding), NOW)

const HEAD =
  'From: Dana <dana@nimbus.example>\nTo: us@larkspur.example\nMessage-ID: <a@b>\nDate: Thu, 05 Nov 2026 10:00:00 +0100\n'

describe('a message', () => {
  test('gives its headers, text and who it went to', async () => {
    const message = await parse(
      `${HEAD}Cc: Team: x@y.example, z@y.example;\nSubject: =?utf-8?Q?Pr=C3=A9vu?=\n\nHello`,
    )
    expect(message).toMatchObject({
      messageId: 'a@b',
      subject: 'Prévu',
      text: 'Hello\n',
      from: { address: 'dana@nimbus.example', name: 'Dana' },
      sentAt: new Date('2026-11-05T09:00:00Z'),
      faults: [],
    })
    expect(message.recipients.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'to us@larkspur.example',
      'cc x@y.example',
      'cc z@y.example',
    ])
  })

  test('without a Message-ID gets one from its content, the same whichever way it came', async () => {
    const body = 'From: a@b.example\nDate: Thu, 05 Nov 2026 10:00:00 +0000\nSubject: x\n\nHello\n'
    const first = await parse(body)
    const second = await parse(
      `Received: from here; Thu, 05 Nov 2026 10:00:05 +0000\n${body}\n`.replaceAll('\n', '\r\n'),
    )
    expect(first.faults).toContain('no_message_id')
    expect(second.messageId).toBe(first.messageId)
    expect(second.contentHash).toBe(first.contentHash)
  })

  test('with a date that cannot be believed takes the time of arrival, else that of the import, and says so', async () => {
    const arrived = await parse(
      'From: a@b.example\nDate: Mon, 01 Jan 2036 00:00:00 +0000\nReceived: by x; Tue, 03 Nov 2026 08:00:00 +0000\n\nx',
    )
    expect(arrived.sentAt).toEqual(new Date('2026-11-03T08:00:00Z'))
    expect(arrived.faults).toContain('bad_date')
    const never = await parse('From: a@b.example\n\nx')
    expect(never.sentAt).toEqual(NOW)
    expect(never.faults).toContain('no_date')
  })

  test.each([
    ['Thu, 22 Aug 2002 18:26:25 +0700', '2002-08-22T11:26:25.000Z'],
    ['22 Aug 02 18:26 EST', '2002-08-22T23:26:00.000Z'],
    ['Thu, 22 Aug 2002 18:26:25 +0200 (CEST)', '2002-08-22T16:26:25.000Z'],
    ['Thu Aug 22 18:26:25 2002', '2002-08-22T18:26:25.000Z'],
    ['Foo, 22 Aug 2002 18:26:25 +0000', '2002-08-22T18:26:25.000Z'],
  ])('reads the date %s', (text, expected) => {
    expect(parseMailDate(text, NOW)?.toISOString()).toBe(expected)
  })

  test.each([
    ['undeclared UTF-8', '', Buffer.from('Café für Zoë')],
    ['undeclared Latin-1', '', Buffer.from('Café für Zoë und alle anderen auch', 'latin1')],
    ['UTF-8 declared as ASCII', 'us-ascii', Buffer.from('Café für Zoë')],
    ['UTF-8 declared as Latin-1', 'iso-8859-1', Buffer.from('Café für Zoë')],
    ['Latin-1 declared as UTF-8', 'utf-8', Buffer.from('Café für Zoë', 'latin1')],
    ['a label nobody knows', 'default_charset', Buffer.from('Café für Zoë')],
  ])('is read when its text is %s', async (_what, charset, body) => {
    const type = charset === '' ? '' : `Content-Type: text/plain; charset=${charset}\n`
    const message = await parseMessage(Buffer.concat([Buffer.from(`${HEAD}${type}\n`), body]), NOW)
    expect(message.text).toContain('Café für Zoë')
    expect(message.faults).toEqual(['charset_repaired'])
  })

  test('in Russian or Korean is read without a declared character set', async () => {
    const russian = Buffer.from('f0d2c9d7c5d42c20cbc1cb20d7c1dbc920c4c5ccc120d3c5c7cfc4ced1', 'hex')
    expect((await parseMessage(Buffer.concat([Buffer.from(`${HEAD}\n`), russian]), NOW)).text).toContain(
      'Привет, как ваши дела',
    )
    const korean = Buffer.from('b1a4b0edc0d4b4cfb4d92eb0a8bbe7c7d5b4cfb4d9', 'hex')
    expect((await parseMessage(Buffer.concat([Buffer.from(`${HEAD}\n`), korean]), NOW)).text).toContain(
      '광고입니다',
    )
  })

  test('of HTML alone becomes text without what nobody was to see', async () => {
    const message = await parse(
      `${HEAD}Content-Type: text/html\n\n<p>Price: <b>40</b></p><div style="display:none">hidden</div><table><tr><td>a</td><td>b</td></tr></table>`,
    )
    expect(message.text).toContain('Price: 40')
    expect(message.text).toContain('a b')
    expect(message.text).not.toContain('hidden')
  })

  test('lists its files, and does not count inline images among them', async () => {
    const related = `${HEAD}Content-Type: multipart/related; boundary=X\n\n--X\nContent-Type: text/html\n\n<img src="cid:1">\n--X\nContent-Type: image/png\nContent-ID: <1>\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--X--\n`
    expect(await parse(related)).toMatchObject({
      hasAttachment: false,
      attachments: [{ mimeType: 'image/png', sizeBytes: 5 }],
    })
    const mixed = `${HEAD}Content-Type: multipart/mixed; boundary=X\n\n--X\n\nhi\n--X\nContent-Type: application/pdf; name="terms.pdf"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--X--\n`
    expect(await parse(mixed)).toMatchObject({
      hasAttachment: true,
      attachments: [
        {
          filename: 'terms.pdf',
          sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
      ],
    })
  })

  test.each([
    'List-Id: <x>',
    'Precedence: bulk',
    'Auto-Submitted: auto-replied',
    'From: no-reply@shop.example',
  ])('is bulk by %s', async (line) => {
    const head = line.startsWith('From') ? HEAD.replace(/^From.*\n/, '') : HEAD
    expect((await parse(`${line}\n${head}\nx`)).isBulk).toBe(true)
    expect((await parse(`${HEAD}\nx`)).isBulk).toBe(false)
  })

  test('that nests too deep is kept as it is, with a note', async () => {
    let body = 'Content-Type: text/plain\n\nx'
    for (let depth = 0; depth < 300; depth += 1) {
      body = `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${body}\n--b${depth}--`
    }
    const message = await parse(`${HEAD}${body}`)
    expect(message.faults).toContain('unparsable')
    expect(message.messageId).toBe('a@b')
    expect(message.text).toContain('Content-Type: text/plain')
  })

  test('with NUL characters and broken surrogates comes out storable', async () => {
    const message = await parse(
      `${HEAD}Content-Type: text/plain; charset=utf-16be\nContent-Transfer-Encoding: base64\n\n2AAAQQAA\n`,
    )
    expect(message.text).not.toContain('\0')
    expect(message.text.isWellFormed()).toBe(true)
    expect(message.faults).toContain('control_characters')
  })
})

test('every message of a real corpus is read, almost every character decoded', async () => {
  let broken = 0
  let characters = 0
  let unparsable = 0
  const files = spamAssassinFiles()
  for (const { path } of files) {
    const message = await parseMessage(readFileSync(path), NOW)
    broken += message.text.split('\ufffd').length - 1
    characters += message.text.length
    if (message.faults.includes('unparsable')) unparsable += 1
    expect(message.messageId).not.toBe('')
    expect(message.sentAt.getTime()).toBeLessThan(NOW.getTime())
  }
  expect(files.length).toBe(6046)
  expect(unparsable).toBe(0)
  expect(broken / characters).toBeLessThan(0.0001)
}, 120_000)

test.skipIf(!existsSync(FIXTURES))(
  'no MIME fixture makes the parser throw',
  async () => {
    const files = readdirSync(FIXTURES, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    let broken = 0
    let characters = 0
    for (const entry of files) {
      const raw = readFileSync(join(entry.parentPath, entry.name))
      const message = await parseMessage(raw, NOW)
      broken += message.text.split('\ufffd').length - 1
      characters += message.text.length
      expect(message.sizeBytes).toBe(raw.length)
    }
    expect(files.length).toBeGreaterThan(300)
    expect(broken / characters).toBeLessThan(0.005)
  },
  120_000,
)
