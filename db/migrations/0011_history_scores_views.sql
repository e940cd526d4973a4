-- The history of every field a person can edit: one row a field, written by a trigger that each such table gets
-- (db/protect.ts). TG_ARGV is the entity, then the columns. A bulk load brings its own past and writes none.
CREATE FUNCTION core.log_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb := to_jsonb(OLD);
  after jsonb := to_jsonb(NEW);
BEGIN
  IF core.bulk_loading() THEN RETURN NULL; END IF;
  INSERT INTO core.field_changes (id, tenant_id, entity, record_id, field, old, new, at, member_id, via, proposal_id)
  SELECT gen_random_uuid(), NEW.tenant_id, TG_ARGV[0], NEW.id, f.name, nullif(before -> f.name, 'null'), nullif(after -> f.name, 'null'),
    core.tenant_now(), nullif(current_setting('app.member_id', true), '')::uuid, nullif(current_setting('app.via', true), ''),
    nullif(current_setting('app.proposal_id', true), '')::uuid
  FROM unnest(TG_ARGV[1:]) AS f(name) WHERE before -> f.name IS DISTINCT FROM after -> f.name;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Scores. Each comment is the arithmetic; every one runs as its caller, under row security, and counts back from the
-- workspace's own now, which is looked up once (OFFSET 0 and the scalar SELECT keep the planner from asking for every row).
-- Joins name the tenant, so that their indexes are used.

-- Company engagement, 0 to 100, over the last 90 days:
--   activities   30 x least(1, (mails + tasks made) / 10)
--   meetings     25 x least(1, meetings and viewings / 4)
--   interactions 25 x least(1, other interactions / 15)
--   deals        20 x least(1, open deals / 2)
CREATE FUNCTION intel.company_engagement(ids uuid[])
RETURNS TABLE (company_id uuid, score numeric, activities bigint, meetings bigint, interactions bigint, deals bigint)
LANGUAGE sql STABLE AS $$
  SELECT c.id, round(30 * least(1, n.activities / 10.0) + 25 * least(1, n.meetings / 4.0)
      + 25 * least(1, n.interactions / 15.0) + 20 * least(1, n.deals / 2.0), 1),
    n.activities, n.meetings, n.interactions, n.deals
  FROM crm.companies c CROSS JOIN (SELECT core.tenant_now() - interval '90 days' AS since OFFSET 0) w
  CROSS JOIN LATERAL (
    SELECT
      (SELECT count(*) FROM intel.mail_messages m WHERE m.tenant_id = c.tenant_id AND m.company_id = c.id AND m.deleted_at IS NULL AND m.sent_at >= w.since)
        + (SELECT count(*) FROM crm.tasks t WHERE t.tenant_id = c.tenant_id AND t.company_id = c.id AND t.deleted_at IS NULL AND t.created_at >= w.since) AS activities,
      count(*) FILTER (WHERE i.kind IN ('meeting', 'viewing')) AS meetings,
      count(*) FILTER (WHERE i.kind NOT IN ('meeting', 'viewing')) AS interactions,
      (SELECT count(*) FROM crm.deals d JOIN crm.stages s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id
        WHERE d.tenant_id = c.tenant_id AND d.company_id = c.id AND d.deleted_at IS NULL AND s.kind = 'open') AS deals
    FROM intel.interactions i
    WHERE i.tenant_id = c.tenant_id AND i.company_id = c.id AND i.deleted_at IS NULL AND i.occurred_at >= w.since
  ) n
  WHERE c.tenant_id = core.current_tenant() AND c.id = ANY (ids) AND c.deleted_at IS NULL
$$;--> statement-breakpoint
-- Deal intelligence, 0 to 100, four parts of 25:
--   stakeholders    15 x least(1, people / 4) + 10 where one is a decision maker or champion
--   meetings        25 x least(1, meetings / 3) x mean outcome (positive 1, neutral or unsaid 0.5, negative 0), 180 days
--   engagement      25 x (1 - days since the last contact / 60), never below 0
--   contact quality 25 x mean over the people of 0.4 for an address, 0.3 for a number, 0.3 for hearing from them in 90 days
CREATE FUNCTION intel.deal_intelligence(ids uuid[])
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
    FROM crm.deals d CROSS JOIN (SELECT core.tenant_now() AS now OFFSET 0) w
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
    WHERE d.tenant_id = core.current_tenant() AND d.id = ANY (ids) AND d.deleted_at IS NULL
  ) p
