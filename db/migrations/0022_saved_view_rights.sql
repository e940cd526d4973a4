-- A personal view is its member's: others neither see nor change it, but for those who may take the workspace out, where
-- nothing may be missing. A shared one is seen by all, and changed by its member or by those who look after members.
CREATE FUNCTION core.acting_member() RETURNS uuid LANGUAGE sql STABLE
AS $$ SELECT nullif(current_setting('app.member_id', true), '')::uuid $$;--> statement-breakpoint
CREATE POLICY "saved_views_personal" ON crm.saved_views AS RESTRICTIVE FOR SELECT TO tact_app
USING (is_shared OR member_id IS NULL OR member_id = (SELECT core.acting_member())
  OR (SELECT core.acting_role() IS NULL OR core.role_may(core.acting_role(), 'export', NULL)));--> statement-breakpoint
CREATE FUNCTION crm.guard_saved_view() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  acting text := core.acting_role();
  me uuid := core.acting_member();
BEGIN
  IF current_user <> 'tact_app' OR acting IS NULL THEN RETURN coalesce(NEW, OLD); END IF;
  IF acting = 'none' THEN PERFORM core.refuse(); END IF;
  IF core.role_may(acting, 'invite', NULL) AND (TG_OP = 'INSERT' OR OLD.is_shared OR OLD.member_id = me) THEN RETURN coalesce(NEW, OLD); END IF;
  IF TG_OP <> 'INSERT' AND OLD.member_id IS DISTINCT FROM me THEN PERFORM core.refuse(); END IF;
  IF TG_OP <> 'DELETE' AND (NEW.member_id IS DISTINCT FROM me OR (NEW.is_shared AND NOT core.role_may(acting, 'propose', NULL))) THEN PERFORM core.refuse(); END IF;
  RETURN coalesce(NEW, OLD);
END $$;--> statement-breakpoint
CREATE TRIGGER guard_saved_view BEFORE INSERT OR UPDATE OR DELETE ON crm.saved_views
FOR EACH ROW EXECUTE FUNCTION crm.guard_saved_view();
