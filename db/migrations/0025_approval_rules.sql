-- Who has to say yes, how many of them, and what passes without: held by the database, so that no surface and no
-- statement of ours can take a short cut. writeback/approval.ts asks these functions and puts refusals into words.
-- Who owns a record, where records of its kind have an owner.
CREATE FUNCTION workflow.record_owner(entity text, record uuid) RETURNS uuid LANGUAGE sql STABLE
AS $$ SELECT CASE entity
  WHEN 'companies' THEN (SELECT owner_id FROM crm.companies WHERE tenant_id = core.current_tenant() AND id = record)
  WHEN 'people' THEN (SELECT owner_id FROM crm.people WHERE tenant_id = core.current_tenant() AND id = record)
  WHEN 'deals' THEN (SELECT owner_id FROM crm.deals WHERE tenant_id = core.current_tenant() AND id = record)
  WHEN 'leads' THEN (SELECT owner_id FROM crm.leads WHERE tenant_id = core.current_tenant() AND id = record)
  END $$;--> statement-breakpoint
-- What people call a change (domain/change-kinds.ts; a test compares the two).
CREATE FUNCTION workflow.kind_of(change jsonb) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE
  WHEN change->>'op' = 'create' AND change->>'entity' = 'interactions' THEN 'log_interaction'
  WHEN change->>'op' = 'create' AND change->>'entity' = 'tasks' THEN 'task'
  WHEN change->>'op' = 'create' AND change->>'entity' = 'email_drafts' THEN 'draft_email'
  WHEN change->>'op' = 'update' AND change->'fields' = '[]' AND change->'links' <> '[]'
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(change->'links') l WHERE l->>'relation' <> 'tags' OR l->>'action' <> 'add') THEN 'tag'
  WHEN change->>'op' = 'update' AND change->>'entity' = 'deals' AND jsonb_array_length(change->'fields') = 1
    AND change->'fields'->0->>'column' = 'stage_id' AND change->'links' = '[]' THEN 'stage'
  ELSE change->>'op' END $$;--> statement-breakpoint
-- Why a proposal needs two people.
CREATE FUNCTION workflow.second_reasons(changes jsonb, origin jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE
AS $$ SELECT array_remove(ARRAY[
  CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(changes) c WHERE c->>'op' = 'merge') THEN 'merge' END,
  CASE WHEN jsonb_array_length(changes) > 10 THEN 'bulk' END,
  CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(changes) c WHERE c->>'op' = 'archive' AND c->>'entity' = 'companies') THEN 'archive_company' END,
  CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(changes) c, jsonb_array_elements(c->'fields') f
    WHERE c->>'op' = 'update' AND f->>'column' = 'owner_id') THEN 'owner' END,
  CASE WHEN EXISTS (SELECT FROM jsonb_array_elements(coalesce(origin->'changes', '[]')) c, jsonb_array_elements(c) f
    WHERE f->>'from' = 'outside' AND f->>'field' IN ('address', 'number', 'domain', 'email', 'phone')) THEN 'outside_address' END
  ], NULL) $$;--> statement-breakpoint
-- Members who may decide about it by role and record: editors about what they or nobody owns.
CREATE FUNCTION workflow.deciders(proposal workflow.proposals) RETURNS uuid[] LANGUAGE sql STABLE
AS $$ SELECT coalesce(array_agg(m.id ORDER BY m.id), '{}') FROM core.members m
  WHERE m.tenant_id = proposal.tenant_id AND m.disabled_at IS NULL AND m.deleted_at IS NULL AND core.role_may(m.role, 'approve', NULL)
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(proposal.changes) c
      WHERE c->>'op' IN ('archive', 'merge') AND NOT core.role_may(m.role, 'archive', c->>'entity'))
    AND (m.role <> 'editor' OR NOT EXISTS (SELECT FROM jsonb_array_elements(proposal.changes) c
      WHERE workflow.record_owner(c->>'entity', (c->>'id')::uuid) <> m.id)) $$;--> statement-breakpoint
-- Nobody approves what their own agent took from outside mail, where anybody else could.
CREATE FUNCTION workflow.voters(proposal workflow.proposals) RETURNS uuid[] LANGUAGE sql STABLE
AS $$ SELECT CASE WHEN proposal.origin->'derived' = 'true' AND cardinality(array_remove(d.ids, proposal.proposed_by)) > 0
  THEN array_remove(d.ids, proposal.proposed_by) ELSE d.ids END FROM (SELECT workflow.deciders(proposal) AS ids) d $$;--> statement-breakpoint
