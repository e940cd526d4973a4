-- Mail is counted and dated from the index alone, as before row security asked who may see it: the index holds what the
-- policy asks.
CREATE INDEX mail_messages_seen ON intel.mail_messages (tenant_id, sent_at) INCLUDE (only_for, not_for, direction) WHERE deleted_at IS NULL;
