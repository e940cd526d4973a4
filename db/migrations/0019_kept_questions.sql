CREATE TABLE "workflow"."asked_queries" (
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
	"question" jsonb NOT NULL,
	"member_id" uuid,
	"policy" text NOT NULL,
	"as_of" timestamp with time zone DEFAULT now() NOT NULL,
	"row_count" integer NOT NULL,
	"result_hash" text NOT NULL,
	CONSTRAINT "asked_queries_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."asked_queries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."saved_queries" (
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
	"name" text NOT NULL,
	"wording" text NOT NULL,
	"question" jsonb NOT NULL,
	"shape" jsonb NOT NULL,
	"member_id" uuid,
	"is_verified" boolean DEFAULT false NOT NULL,
	"verified_by" uuid,
	"verified_at" timestamp with time zone,
	CONSTRAINT "saved_queries_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."saved_queries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "core"."tenants" ADD COLUMN "fiscal_year_month" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "workflow"."asked_queries" ADD CONSTRAINT "asked_queries_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."saved_queries" ADD CONSTRAINT "saved_queries_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."saved_queries" ADD CONSTRAINT "saved_queries_verified_by_fk" FOREIGN KEY ("tenant_id","verified_by") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "asked_queries_member_id_idx" ON "workflow"."asked_queries" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "asked_queries_as_of_idx" ON "workflow"."asked_queries" USING btree ("tenant_id","as_of");--> statement-breakpoint
CREATE INDEX "saved_queries_member_id_idx" ON "workflow"."saved_queries" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "saved_queries_verified_by_idx" ON "workflow"."saved_queries" USING btree ("tenant_id","verified_by");--> statement-breakpoint
CREATE UNIQUE INDEX "saved_queries_name_key" ON "workflow"."saved_queries" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "asked_queries_tenant" ON "workflow"."asked_queries" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "saved_queries_tenant" ON "workflow"."saved_queries" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));