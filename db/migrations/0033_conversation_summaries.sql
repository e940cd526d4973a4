ALTER TABLE "workflow"."conversations" ADD COLUMN "summary" text;--> statement-breakpoint
ALTER TABLE "workflow"."conversations" ADD COLUMN "summary_until" integer DEFAULT 0 NOT NULL;