GRANT USAGE ON SCHEMA core, crm, intel, workflow TO tact_app, tact_search;--> statement-breakpoint
-- Lower case without accents. unaccent() itself is only STABLE; naming its dictionary makes it safe to index.
CREATE FUNCTION core.fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;--> statement-breakpoint
CREATE FUNCTION core.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;--> statement-breakpoint
CREATE FUNCTION core.bulk_loading() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(current_setting('app.bulk_load', true), '') = 'on' $$;--> statement-breakpoint
-- The tenants themselves: a request sees its own. Not forced, so that the owner of the tables can list them.
ALTER TABLE core.tenants ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY tenants_own ON core.tenants FOR SELECT TO tact_app USING (id = (SELECT core.current_tenant()));--> statement-breakpoint
GRANT SELECT ON core.tenants TO tact_app;--> statement-breakpoint
-- The workspace's now: a demo's fixed clock, else the wall's.
CREATE FUNCTION core.tenant_now() RETURNS timestamptz LANGUAGE sql STABLE
AS $$ SELECT coalesce((SELECT clock_at FROM core.tenants WHERE id = core.current_tenant()), now()) $$;--> statement-breakpoint
-- Stamps who and how; counts version and updated_at up only when a column that is not derived changed, so that a roll-up
-- does not void a proposal. TG_ARGV names the derived columns (generated ones are null in NEW here).
CREATE FUNCTION core.touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  skip text[] := coalesce(TG_ARGV::text[], '{}') || ARRAY['version', 'updated_at', 'updated_by', 'updated_via'];
  member uuid := nullif(current_setting('app.member_id', true), '')::uuid;
  via text := nullif(current_setting('app.via', true), '');
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF core.bulk_loading() THEN
      NEW.created_by := coalesce(NEW.created_by, member);
      NEW.created_via := coalesce(NEW.created_via, via);
      NEW.updated_by := coalesce(NEW.updated_by, NEW.created_by);
      NEW.updated_via := coalesce(NEW.updated_via, NEW.created_via);
    ELSE
      NEW.version := 1;
      NEW.created_by := member;
      NEW.created_via := via;
      NEW.updated_by := member;
      NEW.updated_via := via;
    END IF;
  ELSIF (to_jsonb(NEW) - skip) IS DISTINCT FROM (to_jsonb(OLD) - skip) THEN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    NEW.updated_by := member;
    NEW.updated_via := via;
  ELSE
    NEW.version := OLD.version;
    NEW.updated_at := OLD.updated_at;
    NEW.updated_by := OLD.updated_by;
    NEW.updated_via := OLD.updated_via;
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
-- Stages: since when, closed when, and the history. A bulk load writes its own history, or gets its first line from
-- core.recompute_rollups.
CREATE FUNCTION crm.stage_deal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_closed boolean := (SELECT s.kind <> 'open' FROM crm.stages s WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.stage_id);
  was_closed boolean := false;
  moment timestamptz := core.tenant_now();
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.stage_since := coalesce(NEW.stage_since, moment);
    NEW.closed_at := CASE WHEN is_closed THEN coalesce(NEW.closed_at, moment) END;
    RETURN NEW;
  END IF;
  IF NEW.stage_id IS NOT DISTINCT FROM OLD.stage_id THEN RETURN NEW; END IF;
  was_closed := (SELECT s.kind <> 'open' FROM crm.stages s WHERE s.tenant_id = OLD.tenant_id AND s.id = OLD.stage_id);
  IF NEW.stage_since IS NOT DISTINCT FROM OLD.stage_since THEN NEW.stage_since := moment; END IF;
  IF NOT is_closed THEN
    NEW.closed_at := NULL;
  ELSIF NOT was_closed AND NEW.closed_at IS NOT DISTINCT FROM OLD.closed_at THEN
    NEW.closed_at := moment;
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER stage_deal BEFORE INSERT OR UPDATE OF stage_id ON crm.deals FOR EACH ROW EXECUTE FUNCTION crm.stage_deal();--> statement-breakpoint
CREATE FUNCTION crm.log_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  IF TG_OP = 'UPDATE' AND NEW.stage_id IS NOT DISTINCT FROM OLD.stage_id THEN RETURN NULL; END IF;
  INSERT INTO crm.deal_stage_events (id, tenant_id, deal_id, from_stage_id, to_stage_id, at)
  VALUES (gen_random_uuid(), NEW.tenant_id, NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.stage_id END, NEW.stage_id,
    coalesce(NEW.stage_since, core.tenant_now()));
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER log_stage AFTER INSERT OR UPDATE OF stage_id ON crm.deals FOR EACH ROW EXECUTE FUNCTION crm.log_stage();--> statement-breakpoint
-- Roll-ups of the last contact. Inserts only move forward; updates and deletes count again. Rows are locked in the order
-- of their ids, so that two imports cannot lock each other out; NO KEY, because the foreign keys of both new interactions
-- hold the rows already (KEY SHARE), and a plain FOR UPDATE would have each wait for the other.
CREATE FUNCTION core.recompute_company_contact(tenant uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM crm.companies c WHERE c.tenant_id = tenant AND (ids IS NULL OR c.id = ANY (ids)) ORDER BY c.id FOR NO KEY UPDATE;
  UPDATE crm.companies c SET last_interaction_at = fresh.at
  FROM (
    SELECT o.id, max(i.occurred_at) AS at FROM crm.companies o
    LEFT JOIN intel.interactions i ON i.tenant_id = tenant AND i.company_id = o.id AND i.deleted_at IS NULL
    WHERE o.tenant_id = tenant AND (ids IS NULL OR o.id = ANY (ids)) GROUP BY o.id
  ) fresh
  WHERE c.tenant_id = tenant AND c.id = fresh.id AND c.last_interaction_at IS DISTINCT FROM fresh.at;
END $$;--> statement-breakpoint
CREATE FUNCTION core.recompute_deal_contact(tenant uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM crm.deals d WHERE d.tenant_id = tenant AND (ids IS NULL OR d.id = ANY (ids)) ORDER BY d.id FOR NO KEY UPDATE;
  UPDATE crm.deals d SET last_interaction_at = fresh.at
  FROM (
    SELECT o.id, max(i.occurred_at) AS at FROM crm.deals o
    LEFT JOIN intel.interactions i ON i.tenant_id = tenant AND i.deal_id = o.id AND i.deleted_at IS NULL
    WHERE o.tenant_id = tenant AND (ids IS NULL OR o.id = ANY (ids)) GROUP BY o.id
  ) fresh
  WHERE d.tenant_id = tenant AND d.id = fresh.id AND d.last_interaction_at IS DISTINCT FROM fresh.at;
END $$;--> statement-breakpoint
CREATE FUNCTION core.recompute_person_contact(tenant uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
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
    LEFT JOIN intel.interactions i ON i.tenant_id = tenant AND i.id = ip.interaction_id AND i.deleted_at IS NULL
    WHERE o.tenant_id = tenant AND (ids IS NULL OR o.id = ANY (ids)) GROUP BY o.id
  ) fresh
  WHERE p.tenant_id = tenant AND p.id = fresh.id
    AND (p.last_interaction_at, p.last_meeting_at, p.last_inbound_at, p.last_outbound_at)
      IS DISTINCT FROM (fresh.at, fresh.met_at, fresh.inbound_at, fresh.outbound_at);
END $$;--> statement-breakpoint
-- After a bulk load: everything the silenced triggers would have kept.
-- Right after a bulk load nothing is analysed yet, and a nested loop planned for one row runs for minutes.
CREATE FUNCTION core.recompute_rollups(tenant uuid) RETURNS void LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
  PERFORM core.recompute_company_contact(tenant, NULL);
  PERFORM core.recompute_deal_contact(tenant, NULL);
  PERFORM core.recompute_person_contact(tenant, NULL);
  INSERT INTO crm.deal_stage_events (id, tenant_id, deal_id, from_stage_id, to_stage_id, at)
  SELECT gen_random_uuid(), d.tenant_id, d.id, NULL, d.stage_id, coalesce(d.stage_since, d.created_at) FROM crm.deals d
  WHERE d.tenant_id = tenant
    AND NOT EXISTS (SELECT FROM crm.deal_stage_events e WHERE e.tenant_id = d.tenant_id AND e.deal_id = d.id);
END $$;--> statement-breakpoint
CREATE FUNCTION intel.roll_up_new_interactions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  WITH newest AS (
    SELECT tenant_id, company_id AS id, max(occurred_at) AS at FROM added
    WHERE company_id IS NOT NULL AND deleted_at IS NULL GROUP BY 1, 2
  ), due AS (
    SELECT c.tenant_id, c.id, n.at FROM crm.companies c JOIN newest n ON n.tenant_id = c.tenant_id AND n.id = c.id
    ORDER BY c.id FOR NO KEY UPDATE OF c
  )
  UPDATE crm.companies c SET last_interaction_at = due.at FROM due
  WHERE c.tenant_id = due.tenant_id AND c.id = due.id AND (c.last_interaction_at IS NULL OR c.last_interaction_at < due.at);
  WITH newest AS (
    SELECT tenant_id, deal_id AS id, max(occurred_at) AS at FROM added
    WHERE deal_id IS NOT NULL AND deleted_at IS NULL GROUP BY 1, 2
  ), due AS (
    SELECT d.tenant_id, d.id, n.at FROM crm.deals d JOIN newest n ON n.tenant_id = d.tenant_id AND n.id = d.id
    ORDER BY d.id FOR NO KEY UPDATE OF d
  )
  UPDATE crm.deals d SET last_interaction_at = due.at FROM due
  WHERE d.tenant_id = due.tenant_id AND d.id = due.id AND (d.last_interaction_at IS NULL OR d.last_interaction_at < due.at);
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER roll_up_new AFTER INSERT ON intel.interactions REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION intel.roll_up_new_interactions();--> statement-breakpoint
CREATE FUNCTION intel.roll_up_changed_interactions() RETURNS trigger LANGUAGE plpgsql AS $$
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
    WHERE (o.occurred_at, o.company_id, o.deal_id, o.kind, o.direction, o.deleted_at)
      IS DISTINCT FROM (n.occurred_at, n.company_id, n.deal_id, n.kind, n.direction, n.deleted_at)
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
CREATE TRIGGER roll_up_changed AFTER UPDATE ON intel.interactions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION intel.roll_up_changed_interactions();--> statement-breakpoint
CREATE FUNCTION intel.roll_up_gone_interactions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched record;
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  FOR touched IN
    SELECT tenant_id, array_agg(DISTINCT company_id) FILTER (WHERE company_id IS NOT NULL) AS companies,
      array_agg(DISTINCT deal_id) FILTER (WHERE deal_id IS NOT NULL) AS deals
    FROM before_rows GROUP BY tenant_id
  LOOP
    PERFORM core.recompute_company_contact(touched.tenant_id, coalesce(touched.companies, '{}'));
    PERFORM core.recompute_deal_contact(touched.tenant_id, coalesce(touched.deals, '{}'));
  END LOOP;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Participants go before their interaction (foreign key), so a delete has told the people already.
CREATE TRIGGER roll_up_gone AFTER DELETE ON intel.interactions REFERENCING OLD TABLE AS before_rows
FOR EACH STATEMENT EXECUTE FUNCTION intel.roll_up_gone_interactions();--> statement-breakpoint
CREATE FUNCTION intel.roll_up_new_participants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  WITH newest AS (
    SELECT a.tenant_id, a.person_id AS id, max(i.occurred_at) AS at,
      max(i.occurred_at) FILTER (WHERE i.kind IN ('meeting', 'viewing')) AS met_at,
      max(i.occurred_at) FILTER (WHERE i.direction = 'inbound') AS inbound_at,
      max(i.occurred_at) FILTER (WHERE i.direction = 'outbound') AS outbound_at
    FROM added a JOIN intel.interactions i ON i.tenant_id = a.tenant_id AND i.id = a.interaction_id
    WHERE a.deleted_at IS NULL AND i.deleted_at IS NULL GROUP BY 1, 2
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
CREATE TRIGGER roll_up_new AFTER INSERT ON intel.interaction_people REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION intel.roll_up_new_participants();--> statement-breakpoint
CREATE FUNCTION intel.roll_up_changed_participants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched record;
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  FOR touched IN SELECT tenant_id, array_agg(DISTINCT person_id) AS people FROM before_rows GROUP BY tenant_id LOOP
    PERFORM core.recompute_person_contact(touched.tenant_id, touched.people);
  END LOOP;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION intel.roll_up_moved_participants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched record;
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  FOR touched IN
    SELECT tenant_id, array_agg(DISTINCT person_id) AS people
    FROM (SELECT tenant_id, person_id FROM before_rows UNION ALL SELECT tenant_id, person_id FROM after_rows) both_rows
    GROUP BY tenant_id
  LOOP
    PERFORM core.recompute_person_contact(touched.tenant_id, touched.people);
  END LOOP;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER roll_up_changed AFTER UPDATE ON intel.interaction_people REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION intel.roll_up_moved_participants();--> statement-breakpoint
CREATE TRIGGER roll_up_gone AFTER DELETE ON intel.interaction_people REFERENCING OLD TABLE AS before_rows
FOR EACH STATEMENT EXECUTE FUNCTION intel.roll_up_changed_participants();
