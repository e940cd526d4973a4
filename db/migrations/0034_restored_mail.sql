-- A message that was deleted before it was indexed, and is restored, waits for the index again.
CREATE TRIGGER index_restored AFTER UPDATE OF deleted_at ON intel.mail_messages
  FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL)
  EXECUTE FUNCTION intel.index_changed_mail();--> statement-breakpoint
-- Those that were restored before.
ALTER TABLE intel.mail_pending NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE intel.mail_messages NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO intel.mail_pending (tenant_id, message_id)
  SELECT tenant_id, id FROM intel.mail_messages WHERE deleted_at IS NULL AND updated_at > created_at ON CONFLICT DO NOTHING;--> statement-breakpoint
ALTER TABLE intel.mail_pending FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE intel.mail_messages FORCE ROW LEVEL SECURITY;
