import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse, takeDesk } from '../../cli/compose.ts'
import type { Desk, House } from '../../cli/compose.ts'
import { runCommandLine } from '../../cli/program.ts'
import { serve } from '../../cli/serve.ts'
import type { Service } from '../../cli/serve.ts'
import { loadConfig } from '../../config.ts'
import { createMember } from '../../db/members.ts'
import { sql } from '../../db/sql.ts'
import { asTenant, rows } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'
import { newId } from '../../domain/ids.ts'
import type { RecordRef } from '../../domain/records.ts'
import type { AgentdojoSet, Seed } from './agentdojo-set.ts'

/** Where a text of the environment stands. */
export interface Placed {
  readonly seed: Seed
  readonly record: RecordRef
}

/**
 * A workspace of the product that holds the environment of a set; texts change past the product, as they would arrive
 * from outside.
 */
export interface Dojo {
  readonly house: House
  readonly desk: Desk
  readonly service: Service
  readonly placed: readonly Placed[]
  /** Puts a text in the place of `{vector}`; answers where that is. */
  plant(vector: string, text: string): Promise<Placed | undefined>
  /** Puts the default back. */
  clear(vector: string): Promise<void>
  /** What no change to any record leaves the same. */
  print(): Promise<string>
  /** Ids of the proposals that wait. */
  pending(): Promise<readonly string[]>
}

export interface DojoOptions {
  readonly canaries: readonly string[]
  readonly postgresUrl: string | undefined
}

const TABLES = [
  'crm.people',
  'crm.person_emails',
  'crm.person_phones',
  'crm.companies',
  'crm.deals',
  'crm.tasks',
  'crm.tags',
  'intel.interactions',
  'intel.meetings',
  'intel.mail_messages',
  'intel.mail_recipients',
  'core.members',
]

const FIELD: Readonly<Record<Seed['kind'], readonly [table: string, column: string, entity: string]>> = {
  mail: ['intel.mail_messages', 'body_text', 'emails'],
  meeting: ['intel.meetings', 'notes', 'meetings'],
  note: ['intel.interactions', 'body', 'interactions'],
}

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  Object.entries(values).reduce((left, [name, value]) => left.replaceAll(`{${name}}`, value), text)

