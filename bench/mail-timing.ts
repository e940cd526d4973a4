import { randomBytes } from 'node:crypto'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Database } from '../db/connect.ts'
import { createMember } from '../db/members.ts'
import { migrate } from '../db/migrate.ts'
import { sql } from '../db/sql.ts'
import { asTenant, rows } from '../db/tenant.ts'
import { createWorkspace } from '../db/workspace.ts'
import type { Actor } from '../domain/actor.ts'
import { newId } from '../domain/ids.ts'
import { indexMail } from '../search/index-write.ts'
import { searchMail } from '../search/lexical.ts'
import { keepMeaning } from '../search/train.ts'
import { onEmbedded, onPostgres, timedCells } from './timing/rounds.ts'

/**
 * Whether time tells that a colleague's private mail has a word, an address or a thread: the same searches for what the
 * asker's own mail has, what only the private mail has, and what no mail has, in random order. The asker's own mail is the
 * control. `told` is the share of pairs in which what exists was slower (0.50 tells nothing), p that of Mann and Whitney.
 * At most `--count 1000` of each and `--seconds 8` a row; `--messages 3000`, a half of them private.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '3000' },
    seconds: { type: 'string', default: '8' },
    engine: { type: 'string', default: 'both' },
  },
})
const COUNT = Number(values.count)
const MESSAGES = Number(values.messages)
const MOST_MS = Number(values.seconds) * 1_000
const COMMON = ['price', 'boat', 'meeting', 'garden', 'contract', 'harbour', 'invoice', 'lamp']

/** What a message can be asked by. */
interface Mark {
  readonly id: string
  readonly threadId: string
  readonly word: string
  readonly address: string
}

const newMark = (): Mark => {
  const word = `w${randomBytes(8).toString('hex')}`
  return { id: newId(), threadId: newId(), word, address: `${word}@mail.example` }
}

const prepare = async (database: Database) => {
  const workspace = await createWorkspace(database, { slug: 'timing', name: 'Timing' })
  const system: Actor = { tenantId: workspace.id, memberId: null, role: 'owner', via: 'system' }
  const [asker, colleague] = await asTenant(database, system, async (tx) => {
    const made = []
    for (const name of ['asker', 'colleague'])
      made.push(
        await createMember(tx, {
          email: `${name}@team.example`,
          givenName: name,
          familyName: 'T',
          role: 'owner',
        }),
      )
    return made
  })
  const marks = Array.from({ length: MESSAGES }, newMark)
  const records = marks.map((mark, at) => ({
    ...mark,
    onlyFor: at % 2 === 0 ? null : colleague!.id,
    body: `${mark.word} ${COMMON[at % 8]!} ${COMMON[(at * 5 + 3) % 8]!} and the rest of message ${at}`,
  }))
  await asTenant(database, system, async (tx) => {
    const given = JSON.stringify(records)
    await rows(
      tx,
      sql`insert into intel.mail_threads (id, tenant_id, subject, only_for)
        select "threadId", core.current_tenant(), 'Thread', case when "onlyFor" is null then null else array["onlyFor"] end
        from jsonb_to_recordset(${given}::jsonb) as r("threadId" uuid, "onlyFor" text)`,
    )
    await rows(
      tx,
      sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, from_address, subject,
          body_text, size_bytes, source, only_for)
        select id, core.current_tenant(), "threadId", id::text, id::text, now(), 'inbound', address, 'Note', body, 100, 'bench',
          case when "onlyFor" is null then null else array["onlyFor"] end
        from jsonb_to_recordset(${given}::jsonb) as r(id uuid, "threadId" uuid, address text, body text, "onlyFor" text)`,
    )
  })
  await indexMail({ database, actor: system })
  await keepMeaning({ database, actor: system })
  await database.pool.query('analyze intel.mail_messages')
  return {
    asker: { ...system, memberId: asker!.id, via: 'cli' } satisfies Actor,
    own: marks.filter((_mark, at) => at % 2 === 0),
    hidden: marks.filter((_mark, at) => at % 2 === 1),
  }
}

type Probe = (mark: Mark) => Promise<unknown>

const probesOf = (database: Database, asker: Actor): readonly (readonly [what: string, probe: Probe])[] => {
  const search = (options: Partial<Parameters<typeof searchMail>[1]>) =>
    asTenant(database, asker, (tx) => searchMail(tx, { query: '', limit: 10, ...options }), {
      readOnly: true,
    })
  return [
    ['its word', ({ word }) => search({ query: word })],
    ['its word, by meaning too', ({ word }) => search({ query: word, mode: 'auto' })],
    ['its word and a common one', ({ word }) => search({ query: `${word} price`, mode: 'auto' })],
    ['the beginning of its word', ({ word }) => search({ query: `${word.slice(0, 9)}*` })],
    ['its address', ({ address }) => search({ from: address })],
    ['its thread', ({ threadId }) => search({ threadId })],
  ]
}

const measure = async (database: Database): Promise<void> => {
  await migrate(database)
  const { asker, own, hidden } = await prepare(database)
  const turnOf = (index: number) => ({
    own: own[index % own.length]!,
    others: hidden[index % hidden.length]!,
    nowhere: newMark(),
  })
  for (const [what, probe] of probesOf(database, asker)) {
    const cells = await timedCells(probe, turnOf, { count: COUNT, mostMs: MOST_MS })
    process.stdout.write(`| ${database.engine} | ${what} | ${cells.join(' | ')} |\n`)
  }
}

process.stdout.write(
  `| engine | searched for | own, median ms | hidden | nowhere | hidden told | p | own told | p | of each |\n|${'---|'.repeat(10)}\n`,
)
if (values.engine !== 'postgres') await onEmbedded(measure)
if (values.engine !== 'embedded') await onPostgres(measure)
process.stdout.write(
  `\n${MESSAGES} messages, a half of them private, load average ${loadavg()[0]!.toFixed(1)}\n`,
)
