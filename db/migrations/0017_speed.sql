-- Indexes that hold all a question reads, so that a stage, or a deal's contacts, is read without its rows.
CREATE INDEX deals_by_stage ON crm.deals (tenant_id, stage_id, currency) INCLUDE (amount_minor, owner_id, last_interaction_at) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX deals_closed ON crm.deals (tenant_id) INCLUDE (stage_id) WHERE deleted_at IS NULL AND closed_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX interactions_deal_recent ON intel.interactions (tenant_id, deal_id, occurred_at) INCLUDE (kind, sentiment) WHERE deleted_at IS NULL AND deal_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX interactions_met_recent ON intel.interactions (tenant_id, occurred_at) INCLUDE (member_id, company_id, deal_id, sentiment, duration_minutes, kind) WHERE deleted_at IS NULL AND kind IN ('meeting', 'viewing');--> statement-breakpoint
CREATE INDEX import_rows_waiting ON workflow.import_rows (tenant_id, score, id) WHERE deleted_at IS NULL AND state = 'proposed' AND record_id IS NOT NULL;--> statement-breakpoint
-- Stages in their order, with what stands in each; amounts of two currencies are never added. One look into the index for
-- each stage, whatever the planner knows of the table.
CREATE OR REPLACE FUNCTION crm.pipeline_summary(owner uuid DEFAULT NULL)
RETURNS TABLE (pipeline text, stage text, kind text, stage_position integer, currency text, deals bigint, amount_minor bigint, weighted_minor bigint, quiet bigint)
LANGUAGE sql STABLE AS $$
  SELECT p.name, s.name, s.kind, s.position, sums.currency, coalesce(sums.deals, 0), sums.amount, round(sums.amount * s.probability)::bigint, coalesce(sums.quiet, 0)
  FROM crm.stages s LEFT JOIN crm.pipelines p ON p.tenant_id = s.tenant_id AND p.id = s.pipeline_id
  CROSS JOIN (SELECT core.tenant_now() - interval '30 days' AS quiet_before OFFSET 0) w
  LEFT JOIN LATERAL (
    SELECT d.currency, count(*) AS deals, sum(d.amount_minor)::bigint AS amount,
      count(*) FILTER (WHERE d.last_interaction_at IS NULL OR d.last_interaction_at < w.quiet_before) AS quiet
    FROM crm.deals d
    WHERE d.tenant_id = s.tenant_id AND d.stage_id = s.id AND d.deleted_at IS NULL AND (owner IS NULL OR d.owner_id = owner)
    GROUP BY d.currency
  ) sums ON true
  WHERE s.tenant_id = core.current_tenant() AND s.deleted_at IS NULL
  ORDER BY p.position, s.position, sums.currency
