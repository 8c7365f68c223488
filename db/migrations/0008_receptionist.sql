CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"name" text NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"service_ids" uuid[],
	"member_ids" uuid[],
	"test" boolean DEFAULT false NOT NULL,
	"created_by" uuid,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"last_used_at" timestamptz,
	"revoked_at" timestamptz,
	CONSTRAINT "api_keys_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "api_keys_of_business" UNIQUE("business_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_requests" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "api_requests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"business_id" uuid NOT NULL,
	"at" timestamptz DEFAULT now() NOT NULL,
	"api_key_id" uuid NOT NULL,
	"call_id" text,
	"verb" text NOT NULL,
	"outcome" text NOT NULL,
	"asked" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"said" text DEFAULT '' NOT NULL,
	"appointment_id" uuid
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"business_id" uuid NOT NULL,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"position" bigint,
	"at" timestamptz DEFAULT now() NOT NULL,
	"type" text NOT NULL,
	"subject_id" uuid,
	"revision" integer
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"api_key_id" uuid NOT NULL,
	"call_id" text,
	"starts_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"member_ids" uuid[] NOT NULL,
	"service_id" uuid,
	"gap_before" integer DEFAULT 0 NOT NULL,
	"gap_after" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamptz NOT NULL,
	"test" boolean DEFAULT false NOT NULL,
	"appointment_id" uuid,
	"ended" text,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "holds_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "holds_order" CHECK ("holds"."ends_at" > "holds"."starts_at")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"business_id" uuid NOT NULL,
	"api_key_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_hash" "bytea" NOT NULL,
	"status" integer,
	"body" text,
	"locked_until" timestamptz NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_api_key_id_key_pk" PRIMARY KEY("api_key_id","key")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"api_key_id" uuid NOT NULL,
	"call_id" text,
	"name" text DEFAULT '' NOT NULL,
	"phone" text DEFAULT '' NOT NULL,
	"wish" text NOT NULL,
	"service_id" uuid,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"done_at" timestamptz,
	"done_by" uuid,
	CONSTRAINT "messages_of_business" UNIQUE("business_id","id")
);
--> statement-breakpoint
CREATE TABLE "test_appointments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"api_key_id" uuid NOT NULL,
	"call_id" text,
	"starts_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"member_ids" uuid[] NOT NULL,
	"service_id" uuid,
	"gap_before" integer DEFAULT 0 NOT NULL,
	"gap_after" integer DEFAULT 0 NOT NULL,
	"title" text NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"customer_name" text DEFAULT '' NOT NULL,
	"customer_phone" text DEFAULT '' NOT NULL,
	"customer_email" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'booked' NOT NULL,
	"pending" boolean DEFAULT false NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"webhook_id" uuid NOT NULL,
	"change_id" bigint,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz DEFAULT now(),
	"delivered_at" timestamptz,
	"failed_at" timestamptz,
	"last_status" integer,
	"last_error" text,
	"last_ms" integer
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"url" text NOT NULL,
	"types" text[] DEFAULT '{}'::text[] NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_until" timestamptz,
	"failing_since" timestamptz,
	"warned_at" timestamptz,
	"disabled_at" timestamptz,
	"disabled_why" text,
	"created_by" uuid,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "webhooks_of_business" UNIQUE("business_id","id")
);
--> statement-breakpoint
ALTER TABLE "appointment_assignees" DROP CONSTRAINT "appointment_assignees_appointment_id_member_id_pk";
--> statement-breakpoint
ALTER TABLE "appointment_assignees" ALTER COLUMN "appointment_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "appointment_assignees" ADD COLUMN "hold_id" uuid;
--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "pending" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "api_key_id" uuid;
--> statement-breakpoint
ALTER TABLE "appointments" ADD COLUMN "call_id" text;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "receptionist_may_book" boolean DEFAULT true NOT NULL;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "staff_edit_time_off" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "google_connections" ADD COLUMN "reported_broken_at" timestamptz;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_business_id_created_by_members_business_id_id_fk" FOREIGN KEY ("business_id","created_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "api_requests" ADD CONSTRAINT "api_requests_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "api_requests" ADD CONSTRAINT "api_requests_business_id_api_key_id_api_keys_business_id_id_fk" FOREIGN KEY ("business_id","api_key_id") REFERENCES "public"."api_keys"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_business_id_api_key_id_api_keys_business_id_id_fk" FOREIGN KEY ("business_id","api_key_id") REFERENCES "public"."api_keys"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_business_id_service_id_services_business_id_id_fk" FOREIGN KEY ("business_id","service_id") REFERENCES "public"."services"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_business_id_api_key_id_api_keys_business_id_id_fk" FOREIGN KEY ("business_id","api_key_id") REFERENCES "public"."api_keys"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_business_id_api_key_id_api_keys_business_id_id_fk" FOREIGN KEY ("business_id","api_key_id") REFERENCES "public"."api_keys"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_business_id_done_by_members_business_id_id_fk" FOREIGN KEY ("business_id","done_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "test_appointments" ADD CONSTRAINT "test_appointments_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "test_appointments" ADD CONSTRAINT "test_appointments_business_id_api_key_id_api_keys_business_id_id_fk" FOREIGN KEY ("business_id","api_key_id") REFERENCES "public"."api_keys"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_business_id_webhook_id_webhooks_business_id_id_fk" FOREIGN KEY ("business_id","webhook_id") REFERENCES "public"."webhooks"("business_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_business_id_created_by_members_business_id_id_fk" FOREIGN KEY ("business_id","created_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "api_requests_by_time" ON "api_requests" USING btree ("business_id","id");
--> statement-breakpoint
CREATE INDEX "api_requests_by_call" ON "api_requests" USING btree ("business_id","call_id","id") WHERE "api_requests"."call_id" is not null;
--> statement-breakpoint
CREATE INDEX "appointments_pending" ON "appointments" USING btree ("business_id","starts_at") WHERE "appointments"."pending";
--> statement-breakpoint
CREATE INDEX "api_requests_by_age" ON "api_requests" USING btree ("at");
--> statement-breakpoint
CREATE UNIQUE INDEX "changes_in_order" ON "changes" USING btree ("business_id","position");
--> statement-breakpoint
CREATE INDEX "changes_to_place" ON "changes" USING btree ("business_id","transaction","id") WHERE "changes"."position" is null;
--> statement-breakpoint
CREATE INDEX "holds_open" ON "holds" USING btree ("business_id","starts_at") WHERE "holds"."ended" is null;
--> statement-breakpoint
CREATE INDEX "holds_by_expiry" ON "holds" USING btree ("expires_at") WHERE "holds"."ended" is null;
--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" USING btree ("created_at");
--> statement-breakpoint
CREATE INDEX "messages_open" ON "messages" USING btree ("business_id","created_at") WHERE "messages"."done_at" is null;
--> statement-breakpoint
CREATE INDEX "test_appointments_by_start" ON "test_appointments" USING btree ("business_id","starts_at");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_time" ON "webhook_deliveries" USING btree ("business_id","webhook_id","created_at");
--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE "webhook_deliveries"."next_attempt_at" is not null;
--> statement-breakpoint
ALTER TABLE "appointment_assignees" ADD CONSTRAINT "appointment_assignees_business_id_hold_id_holds_business_id_id_fk" FOREIGN KEY ("business_id","hold_id") REFERENCES "public"."holds"("business_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "appointment_assignees_of_appointment" ON "appointment_assignees" USING btree ("appointment_id","member_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "appointment_assignees_of_hold" ON "appointment_assignees" USING btree ("hold_id","member_id") WHERE "appointment_assignees"."hold_id" is not null;
--> statement-breakpoint
-- A customer's appointments by the last digits of a phone number, however it was typed. Functions
-- that are not leakproof keep an index from being used under a policy, as with `appointments_within`.
CREATE INDEX "appointments_by_phone" ON "appointments" USING btree
  ("business_id", right(regexp_replace("customer_phone", '\D', '', 'g'), 7)) WHERE "customer_phone" <> '';
--> statement-breakpoint
CREATE FUNCTION appointments_of_phone(business uuid, digits text) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 20
  AS $$ SELECT a.id FROM appointments a
    WHERE a.business_id = business AND a.customer_phone <> ''
      AND right(regexp_replace(a.customer_phone, '\D', '', 'g'), 7) = right(digits, 7)
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business') $$;
--> statement-breakpoint
-- A job for later keeps the time of one that waits, and so does a job for now behind one that is due:
-- else a busy queue would postpone it for ever.
CREATE FUNCTION request_webhook(webhook uuid, seconds double precision) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM webhooks w
    WHERE w.id = webhook AND w.business_id = coalesce(entered_business(), w.business_id)) THEN
    PERFORM graphile_worker.add_job('deliver-webhook', json_build_object('webhookId', webhook),
      job_key => 'webhook:' || webhook, run_at => now() + make_interval(secs => seconds), max_attempts => 25,
      job_key_mode => CASE WHEN seconds > 0 OR EXISTS (SELECT FROM graphile_worker.jobs
        WHERE key = 'webhook:' || webhook AND run_at <= now()) THEN 'preserve_run_at' ELSE 'replace' END);
  END IF;
END $$;
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY '{api_keys, holds, test_appointments, idempotency_keys, api_requests, messages, changes,
    webhooks, webhook_deliveries}'::text[] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_business ON %I USING (business_id = (SELECT entered_business()))', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- What the tenant role may do with each table. A migration that adds a table replaces it.
