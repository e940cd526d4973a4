import { connect } from '../../db/connect.ts'
import type { Database } from '../../db/connect.ts'
import { createMember } from '../../db/members.ts'
import { migrate } from '../../db/migrate.ts'
import { asTenant } from '../../db/tenant.ts'
import { createWorkspace } from '../../db/workspace.ts'
import type { Workspace } from '../../db/workspace.ts'
import type { Actor } from '../../domain/actor.ts'

export interface Fixture {
  readonly database: Database
  readonly workspace: Workspace
  readonly actor: Actor
  /** Of everything that an attack may change. */
  fingerprint(): Promise<string>
}

const CHANGED = `select md5(concat_ws('|',
  (select string_agg(md5(x::text), ',' order by id) from crm.tasks x), (select string_agg(md5(x::text), ',' order by id) from core.members x),
  (select string_agg(md5(x::text), ',' order by id) from crm.people x), (select string_agg(md5(x::text), ',' order by id) from core.audit_events x),
  (select string_agg(md5(x::text), ',' order by id) from core.access_tokens x), (select last_value::text || is_called::text from public.seq_probe),
  (select string_agg(relname || relkind::text || coalesce(relacl::text, ''), ',' order by oid) from pg_class where relnamespace in ('public'::regnamespace, 'crm'::regnamespace, 'core'::regnamespace, 'intel'::regnamespace)),
  (select string_agg(rolname || coalesce(rolconfig::text, ''), ',' order by oid) from pg_roles),
  (select string_agg(slot_name, ',') from pg_replication_slots), (select count(*) from pg_publication),
  (select string_agg(extname, ',' order by oid) from pg_extension), (select count(*) from pg_largeobject_metadata))) as print`

/** Rows of a tenant; \`tag\` marks the values that must never be seen from another. */
const fill = (tenant: string, member: string, offset: number, tag: string): string => `
  insert into crm.stages (id, tenant_id, name, position, kind, probability)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', (array['won','lost','lead','qualified'])[g] || '${tag}', g, (array['won','lost','open','open'])[g], 0.25 * g from generate_series(1, 4) g;
  insert into crm.companies (id, tenant_id, name, domain, kind, country, deleted_at)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', case when g % 7 = 0 then 'CANARY_DELETED org ' else '${tag} Org ' end || g, 'org' || g || '.test', (array['investor','vendor','prospect'])[1 + g % 3], 'DE', case when g % 7 = 0 then now() end from generate_series(1, 60) g;
  insert into crm.people (id, tenant_id, company_id, given_name, family_name, title, owner_id, deleted_at)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', ('00000000-0000-7000-8000-' || lpad((1 + g % 60 + ${offset})::text, 12, '0'))::uuid, case when g % 7 = 0 then 'CANARY_DELETED' else '${tag} Person' end, g::text, (array['CFO','Partner','Analyst'])[1 + g % 3], '${member}', case when g % 7 = 0 then now() end from generate_series(1, 400) g;
  insert into crm.person_emails (id, tenant_id, person_id, address, is_primary)
    select gen_random_uuid(), '${tenant}', id, 'p' || family_name || '${tag.trim().toLowerCase()}@org.test', true from crm.people where tenant_id = '${tenant}';
  insert into crm.deals (id, tenant_id, name, company_id, stage_id, owner_id, amount_minor, currency, close_date, deleted_at)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', '${tag} Deal ' || g, ('00000000-0000-7000-8000-' || lpad((1 + g % 60 + ${offset})::text, 12, '0'))::uuid, ('00000000-0000-7000-8000-' || lpad((1 + g % 4 + ${offset})::text, 12, '0'))::uuid, '${member}', g * 100000, 'USD', current_date - g * 3, case when g % 11 = 0 then now() end from generate_series(1, 600) g;
  insert into intel.mail_threads (id, tenant_id, subject) select ('00000000-0000-7000-8000-' || lpad((1 + ${offset})::text, 12, '0'))::uuid, '${tenant}', '${tag} thread';
  insert into intel.mail_messages (id, tenant_id, thread_id, message_id, content_hash, sent_at, direction, subject, body_text, size_bytes, source, deleted_at)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', ('00000000-0000-7000-8000-' || lpad((1 + ${offset})::text, 12, '0'))::uuid, 'CANARY_PRIVATE' || g, 'CANARY_SECRET' || g, now() - make_interval(days => g % 400), (array['outbound','inbound'])[1 + g % 2], '${tag} Hello ' || g, 'body ' || g, 100, 'test', case when g % 13 = 0 then now() end from generate_series(1, 2000) g;
  insert into intel.mail_recipients (id, tenant_id, email_id, kind, address, person_id)
    select gen_random_uuid(), '${tenant}', ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, 'to', 'p@org.test', ('00000000-0000-7000-8000-' || lpad((1 + (g * 17) % 400 + ${offset})::text, 12, '0'))::uuid from generate_series(1, 2000) g;
  insert into intel.interactions (id, tenant_id, kind, occurred_at, summary, company_id)
    select gen_random_uuid(), '${tenant}', (array['call','meeting','note'])[1 + g % 3], now() - make_interval(days => (g * 7) % 900), '${tag} talk', ('00000000-0000-7000-8000-' || lpad((1 + g % 60 + ${offset})::text, 12, '0'))::uuid from generate_series(1, 700) g;
  insert into crm.tasks (id, tenant_id, title) select gen_random_uuid(), '${tenant}', '${tag} note ' || g from generate_series(1, 300) g;
  insert into core.access_tokens (id, tenant_id, member_id, name, token_hash, scopes) values (gen_random_uuid(), '${tenant}', '${member}', 'key', 'CANARY_SECRET_${offset}', '{}');`

const PROBES = `create sequence public.seq_probe;
  create function public.evil_touch() returns int language plpgsql volatile as $$ begin update crm.tasks set title = 'evil_touch'; return 1; end $$; analyze;`

/** A database with two workspaces; whatever of the other, of archived rows or of secrets comes out bears CANARY_. */
export const openFixture = async (postgresUrl: string | undefined): Promise<Fixture> => {
  const database = await connect(
    { TACT_HOME: '', TACT_QUERY_TIMEOUT_MS: 20_000, DATABASE_URL: postgresUrl },
    postgresUrl === undefined ? { inMemory: true } : {},
  )
  await migrate(database)
  const make = async (slug: string, name: string) => {
    const workspace = await createWorkspace(database, { slug, name })
    const via = { tenantId: workspace.id, memberId: null, via: 'system' as const }
    const member = await asTenant(database, via, (tx) =>
      createMember(tx, {
        email: `${slug}@team.example`,
        givenName: name,
        familyName: 'Owner',
        role: 'owner',
      }),
    )
    return { workspace, member }
  }
  const ours = await make('acme', 'Acme')
  const theirs = await make('rival', 'CANARY_T2 Rival')
  const client = await database.pool.connect()
  try {
    for (const [{ workspace, member }, offset, tag] of [
      [ours, 0, ''],
      [theirs, 500_000, 'CANARY_T2'],
    ] as const) {
      await client.query(`set app.tenant_id = '${workspace.id}'; set app.via = 'system'`)
      await client.query(fill(workspace.id, member.id, offset, tag))
    }
    await client.query('reset app.tenant_id')
    await client.query(PROBES)
  } finally {
    client.release()
  }
  return {
    database,
    workspace: ours.workspace,
    actor: { tenantId: ours.workspace.id, memberId: ours.member.id, role: 'owner', via: 'mcp' },
    fingerprint: async () => {
      const { rows } = await database.pool.query<{ print: string }>(CHANGED)
      return rows[0]!.print
    },
  }
}
