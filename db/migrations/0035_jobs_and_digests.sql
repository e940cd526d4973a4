CREATE TABLE "workflow"."jobs" (
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
	"kind" text NOT NULL,
	"data" jsonb NOT NULL,
	"key" text,
	"state" text DEFAULT 'waiting' NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 8 NOT NULL,
	"leased_until" timestamp with time zone,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"failure" text,
	CONSTRAINT "jobs_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."jobs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."digest_items" (
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
	"policy_id" uuid NOT NULL,
	"reader" text NOT NULL,
	"item_key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"told_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "digest_items_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."digest_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "workflow"."digest_runs_policy_id_due_at_key";--> statement-breakpoint
ALTER TABLE "workflow"."digest_policies" ALTER COLUMN "is_enabled" SET DEFAULT false;--> statement-breakpoint
ALTER TABLE "workflow"."digest_policies" ADD COLUMN "enabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workflow"."digest_runs" ADD COLUMN "window_key" text;--> statement-breakpoint
ALTER TABLE "workflow"."digest_runs" ADD COLUMN "channel" text;--> statement-breakpoint
ALTER TABLE "workflow"."digest_runs" ADD COLUMN "member_id" uuid;--> statement-breakpoint
ALTER TABLE "workflow"."digest_runs" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "workflow"."digest_items" ADD CONSTRAINT "digest_items_policy_id_fk" FOREIGN KEY ("tenant_id","policy_id") REFERENCES "workflow"."digest_policies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "jobs_kind_idx" ON "workflow"."jobs" USING btree ("tenant_id","kind");--> statement-breakpoint
CREATE INDEX "jobs_state_idx" ON "workflow"."jobs" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "jobs_due_at_idx" ON "workflow"."jobs" USING btree ("tenant_id","due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_key_key" ON "workflow"."jobs" USING btree ("tenant_id","key") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "digest_items_policy_id_idx" ON "workflow"."digest_items" USING btree ("tenant_id","policy_id");--> statement-breakpoint
CREATE INDEX "digest_items_told_at_idx" ON "workflow"."digest_items" USING btree ("tenant_id","told_at");--> statement-breakpoint
CREATE UNIQUE INDEX "digest_items_policy_id_reader_item_key_key" ON "workflow"."digest_items" USING btree ("tenant_id","policy_id","reader","item_key") WHERE deleted_at is null;--> statement-breakpoint
ALTER TABLE "workflow"."digest_runs" ADD CONSTRAINT "digest_runs_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "digest_runs_member_id_idx" ON "workflow"."digest_runs" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "digest_runs_policy_id_window_key_key" ON "workflow"."digest_runs" USING btree ("tenant_id","policy_id","window_key") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "jobs_tenant" ON "workflow"."jobs" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "digest_items_tenant" ON "workflow"."digest_items" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
-- What a worker looks for, across the workspaces: only ids come out, before any tenant is known.
CREATE INDEX jobs_ready ON workflow.jobs (due_at) WHERE state IN ('waiting', 'running') AND deleted_at IS NULL;--> statement-breakpoint
CREATE FUNCTION workflow.tenants_with_work(kinds text[])
RETURNS TABLE (tenant_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT j.tenant_id FROM workflow.jobs j
  WHERE j.deleted_at IS NULL AND j.kind = ANY (kinds)
    AND ((j.state = 'waiting' AND j.due_at <= clock_timestamp()) OR (j.state = 'running' AND j.leased_until < clock_timestamp()))
  GROUP BY j.tenant_id ORDER BY min(j.due_at) $$;--> statement-breakpoint
GRANT CREATE ON SCHEMA workflow TO tact_search;--> statement-breakpoint
REVOKE ALL ON FUNCTION workflow.tenants_with_work(text[]) FROM PUBLIC;--> statement-breakpoint
DO $$ BEGIN EXECUTE format('GRANT EXECUTE ON FUNCTION workflow.tenants_with_work(text[]) TO %I', current_user); END $$;--> statement-breakpoint
ALTER FUNCTION workflow.tenants_with_work(text[]) OWNER TO tact_search;--> statement-breakpoint
REVOKE CREATE ON SCHEMA workflow FROM tact_search;