$$;--> statement-breakpoint
-- Deal intelligence, 0 to 100, four parts of 25:
--   stakeholders    15 x least(1, people / 4) + 10 where one is a decision maker or champion
--   meetings        25 x least(1, meetings / 3) x mean outcome (positive 1, neutral or unsaid 0.5, negative 0), 180 days
--   engagement      25 x (1 - days since the last contact / 60), never below 0
--   contact quality 25 x mean over the people of 0.4 for an address, 0.3 for a number, 0.3 for hearing from them in 90 days
-- The ids are made rows first: a function's plan does not know how many they are.
CREATE OR REPLACE FUNCTION intel.deal_intelligence(ids uuid[])
RETURNS TABLE (deal_id uuid, score numeric, stakeholders numeric, meetings numeric, engagement numeric, contact_quality numeric)
LANGUAGE sql STABLE AS $$
  SELECT p.id, round(p.stakeholders + p.meetings + p.engagement + p.contacts, 1), round(p.stakeholders, 1), round(p.meetings, 1),
    round(p.engagement, 1), round(p.contacts, 1)
  FROM (
    SELECT d.id,
      15 * least(1, who.people / 4.0) + CASE WHEN who.leads THEN 10 ELSE 0 END AS stakeholders,
      25 * least(1, met.times / 3.0) * coalesce(met.outcome, 0) AS meetings,
      25 * least(1, greatest(0, 1 - extract(epoch FROM w.now - coalesce(d.last_interaction_at, w.now - interval '60 days')) / 86400 / 60)) AS engagement,
      25 * coalesce(who.quality, 0) AS contacts
    FROM (SELECT core.tenant_now() AS now, core.current_tenant() AS tenant_id OFFSET 0) w
    CROSS JOIN (SELECT DISTINCT u.id FROM unnest(ids) AS u(id)) wanted
    JOIN crm.deals d ON d.tenant_id = w.tenant_id AND d.id = wanted.id AND d.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT count(*) AS people, coalesce(bool_or(dp.role IN ('decision maker', 'champion') OR p.is_decision_maker), false) AS leads,
        avg(CASE WHEN EXISTS (SELECT FROM crm.person_emails e WHERE e.tenant_id = p.tenant_id AND e.person_id = p.id AND e.deleted_at IS NULL) THEN 0.4 ELSE 0 END
          + CASE WHEN EXISTS (SELECT FROM crm.person_phones n WHERE n.tenant_id = p.tenant_id AND n.person_id = p.id AND n.deleted_at IS NULL) THEN 0.3 ELSE 0 END
          + CASE WHEN p.last_inbound_at >= w.now - interval '90 days' THEN 0.3 ELSE 0 END) AS quality
      FROM crm.deal_people dp JOIN crm.people p ON p.tenant_id = dp.tenant_id AND p.id = dp.person_id
      WHERE dp.tenant_id = d.tenant_id AND dp.deal_id = d.id AND dp.deleted_at IS NULL AND p.deleted_at IS NULL
    ) who
    CROSS JOIN LATERAL (
      SELECT count(*) AS times, avg(CASE i.sentiment WHEN 'positive' THEN 1 WHEN 'negative' THEN 0 ELSE 0.5 END) AS outcome
      FROM intel.interactions i
      WHERE i.tenant_id = d.tenant_id AND i.deal_id = d.id AND i.deleted_at IS NULL AND i.kind IN ('meeting', 'viewing')
        AND i.occurred_at >= w.now - interval '180 days'
    ) met
  ) p
$$;--> statement-breakpoint
DROP FUNCTION intel.win_calibration();--> statement-breakpoint
DROP FUNCTION intel.win_probability(uuid[]);--> statement-breakpoint
DROP FUNCTION intel.win_model();--> statement-breakpoint
DROP FUNCTION intel.deal_features(uuid[]);--> statement-breakpoint
CREATE FUNCTION intel.deal_size(amount_minor bigint, median float8) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN amount_minor IS NULL OR median IS NULL THEN 0.5 WHEN amount_minor < median * 0.5 THEN 0 WHEN amount_minor > median * 2 THEN 1 ELSE 0.5 END
$$;--> statement-breakpoint
-- What the chance of winning is worked out from, each 0 to 1 and in few steps, so that thousands of deals are a few cells:
-- people on the deal (4 are 1), interactions (12 are 1, in steps of 3), amount against the median of its currency. No more
-- than 4 people and 12 interactions of a deal are looked at.
CREATE FUNCTION intel.deal_features(ids uuid[], medians jsonb)
RETURNS TABLE (deal_id uuid, kind text, people float8, contacts float8, size float8) LANGUAGE sql STABLE AS $$
  SELECT d.id, s.kind, who.n / 4.0::float8, (touched.n / 3) / 4.0::float8, intel.deal_size(d.amount_minor, (medians ->> d.currency)::float8)
  FROM (SELECT DISTINCT u.id FROM unnest(ids) AS u(id)) wanted
  JOIN crm.deals d ON d.tenant_id = core.current_tenant() AND d.id = wanted.id AND d.deleted_at IS NULL
  JOIN crm.stages s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT FROM crm.deal_people dp
    WHERE dp.tenant_id = d.tenant_id AND dp.deal_id = d.id AND dp.deleted_at IS NULL LIMIT 4) few) who
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT FROM intel.interactions i
    WHERE i.tenant_id = d.tenant_id AND i.deal_id = d.id AND i.deleted_at IS NULL LIMIT 12) few) touched
