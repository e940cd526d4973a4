-- Addresses and domains are stored lower case: text equality is leakproof, so it uses its index under row security, which
-- citext would not.
ALTER TABLE core.members ADD CONSTRAINT members_email_lower CHECK (email = lower(email));--> statement-breakpoint
ALTER TABLE crm.person_emails ADD CONSTRAINT person_emails_address_lower CHECK (address = lower(address));--> statement-breakpoint
ALTER TABLE crm.companies ADD CONSTRAINT companies_domain_lower CHECK (domain = lower(domain));
