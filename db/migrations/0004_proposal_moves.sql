-- The life of a proposal, held by the database as well, so that no statement of ours can take a short cut.
-- The pairs are domain/proposal-states.ts (PROPOSAL_MOVES); a test compares the two.
CREATE FUNCTION workflow.may_move(from_state text, to_state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (from_state, to_state) IN (
  ('pending', 'approved'), ('pending', 'rejected'), ('pending', 'expired'), ('pending', 'conflicted'),
  ('approved', 'executing'), ('approved', 'conflicted'), ('approved', 'expired'),
  ('executing', 'executed'), ('executing', 'conflicted'), ('executing', 'failed'), ('executing', 'approved'),
  ('executed', 'undone')) $$;--> statement-breakpoint
-- Where a person, and no model, acts (writeback/deciders.ts); `system` finishes and expires, but decides nothing.
CREATE FUNCTION workflow.person_acts() RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('app.via', true), '') IN ('cli', 'inbox', 'slack') $$;--> statement-breakpoint
CREATE FUNCTION workflow.guard_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  via text := coalesce(current_setting('app.via', true), '');
  member uuid := nullif(current_setting('app.member_id', true), '')::uuid;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF current_user = 'tact_app' THEN
      RAISE EXCEPTION 'proposals are not deleted' USING ERRCODE = '42501';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'pending' OR NEW.decided_by IS NOT NULL OR NEW.inverse IS NOT NULL OR NEW.attempts <> 0 THEN
      RAISE EXCEPTION 'a proposal begins as pending' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.tenant_id, NEW.proposed_by, NEW.proposed_via, NEW.conversation_id, NEW.idempotency_key, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.proposed_by, OLD.proposed_via, OLD.conversation_id, OLD.idempotency_key, OLD.created_at) THEN
    RAISE EXCEPTION 'who proposed what, where and when is not rewritten' USING ERRCODE = '23514';
  END IF;
  -- Other changes make another revision, by a person, before anybody decided.
  IF (NEW.changes, NEW.diff_hash, NEW.reason, NEW.revision, NEW.expires_at)
    IS DISTINCT FROM (OLD.changes, OLD.diff_hash, OLD.reason, OLD.revision, OLD.expires_at)
    AND NOT (OLD.state = 'pending' AND NEW.state = 'pending' AND NEW.revision = OLD.revision + 1 AND workflow.person_acts()) THEN
    RAISE EXCEPTION 'the changes of a proposal are not rewritten' USING ERRCODE = '23514';
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
  IF NEW.state IN ('rejected', 'undone') OR (OLD.state = 'pending' AND NEW.state = 'approved') THEN
    IF NOT workflow.person_acts() OR NOT EXISTS (SELECT FROM core.members m WHERE m.tenant_id = NEW.tenant_id AND m.id = member
      AND m.role <> 'viewer' AND m.disabled_at IS NULL AND m.deleted_at IS NULL) THEN
      RAISE EXCEPTION 'a member who may write decides, on a channel of people' USING ERRCODE = '42501';
    END IF;
    IF NEW.state <> 'undone' AND (NEW.decided_by IS DISTINCT FROM member OR NEW.decided_via IS DISTINCT FROM via OR NEW.decided_at IS NULL) THEN
      RAISE EXCEPTION 'a decision names who made it' USING ERRCODE = '23514';
    END IF;
  ELSIF (NEW.decided_by, NEW.decided_via, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by, OLD.decided_via, OLD.decided_at) THEN
    RAISE EXCEPTION 'only a decision names a decider' USING ERRCODE = '23514';
  END IF;
  IF OLD.state = 'executing' AND NEW.state = 'approved' AND OLD.leased_until > clock_timestamp() THEN
    RAISE EXCEPTION 'a lease that holds is not taken away' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_proposal BEFORE INSERT OR UPDATE OR DELETE ON workflow.proposals
FOR EACH ROW EXECUTE FUNCTION workflow.guard_proposal();
