-- The index of mail: immutable segments of a tenant's own messages (so statistics never mix across tenants), each with
-- blocks of postings, and a list of messages that wait to be put into one. What waits is searched from memory meanwhile.
CREATE TABLE intel.mail_indexes (
  tenant_id uuid PRIMARY KEY REFERENCES core.tenants (id) ON DELETE CASCADE,
  generation integer NOT NULL DEFAULT 1,
  -- How words were made of texts; another version asks for a new generation.
  analyzer integer NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now());--> statement-breakpoint
CREATE TABLE intel.mail_segments (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES core.tenants (id) ON DELETE CASCADE,
  generation integer NOT NULL,
  documents integer NOT NULL,
  message_ids uuid[] NOT NULL,
  languages text[] NOT NULL,
  -- Words a field: four 16-bit numbers a document.
  lengths bytea NOT NULL,
  -- First term of each block, in order.
  first_terms text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id));--> statement-breakpoint
CREATE INDEX mail_segments_by_tenant ON intel.mail_segments (tenant_id, generation);--> statement-breakpoint
CREATE TABLE intel.mail_blocks (
  tenant_id uuid NOT NULL REFERENCES core.tenants (id) ON DELETE CASCADE,
  segment_id uuid NOT NULL,
  number integer NOT NULL,
  packed bytea NOT NULL,
  PRIMARY KEY (tenant_id, segment_id, number),
  FOREIGN KEY (tenant_id, segment_id) REFERENCES intel.mail_segments (tenant_id, id) ON DELETE CASCADE);--> statement-breakpoint
CREATE TABLE intel.mail_pending (
  tenant_id uuid NOT NULL REFERENCES core.tenants (id) ON DELETE CASCADE,
  message_id uuid NOT NULL,
  -- Changes with every change of the text.
  stamp uuid NOT NULL DEFAULT gen_random_uuid(),
  PRIMARY KEY (tenant_id, message_id));--> statement-breakpoint
-- The meaning arm: a model trained on the tenant's own mail, its vectors by segment, and what it scored when it was tried.
CREATE TABLE intel.mail_models (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES core.tenants (id) ON DELETE CASCADE,
  kind text NOT NULL,
  documents integer NOT NULL,
  dimensions integer NOT NULL,
  packed bytea NOT NULL,
  figures jsonb NOT NULL,
  weight real NOT NULL,
  is_serving boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, id));--> statement-breakpoint
CREATE UNIQUE INDEX mail_models_serving ON intel.mail_models (tenant_id) WHERE is_serving;--> statement-breakpoint
CREATE TABLE intel.mail_vectors (
  tenant_id uuid NOT NULL REFERENCES core.tenants (id) ON DELETE CASCADE,
  model_id uuid NOT NULL,
  segment_id uuid NOT NULL,
  packed bytea NOT NULL,
  PRIMARY KEY (tenant_id, model_id, segment_id),
  FOREIGN KEY (tenant_id, model_id) REFERENCES intel.mail_models (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, segment_id) REFERENCES intel.mail_segments (tenant_id, id) ON DELETE CASCADE);--> statement-breakpoint
CREATE INDEX mail_vectors_by_segment ON intel.mail_vectors (tenant_id, segment_id);--> statement-breakpoint
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['mail_indexes', 'mail_segments', 'mail_blocks', 'mail_pending', 'mail_models', 'mail_vectors'] LOOP
    EXECUTE format('ALTER TABLE intel.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE intel.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY %I ON intel.%I FOR ALL TO tact_app
      USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
      WITH CHECK (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', name || '_tenant', name);
    EXECUTE format('REVOKE ALL ON intel.%I FROM PUBLIC', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON intel.%I TO tact_app', name);
  END LOOP;
END $$;--> statement-breakpoint
CREATE FUNCTION intel.index_new_mail() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO intel.mail_pending (tenant_id, message_id) SELECT tenant_id, id FROM added
    ON CONFLICT (tenant_id, message_id) DO UPDATE SET stamp = excluded.stamp;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION intel.index_changed_mail() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO intel.mail_pending (tenant_id, message_id) VALUES (NEW.tenant_id, NEW.id)
    ON CONFLICT (tenant_id, message_id) DO UPDATE SET stamp = excluded.stamp;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER index_new AFTER INSERT ON intel.mail_messages
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION intel.index_new_mail();--> statement-breakpoint
CREATE TRIGGER index_changed AFTER UPDATE OF subject, body_text, quoted_text, from_name, from_address ON intel.mail_messages
  FOR EACH ROW WHEN (OLD.subject IS DISTINCT FROM NEW.subject OR OLD.body_text IS DISTINCT FROM NEW.body_text
    OR OLD.quoted_text IS DISTINCT FROM NEW.quoted_text OR OLD.from_name IS DISTINCT FROM NEW.from_name
    OR OLD.from_address IS DISTINCT FROM NEW.from_address)
  EXECUTE FUNCTION intel.index_changed_mail();--> statement-breakpoint
ALTER TABLE intel.mail_pending NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE intel.mail_messages NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO intel.mail_pending (tenant_id, message_id) SELECT tenant_id, id FROM intel.mail_messages WHERE deleted_at IS NULL;--> statement-breakpoint
ALTER TABLE intel.mail_pending FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE intel.mail_messages FORCE ROW LEVEL SECURITY;