CREATE FUNCTION workflow.approvals_given(proposal workflow.proposals) RETURNS uuid[] LANGUAGE sql STABLE
AS $$ SELECT coalesce(array_agg(DISTINCT a.member_id), '{}') FROM workflow.approvals a
  WHERE a.tenant_id = proposal.tenant_id AND a.proposal_id = proposal.id AND a.diff_hash = proposal.diff_hash
    AND a.revision = proposal.revision AND a.deleted_at IS NULL AND a.member_id = ANY (workflow.voters(proposal)) $$;--> statement-breakpoint
-- Two where one of the reasons holds and two could; else one.
CREATE FUNCTION workflow.approvals_needed(proposal workflow.proposals) RETURNS integer LANGUAGE sql STABLE
AS $$ SELECT CASE WHEN cardinality(workflow.second_reasons(proposal.changes, proposal.origin)) = 0 THEN 1
  ELSE greatest(1, least(2, cardinality(workflow.voters(proposal)))) END $$;--> statement-breakpoint
CREATE FUNCTION workflow.guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE proposal workflow.proposals;
BEGIN
  IF NOT workflow.person_acts() OR NEW.member_id IS DISTINCT FROM nullif(current_setting('app.member_id', true), '')::uuid
    OR NEW.via IS DISTINCT FROM current_setting('app.via', true) THEN
    RAISE EXCEPTION 'a person approves for themselves, on a channel of people' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO proposal FROM workflow.proposals p WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.proposal_id FOR UPDATE;
  IF proposal.state IS DISTINCT FROM 'pending' OR proposal.diff_hash <> NEW.diff_hash OR proposal.revision <> NEW.revision THEN
    RAISE EXCEPTION 'an approval is of the revision that was seen' USING ERRCODE = '23514';
  END IF;
  IF NOT NEW.member_id = ANY (workflow.voters(proposal)) THEN PERFORM core.refuse(); END IF;
  IF NOT NEW.typed @> coalesce(proposal.origin->'toType', '[]') THEN
    RAISE EXCEPTION 'what came from outside is typed by who approves' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_approval BEFORE INSERT ON workflow.approvals FOR EACH ROW EXECUTE FUNCTION workflow.guard_approval();--> statement-breakpoint
-- Standing approvals: made by an owner in person, ended by an owner or admin, never rewritten.
CREATE FUNCTION workflow.guard_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  acting text := core.acting_role();
  member uuid := nullif(current_setting('app.member_id', true), '')::uuid;
BEGIN
  IF NOT workflow.person_acts() OR acting IS NULL THEN PERFORM core.refuse(); END IF;
  IF TG_OP = 'INSERT' THEN
    IF acting <> 'owner' OR NEW.granted_by IS DISTINCT FROM member OR NEW.granted_via IS DISTINCT FROM current_setting('app.via', true)
      OR NEW.revoked_at IS NOT NULL THEN PERFORM core.refuse(); END IF;
    IF NEW.kind NOT IN ('log_interaction', 'task', 'tag', 'stage', 'draft_email') OR NEW.per_day NOT BETWEEN 1 AND 200 THEN
      RAISE EXCEPTION 'no such change passes without asking' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR acting NOT IN ('owner', 'admin') OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR NEW.revoked_by IS DISTINCT FROM member
    OR (NEW.id, NEW.tenant_id, NEW.granted_by, NEW.granted_via, NEW.kind, NEW.scope, NEW.member_id, NEW.per_day, NEW.until, NEW.deleted_at)
      IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.granted_by, OLD.granted_via, OLD.kind, OLD.scope, OLD.member_id, OLD.per_day, OLD.until, OLD.deleted_at) THEN
    PERFORM core.refuse();
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_standing BEFORE INSERT OR UPDATE ON workflow.standing_approvals FOR EACH ROW EXECUTE FUNCTION workflow.guard_standing();--> statement-breakpoint
-- Whether every change concerns only records of the proposer: the record itself, or what a new one is about.
CREATE FUNCTION workflow.concerns_own(proposal workflow.proposals) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT NOT EXISTS (
  SELECT FROM jsonb_array_elements(proposal.changes) c
  CROSS JOIN LATERAL (
    SELECT array_agg(workflow.record_owner(r.entity, r.id)) AS owners FROM (
      SELECT c->>'entity' AS entity, (c->>'id')::uuid AS id WHERE c->>'op' <> 'create'
      UNION ALL SELECT CASE f->>'column' WHEN 'deal_id' THEN 'deals' ELSE 'companies' END, (f->>'new')::uuid
        FROM jsonb_array_elements(c->'fields') f WHERE f->>'column' IN ('deal_id', 'company_id') AND f->>'new' IS NOT NULL
      UNION ALL SELECT 'people', (l->>'target_id')::uuid FROM jsonb_array_elements(c->'links') l WHERE l->>'target_entity' = 'people'
    ) r) o
  WHERE NOT coalesce(proposal.proposed_by = ANY (o.owners), false)
    OR EXISTS (SELECT FROM unnest(o.owners) AS owner WHERE owner <> proposal.proposed_by)) $$;--> statement-breakpoint
