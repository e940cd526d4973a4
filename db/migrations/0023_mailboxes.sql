CREATE TABLE "intel"."mailboxes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"created_via" text,
	"updated_via" text,
	"deleted_at" timestamp with time zone,
	"member_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"address" text,
	"visibility" text DEFAULT 'owner' NOT NULL,
	"folders" text[],
	"excluded" text[],
	"consented_at" timestamp with time zone,
	"state" text DEFAULT 'new' NOT NULL,
	"synced_at" timestamp with time zone,
	"failure" text,
	CONSTRAINT "mailboxes_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."mailboxes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."mailbox_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"created_via" text,
	"updated_via" text,
	"deleted_at" timestamp with time zone,
	"mailbox_id" uuid NOT NULL,
	"email_id" uuid NOT NULL,
	"only_for" text[],
	CONSTRAINT "mailbox_messages_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."mailbox_messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD COLUMN "only_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."interaction_people" ADD COLUMN "only_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mail_threads" ADD COLUMN "conversation_id" uuid;--> statement-breakpoint
ALTER TABLE "intel"."mail_threads" ADD COLUMN "only_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mail_threads" ADD COLUMN "not_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ADD COLUMN "copy_of" uuid;--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ADD COLUMN "only_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ADD COLUMN "not_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mail_recipients" ADD COLUMN "only_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mail_recipients" ADD COLUMN "not_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mail_attachments" ADD COLUMN "only_for" text[];--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD COLUMN "only_for" text[];--> statement-breakpoint
ALTER TABLE "intel"."mailboxes" ADD CONSTRAINT "mailboxes_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mailbox_messages" ADD CONSTRAINT "mailbox_messages_mailbox_id_fk" FOREIGN KEY ("tenant_id","mailbox_id") REFERENCES "intel"."mailboxes"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mailbox_messages" ADD CONSTRAINT "mailbox_messages_email_id_fk" FOREIGN KEY ("tenant_id","email_id") REFERENCES "intel"."mail_messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mailboxes_member_id_idx" ON "intel"."mailboxes" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mailboxes_member_id_source_key" ON "intel"."mailboxes" USING btree ("tenant_id","member_id","source") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "mailbox_messages_mailbox_id_idx" ON "intel"."mailbox_messages" USING btree ("tenant_id","mailbox_id");--> statement-breakpoint
CREATE INDEX "mailbox_messages_email_id_idx" ON "intel"."mailbox_messages" USING btree ("tenant_id","email_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mailbox_messages_mailbox_id_email_id_key" ON "intel"."mailbox_messages" USING btree ("tenant_id","mailbox_id","email_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "mail_threads_conversation_id_idx" ON "intel"."mail_threads" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "mail_messages_copy_of_idx" ON "intel"."mail_messages" USING btree ("tenant_id","copy_of");--> statement-breakpoint
CREATE POLICY "mailboxes_tenant" ON "intel"."mailboxes" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "mailbox_messages_tenant" ON "intel"."mailbox_messages" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
-- Whoever is named in `only_for` sees the row and nobody else does; whoever is named in `not_for` sees the whole message in
-- its place. Tact itself, which says so by the road `system`, sees all. Restrictive: these stand beside the tenant's policy.
ALTER TABLE intel.mail_segments ADD COLUMN only_for text[], ADD COLUMN not_for text[];--> statement-breakpoint
DO $$ DECLARE
  name text;
  tenant text := 'tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid)';
  is_system text := '(SELECT coalesce(current_setting(''app.via'', true), '''')) = ''system''';
  member text := '(SELECT coalesce(current_setting(''app.member_id'', true), ''''))';
  circle text;
BEGIN
  FOREACH name IN ARRAY ARRAY['intel.mail_messages', 'intel.mail_recipients', 'intel.mail_threads', 'intel.mail_segments',
    'intel.mail_attachments', 'intel.mailbox_messages', 'intel.interactions', 'intel.interaction_people', 'workflow.proposals'] LOOP
    circle := format('%s AND (only_for IS NULL OR %s = ANY (only_for) OR %s)', tenant, member, is_system);
    IF name IN ('intel.mail_messages', 'intel.mail_recipients', 'intel.mail_threads', 'intel.mail_segments') THEN
      circle := format('%s AND (not_for IS NULL OR NOT %s = ANY (not_for) OR %s)', circle, member, is_system);
    END IF;
    EXECUTE format('CREATE POLICY %I ON %s AS RESTRICTIVE FOR ALL TO tact_app USING (%s) WITH CHECK (%s)', split_part(name, '.', 2) || '_circle', name, circle, circle);
    IF name NOT IN ('intel.mail_segments', 'intel.mailbox_messages', 'workflow.proposals') THEN
      EXECUTE format('CREATE POLICY %I ON %s AS RESTRICTIVE FOR SELECT TO tact_views USING (%s)', split_part(name, '.', 2) || '_circle_asked', name, circle);
    END IF;
  END LOOP;
END $$;--> statement-breakpoint
-- Blocks and vectors are seen by whoever sees their segment.
CREATE POLICY mail_blocks_circle ON intel.mail_blocks AS RESTRICTIVE FOR ALL TO tact_app
  USING (EXISTS (SELECT FROM intel.mail_segments s WHERE s.tenant_id = mail_blocks.tenant_id AND s.id = mail_blocks.segment_id));--> statement-breakpoint
CREATE POLICY mail_vectors_circle ON intel.mail_vectors AS RESTRICTIVE FOR ALL TO tact_app
  USING (EXISTS (SELECT FROM intel.mail_segments s WHERE s.tenant_id = mail_vectors.tenant_id AND s.id = mail_vectors.segment_id));--> statement-breakpoint
CREATE POLICY mail_pending_circle ON intel.mail_pending AS RESTRICTIVE FOR SELECT TO tact_app
  USING ((SELECT coalesce(current_setting('app.via', true), '')) = 'system'
    OR EXISTS (SELECT FROM intel.mail_messages m WHERE m.tenant_id = mail_pending.tenant_id AND m.id = mail_pending.message_id));--> statement-breakpoint
-- What an import of mail counted is its member's.
CREATE POLICY imports_circle ON workflow.imports AS RESTRICTIVE FOR SELECT TO tact_app
  USING (kind <> 'mail' OR created_by IS NULL OR created_by::text = (SELECT coalesce(current_setting('app.member_id', true), ''))
    OR (SELECT coalesce(current_setting('app.via', true), '')) = 'system');--> statement-breakpoint
-- The history of a contact is seen by whoever sees the contact.
CREATE POLICY field_changes_circle ON core.field_changes AS RESTRICTIVE FOR SELECT TO tact_app
  USING (entity <> 'interactions' OR (SELECT coalesce(current_setting('app.via', true), '')) = 'system'
    OR EXISTS (SELECT FROM intel.interactions i WHERE i.tenant_id = field_changes.tenant_id AND i.id = field_changes.record_id));--> statement-breakpoint
-- A member's consent is the member's own.
CREATE FUNCTION intel.guard_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := coalesce(current_setting('app.member_id', true), '');
BEGIN
  IF core.acts_as_system() THEN RETURN coalesce(NEW, OLD); END IF;
  IF TG_OP <> 'INSERT' AND OLD.member_id::text <> acting THEN PERFORM core.refuse(); END IF;
  IF TG_OP <> 'DELETE' AND (NEW.member_id::text <> acting OR NOT core.role_may(core.acting_role(), 'propose', NULL)) THEN PERFORM core.refuse(); END IF;
  RETURN coalesce(NEW, OLD);
END $$;--> statement-breakpoint
CREATE TRIGGER guard_mailbox BEFORE INSERT OR UPDATE OR DELETE ON intel.mailboxes FOR EACH ROW EXECUTE FUNCTION intel.guard_mailbox();--> statement-breakpoint
-- Who may see a proposal: everybody, unless it changes, links or quotes what not everybody sees; then those who see all of that.
CREATE FUNCTION workflow.keep_circle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  circles jsonb;
BEGIN
  SELECT jsonb_agg(to_jsonb(x.only_for)) INTO circles FROM (
    SELECT coalesce(m.only_for, i.only_for, t.only_for) AS only_for FROM (
      SELECT c->>'entity' AS entity, c->>'id' AS id FROM jsonb_array_elements(NEW.changes) c
      UNION SELECT l->>'target_entity', l->>'target_id' FROM jsonb_array_elements(NEW.changes) c, jsonb_array_elements(c->'links') l
      UNION SELECT e->>'entity', e->>'id' FROM jsonb_array_elements(NEW.changes) c, jsonb_array_elements(c->'evidence') e
    ) named
    LEFT JOIN intel.mail_messages m ON named.entity = 'emails' AND m.tenant_id = NEW.tenant_id AND m.id = named.id::uuid
    LEFT JOIN intel.interactions i ON named.entity = 'interactions' AND i.tenant_id = NEW.tenant_id AND i.id = named.id::uuid
    LEFT JOIN intel.mail_threads t ON named.entity = 'threads' AND t.tenant_id = NEW.tenant_id AND t.id = named.id::uuid
  ) x WHERE x.only_for IS NOT NULL;
  IF circles IS NULL THEN RETURN NEW; END IF;
  NEW.only_for := ARRAY(SELECT who FROM jsonb_array_elements(circles) AS c(circle), jsonb_array_elements_text(c.circle) AS who
    GROUP BY who HAVING count(*) = jsonb_array_length(circles) ORDER BY who);
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER keep_circle BEFORE INSERT OR UPDATE OF changes ON workflow.proposals FOR EACH ROW EXECUTE FUNCTION workflow.keep_circle();--> statement-breakpoint
-- A message that others may see, or no longer, is put into another part of the index.
DROP TRIGGER index_changed ON intel.mail_messages;--> statement-breakpoint
CREATE TRIGGER index_changed AFTER UPDATE OF subject, body_text, quoted_text, from_name, from_address, only_for, not_for ON intel.mail_messages
  FOR EACH ROW WHEN (OLD.subject IS DISTINCT FROM NEW.subject OR OLD.body_text IS DISTINCT FROM NEW.body_text
    OR OLD.quoted_text IS DISTINCT FROM NEW.quoted_text OR OLD.from_name IS DISTINCT FROM NEW.from_name
    OR OLD.from_address IS DISTINCT FROM NEW.from_address OR OLD.only_for IS DISTINCT FROM NEW.only_for
    OR OLD.not_for IS DISTINCT FROM NEW.not_for)
  EXECUTE FUNCTION intel.index_changed_mail();--> statement-breakpoint
-- Meetings and contacts of a deal are read from the index alone, as before: it holds now what the policy asks.
DROP INDEX intel.interactions_deal_recent;--> statement-breakpoint
CREATE INDEX interactions_deal_recent ON intel.interactions (tenant_id, deal_id, occurred_at) INCLUDE (kind, sentiment, only_for) WHERE deleted_at IS NULL AND deal_id IS NOT NULL;--> statement-breakpoint
DROP INDEX intel.interactions_met_recent;--> statement-breakpoint
CREATE INDEX interactions_met_recent ON intel.interactions (tenant_id, occurred_at) INCLUDE (member_id, company_id, deal_id, sentiment, duration_minutes, kind, only_for) WHERE deleted_at IS NULL AND kind IN ('meeting', 'viewing');--> statement-breakpoint
-- Roll-ups count what everybody may see, whoever writes.
CREATE OR REPLACE FUNCTION core.recompute_company_contact(tenant uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM crm.companies c WHERE c.tenant_id = tenant AND (ids IS NULL OR c.id = ANY (ids)) ORDER BY c.id FOR NO KEY UPDATE;
  UPDATE crm.companies c SET last_interaction_at = fresh.at
  FROM (
    SELECT o.id, max(i.occurred_at) AS at FROM crm.companies o
    LEFT JOIN intel.interactions i ON i.tenant_id = tenant AND i.company_id = o.id AND i.deleted_at IS NULL AND i.only_for IS NULL
    WHERE o.tenant_id = tenant AND (ids IS NULL OR o.id = ANY (ids)) GROUP BY o.id
  ) fresh
  WHERE c.tenant_id = tenant AND c.id = fresh.id AND c.last_interaction_at IS DISTINCT FROM fresh.at;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION core.recompute_deal_contact(tenant uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM crm.deals d WHERE d.tenant_id = tenant AND (ids IS NULL OR d.id = ANY (ids)) ORDER BY d.id FOR NO KEY UPDATE;
  UPDATE crm.deals d SET last_interaction_at = fresh.at
  FROM (
    SELECT o.id, max(i.occurred_at) AS at FROM crm.deals o
    LEFT JOIN intel.interactions i ON i.tenant_id = tenant AND i.deal_id = o.id AND i.deleted_at IS NULL AND i.only_for IS NULL
    WHERE o.tenant_id = tenant AND (ids IS NULL OR o.id = ANY (ids)) GROUP BY o.id
  ) fresh
  WHERE d.tenant_id = tenant AND d.id = fresh.id AND d.last_interaction_at IS DISTINCT FROM fresh.at;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION core.recompute_person_contact(tenant uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM crm.people p WHERE p.tenant_id = tenant AND (ids IS NULL OR p.id = ANY (ids)) ORDER BY p.id FOR NO KEY UPDATE;
  UPDATE crm.people p SET last_interaction_at = fresh.at, last_meeting_at = fresh.met_at,
    last_inbound_at = fresh.inbound_at, last_outbound_at = fresh.outbound_at
  FROM (
    SELECT o.id, max(i.occurred_at) AS at,
      max(i.occurred_at) FILTER (WHERE i.kind IN ('meeting', 'viewing')) AS met_at,
      max(i.occurred_at) FILTER (WHERE i.direction = 'inbound') AS inbound_at,
      max(i.occurred_at) FILTER (WHERE i.direction = 'outbound') AS outbound_at
    FROM crm.people o
    LEFT JOIN intel.interaction_people ip ON ip.tenant_id = tenant AND ip.person_id = o.id AND ip.deleted_at IS NULL
    LEFT JOIN intel.interactions i ON i.tenant_id = tenant AND i.id = ip.interaction_id AND i.deleted_at IS NULL AND i.only_for IS NULL
    WHERE o.tenant_id = tenant AND (ids IS NULL OR o.id = ANY (ids)) GROUP BY o.id
  ) fresh
  WHERE p.tenant_id = tenant AND p.id = fresh.id
    AND (p.last_interaction_at, p.last_meeting_at, p.last_inbound_at, p.last_outbound_at)
      IS DISTINCT FROM (fresh.at, fresh.met_at, fresh.inbound_at, fresh.outbound_at);
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION intel.roll_up_new_interactions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  WITH newest AS (
    SELECT tenant_id, company_id AS id, max(occurred_at) AS at FROM added
    WHERE company_id IS NOT NULL AND deleted_at IS NULL AND only_for IS NULL GROUP BY 1, 2
  ), due AS (
    SELECT c.tenant_id, c.id, n.at FROM crm.companies c JOIN newest n ON n.tenant_id = c.tenant_id AND n.id = c.id
    ORDER BY c.id FOR NO KEY UPDATE OF c
  )
  UPDATE crm.companies c SET last_interaction_at = due.at FROM due
  WHERE c.tenant_id = due.tenant_id AND c.id = due.id AND (c.last_interaction_at IS NULL OR c.last_interaction_at < due.at);
  WITH newest AS (
    SELECT tenant_id, deal_id AS id, max(occurred_at) AS at FROM added
    WHERE deal_id IS NOT NULL AND deleted_at IS NULL AND only_for IS NULL GROUP BY 1, 2
  ), due AS (
    SELECT d.tenant_id, d.id, n.at FROM crm.deals d JOIN newest n ON n.tenant_id = d.tenant_id AND n.id = d.id
    ORDER BY d.id FOR NO KEY UPDATE OF d
  )
  UPDATE crm.deals d SET last_interaction_at = due.at FROM due
  WHERE d.tenant_id = due.tenant_id AND d.id = due.id AND (d.last_interaction_at IS NULL OR d.last_interaction_at < due.at);
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION intel.roll_up_changed_interactions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched record;
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  FOR touched IN
    SELECT o.tenant_id,
      array_agg(DISTINCT x.company_id) FILTER (WHERE x.company_id IS NOT NULL) AS companies,
      array_agg(DISTINCT x.deal_id) FILTER (WHERE x.deal_id IS NOT NULL) AS deals,
      array_agg(DISTINCT o.id) AS interactions
    FROM before_rows o JOIN after_rows n ON n.id = o.id
    CROSS JOIN LATERAL (VALUES (o.company_id, o.deal_id), (n.company_id, n.deal_id)) AS x(company_id, deal_id)
    WHERE (o.occurred_at, o.company_id, o.deal_id, o.kind, o.direction, o.deleted_at, o.only_for)
      IS DISTINCT FROM (n.occurred_at, n.company_id, n.deal_id, n.kind, n.direction, n.deleted_at, n.only_for)
    GROUP BY o.tenant_id
  LOOP
    PERFORM core.recompute_company_contact(touched.tenant_id, coalesce(touched.companies, '{}'));
    PERFORM core.recompute_deal_contact(touched.tenant_id, coalesce(touched.deals, '{}'));
    PERFORM core.recompute_person_contact(touched.tenant_id, ARRAY(
      SELECT DISTINCT ip.person_id FROM intel.interaction_people ip
      WHERE ip.tenant_id = touched.tenant_id AND ip.interaction_id = ANY (touched.interactions)));
  END LOOP;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION intel.roll_up_new_participants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  WITH newest AS (
    SELECT a.tenant_id, a.person_id AS id, max(i.occurred_at) AS at,
      max(i.occurred_at) FILTER (WHERE i.kind IN ('meeting', 'viewing')) AS met_at,
      max(i.occurred_at) FILTER (WHERE i.direction = 'inbound') AS inbound_at,
      max(i.occurred_at) FILTER (WHERE i.direction = 'outbound') AS outbound_at
    FROM added a JOIN intel.interactions i ON i.tenant_id = a.tenant_id AND i.id = a.interaction_id
    WHERE a.deleted_at IS NULL AND i.deleted_at IS NULL AND i.only_for IS NULL GROUP BY 1, 2
  ), due AS (
    SELECT p.tenant_id, p.id, n.at, n.met_at, n.inbound_at, n.outbound_at
    FROM crm.people p JOIN newest n ON n.tenant_id = p.tenant_id AND n.id = p.id ORDER BY p.id FOR NO KEY UPDATE OF p
  )
  UPDATE crm.people p SET
    last_interaction_at = greatest(p.last_interaction_at, due.at),
    last_meeting_at = greatest(p.last_meeting_at, due.met_at),
    last_inbound_at = greatest(p.last_inbound_at, due.inbound_at),
    last_outbound_at = greatest(p.last_outbound_at, due.outbound_at)
  FROM due WHERE p.tenant_id = due.tenant_id AND p.id = due.id;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Functions of tact_search, which row security lets see all, keep the circles themselves.
GRANT SELECT (only_for, not_for) ON intel.mail_messages TO tact_search;--> statement-breakpoint
GRANT CREATE ON SCHEMA intel TO tact_search;--> statement-breakpoint
CREATE OR REPLACE FUNCTION intel.mail_messages_citing(message_ids text[]) RETURNS TABLE (id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET cpu_tuple_cost = 1
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := core.current_tenant();
BEGIN
  IF tenant IS NULL OR coalesce(cardinality(message_ids), 0) = 0 THEN RETURN; END IF;
  RETURN QUERY
  SELECT m.id FROM intel.mail_messages m
  WHERE m.tenant_id = tenant AND m.deleted_at IS NULL AND m.reference_ids && message_ids
    AND (m.only_for IS NULL OR coalesce(current_setting('app.member_id', true), '') = ANY (m.only_for) OR coalesce(current_setting('app.via', true), '') = 'system')
    AND (m.not_for IS NULL OR NOT coalesce(current_setting('app.member_id', true), '') = ANY (m.not_for) OR coalesce(current_setting('app.via', true), '') = 'system');
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION intel.search_mail_candidates(terms text[], max int) RETURNS TABLE (id uuid, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET cpu_tuple_cost = 1
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := core.current_tenant();
  term text;
  one tsquery;
  wanted tsquery;
BEGIN
  FOREACH term IN ARRAY coalesce(terms, '{}') LOOP
    term := core.fold(btrim(term));
    IF term LIKE '%*' THEN
      one := core.prefix_query(rtrim(term, '*'), ' & ', '');
    ELSE
      one := phraseto_tsquery('english', term) || phraseto_tsquery('simple', term);
    END IF;
    IF one IS NOT NULL AND numnode(one) > 0 THEN wanted := CASE WHEN wanted IS NULL THEN one ELSE wanted || one END; END IF;
  END LOOP;
  IF tenant IS NULL OR wanted IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT m.id, ts_rank('{0.05, 0.3, 0.7, 1.0}', m.search, wanted, 1) AS score
  FROM intel.mail_messages m
  WHERE m.tenant_id = tenant AND m.deleted_at IS NULL AND m.search @@ wanted
    AND (m.only_for IS NULL OR coalesce(current_setting('app.member_id', true), '') = ANY (m.only_for) OR coalesce(current_setting('app.via', true), '') = 'system')
    AND (m.not_for IS NULL OR NOT coalesce(current_setting('app.member_id', true), '') = ANY (m.not_for) OR coalesce(current_setting('app.via', true), '') = 'system')
  ORDER BY 2 DESC, m.sent_at DESC, 1 LIMIT max;
END $$;--> statement-breakpoint
REVOKE CREATE ON SCHEMA intel FROM tact_search;