CREATE OR REPLACE FUNCTION tenant_grants() RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT '{
  "businesses": "SELECT, UPDATE",
  "members": "SELECT, UPDATE",
  "time_off": "SELECT, INSERT, DELETE",
  "services": "SELECT, INSERT, UPDATE",
  "api_keys": "SELECT, INSERT, UPDATE",
  "holds": "SELECT, INSERT, UPDATE",
  "test_appointments": "SELECT, INSERT, UPDATE, DELETE",
  "idempotency_keys": "SELECT, INSERT, UPDATE, DELETE",
  "api_requests": "SELECT, INSERT",
  "messages": "SELECT, INSERT, UPDATE",
  "changes": "SELECT, INSERT, UPDATE",
  "webhooks": "SELECT, INSERT, UPDATE, DELETE",
  "webhook_deliveries": "SELECT, INSERT, UPDATE",
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
-- As before, with two more functions.
CREATE OR REPLACE FUNCTION apply_tenant_policies() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  grants CONSTANT jsonb := tenant_grants();
  functions CONSTANT text[] := '{"occurrences_within(uuid, uuid, tstzrange)", "appointments_within(uuid, tstzrange)",
    "request_sync(uuid)", "request_sync_later(uuid, double precision)", "request_revocation(uuid)",
    "appointments_of_phone(uuid, text)", "request_webhook(uuid, double precision)"}';
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
