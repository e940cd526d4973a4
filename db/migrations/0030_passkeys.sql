CREATE TABLE "core"."passkeys" (
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
	"member_id" uuid NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint DEFAULT 0 NOT NULL,
	"transports" text[],
	"name" text NOT NULL,
	CONSTRAINT "passkeys_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."passkeys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "core"."passkeys" ADD CONSTRAINT "passkeys_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "passkeys_member_id_idx" ON "core"."passkeys" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "passkeys_credential_id_key" ON "core"."passkeys" USING btree ("tenant_id","credential_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "passkeys_tenant" ON "core"."passkeys" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
-- A passkey is made by its member in the inbox, ended by them there, and counted by Tact itself; nothing else of it changes.
CREATE FUNCTION core.guard_passkey() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  via text := coalesce(current_setting('app.via', true), '');
  own boolean := NEW.member_id IS NOT DISTINCT FROM nullif(current_setting('app.member_id', true), '')::uuid;
BEGIN
  IF current_user <> 'tact_app' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF via <> 'inbox' OR NOT own THEN PERFORM core.refuse(); END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.tenant_id, NEW.member_id, NEW.credential_id, NEW.public_key) IS DISTINCT FROM (OLD.id, OLD.tenant_id, OLD.member_id, OLD.credential_id, OLD.public_key)
    OR (NEW.counter <> OLD.counter AND via <> 'system') OR (NEW.deleted_at IS DISTINCT FROM OLD.deleted_at AND (OLD.deleted_at IS NOT NULL OR via <> 'inbox' OR NOT own)) THEN
    PERFORM core.refuse();
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER guard_passkey BEFORE INSERT OR UPDATE ON core.passkeys FOR EACH ROW EXECUTE FUNCTION core.guard_passkey();--> statement-breakpoint
-- Found by the name the device gave it, before any workspace is known.
CREATE FUNCTION core.find_passkey(credential text)
RETURNS TABLE (tenant_id uuid, member_id uuid, role text, public_key bytea, counter bigint, transports text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT k.tenant_id, k.member_id, m.role, k.public_key, k.counter, k.transports
  FROM core.passkeys k JOIN core.members m ON m.tenant_id = k.tenant_id AND m.id = k.member_id
  WHERE k.credential_id = credential AND k.deleted_at IS NULL AND m.deleted_at IS NULL AND m.disabled_at IS NULL $$;--> statement-breakpoint
CREATE UNIQUE INDEX passkeys_by_credential ON core.passkeys (credential_id) WHERE deleted_at IS NULL;--> statement-breakpoint
GRANT CREATE ON SCHEMA core TO tact_search;--> statement-breakpoint
REVOKE ALL ON FUNCTION core.find_passkey(text) FROM PUBLIC;--> statement-breakpoint
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION core.find_passkey(text) TO %I', current_user); END $$;--> statement-breakpoint
ALTER FUNCTION core.find_passkey(text) OWNER TO tact_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA core FROM tact_search;
