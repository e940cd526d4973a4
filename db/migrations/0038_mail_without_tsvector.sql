-- Mail is searched in its own segments (migration `mail_index`). What searched it before them cost a third of every import
-- and was asked by nobody.
DROP FUNCTION intel.search_mail_candidates(text[], int);--> statement-breakpoint
ALTER TABLE intel.mail_messages DROP COLUMN search;
