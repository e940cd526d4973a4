DROP INDEX workflow.slack_events_waiting;--> statement-breakpoint
CREATE INDEX slack_events_waiting ON workflow.slack_events (tenant_id, slack_ts, id) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX slack_events_held ON workflow.slack_events (tenant_id, queue) WHERE leased_until IS NOT NULL;
