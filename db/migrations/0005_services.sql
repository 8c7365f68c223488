CREATE TABLE "services" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"name" text NOT NULL,
	"other_names" text[] DEFAULT '{}'::text[] NOT NULL,
	"durations" integer[] NOT NULL,
	"gap_before" integer DEFAULT 0 NOT NULL,
	"gap_after" integer DEFAULT 0 NOT NULL,
	"notice_minutes" integer,
	"horizon_days" integer,
	"member_ids" uuid[],
	"people" integer DEFAULT 1 NOT NULL,
	"price" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"outcome" text DEFAULT 'book' NOT NULL,
	"deleted_at" timestamptz,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "services_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "services_outcome" CHECK ("services"."outcome" in ('book', 'pending', 'message'))
);
--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "service_id" uuid;
--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "gap_before" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "gap_after" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "services" ADD CONSTRAINT "services_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "services_name" ON "services" USING btree ("business_id",lower("name")) WHERE "services"."deleted_at" is null;
--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_business_id_service_id_services_business_id_id_fk" FOREIGN KEY ("business_id","service_id") REFERENCES "public"."services"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE services ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own_business ON services USING (business_id = (SELECT entered_business()));
--> statement-breakpoint
-- What the tenant role may do with each table. A migration that adds a table replaces it.
CREATE FUNCTION tenant_grants() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{
  "businesses": "SELECT, UPDATE",
  "members": "SELECT, UPDATE",
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
--> statement-breakpoint
-- As before, with the grants in a function of their own.
CREATE OR REPLACE FUNCTION apply_tenant_policies() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  grants CONSTANT jsonb := tenant_grants();
  functions CONSTANT text[] := '{"occurrences_within(uuid, uuid, tstzrange)", "appointments_within(uuid, tstzrange)",
    "request_sync(uuid)", "request_sync_later(uuid, double precision)", "request_revocation(uuid)"}';
  name text;
BEGIN
  FOREACH name IN ARRAY functions LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
  END LOOP;
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
      CREATE ROLE sophiie_business NOLOGIN NOINHERIT;
    END IF;
    -- Needed even where membership exists: before Postgres 16 the creator of a role may not enter
    -- it without this grant.
    EXECUTE format('GRANT sophiie_business TO %I', current_user);
  EXCEPTION
    -- Another database of the server may be creating the role at the same time.
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN NULL;
  END;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business' AND pg_has_role(oid, 'MEMBER')) THEN
    RAISE WARNING 'Row-level security is not in force. Let an administrator run: CREATE ROLE sophiie_business NOLOGIN NOINHERIT (unless it is there); GRANT sophiie_business TO %; then migrate again.', quote_ident(current_user);
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
    RETURN;
  END IF;
  GRANT USAGE ON SCHEMA public TO sophiie_business;
  FOR name IN SELECT jsonb_object_keys(grants) LOOP
    EXECUTE format('REVOKE ALL ON %I FROM sophiie_business', name);
    EXECUTE format('GRANT %s ON %I TO sophiie_business', grants ->> name, name);
  END LOOP;
  FOREACH name IN ARRAY functions LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO sophiie_business', name);
  END LOOP;
END $$;
