/** Names and addresses of the asker's own workspace, whole or cut, as no model may see them. */
export const HIDDEN_NAMES = /Zyxom|Quelli|yxomm|uellid|@org\.test/i

/**
 * Rows of one tenant, as SQL. `tag` marks the values that must never be seen from another; every fifth person has a
 * name that a model must never see (`HIDDEN_NAMES`).
 */
export const fillTenant = (tenant: string, member: string, offset: number, tag: string): string => `
  insert into crm.stages (id, tenant_id, name, position, kind, probability)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', (array['won','lost','lead','qualified'])[g] || '${tag}', g, (array['won','lost','open','open'])[g], 0.25 * g from generate_series(1, 4) g;
  insert into crm.companies (id, tenant_id, name, domain, kind, country, deleted_at)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', case when g % 7 = 0 then 'CANARY_DELETED org ' else '${tag} Org ' end || g, 'org' || g || '.test', (array['investor','vendor','prospect'])[1 + g % 3], 'DE', case when g % 7 = 0 then now() end from generate_series(1, 60) g;
  insert into crm.people (id, tenant_id, company_id, given_name, family_name, title, owner_id, deleted_at)
    select ('00000000-0000-7000-8000-' || lpad((g + ${offset})::text, 12, '0'))::uuid, '${tenant}', ('00000000-0000-7000-8000-' || lpad((1 + g % 60 + ${offset})::text, 12, '0'))::uuid, case when g % 7 = 0 then 'CANARY_DELETED' when g % 5 = 1 then 'Quellidor' else '${tag} Person' end, case when g % 5 = 1 then 'Zyxommal' || g else g::text end, (array['CFO','Partner','Analyst'])[1 + g % 3], '${member}', case when g % 7 = 0 then now() end from generate_series(1, 400) g;
  insert into crm.person_emails (id, tenant_id, person_id, address, is_primary)
    select gen_random_uuid(), '${tenant}', id, 'p' || lower(family_name) || '${tag.trim().toLowerCase()}@org.test', true from crm.people where tenant_id = '${tenant}';
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
