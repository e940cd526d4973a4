CREATE TABLE "intel"."score_models" (
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
	"weights" jsonb,
	"medians" jsonb NOT NULL,
	"closed" integer NOT NULL,
	"won" integer NOT NULL,
	"fitted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "score_models_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."score_models" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "score_models_fitted_at_idx" ON "intel"."score_models" USING btree ("tenant_id","fitted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "score_models_kind_key" ON "intel"."score_models" USING btree ("tenant_id","kind") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "score_models_tenant" ON "intel"."score_models" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));