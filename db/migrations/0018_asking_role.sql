-- tact_agent runs every question: it may read the views of schema asked and nothing else. tact_views owns those views: it
-- obeys row security, may read the columns they show, and nobody logs in as it. The views come from the catalog
-- (db/asked-views.ts) and are made again whenever it changes.
DO $$ DECLARE role_name text; BEGIN
  FOREACH role_name IN ARRAY ARRAY['tact_agent', 'tact_views'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT', role_name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
    IF NOT pg_has_role(current_user, role_name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', role_name, current_user);
    END IF;
  END LOOP;
END $$;--> statement-breakpoint
CREATE SCHEMA asked;--> statement-breakpoint
GRANT USAGE ON SCHEMA asked TO tact_agent, tact_app;--> statement-breakpoint
GRANT USAGE, CREATE ON SCHEMA asked TO tact_views;--> statement-breakpoint
GRANT USAGE ON SCHEMA core, crm, fund, intel, inventory, workflow TO tact_views;--> statement-breakpoint
GRANT SELECT (id, clock_at) ON core.tenants TO tact_views;--> statement-breakpoint
CREATE POLICY tenants_asked ON core.tenants FOR SELECT TO tact_views
  USING (id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
