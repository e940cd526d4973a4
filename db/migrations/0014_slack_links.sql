CREATE TABLE "core"."slack_links" (
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
	"team_id" text NOT NULL,
	"slack_user_id" text NOT NULL,
	"member_id" uuid NOT NULL,
	CONSTRAINT "slack_links_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."slack_links" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "core"."slack_link_codes" (
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
	"code_hash" text NOT NULL,
	"member_id" uuid,
	"team_id" text,
	"slack_user_id" text,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "slack_link_codes_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."slack_link_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "core"."slack_links" ADD CONSTRAINT "slack_links_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."slack_link_codes" ADD CONSTRAINT "slack_link_codes_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "slack_links_member_id_idx" ON "core"."slack_links" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "slack_links_team_id_slack_user_id_key" ON "core"."slack_links" USING btree ("tenant_id","team_id","slack_user_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "slack_link_codes_member_id_idx" ON "core"."slack_link_codes" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "slack_link_codes_expires_at_idx" ON "core"."slack_link_codes" USING btree ("tenant_id","expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "slack_link_codes_code_hash_key" ON "core"."slack_link_codes" USING btree ("tenant_id","code_hash") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "slack_links_tenant" ON "core"."slack_links" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "slack_link_codes_tenant" ON "core"."slack_link_codes" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));