$$;--> statement-breakpoint
CREATE FUNCTION intel.closed_deals() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT count(*) FROM crm.deals d WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL AND d.closed_at IS NOT NULL
$$;--> statement-breakpoint
-- Logistic regression over the closed deals of the workspace: chance = 1 / (1 + exp(-(w1 + w2 people + w3 contacts + w4 size))),
-- the minimum of the mean loss with a ridge of 0.01 on all but w1, found by Newton's method on the cells; no step is longer
-- than 2, so that it cannot overshoot. One row always; weights are null, that is no opinion, with fewer than 50 closed deals
-- or fewer than 10 on either side.
CREATE FUNCTION intel.fit_win_model() RETURNS TABLE (weights float8[], medians jsonb, closed bigint, won bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  n float8[]; y float8[]; a float8[]; b float8[]; c float8[];
  w float8[] := ARRAY[0, 0, 0, 0];
  m float8[];
  step float8[];
  ratio float8;
BEGIN
  SELECT coalesce(jsonb_object_agg(x.currency, x.amount), '{}') INTO medians FROM (
    SELECT d.currency, percentile_cont(0.5) WITHIN GROUP (ORDER BY d.amount_minor) AS amount FROM crm.deals d
    WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL AND d.amount_minor > 0 AND d.currency IS NOT NULL GROUP BY d.currency) x;
  SELECT array_agg(x.n), array_agg(x.y), array_agg(x.people), array_agg(x.contacts), array_agg(x.size), coalesce(sum(x.n), 0)::bigint, coalesce(sum(x.y), 0)::bigint
  INTO n, y, a, b, c, closed, won
  FROM (SELECT count(*)::float8 AS n, (count(*) FILTER (WHERE f.kind = 'won'))::float8 AS y, f.people, f.contacts, f.size
    FROM intel.deal_features(ARRAY(SELECT d.id FROM crm.deals d JOIN crm.stages s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id
      WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL AND d.closed_at IS NOT NULL AND s.kind <> 'open'), medians) f
    GROUP BY f.people, f.contacts, f.size) x;
  IF closed < 50 OR won < 10 OR closed - won < 10 THEN RETURN NEXT; RETURN; END IF;
  FOR round IN 1..50 LOOP
    -- The 4 x 4 matrix of second derivatives with the gradient as fifth column, row after row.
    SELECT ARRAY[
      sum(q),         sum(q * z.a),            sum(q * z.b),            sum(q * z.c),            sum(r),
      sum(q * z.a),   sum(q * z.a ^ 2) + k,    sum(q * z.a * z.b),      sum(q * z.a * z.c),      sum(r * z.a) + k * w[2],
      sum(q * z.b),   sum(q * z.a * z.b),      sum(q * z.b ^ 2) + k,    sum(q * z.b * z.c),      sum(r * z.b) + k * w[3],
      sum(q * z.c),   sum(q * z.a * z.c),      sum(q * z.b * z.c),      sum(q * z.c ^ 2) + k,    sum(r * z.c) + k * w[4]] INTO m
    FROM (SELECT v.a, v.b, v.c, v.n * p.chance * (1 - p.chance) AS q, v.n * p.chance - v.y AS r, 0.01 * closed AS k
      FROM unnest(n, y, a, b, c) AS v(n, y, a, b, c)
      CROSS JOIN LATERAL (SELECT 1 / (1 + exp(-(w[1] + w[2] * v.a + w[3] * v.b + w[4] * v.c))) AS chance) p) z
    GROUP BY k;
    FOR i IN 0..3 LOOP
      FOR j IN i + 1..3 LOOP
        ratio := m[j * 5 + i + 1] / m[i * 5 + i + 1];
        FOR l IN i..4 LOOP m[j * 5 + l + 1] := m[j * 5 + l + 1] - ratio * m[i * 5 + l + 1]; END LOOP;
      END LOOP;
    END LOOP;
    step := ARRAY[0, 0, 0, 0];
    FOR i IN REVERSE 3..0 LOOP
      step[i + 1] := m[i * 5 + 5];
      FOR j IN i + 1..3 LOOP step[i + 1] := step[i + 1] - m[i * 5 + j + 1] * step[j + 1]; END LOOP;
      step[i + 1] := step[i + 1] / m[i * 5 + i + 1];
    END LOOP;
    SELECT max(abs(s)) INTO ratio FROM unnest(step) s;
    FOR i IN 1..4 LOOP w[i] := w[i] - step[i] * least(1, 2 / greatest(ratio, 1e-12)); END LOOP;
    EXIT WHEN ratio < 1e-9;
  END LOOP;
  weights := w;
  RETURN NEXT;
END $$;--> statement-breakpoint
-- The fit that is kept, where there is one that still holds: not older than a day, and learned from about as many closed
-- deals as there are now (a tenth more or fewer).
CREATE FUNCTION intel.kept_win_model() RETURNS TABLE (weights float8[], medians jsonb, closed bigint, won bigint) LANGUAGE sql STABLE AS $$
  SELECT (SELECT array_agg(v.value::float8 ORDER BY v.place) FROM jsonb_array_elements_text(nullif(s.weights, 'null')) WITH ORDINALITY v(value, place)),
    s.medians, s.closed::bigint, s.won::bigint
  FROM intel.score_models s
  WHERE s.tenant_id = core.current_tenant() AND s.kind = 'win' AND s.deleted_at IS NULL AND s.fitted_at > now() - interval '1 day'
    AND abs((SELECT intel.closed_deals()) - s.closed) * 10 <= s.closed
$$;--> statement-breakpoint
-- What the chance is worked out with: the kept fit, else one made on the spot. No row where there are too few closed deals.
CREATE FUNCTION intel.win_model() RETURNS TABLE (weights float8[], medians jsonb, closed bigint, won bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT k.weights, k.medians, k.closed, k.won INTO weights, medians, closed, won FROM intel.kept_win_model() k;
  IF NOT FOUND THEN SELECT f.weights, f.medians, f.closed, f.won INTO weights, medians, closed, won FROM intel.fit_win_model() f; END IF;
  IF weights IS NOT NULL THEN RETURN NEXT; END IF;
END $$;--> statement-breakpoint
-- Fits anew where the kept fit no longer holds, and keeps it; whether it did.
CREATE FUNCTION intel.refresh_win_model() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM intel.kept_win_model()) THEN RETURN false; END IF;
  INSERT INTO intel.score_models (id, tenant_id, kind, weights, medians, closed, won, fitted_at)
  SELECT gen_random_uuid(), core.current_tenant(), 'win', to_jsonb(f.weights), f.medians, f.closed, f.won, now() FROM intel.fit_win_model() f
  ON CONFLICT (tenant_id, kind) WHERE deleted_at IS NULL
  DO UPDATE SET weights = excluded.weights, medians = excluded.medians, closed = excluded.closed, won = excluded.won, fitted_at = excluded.fitted_at;
  RETURN true;
END $$;--> statement-breakpoint
-- Chance of winning of these deals, 0 to 1, and how many closed deals it was learned from. No rows where intel.win_model is silent.
CREATE FUNCTION intel.win_probability(ids uuid[]) RETURNS TABLE (deal_id uuid, probability numeric, learned_from bigint)
LANGUAGE sql STABLE AS $$
  SELECT f.deal_id, round((1 / (1 + exp(-(m.weights[1] + m.weights[2] * f.people + m.weights[3] * f.contacts + m.weights[4] * f.size))))::numeric, 3), m.closed
  FROM intel.win_model() m CROSS JOIN LATERAL intel.deal_features(ids, m.medians) f
$$;--> statement-breakpoint
-- How well the model holds on the deals that are closed: in fifths of its prediction, the mean predicted and the share won.
CREATE FUNCTION intel.win_calibration() RETURNS TABLE (fifth int, deals bigint, predicted numeric, observed numeric)
LANGUAGE sql STABLE AS $$
  SELECT p.fifth, count(*), round(avg(p.chance)::numeric, 3), round(avg(CASE WHEN p.kind = 'won' THEN 1 ELSE 0 END), 3)
  FROM (
    SELECT c.kind, c.chance, ntile(5) OVER (ORDER BY c.chance, c.deal_id)::int AS fifth
    FROM (SELECT f.deal_id, f.kind, 1 / (1 + exp(-(m.weights[1] + m.weights[2] * f.people + m.weights[3] * f.contacts + m.weights[4] * f.size))) AS chance
      FROM intel.win_model() m CROSS JOIN LATERAL intel.deal_features(ARRAY(
        SELECT d.id FROM crm.deals d WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL AND d.closed_at IS NOT NULL), m.medians) f
      WHERE f.kind <> 'open') c
  ) p GROUP BY p.fifth ORDER BY p.fifth
$$;--> statement-breakpoint
-- The people and companies around someone; each branch by its own index, archived people, households and companies left out.
CREATE OR REPLACE FUNCTION crm.client_circle(person uuid) RETURNS TABLE (kind text, entity text, record_id uuid, detail text) LANGUAGE sql STABLE AS $$
  SELECT 'household', 'people', other.person_id, other.role FROM crm.household_members own
  JOIN crm.households h ON h.tenant_id = own.tenant_id AND h.id = own.household_id AND h.deleted_at IS NULL
  JOIN crm.household_members other ON other.tenant_id = own.tenant_id AND other.household_id = own.household_id AND other.person_id <> own.person_id
  JOIN crm.people p ON p.tenant_id = other.tenant_id AND p.id = other.person_id AND p.deleted_at IS NULL
  WHERE own.tenant_id = core.current_tenant() AND own.person_id = person AND own.deleted_at IS NULL AND other.deleted_at IS NULL
  UNION ALL
  SELECT 'relationship', 'people', p.id, r.kind FROM crm.relationships r
  JOIN crm.people p ON p.tenant_id = r.tenant_id AND p.id = r.other_person_id AND p.deleted_at IS NULL
  WHERE r.tenant_id = core.current_tenant() AND r.person_id = person AND r.deleted_at IS NULL
  UNION ALL
  SELECT 'relationship', 'people', p.id, r.kind FROM crm.relationships r
  JOIN crm.people p ON p.tenant_id = r.tenant_id AND p.id = r.person_id AND p.deleted_at IS NULL
  WHERE r.tenant_id = core.current_tenant() AND r.other_person_id = person AND r.person_id <> person AND r.deleted_at IS NULL
  UNION ALL
  SELECT 'affiliation', 'companies', a.company_id, a.role FROM crm.affiliations a
  JOIN crm.companies c ON c.tenant_id = a.tenant_id AND c.id = a.company_id AND c.deleted_at IS NULL
  WHERE a.tenant_id = core.current_tenant() AND a.person_id = person AND a.deleted_at IS NULL
$$;--> statement-breakpoint
-- An archived first pipeline comes back rather than take new stages into the archive.
CREATE OR REPLACE FUNCTION crm.default_pipeline(tenant uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  found uuid := (SELECT p.id FROM crm.pipelines p WHERE p.tenant_id = tenant AND p.deleted_at IS NULL ORDER BY p.position, p.id LIMIT 1);
BEGIN
  IF found IS NULL THEN
    found := md5(tenant::text || ':pipeline')::uuid;
    INSERT INTO crm.pipelines AS p (id, tenant_id, name, position) VALUES (found, tenant, 'Pipeline', 0)
    ON CONFLICT (id) DO UPDATE SET deleted_at = NULL WHERE p.deleted_at IS NOT NULL;
  END IF;
  RETURN found;
END $$;--> statement-breakpoint
-- An investor flagged as a prospect has one deal for the fund. The fund is locked first, so that two who flag the same
-- investor at once find each other's deal. What follows into the deal is what changed here: an edit of the deal itself
-- stays. The deal is archived with the last commitment that has it.
CREATE OR REPLACE FUNCTION fund.keep_deal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted text := CASE WHEN NEW.status IN ('committed', 'signed', 'funded') THEN 'won' WHEN NEW.status = 'declined' THEN 'lost' END;
  is_new boolean := TG_OP = 'INSERT';
  others boolean;
BEGIN
  IF core.bulk_loading() THEN RETURN NEW; END IF;
  IF NOT is_new AND OLD.deal_id IS NOT NULL AND NEW.deal_id IS DISTINCT FROM OLD.deal_id THEN
    UPDATE crm.deals d SET deleted_at = now() WHERE d.tenant_id = OLD.tenant_id AND d.id = OLD.deal_id AND d.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM fund.commitments c WHERE c.tenant_id = OLD.tenant_id AND c.deal_id = OLD.deal_id AND c.id <> OLD.id AND c.deleted_at IS NULL);
    IF NEW.deal_id IS NULL THEN RETURN NEW; END IF;
  END IF;
  IF NEW.deal_id IS NULL THEN
    IF NEW.status <> 'prospect' OR NEW.deleted_at IS NOT NULL THEN RETURN NEW; END IF;
    PERFORM FROM fund.funds f WHERE f.tenant_id = NEW.tenant_id AND f.id = NEW.fund_id FOR NO KEY UPDATE;
    SELECT c.deal_id INTO NEW.deal_id FROM fund.commitments c
    WHERE c.tenant_id = NEW.tenant_id AND c.fund_id = NEW.fund_id AND c.deal_id IS NOT NULL AND c.deleted_at IS NULL AND c.id <> NEW.id
      AND (c.investor_company_id = NEW.investor_company_id OR c.investor_person_id = NEW.investor_person_id)
    ORDER BY c.created_at, c.id LIMIT 1;
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
  others := EXISTS (SELECT FROM fund.commitments c
    WHERE c.tenant_id = NEW.tenant_id AND c.deal_id = NEW.deal_id AND c.id <> NEW.id AND c.deleted_at IS NULL);
  UPDATE crm.deals d SET
    amount_minor = CASE WHEN is_new OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.currency IS DISTINCT FROM OLD.currency THEN NEW.amount_minor ELSE d.amount_minor END,
    currency = CASE WHEN is_new OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.currency IS DISTINCT FROM OLD.currency THEN NEW.currency ELSE d.currency END,
    owner_id = CASE WHEN is_new OR NEW.owner_id IS DISTINCT FROM OLD.owner_id THEN NEW.owner_id ELSE d.owner_id END,
    deleted_at = CASE WHEN NOT is_new AND NEW.deleted_at IS NOT DISTINCT FROM OLD.deleted_at THEN d.deleted_at
      WHEN NEW.deleted_at IS NULL THEN NULL WHEN others THEN d.deleted_at ELSE coalesce(d.deleted_at, NEW.deleted_at) END,
    stage_id = CASE WHEN wanted IS NULL OR is_new OR NEW.status = OLD.status
      OR EXISTS (SELECT FROM crm.stages s WHERE s.tenant_id = d.tenant_id AND s.id = d.stage_id AND s.kind = wanted)
      THEN d.stage_id ELSE coalesce(fund.deal_stage(NEW.tenant_id, wanted), d.stage_id) END
  WHERE d.tenant_id = NEW.tenant_id AND d.id = NEW.deal_id;
  RETURN NEW;
END $$;--> statement-breakpoint
-- Questions compare words without regard to case: without statistics of lower(…) the planner takes one row in 200 for any.
CREATE STATISTICS crm.companies_words ON (lower(industry)), (lower(kind)), (lower(status)), (lower(city)) FROM crm.companies;--> statement-breakpoint
CREATE STATISTICS crm.people_words ON (lower(role)), (lower(city)) FROM crm.people;--> statement-breakpoint
CREATE STATISTICS crm.stages_words ON (lower(kind)), (lower(name)) FROM crm.stages;--> statement-breakpoint
CREATE STATISTICS intel.interactions_words ON (lower(kind)), (lower(direction)) FROM intel.interactions;
