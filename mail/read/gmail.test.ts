import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeGmail } from '../testing/gmail.ts'
import { letter } from '../testing/letters.ts'
import { readGmail } from './gmail.ts'
import type { GmailAccount } from './gmail-api.ts'
import { googleTokens, readGoogleKey } from './google-key.ts'

const USER = 'owner@team.example'
const mail = (number: number): string =>
  letter({
    id: `${number}@gmail.example`,
    from: 'dana@nimbus.example',
    to: USER,
    at: '2026-11-05T10:00:00Z',
    subject: `Letter ${number}.`,
  })

describe('a Gmail mailbox', () => {
  let google: FakeGmail
  let account: GmailAccount

  beforeEach(async () => {
    google = await FakeGmail.start(USER)
    account = accountOf(google.keys.service)
    google.add([mail(1), mail(2)])
    for (let number = 3; number <= 8; number += 1) google.add([mail(number)])
  })
  afterEach(async () => {
    await google.stop()
    if (google.faults.length > 0) throw new Error(`Google would refuse: ${google.faults.join('; ')}`)
  })

  const accountOf = (key: object, user = USER): GmailAccount => ({
    user,
    tokens: googleTokens(readGoogleKey(JSON.stringify(key)), user),
    apiUrl: google.url,
    firstWaitMs: 1,
  })
  const numbersOf = (texts: readonly string[]): readonly number[] =>
    texts.map((text) => Number(/Letter (\d+)\./.exec(text)![1])).sort((a, b) => a - b)

  /** Reads on from `after`, as an import would that breaks off behind so many messages. */
  const read = async (after?: string, atMost = Infinity, from = account) => {
    const texts: string[] = []
    let place = after
    for await (const message of readGmail(from, { after })) {
      texts.push(Buffer.from(message.raw).toString())
      place = message.place
      if (texts.length >= atMost) break
    }
    return { numbers: numbersOf(texts), place }
  }

  test('is read whole once, and then just what is new, what came out of the junk too', async () => {
    google.add([mail(90)], ['SPAM'])
    google.add([mail(91)], ['DRAFT'])
    const first = await read()
    expect(first.numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(await read(first.place)).toEqual({ numbers: [], place: first.place })
    google.add([mail(9), mail(10)])
    google.add([mail(11)], ['TRASH'])
    google.add([mail(12)])
    google.label('Letter 90.', ['INBOX'])
    google.remove('Letter 12.')
    const second = await read(first.place)
    expect(second.numbers).toEqual([9, 10, 90])
    google.add([mail(13)])
    expect((await read(second.place)).numbers).toEqual([13])
  })

  test('goes on behind any message at which it broke off, and loses none', async () => {
    for (let behind = 1; behind < 8; behind += 1) {
      const broken = await read(undefined, behind)
      google.add([mail(100 + behind)])
      const rest = await read(broken.place)
      const since = await read(rest.place)
      const all = new Set([...broken.numbers, ...rest.numbers, ...since.numbers])
      expect([1, 2, 3, 4, 5, 6, 7, 8, 100 + behind].filter((number) => !all.has(number))).toEqual([])
      google.remove(`Letter ${100 + behind}.`)
    }
    const { place } = await read()
    google.add([mail(21), mail(22), mail(23)])
    for (let number = 24; number <= 30; number += 1) google.add([mail(number)])
    for (let behind = 1; behind < 10; behind += 1) {
      const broken = await read(place, behind)
      const rest = await read(broken.place)
      expect(new Set([...broken.numbers, ...rest.numbers]).size).toBe(10)
    }
  })

  test('is read anew where Google forgot its history or the page of a list', async () => {
    const whole = await read()
    const broken = await read(undefined, 5)
    google.add([mail(9)])
    google.forget()
    expect((await read(whole.place)).numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect((await read(broken.place)).numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('within its labels alone, nothing else is even asked for', async () => {
    google.add([mail(50)], ['Label_7'])
    google.asked.length = 0
    const labelled = { ...account, labels: ['Customers'] }
    const first = await read(undefined, Infinity, labelled)
    expect(first.numbers).toEqual([50])
    expect(google.asked.filter((kind) => kind === 'message')).toHaveLength(1)
    google.add([mail(51)])
    google.add([mail(52)], ['Label_7'])
    expect((await read(first.place, Infinity, labelled)).numbers).toEqual([52])
    await expect(read(undefined, 1, { ...account, labels: ['Nobody'] })).rejects.toMatchObject({
      code: 'unknown_label',
    })
  })

  test('is read by a signed-in user too; an expired token is renewed, and what is put off is asked again', async () => {
    const signedIn = accountOf(google.keys.signedIn)
    const first = await read(undefined, 2, signedIn)
    google.revoke()
    google.putOff = 3
    const rest = await read(first.place, Infinity, signedIn)
    expect(new Set([...first.numbers, ...rest.numbers]).size).toBe(8)
  })

  test('is refused without delegation or with a bad key, and unreachable when nobody answers; no secret is told', async () => {
    const refusals: readonly (readonly [GmailAccount, string])[] = [
      [accountOf(google.keys.service, 'admin@team.example'), 'mailbox_refused'],
      [accountOf({ ...google.keys.signedIn, refresh_token: 'hush-hush' }), 'mailbox_refused'],
      [{ ...account, apiUrl: 'http://127.0.0.1:1' }, 'mailbox_unreachable'],
    ]
    for (const [from, code] of refusals) {
      const error: unknown = await read(undefined, 1, from).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code })
      expect(JSON.stringify(error) + String(error)).not.toContain('hush')
    }
    for (const text of [
      '',
      '{}',
      '{"type":"service_account"}',
      JSON.stringify({ ...google.keys.signedIn, token_uri: 'http://else.example/' }),
    ])
      expect(() => readGoogleKey(text)).toThrow(expect.objectContaining({ code: 'bad_google_key' }))
  })
})
