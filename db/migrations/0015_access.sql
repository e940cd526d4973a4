-- Who may do what, held by the database as well, so that code which forgets to ask is stopped. The table is
-- domain/permissions.ts (GRANTS); a test compares the two. `TA403` and `TA409` are read in db/errors.ts.
CREATE FUNCTION core.role_may(role text, permission text, entity text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE role
  WHEN 'owner' THEN true
  WHEN 'admin' THEN permission <> 'policy'
  WHEN 'editor' THEN permission IN ('read', 'propose', 'approve') OR (permission = 'archive' AND entity IS DISTINCT FROM 'companies')
  WHEN 'viewer' THEN permission = 'read'
  ELSE false END $$;--> statement-breakpoint
-- Role of the member this transaction acts for: `none` when disabled or unknown, null for Tact itself.
CREATE FUNCTION core.acting_role() RETURNS text LANGUAGE sql STABLE
AS $$ SELECT CASE
  WHEN coalesce(current_setting('app.via', true), '') = 'system' OR nullif(current_setting('app.member_id', true), '') IS NULL THEN NULL
  ELSE coalesce((SELECT m.role FROM core.members m WHERE m.tenant_id = core.current_tenant()
    AND m.id = nullif(current_setting('app.member_id', true), '')::uuid AND m.disabled_at IS NULL AND m.deleted_at IS NULL), 'none') END $$;--> statement-breakpoint
-- Whoever acts without a member is Tact itself, which says so by the road `system`.
CREATE FUNCTION core.acts_as_system() RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT current_user <> 'tact_app' OR coalesce(current_setting('app.via', true), '') = 'system' $$;--> statement-breakpoint
CREATE FUNCTION core.refuse() RETURNS void LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'the role of this member does not allow that' USING ERRCODE = 'TA403'; END $$;--> statement-breakpoint
CREATE FUNCTION core.guard_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF current_user = 'tact_app' AND acting IS NOT NULL AND NOT core.role_may(acting, 'propose', NULL) THEN PERFORM core.refuse(); END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION core.guard_archive() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF current_user = 'tact_app' AND acting IS NOT NULL AND NOT core.role_may(acting, 'archive', TG_ARGV[0]) THEN PERFORM core.refuse(); END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
-- Proposing and approving, by kind of item; taking back what made or restored a record archives it.
CREATE FUNCTION workflow.guard_proposal_role() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  acting text := core.acting_role();
  permission text := CASE WHEN TG_OP = 'INSERT' THEN 'propose' ELSE 'approve' END;
BEGIN
  IF current_user <> 'tact_app' OR acting IS NULL THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state = OLD.state OR NEW.state NOT IN ('approved', 'rejected', 'undone') OR OLD.state NOT IN ('pending', 'executed') THEN RETURN NEW; END IF;
  END IF;
  IF NOT core.role_may(acting, permission, NULL) THEN PERFORM core.refuse(); END IF;
  IF NEW.state IN ('pending', 'approved') AND EXISTS (
    SELECT FROM jsonb_array_elements(NEW.changes) c
    WHERE c->>'op' IN ('archive', 'merge') AND NOT core.role_may(acting, 'archive', c->>'entity')) THEN PERFORM core.refuse(); END IF;
  IF NEW.state = 'undone' AND EXISTS (
    SELECT FROM jsonb_array_elements(NEW.inverse) i
    WHERE i->>'op' IN ('create', 'restore') AND NOT core.role_may(acting, 'archive', i->>'entity')) THEN PERFORM core.refuse(); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_proposal_role BEFORE INSERT OR UPDATE ON workflow.proposals
FOR EACH ROW EXECUTE FUNCTION workflow.guard_proposal_role();--> statement-breakpoint
-- Nobody makes, unmakes or shuts out an owner but an owner. Without a member, a new one comes by the invitation that this
-- very transaction accepted, with its address and role.
CREATE FUNCTION core.guard_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF core.acts_as_system() THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' AND acting IS NULL THEN
    IF NOT EXISTS (SELECT FROM core.invitations i WHERE i.tenant_id = NEW.tenant_id AND i.email = NEW.email AND i.role = NEW.role
      AND i.accepted_at = now() AND i.expires_at > now() AND i.revoked_at IS NULL AND i.deleted_at IS NULL AND i.member_id IS NULL) THEN
      PERFORM core.refuse();
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.tenant_id, NEW.role, NEW.email, NEW.disabled_at, NEW.deleted_at) IS NOT DISTINCT FROM (OLD.tenant_id, OLD.role, OLD.email, OLD.disabled_at, OLD.deleted_at) THEN
      RETURN NEW;
    END IF;
    IF OLD.role = 'owner' AND acting IS DISTINCT FROM 'owner' THEN PERFORM core.refuse(); END IF;
  END IF;
  IF acting IS NULL OR NOT core.role_may(acting, 'invite', NULL) OR (NEW.role = 'owner' AND acting <> 'owner') THEN PERFORM core.refuse(); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_member BEFORE INSERT OR UPDATE ON core.members FOR EACH ROW EXECUTE FUNCTION core.guard_member();--> statement-breakpoint
