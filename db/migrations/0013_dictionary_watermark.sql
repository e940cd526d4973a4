-- What changed since the dictionary was last read, without reading every row of the tenant.
CREATE INDEX IF NOT EXISTS "people_updated_at_idx" ON "crm"."people" USING btree ("tenant_id","updated_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "members_updated_at_idx" ON "core"."members" USING btree ("tenant_id","updated_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "companies_updated_at_idx" ON "crm"."companies" USING btree ("tenant_id","updated_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "deals_updated_at_idx" ON "crm"."deals" USING btree ("tenant_id","updated_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "person_emails_updated_at_idx" ON "crm"."person_emails" USING btree ("tenant_id","updated_at");--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "person_phones_updated_at_idx" ON "crm"."person_phones" USING btree ("tenant_id","updated_at");--> statement-breakpoint
ALTER TABLE "core"."tenants" ADD CONSTRAINT "tenants_privacy_policy" CHECK (privacy_policy IN ('strict', 'standard', 'contacts-only', 'off'));
