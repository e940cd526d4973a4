-- Extensions: each ships with stock Postgres contrib and with PGlite, and is trusted, so that a database owner who is no
-- superuser may create it. They live in public, because expression indexes name them in full.
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;--> statement-breakpoint
-- Roles are cluster-wide and CREATE ROLE knows no IF NOT EXISTS; two databases may be migrated at once.
-- tact_app runs every request. tact_search owns the search functions: it may read all tenants' rows of the few tables it
-- is granted (by a policy, not by BYPASSRLS, which only a superuser could give), and nobody logs in as it.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tact_app') THEN
    CREATE ROLE tact_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;--> statement-breakpoint
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tact_search') THEN
    CREATE ROLE tact_search NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;--> statement-breakpoint
DO $$ DECLARE role_name text; BEGIN
  FOREACH role_name IN ARRAY ARRAY['tact_app', 'tact_search'] LOOP
    IF NOT pg_has_role(current_user, role_name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', role_name, current_user);
    END IF;
  END LOOP;
END $$;--> statement-breakpoint
-- A SELECT that calls set_config could name another tenant and read its rows within the same statement. Only a superuser
-- may take the function from PUBLIC; elsewhere `tact doctor` says that this second wall is missing.
DO $$ BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
  END IF;
END $$;
