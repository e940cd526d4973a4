CREATE TABLE "workflow"."egress" (
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
	"conversation_id" uuid NOT NULL,
	"answer_id" uuid NOT NULL,
	"model" text NOT NULL,
	"body_sha256" text NOT NULL,
	"body_bytes" integer NOT NULL,
	"body" "bytea",
	"policy" text NOT NULL,
	"dictionary_version" integer NOT NULL,
	"handles" jsonb NOT NULL,
	"scanned_values" integer NOT NULL,
	"leaks" integer NOT NULL,
	"sent" boolean NOT NULL,
	"audit_position" integer NOT NULL,
	CONSTRAINT "egress_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."egress" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "core"."tenants" ADD COLUMN "privacy_policy" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE "workflow"."egress" ADD CONSTRAINT "egress_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "egress_conversation_id_idx" ON "workflow"."egress" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "egress_answer_id_idx" ON "workflow"."egress" USING btree ("tenant_id","answer_id");--> statement-breakpoint
CREATE POLICY "egress_tenant" ON "workflow"."egress" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));