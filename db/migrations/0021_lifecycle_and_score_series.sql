ALTER TABLE "crm"."companies" ADD COLUMN "customer_since" date;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "churned_on" date;--> statement-breakpoint
CREATE INDEX "companies_churned_on_idx" ON "crm"."companies" USING btree ("tenant_id","churned_on");--> statement-breakpoint
-- The days a company became a customer and was lost. Kept where a status changes while Tact looks on: of a record that
-- comes in with its status the day is not known, and none is made up. A day given in the same change stands.
CREATE FUNCTION crm.keep_lifecycle() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  was text := lower(btrim(OLD.status));
  is_now text := lower(btrim(NEW.status));
  today date;
BEGIN
  IF core.bulk_loading() OR was IS NOT DISTINCT FROM is_now THEN RETURN NEW; END IF;
  today := (core.tenant_now() AT TIME ZONE coalesce((SELECT t.timezone FROM core.tenants t WHERE t.id = NEW.tenant_id), 'UTC'))::date;
  IF is_now = 'customer' AND NEW.customer_since IS NULL THEN NEW.customer_since := today; END IF;
  IF NEW.churned_on IS NOT DISTINCT FROM OLD.churned_on THEN
    NEW.churned_on := CASE WHEN is_now = 'churned' THEN today END;
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER keep_lifecycle BEFORE UPDATE OF status ON crm.companies FOR EACH ROW EXECUTE FUNCTION crm.keep_lifecycle();--> statement-breakpoint
-- Companies that churned before: the day is in their history, where they have one.
ALTER TABLE crm.companies NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE core.field_changes NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE crm.companies DISABLE TRIGGER USER;--> statement-breakpoint
UPDATE crm.companies c SET churned_on = h.at::date FROM (
  SELECT f.tenant_id, f.record_id, max(f.at) AS at FROM core.field_changes f
  WHERE f.entity = 'companies' AND f.field = 'status' AND lower(btrim(f.new #>> '{}')) = 'churned' GROUP BY 1, 2) h
WHERE c.tenant_id = h.tenant_id AND c.id = h.record_id AND lower(btrim(c.status)) = 'churned';--> statement-breakpoint
UPDATE crm.companies c SET customer_since = h.at::date FROM (
  SELECT f.tenant_id, f.record_id, min(f.at) AS at FROM core.field_changes f
  WHERE f.entity = 'companies' AND f.field = 'status' AND lower(btrim(f.new #>> '{}')) = 'customer' GROUP BY 1, 2) h
WHERE c.tenant_id = h.tenant_id AND c.id = h.record_id;--> statement-breakpoint
ALTER TABLE crm.companies ENABLE TRIGGER USER;--> statement-breakpoint
ALTER TABLE core.field_changes FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE crm.companies FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- Customers between two days, `since` counted in and `until` not: at the start, new, lost, the share lost of those at the
-- start, and the monthly revenue that went, by its currency. Companies whose first day is not known count as customers
-- from the beginning. One row for each currency, and one without for companies with no revenue said.
CREATE FUNCTION crm.customer_churn(since date, until date)
RETURNS TABLE (currency text, at_start bigint, added bigint, churned bigint, churn_rate numeric, lost_mrr_minor bigint)
LANGUAGE sql STABLE AS $$
  SELECT x.currency, count(*) FILTER (WHERE x.began), count(*) FILTER (WHERE x.came), count(*) FILTER (WHERE x.gone),
    round((count(*) FILTER (WHERE x.gone AND x.began))::numeric / nullif(count(*) FILTER (WHERE x.began), 0), 4),
    coalesce(sum(x.mrr_minor) FILTER (WHERE x.gone), 0)::bigint
  FROM (
    SELECT CASE WHEN c.mrr_minor IS NOT NULL THEN c.revenue_currency END AS currency, c.mrr_minor,
      (c.customer_since IS NULL OR c.customer_since < since) AND (lower(c.status) = 'customer' OR c.churned_on >= since) AS began,
      coalesce(c.customer_since >= since AND c.customer_since < until, false) AS came,
      coalesce(lower(c.status) = 'churned' AND c.churned_on >= since AND c.churned_on < until, false) AS gone
    FROM crm.companies c
    WHERE c.tenant_id = core.current_tenant() AND c.deleted_at IS NULL AND lower(c.status) IN ('customer', 'churned')
  ) x GROUP BY x.currency ORDER BY x.currency NULLS LAST
$$;--> statement-breakpoint
CREATE INDEX scores_of_company ON intel.scores (tenant_id, company_id, kind, at DESC) INCLUDE (value) WHERE deleted_at IS NULL AND company_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX scores_of_deal ON intel.scores (tenant_id, deal_id, kind, at DESC) INCLUDE (value) WHERE deleted_at IS NULL AND deal_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX lead_scores_of_lead ON intel.lead_scores (tenant_id, lead_id, at DESC) WHERE deleted_at IS NULL;--> statement-breakpoint
-- Scores as they are now, each with its parts and the newest interactions behind it: engagement of companies,
-- intelligence and chance of winning (in percent) of open deals.
CREATE FUNCTION intel.fresh_scores() RETURNS TABLE (kind text, company_id uuid, deal_id uuid, value numeric, evidence jsonb)
LANGUAGE sql STABLE AS $$
  WITH open_deals AS MATERIALIZED (
    SELECT array_agg(d.id) AS ids FROM crm.deals d WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL AND d.closed_at IS NULL
  ), found AS (
    SELECT 'engagement' AS kind, e.company_id, NULL::uuid AS deal_id, e.score AS value, jsonb_build_object(
      'activities', e.activities, 'meetings', e.meetings, 'interactions', e.interactions, 'deals', e.deals) AS parts
    FROM intel.company_engagement(ARRAY(SELECT c.id FROM crm.companies c WHERE c.tenant_id = core.current_tenant() AND c.deleted_at IS NULL)) e
    UNION ALL
    SELECT 'deal_intelligence', NULL, i.deal_id, i.score, jsonb_build_object(
      'stakeholders', i.stakeholders, 'meetings', i.meetings, 'engagement', i.engagement, 'contact_quality', i.contact_quality)
    FROM open_deals o CROSS JOIN LATERAL intel.deal_intelligence(o.ids) i
    UNION ALL
    SELECT 'win_probability', NULL, w.deal_id, 100 * w.probability, jsonb_build_object('learned_from', w.learned_from)
    FROM open_deals o CROSS JOIN LATERAL intel.win_probability(o.ids) w
  )
  SELECT f.kind, f.company_id, f.deal_id, round(f.value, 2), f.parts || jsonb_build_object('records', ARRAY(
      SELECT i.id FROM intel.interactions i WHERE i.tenant_id = core.current_tenant() AND i.deal_id = f.deal_id AND i.deleted_at IS NULL
      ORDER BY i.occurred_at DESC, i.id LIMIT 3) || ARRAY(
      SELECT i.id FROM intel.interactions i WHERE i.tenant_id = core.current_tenant() AND i.company_id = f.company_id AND i.deleted_at IS NULL
      ORDER BY i.occurred_at DESC, i.id LIMIT 3))
  FROM found f
$$;--> statement-breakpoint
-- What the leads that are still worked on score now, and in words what speaks for them, against them, and what is next.
CREATE FUNCTION intel.fresh_lead_scores()
RETURNS TABLE (lead_id uuid, overall numeric, fit numeric, intent numeric, engagement numeric, breakdown jsonb, intent_signals text, risks text, next_actions text)
LANGUAGE sql STABLE AS $$
  SELECT l.id, s.score, s.fit, s.intent, s.engagement,
    jsonb_build_object('fit', s.fit, 'intent', s.intent, 'engagement', s.engagement, 'replies', s.replies),
    nullif(concat_ws('; ', CASE WHEN l.urgency IN ('high', 'medium') THEN l.urgency || ' urgency' END,
      CASE WHEN lower(l.source) IN ('referral', 'inbound', 'website', 'event') THEN 'came by ' || lower(l.source) END,
      CASE WHEN p.last_inbound_at >= w.now - interval '30 days' THEN 'wrote in the last 30 days' END,
      CASE WHEN s.replies > 0 THEN s.replies || CASE s.replies WHEN 1 THEN ' reply' ELSE ' replies' END || ' in 90 days' END), ''),
    nullif(concat_ws('; ', CASE WHEN l.budget_band IS NULL THEN 'no budget said' END,
      CASE WHEN coalesce(l.company_id, p.company_id) IS NULL THEN 'company not known' END,
      CASE WHEN p.is_decision_maker IS NOT TRUE THEN 'no decision maker' END,
      CASE WHEN quiet.is THEN 'no contact for 30 days' END), ''),
    CASE WHEN l.contacted_at IS NULL AND p.last_outbound_at IS NULL THEN 'make the first contact'
      WHEN p.last_inbound_at > p.last_outbound_at THEN 'answer what they wrote last'
      WHEN quiet.is THEN 'get in touch again'
      WHEN l.budget_band IS NULL THEN 'ask for the budget'
      WHEN l.status <> 'qualified' THEN 'qualify it, or close it' ELSE 'make it a deal' END
  FROM (SELECT core.tenant_now() AS now OFFSET 0) w
  CROSS JOIN LATERAL intel.lead_score(ARRAY(SELECT o.id FROM crm.leads o
    WHERE o.tenant_id = core.current_tenant() AND o.deleted_at IS NULL AND o.status NOT IN ('converted', 'unqualified'))) s
  JOIN crm.leads l ON l.tenant_id = core.current_tenant() AND l.id = s.lead_id
  LEFT JOIN crm.people p ON p.tenant_id = l.tenant_id AND p.id = l.person_id AND p.deleted_at IS NULL
  CROSS JOIN LATERAL (SELECT coalesce(greatest(p.last_interaction_at, l.contacted_at) < w.now - interval '30 days', false) AS is) quiet
$$;--> statement-breakpoint
-- Writes the series on: a row where a score is another than the last kept one, one row a day and record at the most. A
-- score of nothing is kept only where there was something before. Answers how many rows it wrote.
CREATE FUNCTION intel.keep_scores() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  tenant uuid := core.current_tenant();
  moment timestamptz := core.tenant_now();
  today timestamptz := date_trunc('day', moment);
  wrote integer;
  total integer;
BEGIN
  WITH compared AS (
    SELECT f.*, last.id AS last_id, last.at AS last_at FROM intel.fresh_scores() f
    LEFT JOIN LATERAL (
      (SELECT s.id, s.at, s.value FROM intel.scores s WHERE f.deal_id IS NOT NULL AND s.tenant_id = tenant AND s.deal_id = f.deal_id
        AND s.kind = f.kind AND s.deleted_at IS NULL ORDER BY s.at DESC LIMIT 1)
      UNION ALL
      (SELECT s.id, s.at, s.value FROM intel.scores s WHERE f.company_id IS NOT NULL AND s.tenant_id = tenant AND s.company_id = f.company_id
        AND s.kind = f.kind AND s.deleted_at IS NULL ORDER BY s.at DESC LIMIT 1)
    ) last ON true
    WHERE last.value IS DISTINCT FROM f.value AND (f.value > 0 OR last.value IS NOT NULL)
  ), again AS (
    UPDATE intel.scores s SET value = c.value, evidence = c.evidence, at = moment FROM compared c
    WHERE s.tenant_id = tenant AND s.id = c.last_id AND c.last_at >= today RETURNING 1
  ), anew AS (
    INSERT INTO intel.scores (id, tenant_id, kind, company_id, deal_id, value, at, evidence)
    SELECT gen_random_uuid(), tenant, c.kind, c.company_id, c.deal_id, c.value, moment, c.evidence FROM compared c
    WHERE c.last_at IS NULL OR c.last_at < today RETURNING 1
  )
  SELECT (SELECT count(*) FROM again) + (SELECT count(*) FROM anew) INTO total;
  WITH compared AS (
    SELECT f.*, last.id AS last_id, last.at AS last_at FROM intel.fresh_lead_scores() f
    LEFT JOIN LATERAL (SELECT s.* FROM intel.lead_scores s WHERE s.tenant_id = tenant AND s.lead_id = f.lead_id AND s.deleted_at IS NULL
      ORDER BY s.at DESC LIMIT 1) last ON true
    WHERE (last.overall, last.fit, last.intent, last.engagement, last.intent_signals, last.risks, last.next_actions)
      IS DISTINCT FROM (round(f.overall, 2), round(f.fit, 2), round(f.intent, 2), round(f.engagement, 2), f.intent_signals, f.risks, f.next_actions)
  ), again AS (
    UPDATE intel.lead_scores s SET overall = c.overall, fit = c.fit, intent = c.intent, engagement = c.engagement, breakdown = c.breakdown,
      intent_signals = c.intent_signals, risks = c.risks, next_actions = c.next_actions, at = moment FROM compared c
    WHERE s.tenant_id = tenant AND s.id = c.last_id AND c.last_at >= today RETURNING 1
  ), anew AS (
    INSERT INTO intel.lead_scores (id, tenant_id, lead_id, overall, fit, intent, engagement, breakdown, intent_signals, risks, next_actions, at)
    SELECT gen_random_uuid(), tenant, c.lead_id, c.overall, c.fit, c.intent, c.engagement, c.breakdown, c.intent_signals, c.risks, c.next_actions, moment
    FROM compared c WHERE c.last_at IS NULL OR c.last_at < today RETURNING 1
  )
  SELECT (SELECT count(*) FROM again) + (SELECT count(*) FROM anew) INTO wrote;
  RETURN total + wrote;
END $$;
