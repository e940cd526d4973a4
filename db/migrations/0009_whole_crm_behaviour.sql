GRANT USAGE ON SCHEMA fund, inventory TO tact_app, tact_search;--> statement-breakpoint
-- A stage that names no pipeline belongs to the first; the first is made when there is none. Its id is made of the
-- tenant's, so that two stages inserted at once agree on it.
CREATE FUNCTION crm.default_pipeline(tenant uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  found uuid := (SELECT p.id FROM crm.pipelines p WHERE p.tenant_id = tenant AND p.deleted_at IS NULL ORDER BY p.position, p.id LIMIT 1);
BEGIN
  IF found IS NULL THEN
    found := md5(tenant::text || ':pipeline')::uuid;
    INSERT INTO crm.pipelines (id, tenant_id, name, position) VALUES (found, tenant, 'Pipeline', 0) ON CONFLICT (id) DO NOTHING;
  END IF;
  RETURN found;
END $$;--> statement-breakpoint
CREATE FUNCTION crm.place_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.pipeline_id IS NULL THEN NEW.pipeline_id := crm.default_pipeline(NEW.tenant_id); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER place_stage BEFORE INSERT OR UPDATE OF pipeline_id ON crm.stages FOR EACH ROW EXECUTE FUNCTION crm.place_stage();--> statement-breakpoint
-- Stages from before there were pipelines. Forced row security hides them from the owner of the tables too; versions stay.
ALTER TABLE crm.stages NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE crm.pipelines NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE crm.stages DISABLE TRIGGER USER;--> statement-breakpoint
UPDATE crm.stages SET pipeline_id = crm.default_pipeline(tenant_id) WHERE pipeline_id IS NULL;--> statement-breakpoint
ALTER TABLE crm.stages ENABLE TRIGGER USER;--> statement-breakpoint
ALTER TABLE crm.stages FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE crm.pipelines FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- Amounts of deals: every change; the first value is what the first change came from.
CREATE FUNCTION crm.log_value() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  INSERT INTO crm.deal_value_events (id, tenant_id, deal_id, from_minor, to_minor, currency, at)
  VALUES (gen_random_uuid(), NEW.tenant_id, NEW.id, OLD.amount_minor, NEW.amount_minor, NEW.currency, core.tenant_now());
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER log_value AFTER UPDATE OF amount_minor, currency ON crm.deals FOR EACH ROW
WHEN (OLD.amount_minor IS DISTINCT FROM NEW.amount_minor OR OLD.currency IS DISTINCT FROM NEW.currency)
EXECUTE FUNCTION crm.log_value();--> statement-breakpoint
CREATE FUNCTION inventory.log_unit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_new boolean := TG_OP = 'INSERT';
  moment timestamptz := core.tenant_now();
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  IF NEW.price_minor IS NOT NULL AND (is_new OR NEW.price_minor IS DISTINCT FROM OLD.price_minor OR NEW.currency IS DISTINCT FROM OLD.currency) THEN
    INSERT INTO inventory.unit_prices (id, tenant_id, unit_id, price_minor, currency, at)
    VALUES (gen_random_uuid(), NEW.tenant_id, NEW.id, NEW.price_minor, NEW.currency, moment);
  END IF;
  IF is_new OR NEW.availability IS DISTINCT FROM OLD.availability THEN
    UPDATE inventory.unit_availabilities SET until = moment WHERE tenant_id = NEW.tenant_id AND unit_id = NEW.id AND until IS NULL;
    INSERT INTO inventory.unit_availabilities (id, tenant_id, unit_id, availability, at)
    VALUES (gen_random_uuid(), NEW.tenant_id, NEW.id, NEW.availability, moment);
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER log_unit AFTER INSERT OR UPDATE OF price_minor, currency, availability ON inventory.units
FOR EACH ROW EXECUTE FUNCTION inventory.log_unit();--> statement-breakpoint
-- Whether an investor is on a graveyard list: what they once committed counts no more.
CREATE FUNCTION fund.is_graveyarded(company uuid, person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM crm.list_memberships m JOIN crm.lists l ON l.tenant_id = m.tenant_id AND l.id = m.list_id
    WHERE m.tenant_id = core.current_tenant() AND l.kind = 'graveyard' AND m.deleted_at IS NULL AND l.deleted_at IS NULL
      AND (m.company_id = company OR m.person_id = person))
$$;--> statement-breakpoint
-- Committed, signed or funded, in the fund's own currency, in minor units; investors in a graveyard list left out.
CREATE FUNCTION fund.total_committed(fund_id uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(c.amount_minor), 0)::bigint FROM fund.commitments c
  JOIN fund.funds f ON f.tenant_id = c.tenant_id AND f.id = c.fund_id
  WHERE c.tenant_id = core.current_tenant() AND c.fund_id = $1 AND c.deleted_at IS NULL AND c.currency = f.currency
    AND c.status IN ('committed', 'signed', 'funded') AND NOT fund.is_graveyarded(c.investor_company_id, c.investor_person_id)
$$;--> statement-breakpoint
-- An investor flagged as a prospect has one deal for the fund, whose amount, owner, outcome and archiving follow.
CREATE FUNCTION fund.deal_stage(tenant uuid, wanted text) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT s.id FROM crm.stages s LEFT JOIN crm.pipelines p ON p.tenant_id = s.tenant_id AND p.id = s.pipeline_id
  WHERE s.tenant_id = tenant AND s.deleted_at IS NULL AND s.kind = wanted ORDER BY p.position, s.position, s.id LIMIT 1
$$;--> statement-breakpoint
CREATE FUNCTION fund.keep_deal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted text := CASE WHEN NEW.status IN ('committed', 'signed', 'funded') THEN 'won' WHEN NEW.status = 'declined' THEN 'lost' END;
BEGIN
  IF core.bulk_loading() THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.deal_id IS NOT NULL AND NEW.deal_id IS NULL THEN
    UPDATE crm.deals SET deleted_at = now() WHERE tenant_id = OLD.tenant_id AND id = OLD.deal_id AND deleted_at IS NULL;
    RETURN NEW;
  END IF;
  IF NEW.deal_id IS NULL THEN
    IF NEW.status <> 'prospect' OR NEW.deleted_at IS NOT NULL THEN RETURN NEW; END IF;
    SELECT c.deal_id INTO NEW.deal_id FROM fund.commitments c
    WHERE c.tenant_id = NEW.tenant_id AND c.fund_id = NEW.fund_id AND c.deal_id IS NOT NULL AND c.deleted_at IS NULL
      AND (c.investor_company_id = NEW.investor_company_id OR c.investor_person_id = NEW.investor_person_id) LIMIT 1;
    IF NEW.deal_id IS NULL AND fund.deal_stage(NEW.tenant_id, 'open') IS NOT NULL THEN
      NEW.deal_id := gen_random_uuid();
      INSERT INTO crm.deals (id, tenant_id, name, company_id, contact_id, owner_id, stage_id, amount_minor, currency, source)
      SELECT NEW.deal_id, NEW.tenant_id,
        coalesce((SELECT c.name FROM crm.companies c WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.investor_company_id),
          (SELECT btrim(coalesce(p.given_name, '') || ' ' || coalesce(p.family_name, '')) FROM crm.people p
            WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.investor_person_id), 'Investor') || ' · ' || f.name,
        NEW.investor_company_id, NEW.investor_person_id, NEW.owner_id, fund.deal_stage(NEW.tenant_id, 'open'),
        NEW.amount_minor, NEW.currency, 'commitment'
      FROM fund.funds f WHERE f.tenant_id = NEW.tenant_id AND f.id = NEW.fund_id;
    END IF;
    RETURN NEW;
  END IF;
  UPDATE crm.deals d SET amount_minor = NEW.amount_minor, currency = NEW.currency, owner_id = NEW.owner_id,
    deleted_at = CASE WHEN NEW.deleted_at IS NULL THEN NULL ELSE coalesce(d.deleted_at, NEW.deleted_at) END,
    stage_id = CASE WHEN wanted IS NULL OR TG_OP = 'INSERT' OR NEW.status = OLD.status
      OR EXISTS (SELECT FROM crm.stages s WHERE s.tenant_id = d.tenant_id AND s.id = d.stage_id AND s.kind = wanted)
      THEN d.stage_id ELSE coalesce(fund.deal_stage(NEW.tenant_id, wanted), d.stage_id) END
  WHERE d.tenant_id = NEW.tenant_id AND d.id = NEW.deal_id;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER keep_deal BEFORE INSERT OR UPDATE ON fund.commitments FOR EACH ROW EXECUTE FUNCTION fund.keep_deal();
