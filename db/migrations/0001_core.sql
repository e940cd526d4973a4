CREATE SCHEMA "core";
--> statement-breakpoint
CREATE SCHEMA "crm";
--> statement-breakpoint
CREATE SCHEMA "intel";
--> statement-breakpoint
CREATE SCHEMA "workflow";
--> statement-breakpoint
CREATE TABLE "core"."tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"vertical" text DEFAULT 'sales' NOT NULL,
	"timezone" text DEFAULT 'UTC' NOT NULL,
	"currency" text DEFAULT 'USD' NOT NULL,
	"country" text DEFAULT 'US' NOT NULL,
	"clock_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenants_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "core"."members" (
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
	"email" text NOT NULL,
	"given_name" text NOT NULL,
	"family_name" text NOT NULL,
	"role" text NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "members_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "core"."access_tokens" (
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
	"token_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "access_tokens_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."access_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "core"."audit_events" (
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
	"entity" text,
	"record_id" uuid,
	"via" text NOT NULL,
	"member_id" uuid,
	"data" jsonb NOT NULL,
	"position" bigint NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_events_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."audit_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."companies" (
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
	"domain" text,
	"kind" text DEFAULT 'prospect' NOT NULL,
	"status" text,
	"industry" text,
	"city" text,
	"country" text,
	"owner_id" uuid,
	"notes" text,
	"source" text,
	"last_interaction_at" timestamp with time zone,
	CONSTRAINT "companies_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."companies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."people" (
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
	"given_name" text,
	"family_name" text,
	"title" text,
	"role" text,
	"company_id" uuid,
	"owner_id" uuid,
	"city" text,
	"country" text,
	"linkedin_url" text,
	"notes" text,
	"source" text,
	"last_interaction_at" timestamp with time zone,
	"last_meeting_at" timestamp with time zone,
	"last_inbound_at" timestamp with time zone,
	"last_outbound_at" timestamp with time zone,
	CONSTRAINT "people_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."person_emails" (
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
	"person_id" uuid NOT NULL,
	"address" text NOT NULL,
	"label" text,
	"is_primary" boolean DEFAULT false NOT NULL,
	CONSTRAINT "person_emails_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."person_emails" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."person_phones" (
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
	"person_id" uuid NOT NULL,
	"number" text NOT NULL,
	"label" text,
	"is_primary" boolean DEFAULT false NOT NULL,
	CONSTRAINT "person_phones_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."person_phones" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."property_interests" (
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
	"person_id" uuid NOT NULL,
	"budget_minor" bigint,
	"currency" text NOT NULL,
	"bedrooms_min" integer,
	"area" text,
	CONSTRAINT "property_interests_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."property_interests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."stages" (
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
	"position" integer NOT NULL,
	"kind" text DEFAULT 'open' NOT NULL,
	"probability" numeric(4, 3) DEFAULT 0 NOT NULL,
	CONSTRAINT "stages_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."stages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."deals" (
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
	"company_id" uuid,
	"stage_id" uuid NOT NULL,
	"owner_id" uuid,
	"amount_minor" bigint,
	"currency" text NOT NULL,
	"close_date" date,
	"closed_at" timestamp with time zone,
	"stage_since" timestamp with time zone,
	"side" text,
	"bedrooms" integer,
	"next_step" text,
	"notes" text,
	"source" text,
	"last_interaction_at" timestamp with time zone,
	CONSTRAINT "deals_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."deals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."deal_people" (
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
	"deal_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text,
	CONSTRAINT "deal_people_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."deal_people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."deal_stage_events" (
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
	"deal_id" uuid NOT NULL,
	"from_stage_id" uuid,
	"to_stage_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deal_stage_events_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."deal_stage_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."tags" (
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
	CONSTRAINT "tags_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."tags" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."person_tags" (
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
	"person_id" uuid NOT NULL,
	"tag_id" uuid NOT NULL,
	CONSTRAINT "person_tags_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."person_tags" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."company_tags" (
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
	"company_id" uuid NOT NULL,
	"tag_id" uuid NOT NULL,
	CONSTRAINT "company_tags_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."company_tags" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."deal_tags" (
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
	"deal_id" uuid NOT NULL,
	"tag_id" uuid NOT NULL,
	CONSTRAINT "deal_tags_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."deal_tags" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."tasks" (
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
	"title" text NOT NULL,
	"due_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	"assignee_id" uuid,
	"company_id" uuid,
	"deal_id" uuid,
	"notes" text,
	CONSTRAINT "tasks_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."tasks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."task_people" (
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
	"task_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "task_people_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."task_people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."interactions" (
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
	"direction" text,
	"occurred_at" timestamp with time zone NOT NULL,
	"summary" text,
	"body" text,
	"duration_minutes" integer,
	"company_id" uuid,
	"deal_id" uuid,
	"member_id" uuid,
	"email_id" uuid,
	"source" text,
	"external_id" text,
	CONSTRAINT "interactions_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."interactions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."interaction_people" (
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
	"interaction_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "interaction_people_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."interaction_people" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."mail_threads" (
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
	"first_at" timestamp with time zone,
	"last_at" timestamp with time zone,
	"last_direction" text,
	"message_count" integer DEFAULT 0 NOT NULL,
	"needs_reply" boolean DEFAULT false NOT NULL,
	"owner_id" uuid,
	"person_id" uuid,
	"company_id" uuid,
	CONSTRAINT "mail_threads_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."mail_threads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."mail_messages" (
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
	"thread_id" uuid NOT NULL,
	"message_id" text NOT NULL,
	"in_reply_to" text,
	"reference_ids" text[],
	"content_hash" text NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"direction" text NOT NULL,
	"from_address" text,
	"from_name" text,
	"from_person_id" uuid,
	"from_member_id" uuid,
	"company_id" uuid,
	"subject" text NOT NULL,
	"body_text" text NOT NULL,
	"quoted_text" text,
	"signature_text" text,
	"is_bulk" boolean DEFAULT false NOT NULL,
	"has_attachment" boolean DEFAULT false NOT NULL,
	"size_bytes" integer NOT NULL,
	"source" text NOT NULL,
	"fault" text,
	CONSTRAINT "mail_messages_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."mail_recipients" (
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
	"email_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"address" text NOT NULL,
	"name" text,
	"person_id" uuid,
	"member_id" uuid,
	CONSTRAINT "mail_recipients_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."mail_recipients" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."mail_attachments" (
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
	"email_id" uuid NOT NULL,
	"filename" text,
	"mime_type" text NOT NULL,
	"size_bytes" integer NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "mail_attachments_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."mail_attachments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."conversations" (
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
	"member_id" uuid,
	"channel" text NOT NULL,
	"external_key" text,
	"key" "bytea",
	"handles_issued" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "conversations_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."conversations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."turns" (
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
	"position" integer NOT NULL,
	"role" text NOT NULL,
	"content" jsonb NOT NULL,
	CONSTRAINT "turns_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."turns" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."handles" (
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
	"number" text NOT NULL,
	"label" text NOT NULL,
	"entity" text,
	"record_id" uuid,
	"ciphertext" "bytea",
	"value_mac" text,
	CONSTRAINT "handles_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."handles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."tool_calls" (
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
	"conversation_id" uuid,
	"tool" text NOT NULL,
	"via" text NOT NULL,
	"member_id" uuid,
	"arguments" jsonb NOT NULL,
	"ok" boolean NOT NULL,
	"error_code" text,
	"duration_ms" integer NOT NULL,
	CONSTRAINT "tool_calls_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."tool_calls" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."proposals" (
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
	"conversation_id" uuid,
	"proposed_by" uuid,
	"proposed_via" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"diff_hash" text NOT NULL,
	"reason" text,
	"changes" jsonb NOT NULL,
	"inverse" jsonb,
	"idempotency_key" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_via" text,
	"decided_at" timestamp with time zone,
	"decision_note" text,
	"executed_at" timestamp with time zone,
	"undone_at" timestamp with time zone,
	"failure" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp with time zone,
	CONSTRAINT "proposals_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."imports" (
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
	"source" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"cursor" jsonb,
	"counts" jsonb NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "imports_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."imports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "core"."access_tokens" ADD CONSTRAINT "access_tokens_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD CONSTRAINT "companies_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD CONSTRAINT "people_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD CONSTRAINT "people_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."person_emails" ADD CONSTRAINT "person_emails_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."person_phones" ADD CONSTRAINT "person_phones_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."property_interests" ADD CONSTRAINT "property_interests_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD CONSTRAINT "deals_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD CONSTRAINT "deals_stage_id_fk" FOREIGN KEY ("tenant_id","stage_id") REFERENCES "crm"."stages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD CONSTRAINT "deals_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_people" ADD CONSTRAINT "deal_people_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_people" ADD CONSTRAINT "deal_people_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_stage_events" ADD CONSTRAINT "deal_stage_events_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_stage_events" ADD CONSTRAINT "deal_stage_events_from_stage_id_fk" FOREIGN KEY ("tenant_id","from_stage_id") REFERENCES "crm"."stages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_stage_events" ADD CONSTRAINT "deal_stage_events_to_stage_id_fk" FOREIGN KEY ("tenant_id","to_stage_id") REFERENCES "crm"."stages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."person_tags" ADD CONSTRAINT "person_tags_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."person_tags" ADD CONSTRAINT "person_tags_tag_id_fk" FOREIGN KEY ("tenant_id","tag_id") REFERENCES "crm"."tags"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."company_tags" ADD CONSTRAINT "company_tags_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."company_tags" ADD CONSTRAINT "company_tags_tag_id_fk" FOREIGN KEY ("tenant_id","tag_id") REFERENCES "crm"."tags"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_tags" ADD CONSTRAINT "deal_tags_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_tags" ADD CONSTRAINT "deal_tags_tag_id_fk" FOREIGN KEY ("tenant_id","tag_id") REFERENCES "crm"."tags"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."tasks" ADD CONSTRAINT "tasks_assignee_id_fk" FOREIGN KEY ("tenant_id","assignee_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."tasks" ADD CONSTRAINT "tasks_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."tasks" ADD CONSTRAINT "tasks_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."task_people" ADD CONSTRAINT "task_people_task_id_fk" FOREIGN KEY ("tenant_id","task_id") REFERENCES "crm"."tasks"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."task_people" ADD CONSTRAINT "task_people_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD CONSTRAINT "interactions_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD CONSTRAINT "interactions_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD CONSTRAINT "interactions_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD CONSTRAINT "interactions_email_id_fk" FOREIGN KEY ("tenant_id","email_id") REFERENCES "intel"."mail_messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."interaction_people" ADD CONSTRAINT "interaction_people_interaction_id_fk" FOREIGN KEY ("tenant_id","interaction_id") REFERENCES "intel"."interactions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."interaction_people" ADD CONSTRAINT "interaction_people_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_threads" ADD CONSTRAINT "mail_threads_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_threads" ADD CONSTRAINT "mail_threads_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_threads" ADD CONSTRAINT "mail_threads_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ADD CONSTRAINT "mail_messages_thread_id_fk" FOREIGN KEY ("tenant_id","thread_id") REFERENCES "intel"."mail_threads"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ADD CONSTRAINT "mail_messages_from_person_id_fk" FOREIGN KEY ("tenant_id","from_person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ADD CONSTRAINT "mail_messages_from_member_id_fk" FOREIGN KEY ("tenant_id","from_member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_messages" ADD CONSTRAINT "mail_messages_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_recipients" ADD CONSTRAINT "mail_recipients_email_id_fk" FOREIGN KEY ("tenant_id","email_id") REFERENCES "intel"."mail_messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_recipients" ADD CONSTRAINT "mail_recipients_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_recipients" ADD CONSTRAINT "mail_recipients_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."mail_attachments" ADD CONSTRAINT "mail_attachments_email_id_fk" FOREIGN KEY ("tenant_id","email_id") REFERENCES "intel"."mail_messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."conversations" ADD CONSTRAINT "conversations_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."turns" ADD CONSTRAINT "turns_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."handles" ADD CONSTRAINT "handles_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."tool_calls" ADD CONSTRAINT "tool_calls_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."tool_calls" ADD CONSTRAINT "tool_calls_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD CONSTRAINT "proposals_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD CONSTRAINT "proposals_proposed_by_fk" FOREIGN KEY ("tenant_id","proposed_by") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."proposals" ADD CONSTRAINT "proposals_decided_by_fk" FOREIGN KEY ("tenant_id","decided_by") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "members_email_key" ON "core"."members" USING btree ("tenant_id","email") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "access_tokens_member_id_idx" ON "core"."access_tokens" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "access_tokens_token_hash_key" ON "core"."access_tokens" USING btree ("tenant_id","token_hash") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "audit_events_kind_idx" ON "core"."audit_events" USING btree ("tenant_id","kind");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_position_key" ON "core"."audit_events" USING btree ("tenant_id","position") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "companies_domain_idx" ON "crm"."companies" USING btree ("tenant_id","domain");--> statement-breakpoint
CREATE INDEX "companies_owner_id_idx" ON "crm"."companies" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "companies_last_interaction_at_idx" ON "crm"."companies" USING btree ("tenant_id","last_interaction_at");--> statement-breakpoint
CREATE INDEX "people_role_idx" ON "crm"."people" USING btree ("tenant_id","role");--> statement-breakpoint
CREATE INDEX "people_company_id_idx" ON "crm"."people" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "people_owner_id_idx" ON "crm"."people" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "people_last_interaction_at_idx" ON "crm"."people" USING btree ("tenant_id","last_interaction_at");--> statement-breakpoint
CREATE INDEX "person_emails_person_id_idx" ON "crm"."person_emails" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_emails_address_key" ON "crm"."person_emails" USING btree ("tenant_id","address") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "person_phones_person_id_idx" ON "crm"."person_phones" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_phones_person_id_number_key" ON "crm"."person_phones" USING btree ("tenant_id","person_id","number") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "property_interests_person_id_idx" ON "crm"."property_interests" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "stages_name_key" ON "crm"."stages" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "deals_company_id_idx" ON "crm"."deals" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "deals_stage_id_idx" ON "crm"."deals" USING btree ("tenant_id","stage_id");--> statement-breakpoint
CREATE INDEX "deals_owner_id_idx" ON "crm"."deals" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "deals_close_date_idx" ON "crm"."deals" USING btree ("tenant_id","close_date");--> statement-breakpoint
CREATE INDEX "deals_last_interaction_at_idx" ON "crm"."deals" USING btree ("tenant_id","last_interaction_at");--> statement-breakpoint
CREATE INDEX "deal_people_deal_id_idx" ON "crm"."deal_people" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "deal_people_person_id_idx" ON "crm"."deal_people" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "deal_people_deal_id_person_id_key" ON "crm"."deal_people" USING btree ("tenant_id","deal_id","person_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "deal_stage_events_deal_id_idx" ON "crm"."deal_stage_events" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "deal_stage_events_from_stage_id_idx" ON "crm"."deal_stage_events" USING btree ("tenant_id","from_stage_id");--> statement-breakpoint
CREATE INDEX "deal_stage_events_to_stage_id_idx" ON "crm"."deal_stage_events" USING btree ("tenant_id","to_stage_id");--> statement-breakpoint
CREATE INDEX "deal_stage_events_at_idx" ON "crm"."deal_stage_events" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "tags_name_key" ON "crm"."tags" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "person_tags_person_id_idx" ON "crm"."person_tags" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "person_tags_tag_id_idx" ON "crm"."person_tags" USING btree ("tenant_id","tag_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_tags_person_id_tag_id_key" ON "crm"."person_tags" USING btree ("tenant_id","person_id","tag_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "company_tags_company_id_idx" ON "crm"."company_tags" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "company_tags_tag_id_idx" ON "crm"."company_tags" USING btree ("tenant_id","tag_id");--> statement-breakpoint
CREATE UNIQUE INDEX "company_tags_company_id_tag_id_key" ON "crm"."company_tags" USING btree ("tenant_id","company_id","tag_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "deal_tags_deal_id_idx" ON "crm"."deal_tags" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "deal_tags_tag_id_idx" ON "crm"."deal_tags" USING btree ("tenant_id","tag_id");--> statement-breakpoint
CREATE UNIQUE INDEX "deal_tags_deal_id_tag_id_key" ON "crm"."deal_tags" USING btree ("tenant_id","deal_id","tag_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "tasks_due_at_idx" ON "crm"."tasks" USING btree ("tenant_id","due_at");--> statement-breakpoint
CREATE INDEX "tasks_assignee_id_idx" ON "crm"."tasks" USING btree ("tenant_id","assignee_id");--> statement-breakpoint
CREATE INDEX "tasks_company_id_idx" ON "crm"."tasks" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "tasks_deal_id_idx" ON "crm"."tasks" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "task_people_task_id_idx" ON "crm"."task_people" USING btree ("tenant_id","task_id");--> statement-breakpoint
CREATE INDEX "task_people_person_id_idx" ON "crm"."task_people" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "task_people_task_id_person_id_key" ON "crm"."task_people" USING btree ("tenant_id","task_id","person_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "interactions_occurred_at_idx" ON "intel"."interactions" USING btree ("tenant_id","occurred_at");--> statement-breakpoint
CREATE INDEX "interactions_company_id_idx" ON "intel"."interactions" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "interactions_deal_id_idx" ON "intel"."interactions" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "interactions_member_id_idx" ON "intel"."interactions" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "interactions_email_id_idx" ON "intel"."interactions" USING btree ("tenant_id","email_id");--> statement-breakpoint
CREATE UNIQUE INDEX "interactions_source_external_id_key" ON "intel"."interactions" USING btree ("tenant_id","source","external_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "interaction_people_interaction_id_idx" ON "intel"."interaction_people" USING btree ("tenant_id","interaction_id");--> statement-breakpoint
CREATE INDEX "interaction_people_person_id_idx" ON "intel"."interaction_people" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "interaction_people_interaction_id_person_id_key" ON "intel"."interaction_people" USING btree ("tenant_id","interaction_id","person_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "mail_threads_last_at_idx" ON "intel"."mail_threads" USING btree ("tenant_id","last_at");--> statement-breakpoint
CREATE INDEX "mail_threads_owner_id_idx" ON "intel"."mail_threads" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "mail_threads_person_id_idx" ON "intel"."mail_threads" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "mail_threads_company_id_idx" ON "intel"."mail_threads" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "mail_messages_thread_id_idx" ON "intel"."mail_messages" USING btree ("tenant_id","thread_id");--> statement-breakpoint
CREATE INDEX "mail_messages_sent_at_idx" ON "intel"."mail_messages" USING btree ("tenant_id","sent_at");--> statement-breakpoint
CREATE INDEX "mail_messages_from_address_idx" ON "intel"."mail_messages" USING btree ("tenant_id","from_address");--> statement-breakpoint
CREATE INDEX "mail_messages_from_person_id_idx" ON "intel"."mail_messages" USING btree ("tenant_id","from_person_id");--> statement-breakpoint
CREATE INDEX "mail_messages_from_member_id_idx" ON "intel"."mail_messages" USING btree ("tenant_id","from_member_id");--> statement-breakpoint
CREATE INDEX "mail_messages_company_id_idx" ON "intel"."mail_messages" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_messages_message_id_content_hash_key" ON "intel"."mail_messages" USING btree ("tenant_id","message_id","content_hash") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "mail_recipients_email_id_idx" ON "intel"."mail_recipients" USING btree ("tenant_id","email_id");--> statement-breakpoint
CREATE INDEX "mail_recipients_address_idx" ON "intel"."mail_recipients" USING btree ("tenant_id","address");--> statement-breakpoint
CREATE INDEX "mail_recipients_person_id_idx" ON "intel"."mail_recipients" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "mail_recipients_member_id_idx" ON "intel"."mail_recipients" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "mail_attachments_email_id_idx" ON "intel"."mail_attachments" USING btree ("tenant_id","email_id");--> statement-breakpoint
CREATE INDEX "conversations_member_id_idx" ON "workflow"."conversations" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_channel_external_key_key" ON "workflow"."conversations" USING btree ("tenant_id","channel","external_key") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "turns_conversation_id_idx" ON "workflow"."turns" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "turns_conversation_id_position_key" ON "workflow"."turns" USING btree ("tenant_id","conversation_id","position") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "handles_conversation_id_idx" ON "workflow"."handles" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "handles_conversation_id_number_key" ON "workflow"."handles" USING btree ("tenant_id","conversation_id","number") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "handles_conversation_id_entity_record_id_key" ON "workflow"."handles" USING btree ("tenant_id","conversation_id","entity","record_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "handles_conversation_id_value_mac_key" ON "workflow"."handles" USING btree ("tenant_id","conversation_id","value_mac") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "tool_calls_conversation_id_idx" ON "workflow"."tool_calls" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "tool_calls_tool_idx" ON "workflow"."tool_calls" USING btree ("tenant_id","tool");--> statement-breakpoint
CREATE INDEX "tool_calls_member_id_idx" ON "workflow"."tool_calls" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "proposals_conversation_id_idx" ON "workflow"."proposals" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "proposals_proposed_by_idx" ON "workflow"."proposals" USING btree ("tenant_id","proposed_by");--> statement-breakpoint
CREATE INDEX "proposals_state_idx" ON "workflow"."proposals" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "proposals_decided_by_idx" ON "workflow"."proposals" USING btree ("tenant_id","decided_by");--> statement-breakpoint
CREATE UNIQUE INDEX "proposals_idempotency_key_key" ON "workflow"."proposals" USING btree ("tenant_id","idempotency_key") WHERE deleted_at is null;--> statement-breakpoint
CREATE POLICY "members_tenant" ON "core"."members" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "access_tokens_tenant" ON "core"."access_tokens" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "audit_events_tenant" ON "core"."audit_events" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "companies_tenant" ON "crm"."companies" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "people_tenant" ON "crm"."people" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "person_emails_tenant" ON "crm"."person_emails" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "person_phones_tenant" ON "crm"."person_phones" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "property_interests_tenant" ON "crm"."property_interests" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "stages_tenant" ON "crm"."stages" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deals_tenant" ON "crm"."deals" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deal_people_tenant" ON "crm"."deal_people" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deal_stage_events_tenant" ON "crm"."deal_stage_events" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "tags_tenant" ON "crm"."tags" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "person_tags_tenant" ON "crm"."person_tags" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "company_tags_tenant" ON "crm"."company_tags" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deal_tags_tenant" ON "crm"."deal_tags" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "tasks_tenant" ON "crm"."tasks" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "task_people_tenant" ON "crm"."task_people" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "interactions_tenant" ON "intel"."interactions" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "interaction_people_tenant" ON "intel"."interaction_people" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "mail_threads_tenant" ON "intel"."mail_threads" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "mail_messages_tenant" ON "intel"."mail_messages" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "mail_recipients_tenant" ON "intel"."mail_recipients" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "mail_attachments_tenant" ON "intel"."mail_attachments" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "conversations_tenant" ON "workflow"."conversations" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "turns_tenant" ON "workflow"."turns" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "handles_tenant" ON "workflow"."handles" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "tool_calls_tenant" ON "workflow"."tool_calls" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "proposals_tenant" ON "workflow"."proposals" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "imports_tenant" ON "workflow"."imports" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));