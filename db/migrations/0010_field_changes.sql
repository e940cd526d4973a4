CREATE TABLE "core"."field_changes" (
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
	"entity" text NOT NULL,
	"record_id" uuid NOT NULL,
	"field" text NOT NULL,
	"old" jsonb,
	"new" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"member_id" uuid,
	"via" text,
	"proposal_id" uuid,
	CONSTRAINT "field_changes_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."field_changes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "core"."field_changes" ADD CONSTRAINT "field_changes_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."field_changes" ADD CONSTRAINT "field_changes_proposal_id_fk" FOREIGN KEY ("tenant_id","proposal_id") REFERENCES "workflow"."proposals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "field_changes_record_id_idx" ON "core"."field_changes" USING btree ("tenant_id","record_id");--> statement-breakpoint
CREATE INDEX "field_changes_at_idx" ON "core"."field_changes" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "field_changes_member_id_idx" ON "core"."field_changes" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "field_changes_proposal_id_idx" ON "core"."field_changes" USING btree ("tenant_id","proposal_id");--> statement-breakpoint
CREATE POLICY "field_changes_tenant" ON "core"."field_changes" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));