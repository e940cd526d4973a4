-- Messages that name one of the Message-IDs as an ancestor: a parent that comes late finds its replies. Row security keeps
-- the GIN index from being used (its operator is not leakproof), hence a function owned by tact_search.
CREATE INDEX mail_messages_references ON intel.mail_messages USING gin (tenant_id, reference_ids) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE FUNCTION intel.mail_messages_citing(message_ids text[]) RETURNS TABLE (id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET cpu_tuple_cost = 1
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := core.current_tenant();
BEGIN
  IF tenant IS NULL OR coalesce(cardinality(message_ids), 0) = 0 THEN RETURN; END IF;
  RETURN QUERY
  SELECT m.id FROM intel.mail_messages m
  WHERE m.tenant_id = tenant AND m.deleted_at IS NULL AND m.reference_ids && message_ids;
END $$;--> statement-breakpoint
GRANT CREATE ON SCHEMA intel TO tact_search;--> statement-breakpoint
REVOKE ALL ON FUNCTION intel.mail_messages_citing(text[]) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION intel.mail_messages_citing(text[]) TO tact_app;--> statement-breakpoint
ALTER FUNCTION intel.mail_messages_citing(text[]) OWNER TO tact_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA intel FROM tact_search;
