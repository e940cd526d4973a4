CREATE TABLE "workflow"."import_rows" (
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
	"import_id" uuid NOT NULL,
	"row_number" integer NOT NULL,
	"raw" jsonb NOT NULL,
	"mapped" jsonb,
	"state" text DEFAULT 'parsed' NOT NULL,
	"message" text,
	"score" numeric(4, 3),
	"entity" text,
	"record_id" uuid,
	"proposal_id" uuid,
	CONSTRAINT "import_rows_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."import_rows" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow"."imports" ADD COLUMN "file_hash" text;--> statement-breakpoint
ALTER TABLE "workflow"."imports" ADD COLUMN "mapping" jsonb;--> statement-breakpoint
ALTER TABLE "workflow"."imports" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "workflow"."import_rows" ADD CONSTRAINT "import_rows_import_id_fk" FOREIGN KEY ("tenant_id","import_id") REFERENCES "workflow"."imports"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."import_rows" ADD CONSTRAINT "import_rows_proposal_id_fk" FOREIGN KEY ("tenant_id","proposal_id") REFERENCES "workflow"."proposals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_rows_import_id_idx" ON "workflow"."import_rows" USING btree ("tenant_id","import_id");--> statement-breakpoint
CREATE INDEX "import_rows_state_idx" ON "workflow"."import_rows" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "import_rows_record_id_idx" ON "workflow"."import_rows" USING btree ("tenant_id","record_id");--> statement-breakpoint
CREATE INDEX "import_rows_proposal_id_idx" ON "workflow"."import_rows" USING btree ("tenant_id","proposal_id");--> statement-breakpoint
CREATE UNIQUE INDEX "import_rows_import_id_row_number_key" ON "workflow"."import_rows" USING btree ("tenant_id","import_id","row_number") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "imports_state_idx" ON "workflow"."imports" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "imports_file_hash_idx" ON "workflow"."imports" USING btree ("tenant_id","file_hash");--> statement-breakpoint
CREATE POLICY "import_rows_tenant" ON "workflow"."import_rows" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));