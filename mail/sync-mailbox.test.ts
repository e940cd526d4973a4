import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { openTestDatabase, testEngines } from '../db/testing.ts'
import type { TestDatabase, TestTenant } from '../db/testing.ts'
import { waitForNews } from './read/imap.ts'
import type { ImapAccount } from './read/imap.ts'
import { syncMailbox } from './sync-mailbox.ts'
import { noDovecot, startDovecot } from './testing/dovecot.ts'
import type { Dovecot } from './testing/dovecot.ts'
import { letter } from './testing/letters.ts'

const NOW = new Date('2026-11-21T09:00:00Z')
const left = noDovecot()
const mail = (number: number): string =>
  letter({
    id: `${number}@imap.example`,
    from: 'dana@nimbus.example',
    to: 'owner@team.example',
    at: '2026-11-05T10:00:00Z',
    subject: `Letter ${number}`,
  }).replaceAll('\n', '\r\n')

describe.skipIf(left !== undefined).each(testEngines)(
  `a mailbox on a real Dovecot${left === undefined ? '' : ` (left out: ${left})`}, on %s`,
  (engine) => {
    let harness: TestDatabase
    let tenant: TestTenant
    let server: Dovecot
    let account: ImapAccount
    let writer: ImapFlow

    beforeAll(async () => {
      harness = await openTestDatabase(engine)
      tenant = await harness.addTenant()
      server = await startDovecot()
      const { port, user, password } = server
      account = { host: '127.0.0.1', port, secure: false, user, password }
      writer = new ImapFlow({
        host: '127.0.0.1',
        port,
        secure: false,
        logger: false,
        auth: { user, pass: password },
      })
      await writer.connect()
      await writer.mailboxCreate('Archive')
      for (let number = 0; number < 30; number += 1) await writer.append('INBOX', mail(number))
      await writer.append('Archive', mail(100))
    }, 60_000)
    afterAll(async () => {
      await writer?.logout()
      await server?.stop()
      await harness?.close()
    })

    const sync = async (over: Partial<ImapAccount> = {}) =>
      (
        await syncMailbox({
          database: harness.database,
          actor: tenant.actor(),
          account: { ...account, ...over },
          now: NOW,
        })
      ).counts
    const stored = (): Promise<readonly string[]> =>
      asTenant(harness.database, tenant.actor(), async (tx) => {
        const found = await rows<{ message_id: string }>(
          tx,
          sql`select message_id from intel.mail_messages where deleted_at is null order by message_id`,
        )
        return found.map(({ message_id }) => message_id)
      })

    test('comes in whole the first time, and nothing of it a second time', async () => {
      expect(await sync()).toMatchObject({ seen: 31, imported: 31, faulty: 0 })
      expect(await sync()).toMatchObject({ seen: 0, imported: 0 })
    }, 60_000)

    test('an increment brings what is new, moved mail once, and changes of flags not at all; deleted mail stays here', async () => {
      const lock = await writer.getMailboxLock('INBOX')
      try {
        await writer.messageMove('1:5', 'Archive')
        await writer.messageDelete('1:5')
        await writer.messageFlagsAdd('1:5', ['\\Flagged'])
      } finally {
        lock.release()
      }
      for (let number = 30; number < 35; number += 1) await writer.append('INBOX', mail(number))
      expect(await sync()).toMatchObject({ seen: 10, imported: 5, duplicates: 5 })
      const ids = await stored()
      expect(ids).toHaveLength(36)
      expect(new Set(ids).size).toBe(36)
      expect(await sync()).toMatchObject({ seen: 0 })
    }, 60_000)

    test('a folder that was made anew is read again, and adds nothing twice', async () => {
      await writer.mailboxDelete('Archive')
      await writer.mailboxCreate('Archive')
      await writer.append('Archive', mail(100))
      await writer.append('Archive', mail(101))
      expect(await sync()).toMatchObject({ seen: 2, imported: 1, duplicates: 1 })
    }, 60_000)

    test('new mail is heard of while it waits', async () => {
      const heard = waitForNews(account, { atMostMs: 30_000, signal: new AbortController().signal })
      const early = await Promise.race([heard.then(() => true), new Promise((wait) => setTimeout(wait, 300))])
      expect(early).toBeUndefined()
      await writer.append('INBOX', mail(200))
      await heard
      expect(await sync({ folders: ['INBOX'] })).toMatchObject({ imported: 1 })
    }, 60_000)

    test('a wrong password and a closed port are told apart, and the password is in neither', async () => {
      for (const [over, code] of [
        [{ password: 'wrong-pa55' }, 'mailbox_refused'],
        [{ port: 1 }, 'mailbox_unreachable'],
      ] as const) {
        const error: unknown = await sync(over).catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ code })
        expect(String(error)).not.toContain('wrong-pa55')
      }
    }, 60_000)
  },
)
