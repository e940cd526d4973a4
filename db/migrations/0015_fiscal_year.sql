ALTER TABLE "core"."tenants" ADD COLUMN "fiscal_year_month" integer DEFAULT 1 NOT NULL;