$$;--> statement-breakpoint
-- Lead score, 0 to 100:
--   fit        40 = 15 target account + 10 decision maker + 10 budget said + 5 company known
--   intent     40 = 20 high, 12 medium, 4 low urgency + 10 came by themselves (referral, inbound, website, event) + 10 wrote in the last 30 days
--   engagement 20 = 20 x least(1, real replies in 90 days / 3): mail that answers a message, no newsletters or automatic replies
CREATE FUNCTION intel.lead_score(ids uuid[])
RETURNS TABLE (lead_id uuid, score numeric, fit numeric, intent numeric, engagement numeric, replies bigint)
LANGUAGE sql STABLE AS $$
  SELECT x.id, round(x.fit + x.intent + 20 * least(1, x.replies / 3.0), 1), x.fit, x.intent, round(20 * least(1, x.replies / 3.0), 1), x.replies
  FROM (
    SELECT l.id,
      (CASE WHEN c.is_target THEN 15 ELSE 0 END + CASE WHEN p.is_decision_maker THEN 10 ELSE 0 END
        + CASE WHEN l.budget_band IS NOT NULL THEN 10 ELSE 0 END + CASE WHEN c.id IS NOT NULL THEN 5 ELSE 0 END)::numeric AS fit,
      (CASE l.urgency WHEN 'high' THEN 20 WHEN 'medium' THEN 12 WHEN 'low' THEN 4 ELSE 0 END
        + CASE WHEN lower(l.source) IN ('referral', 'inbound', 'website', 'event') THEN 10 ELSE 0 END
        + CASE WHEN p.last_inbound_at >= (SELECT core.tenant_now()) - interval '30 days' THEN 10 ELSE 0 END)::numeric AS intent,
      (SELECT count(*) FROM intel.mail_messages m WHERE m.tenant_id = l.tenant_id AND m.from_person_id = l.person_id AND m.direction = 'inbound'
        AND m.in_reply_to IS NOT NULL AND NOT m.is_bulk AND m.deleted_at IS NULL AND m.sent_at >= (SELECT core.tenant_now()) - interval '90 days') AS replies
    FROM crm.leads l
    LEFT JOIN crm.people p ON p.tenant_id = l.tenant_id AND p.id = l.person_id AND p.deleted_at IS NULL
    LEFT JOIN crm.companies c ON c.tenant_id = l.tenant_id AND c.id = coalesce(l.company_id, p.company_id) AND c.deleted_at IS NULL
    WHERE l.tenant_id = core.current_tenant() AND l.id = ANY (ids) AND l.deleted_at IS NULL
  ) x
$$;--> statement-breakpoint
-- What the chance of winning is worked out from, each 0 to 1 and in few steps, so that thousands of deals are a few cells:
-- people on the deal (4 are 1), interactions (12 are 1, in steps of 3), amount against the median of its currency.
CREATE FUNCTION intel.deal_features(ids uuid[] DEFAULT NULL)
RETURNS TABLE (deal_id uuid, kind text, people float8, contacts float8, size float8)
LANGUAGE sql STABLE AS $$
  WITH medians AS (
    SELECT d.currency, percentile_cont(0.5) WITHIN GROUP (ORDER BY d.amount_minor) AS amount FROM crm.deals d
    WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL AND d.amount_minor > 0 GROUP BY d.currency
  ), wanted AS (
    SELECT d.tenant_id, d.id, d.amount_minor, d.currency, s.kind FROM crm.deals d
    JOIN crm.stages s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id
    WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL
      AND CASE WHEN ids IS NULL THEN s.kind <> 'open' ELSE d.id = ANY (ids) END
  ), who AS (
    SELECT dp.deal_id, count(*) AS n FROM crm.deal_people dp
    WHERE dp.tenant_id = core.current_tenant() AND dp.deleted_at IS NULL AND (ids IS NULL OR dp.deal_id = ANY (ids)) GROUP BY 1
  ), touched AS (
    SELECT i.deal_id, count(*) AS n FROM intel.interactions i
    WHERE i.tenant_id = core.current_tenant() AND i.deleted_at IS NULL AND i.deal_id IS NOT NULL AND (ids IS NULL OR i.deal_id = ANY (ids)) GROUP BY 1
  )
  SELECT w.id, w.kind, least(coalesce(who.n, 0), 4) / 4.0::float8, least(coalesce(t.n, 0) / 3, 4) / 4.0::float8,
    CASE WHEN w.amount_minor IS NULL OR m.amount IS NULL THEN 0.5 WHEN w.amount_minor < m.amount * 0.5 THEN 0
      WHEN w.amount_minor > m.amount * 2 THEN 1 ELSE 0.5 END
  FROM wanted w LEFT JOIN who ON who.deal_id = w.id LEFT JOIN touched t ON t.deal_id = w.id LEFT JOIN medians m ON m.currency = w.currency
