CREATE SCHEMA "fund";
--> statement-breakpoint
CREATE SCHEMA "inventory";
--> statement-breakpoint
CREATE TABLE "core"."invitations" (
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
	"role" text NOT NULL,
	"invited_by" uuid,
	"token_hash" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"member_id" uuid,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "core"."settings" (
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
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	CONSTRAINT "settings_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "core"."settings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."affiliations" (
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
	"company_id" uuid NOT NULL,
	"role" text,
	"started_on" date,
	"ended_on" date,
	CONSTRAINT "affiliations_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."affiliations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."relationships" (
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
	"other_person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"strength" integer,
	"notes" text,
	CONSTRAINT "relationships_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."relationships" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."households" (
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
	"owner_id" uuid,
	"street" text,
	"city" text,
	"country" text,
	"notes" text,
	CONSTRAINT "households_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."households" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."household_members" (
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
	"household_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text,
	CONSTRAINT "household_members_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."household_members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."pipelines" (
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
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "pipelines_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."pipelines" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."deal_value_events" (
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
	"from_minor" bigint,
	"to_minor" bigint,
	"currency" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deal_value_events_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."deal_value_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."leads" (
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
	"person_id" uuid,
	"company_id" uuid,
	"owner_id" uuid,
	"deal_id" uuid,
	"source" text,
	"status" text DEFAULT 'new' NOT NULL,
	"budget_band" text,
	"urgency" text,
	"contacted_at" timestamp with time zone,
	"notes" text,
	CONSTRAINT "leads_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."leads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."ownership_stakes" (
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
	"holder_person_id" uuid,
	"holder_company_id" uuid,
	"kind" text DEFAULT 'common' NOT NULL,
	"percent" numeric(8, 5),
	"shares" bigint,
	"as_of" date,
	CONSTRAINT "ownership_stakes_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."ownership_stakes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."tag_categories" (
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
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "tag_categories_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."tag_categories" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."lists" (
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
	"kind" text DEFAULT 'custom' NOT NULL,
	"owner_id" uuid,
	CONSTRAINT "lists_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."lists" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."list_memberships" (
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
	"list_id" uuid NOT NULL,
	"person_id" uuid,
	"company_id" uuid,
	CONSTRAINT "list_memberships_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."list_memberships" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "crm"."saved_views" (
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
	"entity" text NOT NULL,
	"filters" jsonb,
	"sorts" jsonb,
	"member_id" uuid,
	"is_shared" boolean DEFAULT false NOT NULL,
	CONSTRAINT "saved_views_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "crm"."saved_views" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "fund"."funds" (
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
	"status" text,
	"vintage" integer,
	"target_minor" bigint,
	"currency" text NOT NULL,
	"final_close_on" date,
	CONSTRAINT "funds_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "fund"."funds" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "fund"."commitments" (
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
	"fund_id" uuid NOT NULL,
	"investor_company_id" uuid,
	"investor_person_id" uuid,
	"owner_id" uuid,
	"status" text DEFAULT 'prospect' NOT NULL,
	"amount_minor" bigint,
	"currency" text NOT NULL,
	"committed_on" date,
	"funded_on" date,
	"called_minor" bigint,
	"deal_id" uuid,
	CONSTRAINT "commitments_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "fund"."commitments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."blobs" (
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
	"sha256" text NOT NULL,
	"storage_key" text,
	"file_name" text,
	"mime_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	CONSTRAINT "blobs_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."blobs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."evidence_events" (
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
	"occurred_at" timestamp with time zone DEFAULT now() NOT NULL,
	"person_id" uuid,
	"company_id" uuid,
	"project_id" uuid,
	"blob_id" uuid,
	"summary" text,
	"confidence" numeric(4, 3),
	"source" text,
	"data" jsonb,
	CONSTRAINT "evidence_events_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."evidence_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."calls" (
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
	"interaction_id" uuid,
	"person_id" uuid,
	"member_id" uuid,
	"deal_id" uuid,
	"direction" text,
	"number" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"duration_seconds" integer,
	"outcome" text,
	"recording_id" uuid,
	"source" text,
	"external_id" text,
	CONSTRAINT "calls_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."calls" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."transcripts" (
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
	"call_id" uuid,
	"meeting_id" uuid,
	"language" text,
	"confidence" numeric(4, 3),
	"summary" text,
	CONSTRAINT "transcripts_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."transcripts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."transcript_turns" (
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
	"transcript_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"speaker" text,
	"person_id" uuid,
	"member_id" uuid,
	"starts_ms" integer,
	"said" text NOT NULL,
	"confidence" numeric(4, 3),
	CONSTRAINT "transcript_turns_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."transcript_turns" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."whatsapp_threads" (
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
	"person_id" uuid,
	"member_id" uuid,
	"number" text NOT NULL,
	"last_at" timestamp with time zone,
	"last_direction" text,
	CONSTRAINT "whatsapp_threads_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."whatsapp_threads" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."whatsapp_messages" (
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
	"interaction_id" uuid,
	"direction" text NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"body" text NOT NULL,
	"external_id" text,
	CONSTRAINT "whatsapp_messages_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."whatsapp_messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."meetings" (
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
	"starts_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ends_at" timestamp with time zone,
	"place" text,
	"interaction_id" uuid,
	"company_id" uuid,
	"deal_id" uuid,
	"member_id" uuid,
	"sentiment" text,
	"quality" integer,
	"outcome" text,
	"notes" text,
	CONSTRAINT "meetings_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."meetings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."meeting_attendees" (
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
	"meeting_id" uuid NOT NULL,
	"person_id" uuid,
	"member_id" uuid,
	"attended" boolean,
	CONSTRAINT "meeting_attendees_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."meeting_attendees" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."action_items" (
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
	"meeting_id" uuid NOT NULL,
	"title" text NOT NULL,
	"member_id" uuid,
	"person_id" uuid,
	"task_id" uuid,
	"due_on" date,
	"done_at" timestamp with time zone,
	CONSTRAINT "action_items_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."action_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."meeting_deal_impacts" (
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
	"meeting_id" uuid NOT NULL,
	"deal_id" uuid NOT NULL,
	"impact" text NOT NULL,
	"probability_change" numeric(4, 3),
	"notes" text,
	CONSTRAINT "meeting_deal_impacts_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."meeting_deal_impacts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."reminders" (
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
	"remind_at" timestamp with time zone DEFAULT now() NOT NULL,
	"done_at" timestamp with time zone,
	"member_id" uuid,
	"task_id" uuid,
	"person_id" uuid,
	"company_id" uuid,
	"deal_id" uuid,
	CONSTRAINT "reminders_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."reminders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."visits" (
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
	"person_id" uuid,
	"project_id" uuid,
	"unit_id" uuid,
	"member_id" uuid,
	"interaction_id" uuid,
	"visited_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rating" integer,
	"feedback" text,
	CONSTRAINT "visits_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."visits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."scores" (
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
	"person_id" uuid,
	"company_id" uuid,
	"deal_id" uuid,
	"value" numeric(6, 2) NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"evidence" jsonb,
	CONSTRAINT "scores_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."scores" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."lead_scores" (
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
	"lead_id" uuid NOT NULL,
	"overall" numeric(6, 2) NOT NULL,
	"fit" numeric(6, 2),
	"intent" numeric(6, 2),
	"engagement" numeric(6, 2),
	"breakdown" jsonb,
	"intent_signals" text,
	"risks" text,
	"next_actions" text,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lead_scores_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."lead_scores" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "intel"."enrichments" (
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
	"company_id" uuid,
	"person_id" uuid,
	"kind" text NOT NULL,
	"title" text,
	"body" text,
	"market_score" numeric(6, 2),
	"source" text NOT NULL,
	"url" text,
	"fetched_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "enrichments_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "intel"."enrichments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inventory"."locations" (
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
	"street" text,
	"area" text,
	"city" text,
	"country" text,
	"latitude" double precision,
	"longitude" double precision,
	CONSTRAINT "locations_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "inventory"."locations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inventory"."projects" (
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
	"developer_id" uuid,
	"location_id" uuid,
	"status" text,
	"completion_on" date,
	"notes" text,
	CONSTRAINT "projects_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "inventory"."projects" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inventory"."units" (
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
	"project_id" uuid,
	"location_id" uuid,
	"code" text NOT NULL,
	"kind" text,
	"bedrooms" integer,
	"bathrooms" integer,
	"size_sqm" numeric(10, 2),
	"floor" integer,
	"price_minor" bigint,
	"currency" text NOT NULL,
	"availability" text DEFAULT 'available' NOT NULL,
	CONSTRAINT "units_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "inventory"."units" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inventory"."unit_prices" (
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
	"unit_id" uuid NOT NULL,
	"price_minor" bigint,
	"currency" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "unit_prices_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "inventory"."unit_prices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inventory"."unit_availabilities" (
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
	"unit_id" uuid NOT NULL,
	"availability" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"until" timestamp with time zone,
	CONSTRAINT "unit_availabilities_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "inventory"."unit_availabilities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "inventory"."media" (
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
	"project_id" uuid,
	"unit_id" uuid,
	"blob_id" uuid,
	"kind" text NOT NULL,
	"caption" text,
	"position" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "media_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "inventory"."media" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."agent_runs" (
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
	"member_id" uuid,
	"via" text NOT NULL,
	"model" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"tool_calls" integer,
	"input_tokens" integer,
	"output_tokens" integer,
	"failure" text,
	CONSTRAINT "agent_runs_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."policy_decisions" (
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
	"via" text NOT NULL,
	"action" text NOT NULL,
	"entity" text,
	"decision" text NOT NULL,
	"rule" text NOT NULL,
	"proposal_id" uuid,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "policy_decisions_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."policy_decisions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."digest_policies" (
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
	"member_id" uuid,
	"channel" text NOT NULL,
	"destination" text,
	"schedule" jsonb NOT NULL,
	"options" jsonb,
	"is_enabled" boolean DEFAULT true NOT NULL,
	CONSTRAINT "digest_policies_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."digest_policies" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."digest_runs" (
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
	"policy_id" uuid,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"state" text NOT NULL,
	"item_count" integer,
	"external_ref" text,
	"leased_until" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"failure" text,
	CONSTRAINT "digest_runs_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."digest_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."automation_rules" (
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
	"trigger" text NOT NULL,
	"conditions" jsonb,
	"actions" jsonb NOT NULL,
	"member_id" uuid,
	"is_enabled" boolean DEFAULT true NOT NULL,
	CONSTRAINT "automation_rules_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."automation_rules" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."automation_runs" (
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
	"rule_id" uuid NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"entity" text,
	"record_id" uuid,
	"proposal_id" uuid,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"failure" text,
	"event_key" text,
	CONSTRAINT "automation_runs_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."automation_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."outbox" (
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
	"payload" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"failure" text,
	"idempotency_key" text NOT NULL,
	CONSTRAINT "outbox_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."outbox" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workflow"."answer_templates" (
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
	"family" text NOT NULL,
	"name" text NOT NULL,
	"template_version" integer DEFAULT 1 NOT NULL,
	"body" jsonb NOT NULL,
	"examples" jsonb,
	"tags" text[],
	"parent_id" uuid,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "answer_templates_tenant_id_id" UNIQUE("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "workflow"."answer_templates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "crm"."stages_name_key";--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "segment" text;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "tier" text;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "mrr_minor" bigint;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "revenue_minor" bigint;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "revenue_currency" text;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "employees" integer;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "health_score" integer;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "industry_confidence" numeric(4, 3);--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "technologies" text;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "is_target" boolean;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD COLUMN "enriched_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "persona" text;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "seniority" text;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "skills" text;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "is_decision_maker" boolean;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "engagement_score" integer;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "preferred_contact" text;--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "source_confidence" numeric(4, 3);--> statement-breakpoint
ALTER TABLE "crm"."people" ADD COLUMN "private_notes" text;--> statement-breakpoint
ALTER TABLE "crm"."stages" ADD COLUMN "pipeline_id" uuid;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD COLUMN "contact_id" uuid;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD COLUMN "probability" numeric(4, 3);--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD COLUMN "risk_factors" text;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD COLUMN "competitors" text;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD COLUMN "lost_reason" text;--> statement-breakpoint
ALTER TABLE "crm"."deal_people" ADD COLUMN "influence" text;--> statement-breakpoint
ALTER TABLE "crm"."deal_people" ADD COLUMN "strength" integer;--> statement-breakpoint
ALTER TABLE "crm"."tags" ADD COLUMN "category_id" uuid;--> statement-breakpoint
ALTER TABLE "crm"."tasks" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "crm"."tasks" ADD COLUMN "priority" text;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD COLUMN "sentiment" text;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD COLUMN "quality" integer;--> statement-breakpoint
ALTER TABLE "intel"."interactions" ADD COLUMN "outcome" text;--> statement-breakpoint
ALTER TABLE "core"."invitations" ADD CONSTRAINT "invitations_invited_by_fk" FOREIGN KEY ("tenant_id","invited_by") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "core"."invitations" ADD CONSTRAINT "invitations_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."affiliations" ADD CONSTRAINT "affiliations_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."affiliations" ADD CONSTRAINT "affiliations_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."relationships" ADD CONSTRAINT "relationships_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."relationships" ADD CONSTRAINT "relationships_other_person_id_fk" FOREIGN KEY ("tenant_id","other_person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."households" ADD CONSTRAINT "households_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."household_members" ADD CONSTRAINT "household_members_household_id_fk" FOREIGN KEY ("tenant_id","household_id") REFERENCES "crm"."households"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."household_members" ADD CONSTRAINT "household_members_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deal_value_events" ADD CONSTRAINT "deal_value_events_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."leads" ADD CONSTRAINT "leads_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."leads" ADD CONSTRAINT "leads_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."leads" ADD CONSTRAINT "leads_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."leads" ADD CONSTRAINT "leads_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."ownership_stakes" ADD CONSTRAINT "ownership_stakes_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."ownership_stakes" ADD CONSTRAINT "ownership_stakes_holder_person_id_fk" FOREIGN KEY ("tenant_id","holder_person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."ownership_stakes" ADD CONSTRAINT "ownership_stakes_holder_company_id_fk" FOREIGN KEY ("tenant_id","holder_company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."lists" ADD CONSTRAINT "lists_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."list_memberships" ADD CONSTRAINT "list_memberships_list_id_fk" FOREIGN KEY ("tenant_id","list_id") REFERENCES "crm"."lists"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."list_memberships" ADD CONSTRAINT "list_memberships_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."list_memberships" ADD CONSTRAINT "list_memberships_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."saved_views" ADD CONSTRAINT "saved_views_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fund"."commitments" ADD CONSTRAINT "commitments_fund_id_fk" FOREIGN KEY ("tenant_id","fund_id") REFERENCES "fund"."funds"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fund"."commitments" ADD CONSTRAINT "commitments_investor_company_id_fk" FOREIGN KEY ("tenant_id","investor_company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fund"."commitments" ADD CONSTRAINT "commitments_investor_person_id_fk" FOREIGN KEY ("tenant_id","investor_person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fund"."commitments" ADD CONSTRAINT "commitments_owner_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fund"."commitments" ADD CONSTRAINT "commitments_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."evidence_events" ADD CONSTRAINT "evidence_events_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."evidence_events" ADD CONSTRAINT "evidence_events_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."evidence_events" ADD CONSTRAINT "evidence_events_project_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "inventory"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."evidence_events" ADD CONSTRAINT "evidence_events_blob_id_fk" FOREIGN KEY ("tenant_id","blob_id") REFERENCES "intel"."blobs"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."calls" ADD CONSTRAINT "calls_interaction_id_fk" FOREIGN KEY ("tenant_id","interaction_id") REFERENCES "intel"."interactions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."calls" ADD CONSTRAINT "calls_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."calls" ADD CONSTRAINT "calls_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."calls" ADD CONSTRAINT "calls_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."calls" ADD CONSTRAINT "calls_recording_id_fk" FOREIGN KEY ("tenant_id","recording_id") REFERENCES "intel"."blobs"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."transcripts" ADD CONSTRAINT "transcripts_call_id_fk" FOREIGN KEY ("tenant_id","call_id") REFERENCES "intel"."calls"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."transcripts" ADD CONSTRAINT "transcripts_meeting_id_fk" FOREIGN KEY ("tenant_id","meeting_id") REFERENCES "intel"."meetings"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."transcript_turns" ADD CONSTRAINT "transcript_turns_transcript_id_fk" FOREIGN KEY ("tenant_id","transcript_id") REFERENCES "intel"."transcripts"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."transcript_turns" ADD CONSTRAINT "transcript_turns_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."transcript_turns" ADD CONSTRAINT "transcript_turns_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."whatsapp_threads" ADD CONSTRAINT "whatsapp_threads_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."whatsapp_threads" ADD CONSTRAINT "whatsapp_threads_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."whatsapp_messages" ADD CONSTRAINT "whatsapp_messages_thread_id_fk" FOREIGN KEY ("tenant_id","thread_id") REFERENCES "intel"."whatsapp_threads"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."whatsapp_messages" ADD CONSTRAINT "whatsapp_messages_interaction_id_fk" FOREIGN KEY ("tenant_id","interaction_id") REFERENCES "intel"."interactions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meetings" ADD CONSTRAINT "meetings_interaction_id_fk" FOREIGN KEY ("tenant_id","interaction_id") REFERENCES "intel"."interactions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meetings" ADD CONSTRAINT "meetings_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meetings" ADD CONSTRAINT "meetings_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meetings" ADD CONSTRAINT "meetings_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meeting_attendees" ADD CONSTRAINT "meeting_attendees_meeting_id_fk" FOREIGN KEY ("tenant_id","meeting_id") REFERENCES "intel"."meetings"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meeting_attendees" ADD CONSTRAINT "meeting_attendees_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meeting_attendees" ADD CONSTRAINT "meeting_attendees_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."action_items" ADD CONSTRAINT "action_items_meeting_id_fk" FOREIGN KEY ("tenant_id","meeting_id") REFERENCES "intel"."meetings"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."action_items" ADD CONSTRAINT "action_items_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."action_items" ADD CONSTRAINT "action_items_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."action_items" ADD CONSTRAINT "action_items_task_id_fk" FOREIGN KEY ("tenant_id","task_id") REFERENCES "crm"."tasks"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meeting_deal_impacts" ADD CONSTRAINT "meeting_deal_impacts_meeting_id_fk" FOREIGN KEY ("tenant_id","meeting_id") REFERENCES "intel"."meetings"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."meeting_deal_impacts" ADD CONSTRAINT "meeting_deal_impacts_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."reminders" ADD CONSTRAINT "reminders_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."reminders" ADD CONSTRAINT "reminders_task_id_fk" FOREIGN KEY ("tenant_id","task_id") REFERENCES "crm"."tasks"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."reminders" ADD CONSTRAINT "reminders_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."reminders" ADD CONSTRAINT "reminders_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."reminders" ADD CONSTRAINT "reminders_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."visits" ADD CONSTRAINT "visits_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."visits" ADD CONSTRAINT "visits_project_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "inventory"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."visits" ADD CONSTRAINT "visits_unit_id_fk" FOREIGN KEY ("tenant_id","unit_id") REFERENCES "inventory"."units"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."visits" ADD CONSTRAINT "visits_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."visits" ADD CONSTRAINT "visits_interaction_id_fk" FOREIGN KEY ("tenant_id","interaction_id") REFERENCES "intel"."interactions"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."scores" ADD CONSTRAINT "scores_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."scores" ADD CONSTRAINT "scores_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."scores" ADD CONSTRAINT "scores_deal_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "crm"."deals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."lead_scores" ADD CONSTRAINT "lead_scores_lead_id_fk" FOREIGN KEY ("tenant_id","lead_id") REFERENCES "crm"."leads"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."enrichments" ADD CONSTRAINT "enrichments_company_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intel"."enrichments" ADD CONSTRAINT "enrichments_person_id_fk" FOREIGN KEY ("tenant_id","person_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."projects" ADD CONSTRAINT "projects_developer_id_fk" FOREIGN KEY ("tenant_id","developer_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."projects" ADD CONSTRAINT "projects_location_id_fk" FOREIGN KEY ("tenant_id","location_id") REFERENCES "inventory"."locations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."units" ADD CONSTRAINT "units_project_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "inventory"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."units" ADD CONSTRAINT "units_location_id_fk" FOREIGN KEY ("tenant_id","location_id") REFERENCES "inventory"."locations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."unit_prices" ADD CONSTRAINT "unit_prices_unit_id_fk" FOREIGN KEY ("tenant_id","unit_id") REFERENCES "inventory"."units"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."unit_availabilities" ADD CONSTRAINT "unit_availabilities_unit_id_fk" FOREIGN KEY ("tenant_id","unit_id") REFERENCES "inventory"."units"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."media" ADD CONSTRAINT "media_project_id_fk" FOREIGN KEY ("tenant_id","project_id") REFERENCES "inventory"."projects"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."media" ADD CONSTRAINT "media_unit_id_fk" FOREIGN KEY ("tenant_id","unit_id") REFERENCES "inventory"."units"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."media" ADD CONSTRAINT "media_blob_id_fk" FOREIGN KEY ("tenant_id","blob_id") REFERENCES "intel"."blobs"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD CONSTRAINT "agent_runs_conversation_id_fk" FOREIGN KEY ("tenant_id","conversation_id") REFERENCES "workflow"."conversations"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."agent_runs" ADD CONSTRAINT "agent_runs_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."policy_decisions" ADD CONSTRAINT "policy_decisions_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."policy_decisions" ADD CONSTRAINT "policy_decisions_proposal_id_fk" FOREIGN KEY ("tenant_id","proposal_id") REFERENCES "workflow"."proposals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."digest_policies" ADD CONSTRAINT "digest_policies_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."digest_runs" ADD CONSTRAINT "digest_runs_policy_id_fk" FOREIGN KEY ("tenant_id","policy_id") REFERENCES "workflow"."digest_policies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."automation_rules" ADD CONSTRAINT "automation_rules_member_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "core"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."automation_runs" ADD CONSTRAINT "automation_runs_rule_id_fk" FOREIGN KEY ("tenant_id","rule_id") REFERENCES "workflow"."automation_rules"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."automation_runs" ADD CONSTRAINT "automation_runs_proposal_id_fk" FOREIGN KEY ("tenant_id","proposal_id") REFERENCES "workflow"."proposals"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workflow"."answer_templates" ADD CONSTRAINT "answer_templates_parent_id_fk" FOREIGN KEY ("tenant_id","parent_id") REFERENCES "workflow"."answer_templates"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invitations_email_idx" ON "core"."invitations" USING btree ("tenant_id","email");--> statement-breakpoint
CREATE INDEX "invitations_invited_by_idx" ON "core"."invitations" USING btree ("tenant_id","invited_by");--> statement-breakpoint
CREATE INDEX "invitations_expires_at_idx" ON "core"."invitations" USING btree ("tenant_id","expires_at");--> statement-breakpoint
CREATE INDEX "invitations_member_id_idx" ON "core"."invitations" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "core"."invitations" USING btree ("tenant_id","token_hash") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "settings_key_key" ON "core"."settings" USING btree ("tenant_id","key") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "affiliations_person_id_idx" ON "crm"."affiliations" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "affiliations_company_id_idx" ON "crm"."affiliations" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "affiliations_started_on_idx" ON "crm"."affiliations" USING btree ("tenant_id","started_on");--> statement-breakpoint
CREATE INDEX "relationships_person_id_idx" ON "crm"."relationships" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "relationships_other_person_id_idx" ON "crm"."relationships" USING btree ("tenant_id","other_person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "relationships_person_id_other_person_id_kind_key" ON "crm"."relationships" USING btree ("tenant_id","person_id","other_person_id","kind") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "households_owner_id_idx" ON "crm"."households" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "households_updated_at_idx" ON "crm"."households" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE INDEX "household_members_household_id_idx" ON "crm"."household_members" USING btree ("tenant_id","household_id");--> statement-breakpoint
CREATE INDEX "household_members_person_id_idx" ON "crm"."household_members" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "household_members_household_id_person_id_key" ON "crm"."household_members" USING btree ("tenant_id","household_id","person_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "pipelines_position_idx" ON "crm"."pipelines" USING btree ("tenant_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "pipelines_name_key" ON "crm"."pipelines" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "deal_value_events_deal_id_idx" ON "crm"."deal_value_events" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "deal_value_events_at_idx" ON "crm"."deal_value_events" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "leads_person_id_idx" ON "crm"."leads" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "leads_company_id_idx" ON "crm"."leads" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "leads_owner_id_idx" ON "crm"."leads" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "leads_deal_id_idx" ON "crm"."leads" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "leads_source_idx" ON "crm"."leads" USING btree ("tenant_id","source");--> statement-breakpoint
CREATE INDEX "leads_status_idx" ON "crm"."leads" USING btree ("tenant_id","status");--> statement-breakpoint
CREATE INDEX "ownership_stakes_company_id_idx" ON "crm"."ownership_stakes" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "ownership_stakes_holder_person_id_idx" ON "crm"."ownership_stakes" USING btree ("tenant_id","holder_person_id");--> statement-breakpoint
CREATE INDEX "ownership_stakes_holder_company_id_idx" ON "crm"."ownership_stakes" USING btree ("tenant_id","holder_company_id");--> statement-breakpoint
CREATE INDEX "ownership_stakes_as_of_idx" ON "crm"."ownership_stakes" USING btree ("tenant_id","as_of");--> statement-breakpoint
CREATE UNIQUE INDEX "tag_categories_name_key" ON "crm"."tag_categories" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "lists_kind_idx" ON "crm"."lists" USING btree ("tenant_id","kind");--> statement-breakpoint
CREATE INDEX "lists_owner_id_idx" ON "crm"."lists" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "lists_name_key" ON "crm"."lists" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "list_memberships_list_id_idx" ON "crm"."list_memberships" USING btree ("tenant_id","list_id");--> statement-breakpoint
CREATE INDEX "list_memberships_person_id_idx" ON "crm"."list_memberships" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "list_memberships_company_id_idx" ON "crm"."list_memberships" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE UNIQUE INDEX "list_memberships_list_id_person_id_key" ON "crm"."list_memberships" USING btree ("tenant_id","list_id","person_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "list_memberships_list_id_company_id_key" ON "crm"."list_memberships" USING btree ("tenant_id","list_id","company_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "saved_views_entity_idx" ON "crm"."saved_views" USING btree ("tenant_id","entity");--> statement-breakpoint
CREATE INDEX "saved_views_member_id_idx" ON "crm"."saved_views" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "funds_updated_at_idx" ON "fund"."funds" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "funds_name_key" ON "fund"."funds" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "commitments_fund_id_idx" ON "fund"."commitments" USING btree ("tenant_id","fund_id");--> statement-breakpoint
CREATE INDEX "commitments_investor_company_id_idx" ON "fund"."commitments" USING btree ("tenant_id","investor_company_id");--> statement-breakpoint
CREATE INDEX "commitments_investor_person_id_idx" ON "fund"."commitments" USING btree ("tenant_id","investor_person_id");--> statement-breakpoint
CREATE INDEX "commitments_owner_id_idx" ON "fund"."commitments" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "commitments_status_idx" ON "fund"."commitments" USING btree ("tenant_id","status");--> statement-breakpoint
CREATE INDEX "commitments_committed_on_idx" ON "fund"."commitments" USING btree ("tenant_id","committed_on");--> statement-breakpoint
CREATE INDEX "commitments_deal_id_idx" ON "fund"."commitments" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE UNIQUE INDEX "blobs_sha256_key" ON "intel"."blobs" USING btree ("tenant_id","sha256") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "evidence_events_occurred_at_idx" ON "intel"."evidence_events" USING btree ("tenant_id","occurred_at");--> statement-breakpoint
CREATE INDEX "evidence_events_person_id_idx" ON "intel"."evidence_events" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "evidence_events_company_id_idx" ON "intel"."evidence_events" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "evidence_events_project_id_idx" ON "intel"."evidence_events" USING btree ("tenant_id","project_id");--> statement-breakpoint
CREATE INDEX "evidence_events_blob_id_idx" ON "intel"."evidence_events" USING btree ("tenant_id","blob_id");--> statement-breakpoint
CREATE INDEX "calls_interaction_id_idx" ON "intel"."calls" USING btree ("tenant_id","interaction_id");--> statement-breakpoint
CREATE INDEX "calls_person_id_idx" ON "intel"."calls" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "calls_member_id_idx" ON "intel"."calls" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "calls_deal_id_idx" ON "intel"."calls" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "calls_started_at_idx" ON "intel"."calls" USING btree ("tenant_id","started_at");--> statement-breakpoint
CREATE INDEX "calls_recording_id_idx" ON "intel"."calls" USING btree ("tenant_id","recording_id");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_source_external_id_key" ON "intel"."calls" USING btree ("tenant_id","source","external_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "transcripts_call_id_idx" ON "intel"."transcripts" USING btree ("tenant_id","call_id");--> statement-breakpoint
CREATE INDEX "transcripts_meeting_id_idx" ON "intel"."transcripts" USING btree ("tenant_id","meeting_id");--> statement-breakpoint
CREATE INDEX "transcript_turns_transcript_id_idx" ON "intel"."transcript_turns" USING btree ("tenant_id","transcript_id");--> statement-breakpoint
CREATE INDEX "transcript_turns_person_id_idx" ON "intel"."transcript_turns" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "transcript_turns_member_id_idx" ON "intel"."transcript_turns" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "transcript_turns_transcript_id_position_key" ON "intel"."transcript_turns" USING btree ("tenant_id","transcript_id","position") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "whatsapp_threads_person_id_idx" ON "intel"."whatsapp_threads" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "whatsapp_threads_member_id_idx" ON "intel"."whatsapp_threads" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "whatsapp_threads_last_at_idx" ON "intel"."whatsapp_threads" USING btree ("tenant_id","last_at");--> statement-breakpoint
CREATE INDEX "whatsapp_messages_thread_id_idx" ON "intel"."whatsapp_messages" USING btree ("tenant_id","thread_id");--> statement-breakpoint
CREATE INDEX "whatsapp_messages_interaction_id_idx" ON "intel"."whatsapp_messages" USING btree ("tenant_id","interaction_id");--> statement-breakpoint
CREATE INDEX "whatsapp_messages_sent_at_idx" ON "intel"."whatsapp_messages" USING btree ("tenant_id","sent_at");--> statement-breakpoint
CREATE UNIQUE INDEX "whatsapp_messages_external_id_key" ON "intel"."whatsapp_messages" USING btree ("tenant_id","external_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "meetings_starts_at_idx" ON "intel"."meetings" USING btree ("tenant_id","starts_at");--> statement-breakpoint
CREATE INDEX "meetings_interaction_id_idx" ON "intel"."meetings" USING btree ("tenant_id","interaction_id");--> statement-breakpoint
CREATE INDEX "meetings_company_id_idx" ON "intel"."meetings" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "meetings_deal_id_idx" ON "intel"."meetings" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "meetings_member_id_idx" ON "intel"."meetings" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "meeting_attendees_meeting_id_idx" ON "intel"."meeting_attendees" USING btree ("tenant_id","meeting_id");--> statement-breakpoint
CREATE INDEX "meeting_attendees_person_id_idx" ON "intel"."meeting_attendees" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "meeting_attendees_member_id_idx" ON "intel"."meeting_attendees" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "meeting_attendees_meeting_id_person_id_key" ON "intel"."meeting_attendees" USING btree ("tenant_id","meeting_id","person_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "meeting_attendees_meeting_id_member_id_key" ON "intel"."meeting_attendees" USING btree ("tenant_id","meeting_id","member_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "action_items_meeting_id_idx" ON "intel"."action_items" USING btree ("tenant_id","meeting_id");--> statement-breakpoint
CREATE INDEX "action_items_member_id_idx" ON "intel"."action_items" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "action_items_person_id_idx" ON "intel"."action_items" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "action_items_task_id_idx" ON "intel"."action_items" USING btree ("tenant_id","task_id");--> statement-breakpoint
CREATE INDEX "action_items_due_on_idx" ON "intel"."action_items" USING btree ("tenant_id","due_on");--> statement-breakpoint
CREATE INDEX "meeting_deal_impacts_meeting_id_idx" ON "intel"."meeting_deal_impacts" USING btree ("tenant_id","meeting_id");--> statement-breakpoint
CREATE INDEX "meeting_deal_impacts_deal_id_idx" ON "intel"."meeting_deal_impacts" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE UNIQUE INDEX "meeting_deal_impacts_meeting_id_deal_id_key" ON "intel"."meeting_deal_impacts" USING btree ("tenant_id","meeting_id","deal_id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "reminders_remind_at_idx" ON "intel"."reminders" USING btree ("tenant_id","remind_at");--> statement-breakpoint
CREATE INDEX "reminders_member_id_idx" ON "intel"."reminders" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "reminders_task_id_idx" ON "intel"."reminders" USING btree ("tenant_id","task_id");--> statement-breakpoint
CREATE INDEX "reminders_person_id_idx" ON "intel"."reminders" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "reminders_company_id_idx" ON "intel"."reminders" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "reminders_deal_id_idx" ON "intel"."reminders" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "visits_person_id_idx" ON "intel"."visits" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "visits_project_id_idx" ON "intel"."visits" USING btree ("tenant_id","project_id");--> statement-breakpoint
CREATE INDEX "visits_unit_id_idx" ON "intel"."visits" USING btree ("tenant_id","unit_id");--> statement-breakpoint
CREATE INDEX "visits_member_id_idx" ON "intel"."visits" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "visits_interaction_id_idx" ON "intel"."visits" USING btree ("tenant_id","interaction_id");--> statement-breakpoint
CREATE INDEX "visits_visited_at_idx" ON "intel"."visits" USING btree ("tenant_id","visited_at");--> statement-breakpoint
CREATE INDEX "scores_kind_idx" ON "intel"."scores" USING btree ("tenant_id","kind");--> statement-breakpoint
CREATE INDEX "scores_person_id_idx" ON "intel"."scores" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "scores_company_id_idx" ON "intel"."scores" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "scores_deal_id_idx" ON "intel"."scores" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "scores_at_idx" ON "intel"."scores" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "lead_scores_lead_id_idx" ON "intel"."lead_scores" USING btree ("tenant_id","lead_id");--> statement-breakpoint
CREATE INDEX "lead_scores_at_idx" ON "intel"."lead_scores" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "enrichments_company_id_idx" ON "intel"."enrichments" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "enrichments_person_id_idx" ON "intel"."enrichments" USING btree ("tenant_id","person_id");--> statement-breakpoint
CREATE INDEX "enrichments_kind_idx" ON "intel"."enrichments" USING btree ("tenant_id","kind");--> statement-breakpoint
CREATE INDEX "enrichments_fetched_at_idx" ON "intel"."enrichments" USING btree ("tenant_id","fetched_at");--> statement-breakpoint
CREATE INDEX "locations_area_idx" ON "inventory"."locations" USING btree ("tenant_id","area");--> statement-breakpoint
CREATE INDEX "locations_city_idx" ON "inventory"."locations" USING btree ("tenant_id","city");--> statement-breakpoint
CREATE INDEX "projects_developer_id_idx" ON "inventory"."projects" USING btree ("tenant_id","developer_id");--> statement-breakpoint
CREATE INDEX "projects_location_id_idx" ON "inventory"."projects" USING btree ("tenant_id","location_id");--> statement-breakpoint
CREATE INDEX "projects_status_idx" ON "inventory"."projects" USING btree ("tenant_id","status");--> statement-breakpoint
CREATE INDEX "projects_updated_at_idx" ON "inventory"."projects" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE INDEX "units_project_id_idx" ON "inventory"."units" USING btree ("tenant_id","project_id");--> statement-breakpoint
CREATE INDEX "units_location_id_idx" ON "inventory"."units" USING btree ("tenant_id","location_id");--> statement-breakpoint
CREATE INDEX "units_bedrooms_idx" ON "inventory"."units" USING btree ("tenant_id","bedrooms");--> statement-breakpoint
CREATE INDEX "units_price_minor_idx" ON "inventory"."units" USING btree ("tenant_id","price_minor");--> statement-breakpoint
CREATE INDEX "units_availability_idx" ON "inventory"."units" USING btree ("tenant_id","availability");--> statement-breakpoint
CREATE UNIQUE INDEX "units_project_id_code_key" ON "inventory"."units" USING btree ("tenant_id","project_id","code") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "unit_prices_unit_id_idx" ON "inventory"."unit_prices" USING btree ("tenant_id","unit_id");--> statement-breakpoint
CREATE INDEX "unit_prices_at_idx" ON "inventory"."unit_prices" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "unit_availabilities_unit_id_idx" ON "inventory"."unit_availabilities" USING btree ("tenant_id","unit_id");--> statement-breakpoint
CREATE INDEX "unit_availabilities_at_idx" ON "inventory"."unit_availabilities" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "media_project_id_idx" ON "inventory"."media" USING btree ("tenant_id","project_id");--> statement-breakpoint
CREATE INDEX "media_unit_id_idx" ON "inventory"."media" USING btree ("tenant_id","unit_id");--> statement-breakpoint
CREATE INDEX "media_blob_id_idx" ON "inventory"."media" USING btree ("tenant_id","blob_id");--> statement-breakpoint
CREATE INDEX "agent_runs_conversation_id_idx" ON "workflow"."agent_runs" USING btree ("tenant_id","conversation_id");--> statement-breakpoint
CREATE INDEX "agent_runs_member_id_idx" ON "workflow"."agent_runs" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "agent_runs_model_idx" ON "workflow"."agent_runs" USING btree ("tenant_id","model");--> statement-breakpoint
CREATE INDEX "agent_runs_state_idx" ON "workflow"."agent_runs" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "agent_runs_started_at_idx" ON "workflow"."agent_runs" USING btree ("tenant_id","started_at");--> statement-breakpoint
CREATE INDEX "policy_decisions_member_id_idx" ON "workflow"."policy_decisions" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "policy_decisions_action_idx" ON "workflow"."policy_decisions" USING btree ("tenant_id","action");--> statement-breakpoint
CREATE INDEX "policy_decisions_decision_idx" ON "workflow"."policy_decisions" USING btree ("tenant_id","decision");--> statement-breakpoint
CREATE INDEX "policy_decisions_proposal_id_idx" ON "workflow"."policy_decisions" USING btree ("tenant_id","proposal_id");--> statement-breakpoint
CREATE INDEX "policy_decisions_at_idx" ON "workflow"."policy_decisions" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "digest_policies_member_id_idx" ON "workflow"."digest_policies" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "digest_policies_name_key" ON "workflow"."digest_policies" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "digest_runs_policy_id_idx" ON "workflow"."digest_runs" USING btree ("tenant_id","policy_id");--> statement-breakpoint
CREATE INDEX "digest_runs_due_at_idx" ON "workflow"."digest_runs" USING btree ("tenant_id","due_at");--> statement-breakpoint
CREATE INDEX "digest_runs_state_idx" ON "workflow"."digest_runs" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "digest_runs_policy_id_due_at_key" ON "workflow"."digest_runs" USING btree ("tenant_id","policy_id","due_at") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "automation_rules_trigger_idx" ON "workflow"."automation_rules" USING btree ("tenant_id","trigger");--> statement-breakpoint
CREATE INDEX "automation_rules_member_id_idx" ON "workflow"."automation_rules" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "automation_rules_name_key" ON "workflow"."automation_rules" USING btree ("tenant_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "automation_runs_rule_id_idx" ON "workflow"."automation_runs" USING btree ("tenant_id","rule_id");--> statement-breakpoint
CREATE INDEX "automation_runs_state_idx" ON "workflow"."automation_runs" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "automation_runs_record_id_idx" ON "workflow"."automation_runs" USING btree ("tenant_id","record_id");--> statement-breakpoint
CREATE INDEX "automation_runs_proposal_id_idx" ON "workflow"."automation_runs" USING btree ("tenant_id","proposal_id");--> statement-breakpoint
CREATE INDEX "automation_runs_started_at_idx" ON "workflow"."automation_runs" USING btree ("tenant_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "automation_runs_rule_id_event_key_key" ON "workflow"."automation_runs" USING btree ("tenant_id","rule_id","event_key") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "outbox_state_idx" ON "workflow"."outbox" USING btree ("tenant_id","state");--> statement-breakpoint
CREATE INDEX "outbox_due_at_idx" ON "workflow"."outbox" USING btree ("tenant_id","due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_idempotency_key_key" ON "workflow"."outbox" USING btree ("tenant_id","idempotency_key") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "answer_templates_family_idx" ON "workflow"."answer_templates" USING btree ("tenant_id","family");--> statement-breakpoint
CREATE INDEX "answer_templates_parent_id_idx" ON "workflow"."answer_templates" USING btree ("tenant_id","parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "answer_templates_family_name_template_version_key" ON "workflow"."answer_templates" USING btree ("tenant_id","family","name","template_version") WHERE deleted_at is null;--> statement-breakpoint
ALTER TABLE "crm"."companies" ADD CONSTRAINT "companies_parent_id_fk" FOREIGN KEY ("tenant_id","parent_id") REFERENCES "crm"."companies"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."stages" ADD CONSTRAINT "stages_pipeline_id_fk" FOREIGN KEY ("tenant_id","pipeline_id") REFERENCES "crm"."pipelines"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."deals" ADD CONSTRAINT "deals_contact_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "crm"."people"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."tags" ADD CONSTRAINT "tags_category_id_fk" FOREIGN KEY ("tenant_id","category_id") REFERENCES "crm"."tag_categories"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "crm"."tasks" ADD CONSTRAINT "tasks_parent_id_fk" FOREIGN KEY ("tenant_id","parent_id") REFERENCES "crm"."tasks"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "members_updated_at_idx" ON "core"."members" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE INDEX "companies_parent_id_idx" ON "crm"."companies" USING btree ("tenant_id","parent_id");--> statement-breakpoint
CREATE INDEX "companies_enriched_at_idx" ON "crm"."companies" USING btree ("tenant_id","enriched_at");--> statement-breakpoint
CREATE INDEX "companies_updated_at_idx" ON "crm"."companies" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE INDEX "people_updated_at_idx" ON "crm"."people" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE INDEX "person_phones_updated_at_idx" ON "crm"."person_phones" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE INDEX "stages_pipeline_id_idx" ON "crm"."stages" USING btree ("tenant_id","pipeline_id");--> statement-breakpoint
CREATE UNIQUE INDEX "stages_pipeline_id_name_key" ON "crm"."stages" USING btree ("tenant_id","pipeline_id","name") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "deals_contact_id_idx" ON "crm"."deals" USING btree ("tenant_id","contact_id");--> statement-breakpoint
CREATE INDEX "deals_updated_at_idx" ON "crm"."deals" USING btree ("updated_at","tenant_id");--> statement-breakpoint
CREATE INDEX "tags_category_id_idx" ON "crm"."tags" USING btree ("tenant_id","category_id");--> statement-breakpoint
CREATE INDEX "tasks_parent_id_idx" ON "crm"."tasks" USING btree ("tenant_id","parent_id");--> statement-breakpoint
CREATE POLICY "invitations_tenant" ON "core"."invitations" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "settings_tenant" ON "core"."settings" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "affiliations_tenant" ON "crm"."affiliations" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "relationships_tenant" ON "crm"."relationships" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "households_tenant" ON "crm"."households" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "household_members_tenant" ON "crm"."household_members" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "pipelines_tenant" ON "crm"."pipelines" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deal_value_events_tenant" ON "crm"."deal_value_events" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "leads_tenant" ON "crm"."leads" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "ownership_stakes_tenant" ON "crm"."ownership_stakes" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "tag_categories_tenant" ON "crm"."tag_categories" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "lists_tenant" ON "crm"."lists" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "list_memberships_tenant" ON "crm"."list_memberships" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "saved_views_tenant" ON "crm"."saved_views" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "funds_tenant" ON "fund"."funds" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "commitments_tenant" ON "fund"."commitments" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "blobs_tenant" ON "intel"."blobs" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "evidence_events_tenant" ON "intel"."evidence_events" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "calls_tenant" ON "intel"."calls" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "transcripts_tenant" ON "intel"."transcripts" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "transcript_turns_tenant" ON "intel"."transcript_turns" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whatsapp_threads_tenant" ON "intel"."whatsapp_threads" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whatsapp_messages_tenant" ON "intel"."whatsapp_messages" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "meetings_tenant" ON "intel"."meetings" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "meeting_attendees_tenant" ON "intel"."meeting_attendees" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "action_items_tenant" ON "intel"."action_items" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "meeting_deal_impacts_tenant" ON "intel"."meeting_deal_impacts" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "reminders_tenant" ON "intel"."reminders" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "visits_tenant" ON "intel"."visits" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "scores_tenant" ON "intel"."scores" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "lead_scores_tenant" ON "intel"."lead_scores" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "enrichments_tenant" ON "intel"."enrichments" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "locations_tenant" ON "inventory"."locations" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "projects_tenant" ON "inventory"."projects" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "units_tenant" ON "inventory"."units" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "unit_prices_tenant" ON "inventory"."unit_prices" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "unit_availabilities_tenant" ON "inventory"."unit_availabilities" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "media_tenant" ON "inventory"."media" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "agent_runs_tenant" ON "workflow"."agent_runs" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "policy_decisions_tenant" ON "workflow"."policy_decisions" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "digest_policies_tenant" ON "workflow"."digest_policies" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "digest_runs_tenant" ON "workflow"."digest_runs" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "automation_rules_tenant" ON "workflow"."automation_rules" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "automation_runs_tenant" ON "workflow"."automation_runs" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "outbox_tenant" ON "workflow"."outbox" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "answer_templates_tenant" ON "workflow"."answer_templates" AS PERMISSIVE FOR ALL TO "tact_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));