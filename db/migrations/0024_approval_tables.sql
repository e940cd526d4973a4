CREATE TABLE "intel"."email_drafts" (
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
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"send_to" text,
	"email_id" uuid,
	"company_id" uuid,
	"deal_id" uuid,
	CONSTRAINT "email_drafts_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."email_drafts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."email_draft_people" (
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
	"draft_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "email_draft_people_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."email_draft_people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."standing_approvals" (
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
	"granted_by" uuid NOT NULL,
	"granted_via" text NOT NULL,
	"kind" text NOT NULL,
	"scope" text DEFAULT 'own' NOT NULL,
	"member_id" uuid,
	"per_day" integer NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"revoked_by" uuid,
	CONSTRAINT "standing_approvals_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."standing_approvals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."standing_uses" (
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
	"standing_id" uuid NOT NULL,
	"proposal_id" uuid NOT NULL,
	"day" date NOT NULL,
	CONSTRAINT "standing_uses_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."standing_uses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."approvals" (
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
	"proposal_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"via" text NOT NULL,
	"revision" integer NOT NULL,
	"diff_hash" text NOT NULL,
	"typed" jsonb NOT NULL,
	"note" text,
	CONSTRAINT "approvals_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."approvals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."webhooks" (
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
	"url" text NOT NULL,
	"secret" text NOT NULL,
	CONSTRAINT "webhooks_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."webhooks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD COLUMN "origin" jsonb;--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD COLUMN "left_out" jsonb;--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD COLUMN "undone_places" jsonb;--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD COLUMN "standing_id" uuid;--> statement-breakpoint
ALTER TABLE "intel"."email_drafts" ADD CONSTRAINT "email_drafts_email_id_fk" FOREIGN KEY ("tenant_id","email_id") REFERENCES "intel"."mail_messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."email_drafts" ADD CONSTRAINT "email_drafts_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."email_drafts" ADD CONSTRAINT "email_drafts_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."email_draft_people" ADD CONSTRAINT "email_draft_people_draft_id_fk" FOREIGN KEY ("tenant_id","draft_id") REFERENCES "intel"."email_drafts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."email_draft_people" ADD CONSTRAINT "email_draft_people_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."standing_approvals" ADD CONSTRAINT "standing_approvals_granted_by_fk" FOREIGN KEY ("tenant_id","granted_by") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."standing_approvals" ADD CONSTRAINT "standing_approvals_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."standing_approvals" ADD CONSTRAINT "standing_approvals_revoked_by_fk" FOREIGN KEY ("tenant_id","revoked_by") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."standing_uses" ADD CONSTRAINT "standing_uses_standing_id_fk" FOREIGN KEY ("tenant_id","standing_id") REFERENCES "workflow"."standing_approvals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."standing_uses" ADD CONSTRAINT "standing_uses_proposal_id_fk" FOREIGN KEY ("tenant_id","proposal_id") REFERENCES "workflow"."proposals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."approvals" ADD CONSTRAINT "approvals_proposal_id_fk" FOREIGN KEY ("tenant_id","proposal_id") REFERENCES "workflow"."proposals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."approvals" ADD CONSTRAINT "approvals_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "email_drafts_email_id_idx" ON "intel"."email_drafts" USING btree ("tenant_id","email_id");--> statement-breakpoint
CREATE INDEX "email_drafts_company_id_idx" ON "intel"."email_drafts" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "email_drafts_deal_id_idx" ON "intel"."email_drafts" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "email_draft_people_draft_id_idx" ON "intel"."email_draft_people" USING btree ("tenant_id","draft_id");--> statement-breakpoint
CREATE INDEX "email_draft_people_person_id_idx" ON "intel"."email_draft_people" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "email_draft_people_draft_id_person_id_key" ON "intel"."email_draft_people" USING btree ("tenant_id","draft_id","person_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "standing_approvals_granted_by_idx" ON "workflow"."standing_approvals" USING btree ("tenant_id","granted_by");--> statement-breakpoint
CREATE INDEX "standing_approvals_member_id_idx" ON "workflow"."standing_approvals" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "standing_approvals_revoked_by_idx" ON "workflow"."standing_approvals" USING btree ("tenant_id","revoked_by");--> statement-breakpoint
CREATE INDEX "standing_uses_standing_id_idx" ON "workflow"."standing_uses" USING btree ("tenant_id","standing_id");--> statement-breakpoint
CREATE INDEX "standing_uses_proposal_id_idx" ON "workflow"."standing_uses" USING btree ("tenant_id","proposal_id");--> statement-breakpoint
CREATE INDEX "standing_uses_day_idx" ON "workflow"."standing_uses" USING btree ("tenant_id","day");--> statement-breakpoint
CREATE UNIQUE INDEX "standing_uses_proposal_id_key" ON "workflow"."standing_uses" USING btree ("tenant_id","proposal_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "approvals_proposal_id_idx" ON "workflow"."approvals" USING btree ("tenant_id","proposal_id");--> statement-breakpoint
CREATE INDEX "approvals_member_id_idx" ON "workflow"."approvals" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_proposal_id_member_id_diff_hash_key" ON "workflow"."approvals" USING btree ("tenant_id","proposal_id","member_id","diff_hash") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "webhooks_url_key" ON "workflow"."webhooks" USING btree ("tenant_id","url") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "proposals_standing_id_idx" ON "workflow"."proposals" USING btree ("tenant_id","standing_id");--> statement-breakpoint
CREATE POLICY "email_drafts_tenant" ON "intel"."email_drafts" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "email_draft_people_tenant" ON "intel"."email_draft_people" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "standing_approvals_tenant" ON "workflow"."standing_approvals" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "standing_uses_tenant" ON "workflow"."standing_uses" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "approvals_tenant" ON "workflow"."approvals" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "webhooks_tenant" ON "workflow"."webhooks" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));