$$;--> statement-breakpoint
-- Logistic regression over the closed deals of the workspace: chance = 1 / (1 + exp(-(w1 + w2 people + w3 contacts + w4 size))),
-- fitted by 400 steps of gradient descent with a ridge of 0.01 on the cells. No row, that is no opinion, with fewer than 50
-- closed deals or fewer than 10 on either side.
CREATE FUNCTION intel.win_model() RETURNS TABLE (weights float8[], closed bigint, won bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
  n float8[]; y float8[]; a float8[]; b float8[]; c float8[];
  w float8[] := ARRAY[0, 0, 0, 0];
  g float8[];
  miss float8;
  cells int;
BEGIN
  SELECT array_agg(x.n), array_agg(x.y), array_agg(x.people), array_agg(x.contacts), array_agg(x.size), sum(x.n)::bigint, sum(x.y)::bigint, count(*)
  INTO n, y, a, b, c, closed, won, cells
  FROM (SELECT count(*)::float8 AS n, (count(*) FILTER (WHERE f.kind = 'won'))::float8 AS y, f.people, f.contacts, f.size
    FROM intel.deal_features() f GROUP BY f.people, f.contacts, f.size) x;
  IF coalesce(closed, 0) < 50 OR won < 10 OR closed - won < 10 THEN RETURN; END IF;
  FOR step IN 1..400 LOOP
    g := ARRAY[0, 0, 0, 0];
    FOR i IN 1..cells LOOP
      miss := n[i] / (1 + exp(-(w[1] + w[2] * a[i] + w[3] * b[i] + w[4] * c[i]))) - y[i];
      g := ARRAY[g[1] + miss, g[2] + miss * a[i], g[3] + miss * b[i], g[4] + miss * c[i]];
    END LOOP;
    w := ARRAY[w[1] - 2 * g[1] / closed, w[2] - 2 * (g[2] / closed + 0.01 * w[2]), w[3] - 2 * (g[3] / closed + 0.01 * w[3]), w[4] - 2 * (g[4] / closed + 0.01 * w[4])];
  END LOOP;
  weights := w;
  RETURN NEXT;
END $$;--> statement-breakpoint
-- Chance of winning of these deals, 0 to 1, and how many closed deals it was learned from. No rows where intel.win_model is silent.
CREATE FUNCTION intel.win_probability(ids uuid[]) RETURNS TABLE (deal_id uuid, probability numeric, learned_from bigint)
LANGUAGE sql STABLE AS $$
  SELECT f.deal_id, round((1 / (1 + exp(-(m.weights[1] + m.weights[2] * f.people + m.weights[3] * f.contacts + m.weights[4] * f.size))))::numeric, 3), m.closed
  FROM intel.win_model() m CROSS JOIN intel.deal_features(ids) f
$$;--> statement-breakpoint
-- How well the model holds on the deals it was learned from: in fifths of its prediction, the mean predicted and the share won.
CREATE FUNCTION intel.win_calibration() RETURNS TABLE (fifth int, deals bigint, predicted numeric, observed numeric)
LANGUAGE sql STABLE AS $$
  SELECT p.fifth, count(*), round(avg(p.chance)::numeric, 3), round(avg(CASE WHEN p.kind = 'won' THEN 1 ELSE 0 END), 3)
  FROM (
    SELECT c.kind, c.chance, ntile(5) OVER (ORDER BY c.chance, c.deal_id)::int AS fifth
    FROM (SELECT f.deal_id, f.kind, 1 / (1 + exp(-(m.weights[1] + m.weights[2] * f.people + m.weights[3] * f.contacts + m.weights[4] * f.size))) AS chance
      FROM intel.win_model() m CROSS JOIN intel.deal_features() f) c
  ) p GROUP BY p.fifth ORDER BY p.fifth
$$;--> statement-breakpoint
-- Companies whose enrichment is stale: none, or the newest older than 30 days. The same rule as companies.enrichment_is_stale.
CREATE FUNCTION intel.stale_enrichments(most integer DEFAULT 50) RETURNS TABLE (company_id uuid, enriched_at timestamptz, days integer)
LANGUAGE sql STABLE AS $$
  SELECT c.id, c.enriched_at, extract(day FROM (SELECT core.tenant_now()) - c.enriched_at)::int FROM crm.companies c
  WHERE c.tenant_id = core.current_tenant() AND c.deleted_at IS NULL
    AND (c.enriched_at IS NULL OR c.enriched_at < (SELECT core.tenant_now()) - interval '30 days')
  ORDER BY c.enriched_at NULLS FIRST, c.id LIMIT most
$$;--> statement-breakpoint
-- Questions that surfaces ask often. Each part of a client's page is a function of its own: one that is slow or fails is
-- left out and named, the rest arrives.
CREATE FUNCTION crm.client_contact(person uuid) RETURNS TABLE (kind text, value text, label text, is_primary boolean) LANGUAGE sql STABLE AS $$
  SELECT 'email', e.address, e.label, e.is_primary FROM crm.person_emails e
  WHERE e.tenant_id = core.current_tenant() AND e.person_id = person AND e.deleted_at IS NULL
  UNION ALL
  SELECT 'phone', n.number, n.label, n.is_primary FROM crm.person_phones n
  WHERE n.tenant_id = core.current_tenant() AND n.person_id = person AND n.deleted_at IS NULL
$$;--> statement-breakpoint
CREATE FUNCTION crm.client_deals(person uuid, most integer DEFAULT 20)
RETURNS TABLE (deal_id uuid, name text, stage text, status text, amount_minor bigint, currency text, role text, last_interaction_at timestamptz) LANGUAGE sql STABLE AS $$
  SELECT d.id, d.name, s.name, s.kind, d.amount_minor, d.currency, dp.role, d.last_interaction_at
  FROM crm.deal_people dp JOIN crm.deals d ON d.tenant_id = dp.tenant_id AND d.id = dp.deal_id
  JOIN crm.stages s ON s.tenant_id = d.tenant_id AND s.id = d.stage_id
  WHERE dp.tenant_id = core.current_tenant() AND dp.person_id = person AND dp.deleted_at IS NULL AND d.deleted_at IS NULL
  ORDER BY (s.kind <> 'open'), d.last_interaction_at DESC NULLS LAST, d.id LIMIT most
$$;--> statement-breakpoint
CREATE FUNCTION crm.client_interactions(person uuid, since timestamptz DEFAULT NULL, most integer DEFAULT 20)
RETURNS TABLE (interaction_id uuid, kind text, direction text, occurred_at timestamptz, summary text, member_id uuid, deal_id uuid) LANGUAGE sql STABLE AS $$
  SELECT i.id, i.kind, i.direction, i.occurred_at, i.summary, i.member_id, i.deal_id
  FROM intel.interaction_people ip JOIN intel.interactions i ON i.tenant_id = ip.tenant_id AND i.id = ip.interaction_id
  WHERE ip.tenant_id = core.current_tenant() AND ip.person_id = person AND ip.deleted_at IS NULL AND i.deleted_at IS NULL
    AND (since IS NULL OR i.occurred_at >= since)
  ORDER BY i.occurred_at DESC, i.id LIMIT most
$$;--> statement-breakpoint
CREATE FUNCTION crm.client_threads(person uuid, most integer DEFAULT 20)
RETURNS TABLE (thread_id uuid, subject text, last_at timestamptz, last_direction text, needs_reply boolean) LANGUAGE sql STABLE AS $$
  SELECT t.id, t.subject, t.last_at, t.last_direction, t.needs_reply FROM intel.mail_threads t
  WHERE t.tenant_id = core.current_tenant() AND t.person_id = person AND t.deleted_at IS NULL ORDER BY t.last_at DESC, t.id LIMIT most
$$;--> statement-breakpoint
CREATE FUNCTION crm.client_tasks(person uuid, most integer DEFAULT 20)
RETURNS TABLE (task_id uuid, title text, due_at timestamptz, done_at timestamptz, assignee_id uuid) LANGUAGE sql STABLE AS $$
  SELECT t.id, t.title, t.due_at, t.done_at, t.assignee_id
  FROM crm.task_people tp JOIN crm.tasks t ON t.tenant_id = tp.tenant_id AND t.id = tp.task_id
  WHERE tp.tenant_id = core.current_tenant() AND tp.person_id = person AND tp.deleted_at IS NULL AND t.deleted_at IS NULL
  ORDER BY (t.done_at IS NOT NULL), t.due_at NULLS LAST, t.id LIMIT most
$$;--> statement-breakpoint
CREATE FUNCTION crm.client_circle(person uuid) RETURNS TABLE (kind text, entity text, record_id uuid, detail text) LANGUAGE sql STABLE AS $$
  SELECT 'household', 'people', other.person_id, other.role FROM crm.household_members own
  JOIN crm.household_members other ON other.tenant_id = own.tenant_id AND other.household_id = own.household_id AND other.person_id <> own.person_id
  WHERE own.tenant_id = core.current_tenant() AND own.person_id = person AND own.deleted_at IS NULL AND other.deleted_at IS NULL
  UNION ALL
  SELECT 'relationship', 'people', CASE WHEN r.person_id = person THEN r.other_person_id ELSE r.person_id END, r.kind FROM crm.relationships r
  WHERE r.tenant_id = core.current_tenant() AND person IN (r.person_id, r.other_person_id) AND r.deleted_at IS NULL
  UNION ALL
  SELECT 'affiliation', 'companies', a.company_id, a.role FROM crm.affiliations a
  WHERE a.tenant_id = core.current_tenant() AND a.person_id = person AND a.deleted_at IS NULL
$$;--> statement-breakpoint
CREATE FUNCTION crm.client_property(person uuid)
RETURNS TABLE (kind text, entity text, record_id uuid, at timestamptz, amount_minor bigint, currency text, detail text) LANGUAGE sql STABLE AS $$
  SELECT 'interest', 'property_interests', p.id, p.created_at, p.budget_minor, p.currency, p.area FROM crm.property_interests p
  WHERE p.tenant_id = core.current_tenant() AND p.person_id = person AND p.deleted_at IS NULL
  UNION ALL
  SELECT 'visit', 'visits', v.id, v.visited_at, u.price_minor, u.currency, v.feedback FROM intel.visits v
  LEFT JOIN inventory.units u ON u.tenant_id = v.tenant_id AND u.id = v.unit_id
  WHERE v.tenant_id = core.current_tenant() AND v.person_id = person AND v.deleted_at IS NULL
$$;--> statement-breakpoint
-- What happened lately, newest first: the audit, rules that ran, imports, mail. Each branch reads its own index backwards.
CREATE FUNCTION core.activity_feed(since timestamptz, most integer DEFAULT 50)
RETURNS TABLE (at timestamptz, source text, what text, entity text, record_id uuid, member_id uuid) LANGUAGE sql STABLE AS $$
  SELECT * FROM (
    (SELECT a.created_at, 'audit', a.kind, a.entity, a.record_id, a.member_id FROM core.audit_events a
      WHERE a.tenant_id = core.current_tenant() AND a.created_at >= since ORDER BY a.position DESC LIMIT most)
    UNION ALL
    (SELECT f.at, 'change', f.field, f.entity, f.record_id, f.member_id FROM core.field_changes f
      WHERE f.tenant_id = core.current_tenant() AND f.at >= since ORDER BY f.at DESC LIMIT most)
    UNION ALL
    (SELECT r.started_at, 'automation', r.state, r.entity, r.record_id, NULL FROM workflow.automation_runs r
      WHERE r.tenant_id = core.current_tenant() AND r.started_at >= since ORDER BY r.started_at DESC LIMIT most)
    UNION ALL
    (SELECT i.created_at, 'import', i.kind || ' ' || i.state, 'imports', i.id, i.created_by FROM workflow.imports i
      WHERE i.tenant_id = core.current_tenant() AND i.created_at >= since ORDER BY i.id DESC LIMIT most)
    UNION ALL
    (SELECT m.sent_at, 'mail', m.direction, 'emails', m.id, m.from_member_id FROM intel.mail_messages m
      WHERE m.tenant_id = core.current_tenant() AND m.sent_at >= since AND m.deleted_at IS NULL ORDER BY m.sent_at DESC LIMIT most)
  ) feed(at, source, what, entity, record_id, member_id) ORDER BY feed.at DESC LIMIT most
$$;--> statement-breakpoint
-- Stages in their order, with what stands in each; amounts of two currencies are never added.
CREATE FUNCTION crm.pipeline_summary(owner uuid DEFAULT NULL)
RETURNS TABLE (pipeline text, stage text, kind text, stage_position integer, currency text, deals bigint, amount_minor bigint, weighted_minor bigint, quiet bigint)
LANGUAGE sql STABLE AS $$
  SELECT p.name, s.name, s.kind, s.position, sums.currency, coalesce(sums.deals, 0), sums.amount, round(sums.amount * s.probability)::bigint, coalesce(sums.quiet, 0)
  FROM crm.stages s LEFT JOIN crm.pipelines p ON p.tenant_id = s.tenant_id AND p.id = s.pipeline_id
  LEFT JOIN (
    SELECT d.stage_id, d.currency, count(*) AS deals, sum(d.amount_minor)::bigint AS amount,
      count(*) FILTER (WHERE d.last_interaction_at IS NULL OR d.last_interaction_at < w.quiet_before) AS quiet
    FROM crm.deals d CROSS JOIN (SELECT core.tenant_now() - interval '30 days' AS quiet_before OFFSET 0) w
    WHERE d.tenant_id = core.current_tenant() AND d.deleted_at IS NULL AND (owner IS NULL OR d.owner_id = owner)
    GROUP BY d.stage_id, d.currency
  ) sums ON sums.stage_id = s.id
  WHERE s.tenant_id = core.current_tenant() AND s.deleted_at IS NULL
  ORDER BY p.position, s.position, sums.currency
$$;--> statement-breakpoint
-- A member's day in one row: open deals, tasks overdue and due within a day, threads that wait for them, reminders due,
-- meetings within a week either way, open deals quiet for two weeks.
CREATE FUNCTION crm.member_dashboard(member uuid)
RETURNS TABLE (open_deals bigint, quiet_deals bigint, tasks_overdue bigint, tasks_due bigint, threads_waiting bigint, reminders_due bigint, met_last_week bigint, meetings_ahead bigint)
LANGUAGE sql STABLE AS $$
  SELECT deals.open, deals.quiet, tasks.overdue, tasks.due, threads.waiting, reminders.due, met.past, ahead.coming
  FROM (SELECT core.tenant_now() AS now OFFSET 0) w
  CROSS JOIN LATERAL (
    SELECT count(*) AS open, count(*) FILTER (WHERE d.last_interaction_at IS NULL OR d.last_interaction_at < w.now - interval '14 days') AS quiet
    FROM crm.deals d WHERE d.tenant_id = core.current_tenant() AND d.owner_id = member AND d.deleted_at IS NULL AND d.closed_at IS NULL) deals
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE t.due_at < w.now) AS overdue, count(*) FILTER (WHERE t.due_at >= w.now AND t.due_at < w.now + interval '1 day') AS due
    FROM crm.tasks t WHERE t.tenant_id = core.current_tenant() AND t.assignee_id = member AND t.done_at IS NULL AND t.deleted_at IS NULL) tasks
  CROSS JOIN LATERAL (
    SELECT count(*) AS waiting FROM intel.mail_threads t
    WHERE t.tenant_id = core.current_tenant() AND t.owner_id = member AND t.needs_reply AND t.deleted_at IS NULL) threads
  CROSS JOIN LATERAL (
    SELECT count(*) AS due FROM intel.reminders r
    WHERE r.tenant_id = core.current_tenant() AND r.member_id = member AND r.done_at IS NULL AND r.deleted_at IS NULL AND r.remind_at <= w.now) reminders
  CROSS JOIN LATERAL (
    SELECT count(*) AS past FROM intel.interactions i WHERE i.tenant_id = core.current_tenant() AND i.member_id = member AND i.deleted_at IS NULL
      AND i.kind IN ('meeting', 'viewing') AND i.occurred_at >= w.now - interval '7 days' AND i.occurred_at <= w.now) met
  CROSS JOIN LATERAL (
    SELECT count(*) AS coming FROM intel.meetings m WHERE m.tenant_id = core.current_tenant() AND m.member_id = member AND m.deleted_at IS NULL
      AND m.starts_at > w.now AND m.starts_at < w.now + interval '7 days') ahead