-- Whether a standing approval lets a proposal pass at that moment; how often it did on a day is counted by the use.
CREATE FUNCTION workflow.standing_covers(standing workflow.standing_approvals, proposal workflow.proposals, at timestamptz) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT standing.revoked_at IS NULL AND standing.deleted_at IS NULL AND standing.until > at AND standing.created_at <= now()
  AND EXISTS (SELECT FROM core.members m WHERE m.tenant_id = standing.tenant_id AND m.id = standing.granted_by AND m.role = 'owner'
    AND m.disabled_at IS NULL AND m.deleted_at IS NULL)
  AND EXISTS (SELECT FROM core.members m WHERE m.tenant_id = standing.tenant_id AND m.id = proposal.proposed_by AND core.role_may(m.role, 'propose', NULL)
    AND m.disabled_at IS NULL AND m.deleted_at IS NULL)
  AND coalesce(standing.member_id = proposal.proposed_by, true)
  AND NOT EXISTS (SELECT FROM jsonb_array_elements(proposal.changes) c WHERE workflow.kind_of(c) <> standing.kind)
  AND cardinality(workflow.second_reasons(proposal.changes, proposal.origin)) = 0
  AND coalesce(proposal.origin->'derived', 'false') = 'false' AND coalesce(proposal.origin->'toType', '[]') = '[]'
  AND (standing.scope = 'all' OR workflow.concerns_own(proposal)) $$;--> statement-breakpoint
CREATE FUNCTION workflow.guard_standing_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  standing workflow.standing_approvals;
  used integer;
BEGIN
  IF coalesce(current_setting('app.via', true), '') <> 'system' THEN PERFORM core.refuse(); END IF;
  SELECT * INTO standing FROM workflow.standing_approvals s WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.standing_id FOR UPDATE;
  SELECT count(*) INTO used FROM workflow.standing_uses u WHERE u.tenant_id = NEW.tenant_id AND u.standing_id = NEW.standing_id AND u.day = NEW.day;
  IF used >= standing.per_day THEN RAISE EXCEPTION 'the day is used up' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_standing_use BEFORE INSERT ON workflow.standing_uses FOR EACH ROW EXECUTE FUNCTION workflow.guard_standing_use();--> statement-breakpoint
-- Another system is told by the word of whoever sets what leaves.
CREATE FUNCTION workflow.guard_webhook() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF current_user <> 'tact_app' THEN RETURN NEW; END IF;
  IF NOT workflow.person_acts() OR acting IS NULL OR NOT core.role_may(acting, 'policy', NULL) THEN PERFORM core.refuse(); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_webhook BEFORE INSERT OR UPDATE ON workflow.webhooks FOR EACH ROW EXECUTE FUNCTION workflow.guard_webhook();--> statement-breakpoint
