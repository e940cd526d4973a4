CREATE TABLE "workflow"."preferences" (
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
	"name" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "preferences_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."preferences" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."taught_words" (
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
	"word" text NOT NULL,
	"means" text NOT NULL,
	"member_id" uuid,
	CONSTRAINT "taught_words_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."taught_words" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."unread_questions" (
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
	"member_id" uuid,
	"question" text NOT NULL,
	CONSTRAINT "unread_questions_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."unread_questions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD COLUMN "answer_id" uuid;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD COLUMN "instead_of" text;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD COLUMN "requests" integer;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD COLUMN "cached_tokens" integer;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD COLUMN "cost_microdollars" bigint;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD COLUMN "steps" jsonb;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD COLUMN "leased_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "workflow"."preferences" ADD CONSTRAINT "preferences_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."taught_words" ADD CONSTRAINT "taught_words_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."unread_questions" ADD CONSTRAINT "unread_questions_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."unread_questions" ADD CONSTRAINT "unread_questions_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "preferences_member_id_idx" ON "workflow"."preferences" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "preferences_member_id_name_key" ON "workflow"."preferences" USING btree ("tenant_id","member_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "taught_words_member_id_idx" ON "workflow"."taught_words" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "taught_words_word_key" ON "workflow"."taught_words" USING btree ("tenant_id","word") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "unread_questions_conversation_id_idx" ON "workflow"."unread_questions" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "unread_questions_member_id_idx" ON "workflow"."unread_questions" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE POLICY "preferences_tenant" ON "workflow"."preferences" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "taught_words_tenant" ON "workflow"."taught_words" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "unread_questions_tenant" ON "workflow"."unread_questions" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));