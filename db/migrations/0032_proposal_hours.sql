-- When a proposal was opened by the clock of the database: what an hour's limit is counted by, whatever the workspace's own
-- clock says. Set here, so that no statement of ours can set another.
ALTER TABLE "workflow"."proposals" ADD COLUMN "opened_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL;--> statement-breakpoint
CREATE FUNCTION workflow.keep_opened_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.opened_at := CASE TG_OP WHEN 'INSERT' THEN clock_timestamp() ELSE OLD.opened_at END;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER keep_opened_at BEFORE INSERT OR UPDATE OF opened_at ON workflow.proposals FOR EACH ROW EXECUTE FUNCTION workflow.keep_opened_at();--> statement-breakpoint
CREATE INDEX proposals_opened_lately ON workflow.proposals (tenant_id, conversation_id, opened_at) WHERE state = 'pending' AND deleted_at IS NULL;--> statement-breakpoint
-- As in the migration `approval_rules`, and: who decides about a proposal must see it. Where it changes or quotes what not
-- everybody sees, members outside of its circle counted as those who could say yes, and nobody was left who both could and saw it.
CREATE OR REPLACE FUNCTION workflow.deciders(proposal workflow.proposals) RETURNS uuid[] LANGUAGE sql STABLE
AS $$ SELECT coalesce(array_agg(m.id ORDER BY m.id), '{}') FROM core.members m
  WHERE m.tenant_id = proposal.tenant_id AND m.disabled_at IS NULL AND m.deleted_at IS NULL AND core.role_may(m.role, 'approve', NULL)
    AND (proposal.only_for IS NULL OR m.id::text = ANY (proposal.only_for))
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(proposal.changes) c
      WHERE c->>'op' IN ('archive', 'merge') AND NOT core.role_may(m.role, 'archive', c->>'entity'))
    AND (m.role <> 'editor' OR NOT EXISTS (SELECT FROM jsonb_array_elements(proposal.changes) c
      WHERE workflow.record_owner(c->>'entity', (c->>'id')::uuid) <> m.id)) $$;
