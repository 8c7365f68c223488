CREATE TABLE "series" (
	"id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"rule" text NOT NULL,
	"starts_at" text NOT NULL,
	"time_zone" text NOT NULL,
	"minutes" integer NOT NULL,
	"title" text NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"customer_name" text DEFAULT '' NOT NULL,
	"customer_phone" text DEFAULT '' NOT NULL,
	"customer_email" text DEFAULT '' NOT NULL,
	"service_id" uuid,
	"gap_before" integer DEFAULT 0 NOT NULL,
	"gap_after" integer DEFAULT 0 NOT NULL,
	"assignee_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"accepted" text[] DEFAULT '{}'::text[] NOT NULL,
	"continues" uuid,
	"ended" boolean DEFAULT false NOT NULL,
	"planned_until" date,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_by" uuid,
	"api_key_id" uuid,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "series_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "series_minutes" CHECK ("series"."minutes" > 0)
);
--> statement-breakpoint
CREATE TABLE "series_operations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"image" jsonb NOT NULL,
	"created_by" uuid,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"undone_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "series_visits" (
	"business_id" uuid NOT NULL,
	"series_id" uuid NOT NULL,
	"original_start" text NOT NULL,
	"state" text NOT NULL,
	"appointment_id" uuid,
	"reason" text,
	"moved_in_google_at" timestamptz,
	CONSTRAINT "series_visits_series_id_original_start_pk" PRIMARY KEY("series_id","original_start"),
	CONSTRAINT "series_visits_appointment_id_unique" UNIQUE("appointment_id"),
	CONSTRAINT "series_visits_state" CHECK ("series_visits"."state" in ('booked', 'skipped', 'needs-time')),
	CONSTRAINT "series_visits_booked" CHECK (("series_visits"."state" = 'booked') = ("series_visits"."appointment_id" is not null))
);
--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_business_id_created_by_members_business_id_id_fk" FOREIGN KEY ("business_id","created_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_business_id_service_id_services_business_id_id_fk" FOREIGN KEY ("business_id","service_id") REFERENCES "public"."services"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "series_operations" ADD CONSTRAINT "series_operations_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "series_operations" ADD CONSTRAINT "series_operations_business_id_created_by_members_business_id_id_fk" FOREIGN KEY ("business_id","created_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "series_visits" ADD CONSTRAINT "series_visits_business_id_series_id_series_business_id_id_fk" FOREIGN KEY ("business_id","series_id") REFERENCES "public"."series"("business_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "series_visits" ADD CONSTRAINT "series_visits_business_id_appointment_id_appointments_business_id_id_fk" FOREIGN KEY ("business_id","appointment_id") REFERENCES "public"."appointments"("business_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "series_to_plan" ON "series" USING btree ("planned_until") WHERE not "series"."ended" and "series"."planned_until" is not null;
--> statement-breakpoint
CREATE INDEX "series_operations_by_age" ON "series_operations" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "series_visits_waiting" ON "series_visits" USING btree ("business_id","original_start") WHERE "series_visits"."state" = 'needs-time' or "series_visits"."moved_in_google_at" is not null;
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY '{series, series_visits, series_operations}'::text[] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_business ON %I USING (business_id = (SELECT entered_business()))', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- Adds to what the tenant role may do, whatever the migrations before have listed.
DO $$
BEGIN
  EXECUTE format('CREATE OR REPLACE FUNCTION tenant_grants() RETURNS jsonb LANGUAGE sql IMMUTABLE AS %L',
    format('SELECT %L::jsonb', tenant_grants() || '{
      "series": "SELECT, INSERT, UPDATE, DELETE",
      "series_visits": "SELECT, INSERT, UPDATE, DELETE",
      "series_operations": "SELECT, INSERT, UPDATE"
    }'::jsonb));
END $$;
