import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { corpusMbox, spamAssassinFiles } from '../testing/corpus.ts'
import { countEml, readEml } from './eml.ts'
import { countMaildir, readMaildir } from './maildir.ts'
import { countMbox, readMbox } from './mbox.ts'
import type { RawMessage } from './message.ts'
import { countTree, readTree } from './tree.ts'

const home = mkdtempSync(join(tmpdir(), 'tact-read-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const write = (name: string, content: string | Buffer): string => {
  const path = join(home, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}

const all = async (
  messages: AsyncIterable<RawMessage>,
): Promise<readonly { place: string; text: string }[]> => {
  const found: { place: string; text: string }[] = []
  for await (const { raw, place } of messages)
    found.push({ place, text: Buffer.from(raw).toString('latin1') })
  return found
}

const POSTMARK = 'From dana@nimbus.example Thu Aug 22 12:36:23 2002'

describe('an mbox', () => {
  test('is cut at its postmarks, and quoted From lines lose one mark', async () => {
    const path = write(
      'plain.mbox',
      `${POSTMARK}\nSubject: one\n\nfirst\n>From here on\n>>From twice\nFrom our side: yes\n\n${POSTMARK}\nSubject: two\n\nsecond\n`,
    )
    const found = await all(readMbox(path))
    expect(found.map(({ text }) => text)).toEqual([
      'Subject: one\n\nfirst\nFrom here on\n>From twice\nFrom our side: yes\n',
      'Subject: two\n\nsecond\n',
    ])
    expect(await countMbox(path)).toBe(2)
  })

  test('with CRLF and without empty lines between messages is cut just so', async () => {
    const path = write(
      'dos.mbox',
      `${POSTMARK}\r\nSubject: one\r\n\r\nfirst\r\n${POSTMARK}\r\nSubject: two\r\n\r\nsecond\r\n\r\n`,
    )
    expect((await all(readMbox(path))).map(({ text }) => text)).toEqual([
      'Subject: one\r\n\r\nfirst\r\n',
      'Subject: two\r\n\r\nsecond\r\n',
    ])
  })

  test('is not cut at sentences that begin with From, nor at a postmark that no header follows', async () => {
    const path = write(
      'prose.mbox',
      `${POSTMARK}\nSubject: one\n\nFrom 2002 on, at 12:30 each day\n\n${POSTMARK}\nwas the postmark he meant\n`,
    )
    expect(await countMbox(path)).toBe(1)
  })

  test('keeps what stands before its first postmark as a message', async () => {
    const path = write('headless.mbox', `Subject: zero\n\nbody\n\n${POSTMARK}\nSubject: one\n\nx\n`)
    expect((await all(readMbox(path))).map(({ place }) => place)).toEqual(['0', '21'])
  })

  test('goes on behind any place it gave', async () => {
    const path = write('resume.mbox', corpusMbox(spamAssassinFiles(/easy-ham-2/).slice(0, 60)))
    const found = await all(readMbox(path))
    expect(found.length).toBe(60)
    for (const at of [0, 17, 59]) {
      const rest = await all(readMbox(path, { after: found[at]!.place }))
      expect(rest).toEqual(found.slice(at + 1))
    }
  })

  test('made of a real corpus gives back every message, across chunks', async () => {
    const files = spamAssassinFiles()
    const path = write('corpus.mbox', corpusMbox(files))
    expect(await countMbox(path)).toBe(files.length)
  })

  test('that is not there says so', async () => {
    await expect(all(readMbox(join(home, 'missing.mbox')))).rejects.toMatchObject({
      code: 'unreadable_source',
    })
  })
})

test('a tree of EML files is read in the order of its paths, and goes on behind a place', async () => {
  const root = join(home, 'tree')
  write('tree/b/2.eml', 'Subject: b2\n\n')
  write('tree/a/1.EML', 'Subject: a1\n\n')
  write('tree/a/notes.txt', 'not mail')
  expect((await all(readEml(root))).map(({ place }) => place)).toEqual(['a/1.EML', 'b/2.eml'])
  expect((await all(readEml(root, { after: 'a/1.EML' }))).map(({ place }) => place)).toEqual(['b/2.eml'])
  expect(await countEml(root)).toBe(2)
  expect((await all(readEml(join(root, 'a/notes.txt')))).length).toBe(1)
})

test('a Maildir is read with its folders, and a message that is flagged meanwhile is still found', async () => {
  const root = join(home, 'Maildir')
  write('Maildir/new/1.host', 'Subject: one\n\n')
  write('Maildir/cur/2.host:2,S', 'Subject: two\n\n')
  write('Maildir/.Sent/cur/3.host:2,RS', 'Subject: three\n\n')
  write('Maildir/tmp/4.host', 'half written')
  expect(await countMaildir(root)).toBe(3)
  const found: string[] = []
  for await (const { raw, place } of readMaildir(root)) {
    found.push(`${place} ${Buffer.from(raw).toString().trim()}`)
    if (found.length === 1) renameSync(join(root, 'new/1.host'), join(root, 'cur/1.host:2,S'))
  }
  expect(found).toEqual(['.Sent/3.host Subject: three', '1.host Subject: one', '2.host Subject: two'])
  expect((await all(readMaildir(root, { after: '1.host' }))).map(({ place }) => place)).toEqual(['2.host'])
})

describe('a directory of mail of every kind', () => {
  const one = (subject: string): string => `Subject: ${subject}\n\nText of ${subject}.\n`
  const root = join(home, 'mixed')
  write('mixed/a/letters.mbox', `${POSTMARK}\n${one('1')}\n${POSTMARK}\n${one('2')}`)
  write('mixed/a/notes.txt', 'No mail at all.')
  write('mixed/b/3.eml', one('3'))
  write('mixed/box/cur/4:2,S', one('4'))
  write('mixed/box/.Sent/new/5', one('5'))
  mkdirSync(join(root, 'box/new'), { recursive: true })
  mkdirSync(join(root, 'box/.Sent/cur'), { recursive: true })
  write('mixed/inbox', `${POSTMARK}\n${one('6')}`)

  test('is read whole, in the order of its paths, and what is no mail is passed over', async () => {
    const found = await all(readTree(root))
    const subjects = found.map(({ text }) => /Subject: (\d)/.exec(text)![1])
    expect(subjects).toEqual(['1', '2', '3', '5', '4', '6'])
    expect(await countTree(root)).toBe(6)
  })

  test('goes on behind any place with just what is left', async () => {
    const found = await all(readTree(root))
    for (const [at, { place }] of found.entries()) {
      expect(await all(readTree(root, { after: place }))).toEqual(found.slice(at + 1))
    }
  })

  test('a file in place of a directory is refused', async () => {
    await expect(countTree(join(root, 'inbox'))).rejects.toMatchObject({ code: 'unreadable_source' })
  })
})