$$;--> statement-breakpoint
-- Meetings and viewings by member between two instants: how many, with how many companies, how they went, how long.
CREATE FUNCTION intel.meeting_analytics(since timestamptz, until timestamptz)
RETURNS TABLE (member_id uuid, meetings bigint, companies bigint, deals bigint, positive bigint, negative bigint, minutes bigint)
LANGUAGE sql STABLE AS $$
  SELECT i.member_id, count(*), count(DISTINCT i.company_id), count(DISTINCT i.deal_id), count(*) FILTER (WHERE i.sentiment = 'positive'),
    count(*) FILTER (WHERE i.sentiment = 'negative'), coalesce(sum(i.duration_minutes), 0)
  FROM intel.interactions i
  WHERE i.tenant_id = core.current_tenant() AND i.deleted_at IS NULL AND i.kind IN ('meeting', 'viewing')
    AND i.occurred_at >= since AND i.occurred_at < until
  GROUP BY i.member_id ORDER BY 2 DESC, 1
$$;--> statement-breakpoint
-- What waits for a person: open proposals, reminders due, rows of imports that may be merges of two different records.
CREATE FUNCTION workflow.operator_inbox(most integer DEFAULT 50)
RETURNS TABLE (kind text, at timestamptz, entity text, record_id uuid, proposal_id uuid, member_id uuid, score numeric)
LANGUAGE sql STABLE AS $$
  (SELECT 'proposal', p.created_at, 'proposals', p.id, p.id, p.proposed_by, NULL::numeric FROM workflow.proposals p
    WHERE p.tenant_id = core.current_tenant() AND p.state = 'pending' AND p.deleted_at IS NULL ORDER BY p.created_at, p.id LIMIT most)
  UNION ALL
  (SELECT 'reminder', r.remind_at, 'reminders', r.id, NULL, r.member_id, NULL FROM intel.reminders r
    WHERE r.tenant_id = core.current_tenant() AND r.done_at IS NULL AND r.deleted_at IS NULL AND r.remind_at <= (SELECT core.tenant_now())
    ORDER BY r.remind_at, r.id LIMIT most)
  UNION ALL
  (SELECT 'risky merge', i.created_at, i.entity, i.record_id, i.proposal_id, NULL, i.score FROM workflow.import_rows i
    WHERE i.tenant_id = core.current_tenant() AND i.state = 'proposed' AND i.record_id IS NOT NULL AND i.score < 0.9 AND i.deleted_at IS NULL
    ORDER BY i.score, i.id LIMIT most)
$$;--> statement-breakpoint
-- A member's last weeks without all their years.
CREATE INDEX interactions_member_recent ON intel.interactions (tenant_id, member_id, occurred_at) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX deals_owner_open ON crm.deals (tenant_id, owner_id) INCLUDE (last_interaction_at) WHERE deleted_at IS NULL AND closed_at IS NULL;--> statement-breakpoint
CREATE INDEX tasks_assignee_open ON crm.tasks (tenant_id, assignee_id, due_at) WHERE deleted_at IS NULL AND done_at IS NULL;