/** Puts the seeds into a new workspace; `canaries` stand where the member must not read: archived and internal. */
const furnish = async (
  { seeds, defaults, account }: AgentdojoSet,
  {
    house,
    service,
    slug,
    hidden,
  }: { readonly house: House; readonly service: Service; readonly slug: string; readonly hidden: string },
): Promise<Dojo> => {
  const { database } = house
  const workspace = await createWorkspace(database, {
    slug,
    name: 'Dojo',
    clockAt: new Date('2024-05-15T09:00:00Z'),
  })
  const system: Actor = { tenantId: workspace.id, memberId: null, via: 'system', role: 'owner' }
  const member = await asTenant(database, system, (tx) =>
    createMember(tx, { email: account, givenName: 'Emma', familyName: 'Johnson', role: 'owner' }),
  )
  const place = async (seed: Seed): Promise<Placed> => {
    const id = newId()
    const text = filled(seed.text, defaults)
    await asTenant(database, system, async (tx) => {
      if (seed.kind === 'meeting')
        return rows(
          tx,
          sql`insert into intel.meetings (id, tenant_id, title, starts_at, place, notes) values (${id}, core.current_tenant(), ${seed.title}, ${seed.at}, ${seed.place}, ${text})`,
        )
      if (seed.kind === 'note')
        return rows(
          tx,
          sql`insert into intel.interactions (id, tenant_id, kind, occurred_at, summary, body) values (${id}, core.current_tenant(), 'note', ${seed.at}, ${seed.title}, ${text})`,
        )
      const thread = newId()
      await rows(
        tx,
        sql`insert into intel.mail_threads (id, tenant_id, subject) values (${thread}, core.current_tenant(), ${seed.title})`,
      )
      await rows(
        tx,
        sql`insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, subject, body_text, size_bytes, source, from_address, from_member_id)
          values (${id}, core.current_tenant(), ${thread}, ${id}, ${id}, ${seed.at}, ${seed.from === account ? 'outbound' : 'inbound'}, ${seed.title}, ${text}, 1, 'eval', ${seed.from}, ${seed.from === account ? member.id : null})`,
      )
      for (const address of seed.to)
        await rows(
          tx,
          sql`insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, member_id) values (${newId()}, core.current_tenant(), ${id}, 'to', ${address}, ${address === account ? member.id : null})`,
        )
    })
    return { seed, record: { entity: FIELD[seed.kind][2], id } }
  }
  const placed: Placed[] = []
  for (const seed of seeds) placed.push(await place(seed))
  await asTenant(database, system, async (tx) => {
    await rows(
      tx,
      sql`insert into crm.people (id, tenant_id, given_name, family_name, private_notes) values (${newId()}, core.current_tenant(), 'Mara', 'Quill', ${hidden})`,
    )
    await rows(
      tx,
      sql`insert into crm.tasks (id, tenant_id, title, notes, deleted_at) values (${newId()}, core.current_tenant(), 'Gone', ${hidden}, now())`,
    )
  })
  const desk = await takeDesk(house, { workspace: slug }, 'cli')
  const put = async (vector: string, text: string): Promise<Placed | undefined> => {
    const found = placed.find(({ seed }) => seed.text.includes(`{${vector}}`))
    if (!found) return undefined
    const [table, column] = FIELD[found.seed.kind]
    const whole = filled(found.seed.text, { ...defaults, [vector]: text })
    await asTenant(database, system, (tx) =>
      rows(tx, sql`update ${sql.raw(table)} set ${sql.raw(column)} = ${whole} where id = ${found.record.id}`),
    )
    return found
  }
  return {
    house,
    desk,
    service,
    placed,
    plant: put,
    clear: async (vector) => void (await put(vector, defaults[vector] ?? '')),
    print: () =>
      asTenant(
        database,
        desk.actor,
        async (tx) => {
          const parts = TABLES.map(
            (table) =>
              sql`select concat_ws('/', count(*), sum(t.version), sum(t.xmin::text::bigint)) as print from ${sql.raw(table)} t`,
          )
          const found = await rows<{ print: string }>(tx, sql`${sql.join(parts, sql` union all `)}`)
          return found.map(({ print }) => print).join(' ')
        },
        { readOnly: true },
      ),
    pending: () =>
      asTenant(
        database,
        desk.actor,
        async (tx) => {
          const found = await rows<{ id: string }>(
            tx,
            sql`select id from workflow.proposals where state = 'pending' order by id`,
          )
          return found.map(({ id }) => id)
        },
        { readOnly: true },
      ),
  }
}

/** Canaries that stand next door, in a workspace of other people. */
const furnishNextDoor = async ({ database }: House, hidden: string): Promise<void> => {
  const next = await createWorkspace(database, { slug: 'next-door', name: 'Next door' })
  const system: Actor = { tenantId: next.id, memberId: null, via: 'system', role: 'owner' }
  await asTenant(database, system, (tx) =>
    rows(
      tx,
      sql`insert into crm.tasks (id, tenant_id, title, notes) values (${newId()}, core.current_tenant(), 'Secret', ${hidden})`,
    ),
  )
}

export interface DojoHouse {
  /** Workspaces alike, in which cases are tried side by side. */
  readonly dojos: readonly Dojo[]
  close(): Promise<void>
}

/** The whole product with so many workspaces of the set's environment in it. */
export const openDojos = async (
  set: AgentdojoSet,
  { canaries, postgresUrl, lanes }: DojoOptions & { readonly lanes: number },
): Promise<DojoHouse> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-dojo-'))
  const config = loadConfig({
    TACT_HOME: home,
    TACT_PORT: '0',
    TACT_MCP_PER_MINUTE: '1000000',
    TACT_LOG: 'error',
    ...(postgresUrl === undefined ? {} : { DATABASE_URL: postgresUrl }),
  })
  const house = await openHouse(config)
  const service = await serve(house, { config, run: runCommandLine })
  const hidden = canaries.join(' ')
  await furnishNextDoor(house, hidden)
  const dojos: Dojo[] = []
  for (let lane = 1; lane <= lanes; lane += 1)
    dojos.push(await furnish(set, { house, service, slug: `dojo-${lane}`, hidden }))
  return {
    dojos,
    close: async () => {
      await service.close()
      await house.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
