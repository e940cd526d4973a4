CREATE TABLE "core"."oauth_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"created_via" text,
	"updated_via" text,
	"deleted_at" timestamp with time zone,
	"issuer" text NOT NULL,
	"subject" text,
	"email" text,
	"member_id" uuid NOT NULL,
	"privacy_policy" text,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "oauth_links_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."oauth_links" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "core"."access_tokens" ADD COLUMN "privacy_policy" text;--> statement-breakpoint
ALTER TABLE "workflow"."conversations" ADD COLUMN "last_used_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "core"."oauth_links" ADD CONSTRAINT "oauth_links_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "oauth_links_member_id_idx" ON "core"."oauth_links" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "oauth_links_issuer_subject_key" ON "core"."oauth_links" USING btree ("tenant_id","issuer","subject") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "oauth_links_issuer_email_key" ON "core"."oauth_links" USING btree ("tenant_id","issuer","email") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "oauth_links_tenant" ON "core"."oauth_links" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
ALTER TABLE core.oauth_links ADD CONSTRAINT oauth_links_whose CHECK (subject IS NOT NULL OR email IS NOT NULL);--> statement-breakpoint
ALTER TABLE core.oauth_links ADD CONSTRAINT oauth_links_policy CHECK (privacy_policy IN ('strict', 'standard', 'contacts-only'));--> statement-breakpoint
ALTER TABLE core.access_tokens ADD CONSTRAINT access_tokens_policy CHECK (privacy_policy IN ('strict', 'standard', 'contacts-only'));--> statement-breakpoint
CREATE INDEX oauth_links_by_account ON core.oauth_links (issuer, subject);--> statement-breakpoint
CREATE INDEX oauth_links_by_address ON core.oauth_links (issuer, email) WHERE subject IS NULL;--> statement-breakpoint
-- What a client is shown is an owner's to decide, in person.
CREATE FUNCTION core.guard_client_policy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF core.acts_as_system() THEN RETURN NEW; END IF;
  IF NEW.privacy_policy IS NOT DISTINCT FROM (CASE WHEN TG_OP = 'UPDATE' THEN OLD.privacy_policy END) THEN RETURN NEW; END IF;
  IF acting IS NULL OR NOT core.role_may(acting, 'policy', NULL)
    OR coalesce(current_setting('app.via', true), '') NOT IN ('cli', 'inbox') THEN PERFORM core.refuse(); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_client_policy BEFORE INSERT OR UPDATE OF privacy_policy ON core.access_tokens
FOR EACH ROW EXECUTE FUNCTION core.guard_client_policy();--> statement-breakpoint
-- So is who an account elsewhere is here. Taking a link away is its member's own too, and of those who revoke tokens.
CREATE FUNCTION core.guard_oauth_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := core.acting_role();
BEGIN
  IF core.acts_as_system() THEN RETURN NEW; END IF;
  IF acting IS NULL OR coalesce(current_setting('app.via', true), '') NOT IN ('cli', 'inbox') THEN PERFORM core.refuse(); END IF;
  IF TG_OP = 'UPDATE' AND NEW.deleted_at IS NOT NULL
    AND (NEW.issuer, NEW.subject, NEW.email, NEW.member_id, NEW.privacy_policy) IS NOT DISTINCT FROM (OLD.issuer, OLD.subject, OLD.email, OLD.member_id, OLD.privacy_policy)
    AND (core.role_may(acting, 'tokens', NULL) OR (acting <> 'none' AND OLD.member_id = current_setting('app.member_id', true)::uuid)) THEN
    RETURN NEW;
  END IF;
  IF acting <> 'owner' THEN PERFORM core.refuse(); END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_oauth_link BEFORE INSERT OR UPDATE ON core.oauth_links FOR EACH ROW EXECUTE FUNCTION core.guard_oauth_link();--> statement-breakpoint
-- Looked up before any tenant is known. For the login role alone.
DROP FUNCTION core.find_access_token(text);--> statement-breakpoint
CREATE FUNCTION core.find_access_token(hash text)
RETURNS TABLE (token_id uuid, tenant_id uuid, member_id uuid, role text, scopes text[], stored_hash text,
  expires_at timestamptz, last_used_at timestamptz, privacy_policy text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT t.id, t.tenant_id, t.member_id, m.role, t.scopes, t.token_hash, t.expires_at, t.last_used_at, t.privacy_policy
  FROM core.access_tokens t JOIN core.members m ON m.tenant_id = t.tenant_id AND m.id = t.member_id
  WHERE t.token_hash = hash AND t.deleted_at IS NULL AND t.revoked_at IS NULL
    AND m.deleted_at IS NULL AND m.disabled_at IS NULL $$;--> statement-breakpoint
-- By the account itself; by its verified address only while no account is known to the link.
CREATE FUNCTION core.find_oauth_links(from_issuer text, account text, verified_email text)
RETURNS TABLE (link_id uuid, tenant_id uuid, member_id uuid, role text, is_by_account boolean, privacy_policy text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT l.id, l.tenant_id, l.member_id, m.role, l.subject IS NOT NULL, l.privacy_policy
  FROM core.oauth_links l JOIN core.members m ON m.tenant_id = l.tenant_id AND m.id = l.member_id
  WHERE l.issuer = from_issuer AND (l.subject = account OR (l.subject IS NULL AND l.email = verified_email))
    AND l.deleted_at IS NULL AND m.deleted_at IS NULL AND m.disabled_at IS NULL
  ORDER BY l.tenant_id, l.subject IS NULL $$;--> statement-breakpoint
GRANT CREATE ON SCHEMA core TO tact_search;--> statement-breakpoint
REVOKE ALL ON FUNCTION core.find_access_token(text), core.find_oauth_links(text, text, text) FROM PUBLIC;--> statement-breakpoint
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION core.find_access_token(text), core.find_oauth_links(text, text, text) TO %I', current_user); END $$;--> statement-breakpoint
ALTER FUNCTION core.find_access_token(text) OWNER TO tact_search;--> statement-breakpoint
ALTER FUNCTION core.find_oauth_links(text, text, text) OWNER TO tact_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA core FROM tact_search;