-- As in the migration `proposal_moves`, and: a yes counts votes, or names the standing approval that was used; items are
-- taken back one by one; where words come from belongs to a revision.
CREATE OR REPLACE FUNCTION workflow.guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  via text := coalesce(current_setting('app.via', true), '');
  member uuid := nullif(current_setting('app.member_id', true), '')::uuid;
  acting text := core.acting_role();
  standing workflow.standing_approvals;
  given uuid[];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_user = 'tact_app' THEN
      RAISE EXCEPTION 'proposals are not deleted' USING ERRCODE = '42501';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'pending' OR NEW.decided_by IS NOT NULL OR NEW.inverse IS NOT NULL OR NEW.attempts <> 0
      OR NEW.left_out IS NOT NULL OR NEW.undone_places IS NOT NULL OR NEW.standing_id IS NOT NULL THEN
      RAISE EXCEPTION 'a proposal begins as pending' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.tenant_id, NEW.proposed_by, NEW.proposed_via, NEW.conversation_id, NEW.idempotency_key, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.proposed_by, OLD.proposed_via, OLD.conversation_id, OLD.idempotency_key, OLD.created_at) THEN
    RAISE EXCEPTION 'who proposed what, where and when is not rewritten' USING ERRCODE = '23514';
  END IF;
  -- Other changes make another revision, by a person, before anybody decided.
  IF (NEW.changes, NEW.diff_hash, NEW.reason, NEW.revision, NEW.expires_at, NEW.origin, NEW.left_out)
    IS DISTINCT FROM (OLD.changes, OLD.diff_hash, OLD.reason, OLD.revision, OLD.expires_at, OLD.origin, OLD.left_out)
    AND NOT (OLD.state = 'pending' AND NEW.state = 'pending' AND NEW.revision = OLD.revision + 1 AND workflow.person_acts()) THEN
    RAISE EXCEPTION 'the changes of a proposal are not rewritten' USING ERRCODE = '23514';
  END IF;
  IF NEW.standing_id IS DISTINCT FROM OLD.standing_id AND NOT (OLD.state = 'pending' AND NEW.state = 'approved' AND via = 'system') THEN
    RAISE EXCEPTION 'a proposal keeps what let it pass' USING ERRCODE = '23514';
  END IF;
  IF NEW.undone_places IS DISTINCT FROM OLD.undone_places THEN
    IF OLD.state <> 'executed' OR NOT workflow.person_acts() OR NOT coalesce(NEW.undone_places, '[]') @> coalesce(OLD.undone_places, '[]') THEN
      RAISE EXCEPTION 'items are taken back by a person, once' USING ERRCODE = '23514';
    END IF;
    IF acting IS NULL OR NOT core.role_may(acting, 'approve', NULL) OR EXISTS (
      SELECT FROM jsonb_array_elements(NEW.inverse) WITH ORDINALITY AS i (item, place)
      WHERE NEW.undone_places @> to_jsonb(i.place - 1) AND NOT coalesce(OLD.undone_places, '[]') @> to_jsonb(i.place - 1)
        AND i.item->>'op' IN ('create', 'restore') AND NOT core.role_may(acting, 'archive', i.item->>'entity')) THEN PERFORM core.refuse(); END IF;
  END IF;
  IF NEW.state = OLD.state THEN
    IF (NEW.decided_by, NEW.decided_via, NEW.decided_at, NEW.inverse, NEW.executed_at, NEW.undone_at, NEW.attempts, NEW.deleted_at)
      IS DISTINCT FROM (OLD.decided_by, OLD.decided_via, OLD.decided_at, OLD.inverse, OLD.executed_at, OLD.undone_at, OLD.attempts, OLD.deleted_at) THEN
      RAISE EXCEPTION 'a proposal keeps what was decided and done' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF NOT workflow.may_move(OLD.state, NEW.state) THEN
    RAISE EXCEPTION 'a proposal that is % cannot become %', OLD.state, NEW.state USING ERRCODE = '23514';
  END IF;
  IF NOT workflow.person_acts() AND via <> 'system' THEN
    RAISE EXCEPTION 'proposals are not moved by way of %', via USING ERRCODE = '42501';
  END IF;
  IF via = 'system' AND OLD.state = 'pending' AND NEW.state = 'approved' AND NEW.standing_id IS NOT NULL THEN
    SELECT * INTO standing FROM workflow.standing_approvals s WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.standing_id FOR UPDATE;
    IF standing.id IS NULL OR NOT workflow.standing_covers(standing, OLD, NEW.decided_at) OR NEW.decided_by IS DISTINCT FROM standing.granted_by
      OR NEW.decided_via IS DISTINCT FROM 'system' OR NOT EXISTS (SELECT FROM workflow.standing_uses u
        WHERE u.tenant_id = NEW.tenant_id AND u.standing_id = NEW.standing_id AND u.proposal_id = NEW.id) THEN
      RAISE EXCEPTION 'no standing approval covers this' USING ERRCODE = '42501';
    END IF;
  ELSIF NEW.state IN ('rejected', 'undone') OR (OLD.state = 'pending' AND NEW.state = 'approved') THEN
    IF NOT workflow.person_acts() OR NOT EXISTS (SELECT FROM core.members m WHERE m.tenant_id = NEW.tenant_id AND m.id = member
      AND m.role <> 'viewer' AND m.disabled_at IS NULL AND m.deleted_at IS NULL) THEN
      RAISE EXCEPTION 'a member who may write decides, on a channel of people' USING ERRCODE = '42501';
    END IF;
    IF NEW.state <> 'undone' AND (NEW.decided_by IS DISTINCT FROM member OR NEW.decided_via IS DISTINCT FROM via OR NEW.decided_at IS NULL) THEN
      RAISE EXCEPTION 'a decision names who made it' USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'approved' THEN
      given := workflow.approvals_given(OLD);
      IF NOT member = ANY (given) OR cardinality(given) < workflow.approvals_needed(OLD) THEN
        RAISE EXCEPTION 'not everybody who has to has said yes' USING ERRCODE = '42501';
      END IF;
    END IF;
  ELSIF (NEW.decided_by, NEW.decided_via, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by, OLD.decided_via, OLD.decided_at) THEN
    RAISE EXCEPTION 'only a decision names a decider' USING ERRCODE = '23514';
  END IF;
  IF OLD.state = 'executing' AND NEW.state = 'approved' AND OLD.leased_until > clock_timestamp() THEN
    RAISE EXCEPTION 'a lease that holds is not taken away' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
