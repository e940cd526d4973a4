import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../db/connect.ts'
import { createMember } from '../db/members.ts'
import { migrate } from '../db/migrate.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Counts } from '../mail/counts.ts'
import { syncMailbox } from '../mail/sync-mailbox.ts'
import { noDovecot, startDovecot } from '../mail/testing/dovecot.ts'
import { letter } from '../mail/testing/letters.ts'

/**
 * A mailbox on Debian's Dovecot, brought in whole, then again, then after so many changes (a quarter each: new, moved to
 * another folder, deleted, flagged), on the embedded engine. Prints a Markdown table;
 * exits with 1 where anything was lost or came twice.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    changes: { type: 'string', default: '100' },
  },
})
const total = Number(values.messages)
const quarter = Math.floor(Number(values.changes) / 4)
const left = noDovecot()
if (left !== undefined) {
  process.stderr.write(`Left out: ${left}\n`)
  process.exit(2)
}

const home = mkdtempSync(join(tmpdir(), 'tact-imap-'))
const server = await startDovecot()
const { uid, gid } = statSync(server.maildir)
const folder = (path: string): string => {
  for (const name of ['', 'cur', 'new', 'tmp']) {
    mkdirSync(join(path, name), { recursive: true })
    chownSync(join(path, name), uid, gid)
  }
  return path
}
const inbox = folder(server.maildir)
const archive = folder(join(inbox, '.Archive'))
const nameOf = (number: number): string => `${1_700_000_000 + number}.M${number}.bench`
const fileOf = (number: number): string => join(inbox, 'cur', `${nameOf(number)}:2,S`)
const put = (number: number): void => {
  const text = letter({
    id: `${number}@imap.example`,
    from: `person${number % 97}@client${number % 13}.example`,
    to: 'owner@team.example',
    at: new Date(Date.UTC(2026, 0, 1) + number * 600_000).toISOString(),
    subject: `Letter ${number}`,
    ...(number % 3 === 0 && number > 3 ? { replyTo: `${number - 3}@imap.example` } : {}),
    body: `Letter ${number}. ${'The terms of the pilot, and what was said of the price. '.repeat(20)}`,
  })
  writeFileSync(fileOf(number), text.replaceAll('\n', '\r\n'))
  chownSync(fileOf(number), uid, gid)
}

const database = await connect({
  TACT_HOME: join(home, 'data'),
  DATABASE_URL: undefined,
  TACT_QUERY_TIMEOUT_MS: 60_000,
})
const table = ['| step | messages read | imported | here already | seconds |', '|---|---|---|---|---|']
let isRight = true
try {
  await migrate(database)
  const workspace = await createWorkspace(database, { name: 'Bench', slug: 'bench' })
  const system = { tenantId: workspace.id, memberId: null, via: 'system' } as const
  const member = await asTenant(database, system, (tx) =>
    createMember(tx, { email: 'owner@team.example', givenName: 'O', familyName: 'B', role: 'owner' }),
  )
  const actor = { tenantId: workspace.id, memberId: member.id, role: 'owner', via: 'cli' } as const
  const { port, user, password } = server
  const account = { host: '127.0.0.1', port, secure: false, user, password }
  const step = async (name: string, expected: Partial<Counts>): Promise<void> => {
    const startedMs = performance.now()
    const { counts } = await syncMailbox({
      database,
      actor,
      account,
      onProgress: ({ counts: now }) => process.stderr.write(`\r${name}: ${now.seen} `),
    })
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
    table.push(`| ${name} | ${counts.seen} | ${counts.imported} | ${counts.duplicates} | ${seconds} |`)
    isRight &&= Object.entries(expected).every(([key, value]) => counts[key as keyof Counts] === value)
  }
  for (let number = 0; number < total; number += 1) put(number)
  await step('the whole mailbox', { seen: total, imported: total, faulty: 0 })
  await step('again', { seen: 0, imported: 0 })
  for (let at = 0; at < quarter; at += 1) {
    put(total + at)
    renameSync(fileOf(at * 4), join(archive, 'cur', `${nameOf(at * 4)}:2,S`))
    unlinkSync(fileOf(at * 4 + 1))
    renameSync(fileOf(at * 4 + 2), fileOf(at * 4 + 2).replace(':2,S', ':2,FS'))
  }
  await step(`${quarter * 4} changes`, { seen: quarter * 2, imported: quarter, duplicates: quarter })
  const [stored] = await asTenant(database, actor, (tx) =>
    rows<{ messages: number; ids: number }>(
      tx,
      sql`select count(*)::int as messages, count(distinct message_id)::int as ids from intel.mail_messages where deleted_at is null`,
    ),
  )
  isRight &&= stored?.messages === total + quarter && stored.ids === total + quarter
  table.push(`| in the workspace | | ${stored?.messages ?? 0} | | |`)
} finally {
  await database.close()
  await server.stop()
  rmSync(home, { recursive: true, force: true })
}
process.stdout.write(
  `\n${table.join('\n')}\n${isRight ? 'None lost, none twice.' : 'WRONG: not as expected.'}\n`,
)
process.exitCode = isRight ? 0 : 1
