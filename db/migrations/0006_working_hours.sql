CREATE TABLE "time_off" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"starts_at" text NOT NULL,
	"ends_at" text NOT NULL,
	"repeats" text DEFAULT 'never' NOT NULL,
	"last_date" text,
	"reason" text DEFAULT '' NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "time_off_repeats" CHECK ("time_off"."repeats" in ('never', 'weekly', 'yearly')),
	CONSTRAINT "time_off_order" CHECK ("time_off"."ends_at" > "time_off"."starts_at")
);
--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "working_hours" jsonb;
--> statement-breakpoint
ALTER TABLE "time_off" ADD CONSTRAINT "time_off_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "time_off" ADD CONSTRAINT "time_off_business_id_member_id_members_business_id_id_fk" FOREIGN KEY ("business_id","member_id") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "time_off_of_member" ON "time_off" USING btree ("business_id","member_id","starts_at");
--> statement-breakpoint
ALTER TABLE time_off ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own_business ON time_off USING (business_id = (SELECT entered_business()));
--> statement-breakpoint
-- What the tenant role may do with each table. A migration that adds a table replaces it.
CREATE OR REPLACE FUNCTION tenant_grants() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{
  "businesses": "SELECT, UPDATE",
  "members": "SELECT, UPDATE",
  "time_off": "SELECT, INSERT, DELETE",
  "services": "SELECT, INSERT, UPDATE",
  "appointments": "SELECT, INSERT, UPDATE",
  "appointment_assignees": "SELECT, INSERT, UPDATE, DELETE",
  "google_connections": "SELECT, INSERT, UPDATE, DELETE",
  "sync_requests": "SELECT, INSERT, UPDATE",
  "google_events": "SELECT, INSERT, UPDATE, DELETE",
  "google_occurrences": "SELECT, INSERT, UPDATE, DELETE",
  "event_mappings": "SELECT, INSERT, UPDATE, DELETE",
  "invitations": "SELECT, INSERT, UPDATE",
  "activity": "SELECT, INSERT",
  "google_revocations": "INSERT"
}'::jsonb
$$;