CREATE FUNCTION core.guard_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF core.acts_as_system() THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.tenant_id, NEW.email, NEW.role, NEW.token_hash, NEW.expires_at) IS DISTINCT FROM (OLD.tenant_id, OLD.email, OLD.role, OLD.token_hash, OLD.expires_at)
      OR (OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at)
      OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL) THEN PERFORM core.refuse(); END IF;
    IF acting IS NULL THEN RETURN NEW; END IF;
  END IF;
  IF acting IS NULL OR NOT core.role_may(acting, 'invite', NULL) OR (NEW.role = 'owner' AND acting <> 'owner') THEN PERFORM core.refuse(); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_invitation BEFORE INSERT OR UPDATE ON core.invitations FOR EACH ROW EXECUTE FUNCTION core.guard_invitation();--> statement-breakpoint
-- A credential speaks for the member who made it.
CREATE FUNCTION core.guard_credential() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF core.acts_as_system() OR acting IS NULL THEN RETURN NEW; END IF;
  IF acting = 'none' OR NEW.member_id IS DISTINCT FROM current_setting('app.member_id', true)::uuid THEN PERFORM core.refuse(); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_credential BEFORE INSERT ON core.access_tokens FOR EACH ROW EXECUTE FUNCTION core.guard_credential();--> statement-breakpoint
CREATE TRIGGER guard_credential BEFORE INSERT ON core.slack_links FOR EACH ROW EXECUTE FUNCTION core.guard_credential();--> statement-breakpoint
-- A workspace keeps an owner. Judged when the transaction ends, one transaction of the workspace at a time: two owners who
-- step down at once do not both succeed.
CREATE FUNCTION core.keep_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF core.acts_as_system() THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('tact.owners.' || OLD.tenant_id::text, 0));
  IF NOT EXISTS (SELECT FROM core.members m WHERE m.tenant_id = OLD.tenant_id AND m.role = 'owner' AND m.disabled_at IS NULL AND m.deleted_at IS NULL) THEN
    RAISE EXCEPTION 'a workspace keeps an owner' USING ERRCODE = 'TA409';
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE CONSTRAINT TRIGGER keep_owner AFTER UPDATE OR DELETE ON core.members DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION core.keep_owner();--> statement-breakpoint
-- Looked up before any tenant is known, by what only the right person holds. For the login role alone.
CREATE FUNCTION core.find_invitation(hash text)
RETURNS TABLE (invitation_id uuid, tenant_id uuid, email text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT i.id, i.tenant_id, i.email, i.role FROM core.invitations i
  WHERE i.token_hash = hash AND i.deleted_at IS NULL AND i.revoked_at IS NULL AND i.accepted_at IS NULL AND i.expires_at > now() $$;--> statement-breakpoint
CREATE FUNCTION core.find_slack_code(hash text)
RETURNS TABLE (code_id uuid, tenant_id uuid, member_id uuid, team_id text, slack_user_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT c.id, c.tenant_id, c.member_id, c.team_id, c.slack_user_id FROM core.slack_link_codes c
  WHERE c.code_hash = hash AND c.deleted_at IS NULL AND c.used_at IS NULL AND c.expires_at > now() $$;--> statement-breakpoint
CREATE FUNCTION core.find_slack_members(team text, slack_user text)
RETURNS TABLE (tenant_id uuid, member_id uuid, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT l.tenant_id, l.member_id, m.role
  FROM core.slack_links l JOIN core.members m ON m.tenant_id = l.tenant_id AND m.id = l.member_id
  WHERE l.team_id = team AND l.slack_user_id = slack_user AND l.deleted_at IS NULL AND m.deleted_at IS NULL AND m.disabled_at IS NULL
  ORDER BY l.tenant_id $$;--> statement-breakpoint
CREATE INDEX invitations_by_hash ON core.invitations (token_hash);--> statement-breakpoint
CREATE INDEX slack_link_codes_by_hash ON core.slack_link_codes (code_hash);--> statement-breakpoint
CREATE INDEX slack_links_by_user ON core.slack_links (team_id, slack_user_id);--> statement-breakpoint
GRANT CREATE ON SCHEMA core TO tact_search;--> statement-breakpoint
REVOKE ALL ON FUNCTION core.find_invitation(text), core.find_slack_code(text), core.find_slack_members(text, text) FROM PUBLIC;--> statement-breakpoint
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION core.find_invitation(text), core.find_slack_code(text), core.find_slack_members(text, text) TO %I', current_user); END $$;--> statement-breakpoint
ALTER FUNCTION core.find_invitation(text) OWNER TO tact_search;--> statement-breakpoint
ALTER FUNCTION core.find_slack_code(text) OWNER TO tact_search;--> statement-breakpoint
ALTER FUNCTION core.find_slack_members(text, text) OWNER TO tact_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA core FROM tact_search;
