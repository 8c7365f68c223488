ALTER TABLE "event_mappings" ADD COLUMN "missing_since" timestamptz;--> statement-breakpoint
ALTER TABLE "google_connections" ADD COLUMN "skipped_events" jsonb;--> statement-breakpoint
ALTER TABLE "google_connections" ADD COLUMN "read_incomplete" boolean DEFAULT false NOT NULL;