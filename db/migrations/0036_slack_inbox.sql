CREATE TABLE "workflow"."slack_events" (
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
	"event_id" text NOT NULL,
	"kind" text NOT NULL,
	"queue" text NOT NULL,
	"slack_ts" text NOT NULL,
	"about_message" text,
	"says" text,
	"body" jsonb,
	"state" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"answer" jsonb,
	"failure" text,
	CONSTRAINT "slack_events_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."slack_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."slack_cards" (
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
	"team_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"message_ts" text NOT NULL,
	"member_id" uuid,
	"drawn" text NOT NULL,
	"leased_until" timestamp with time zone,
	CONSTRAINT "slack_cards_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."slack_cards" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."answer_ratings" (
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
	"answer" text NOT NULL,
	"member_id" uuid NOT NULL,
	"rating" text NOT NULL,
	CONSTRAINT "answer_ratings_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."answer_ratings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "workflow"."slack_cards" ADD CONSTRAINT "slack_cards_proposal_id_fk" FOREIGN KEY ("tenant_id","proposal_id") REFERENCES "workflow"."proposals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."slack_cards" ADD CONSTRAINT "slack_cards_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."answer_ratings" ADD CONSTRAINT "answer_ratings_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."answer_ratings" ADD CONSTRAINT "answer_ratings_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "slack_events_state_idx" ON "workflow"."slack_events" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "slack_events_event_id_key" ON "workflow"."slack_events" USING btree ("tenant_id","event_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "slack_cards_proposal_id_idx" ON "workflow"."slack_cards" USING btree ("tenant_id","proposal_id");--> statement-breakpoint
CREATE INDEX "slack_cards_member_id_idx" ON "workflow"."slack_cards" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "slack_cards_channel_id_message_ts_key" ON "workflow"."slack_cards" USING btree ("tenant_id","channel_id","message_ts") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "answer_ratings_conversation_id_idx" ON "workflow"."answer_ratings" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "answer_ratings_member_id_idx" ON "workflow"."answer_ratings" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "answer_ratings_answer_member_id_key" ON "workflow"."answer_ratings" USING btree ("tenant_id","answer","member_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "slack_events_tenant" ON "workflow"."slack_events" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "slack_cards_tenant" ON "workflow"."slack_cards" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "answer_ratings_tenant" ON "workflow"."answer_ratings" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE INDEX slack_events_waiting ON workflow.slack_events (tenant_id, queue, slack_ts, id) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX slack_events_facts ON workflow.slack_events (tenant_id, about_message) WHERE kind = 'fact';
