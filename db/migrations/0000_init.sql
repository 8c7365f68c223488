-- For the exclusion constraint below, which compares uuids and ranges in one index.
CREATE EXTENSION IF NOT EXISTS btree_gist;
--> statement-breakpoint
CREATE TABLE "activity" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "activity_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"business_id" uuid NOT NULL,
	"at" timestamptz DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"member_id" uuid,
	"appointment_id" uuid,
	"what" text NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "activity_actor" CHECK ("activity"."actor" in ('member', 'google', 'sophiie'))
);
--> statement-breakpoint
CREATE TABLE "appointment_assignees" (
	"business_id" uuid NOT NULL,
	"appointment_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"during" "tstzrange" NOT NULL,
	"exclusive" boolean NOT NULL,
	CONSTRAINT "appointment_assignees_appointment_id_member_id_pk" PRIMARY KEY("appointment_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "appointments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"title" text NOT NULL,
	"starts_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"customer_name" text DEFAULT '' NOT NULL,
	"customer_phone" text DEFAULT '' NOT NULL,
	"customer_email" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'booked' NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"overlap_allowed" text,
	"removed_in_google_at" timestamptz,
	"google_unchecked" boolean DEFAULT false NOT NULL,
	"created_by" uuid,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"updated_at" timestamptz DEFAULT now() NOT NULL,
	"changed_in" "xid8",
	CONSTRAINT "appointments_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "appointments_order" CHECK ("appointments"."ends_at" > "appointments"."starts_at"),
	CONSTRAINT "appointments_status" CHECK ("appointments"."status" in ('booked', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "businesses" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"opening_hours" jsonb NOT NULL,
	"opening_exceptions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"default_minutes" integer DEFAULT 60 NOT NULL,
	"staff_see" text DEFAULT 'details' NOT NULL,
	"guests_on_google" boolean DEFAULT true NOT NULL,
	"guestless_blocks" text DEFAULT 'everyone' NOT NULL,
	"when_removed" text DEFAULT 'ask' NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "businesses_staff_see" CHECK ("businesses"."staff_see" in ('details', 'busy')),
	CONSTRAINT "businesses_guestless_blocks" CHECK ("businesses"."guestless_blocks" in ('everyone', 'linked-member')),
	CONSTRAINT "businesses_when_removed" CHECK ("businesses"."when_removed" in ('ask', 'cancel', 'put-back'))
);
--> statement-breakpoint
CREATE TABLE "event_mappings" (
	"business_id" uuid NOT NULL,
	"appointment_id" uuid NOT NULL,
	"google_sub" text NOT NULL,
	"calendar_id" text NOT NULL,
	"event_id" text NOT NULL,
	"id_suffix" integer DEFAULT 0 NOT NULL,
	"etag" text,
	"base" jsonb,
	"unacknowledged_writes" jsonb,
	"remote_snapshot" jsonb,
	"html_link" text DEFAULT '' NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"revision_pushed" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz,
	"last_error_kind" text,
	"last_error_detail" text,
	"waiting_since" timestamptz,
	"rejected_revision" integer,
	"pending_removal" boolean DEFAULT false NOT NULL,
	"needs_refetch" boolean DEFAULT false NOT NULL,
	"pushed_at" timestamptz,
	CONSTRAINT "event_mappings_appointment_id_google_sub_calendar_id_pk" PRIMARY KEY("appointment_id","google_sub","calendar_id"),
	CONSTRAINT "event_mappings_event" UNIQUE("google_sub","calendar_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "google_budget" (
	"google_sub" text NOT NULL,
	"minute" timestamptz NOT NULL,
	"spent" integer NOT NULL,
	CONSTRAINT "google_budget_google_sub_minute_pk" PRIMARY KEY("google_sub","minute")
);
--> statement-breakpoint
CREATE TABLE "google_connections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"linked_by" uuid NOT NULL,
	"google_sub" text NOT NULL,
	"google_email" text NOT NULL,
	"scopes" text[] NOT NULL,
	"refresh_token" text NOT NULL,
	"access_token" text,
	"access_token_expires_at" timestamptz,
	"epoch" integer DEFAULT 1 NOT NULL,
	"calendar_id" text,
	"calendar_name" text,
	"calendar_zone" text,
	"calendar_role" text,
	"selected_at" timestamptz,
	"sync_token" text,
	"sync_parameters" text,
	"page_cursor" text,
	"read_mode" text,
	"read_from" timestamptz,
	"generation" integer DEFAULT 0 NOT NULL,
	"imported_count" integer DEFAULT 0 NOT NULL,
	"imported_at" timestamptz,
	"skipped_count" integer DEFAULT 0 NOT NULL,
	"horizon_start" timestamptz,
	"horizon_end" timestamptz,
	"channel_id" uuid,
	"channel_resource_id" text,
	"channel_secret_hash" "bytea",
	"channel_expires_at" timestamptz,
	"channel_created_at" timestamptz,
	"channel_unsupported" boolean DEFAULT false NOT NULL,
	"last_success_at" timestamptz,
	"last_failure_at" timestamptz,
	"last_failure_kind" text,
	"last_failure_detail" text,
	"waits_for_person" boolean DEFAULT false NOT NULL,
	"failing_since" timestamptz,
	"failures" integer DEFAULT 0 NOT NULL,
	"bulk_deletion_approved" boolean DEFAULT false NOT NULL,
	"retry_at" timestamptz,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "google_connections_of_business" UNIQUE("business_id","id")
);
--> statement-breakpoint
CREATE TABLE "google_events" (
	"business_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"event_id" text NOT NULL,
	"kind" text NOT NULL,
	"recurring_event_id" text,
	"original_start" text,
	"cancelled" boolean DEFAULT false NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"is_private" boolean DEFAULT false NOT NULL,
	"event_type" text DEFAULT 'default' NOT NULL,
	"blocks" boolean NOT NULL,
	"blocks_why" text NOT NULL,
	"guest_member_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"times" jsonb,
	"recurrence" text[],
	"html_link" text DEFAULT '' NOT NULL,
	"etag" text DEFAULT '' NOT NULL,
	"google_updated_at" timestamptz,
	"ends_at" timestamptz,
	"appointment_id" uuid,
	"generation" integer NOT NULL,
	CONSTRAINT "google_events_connection_id_event_id_pk" PRIMARY KEY("connection_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "google_occurrences" (
	"business_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"instance_id" text NOT NULL,
	"event_id" text NOT NULL,
	"series_id" text NOT NULL,
	"during" "tstzrange" NOT NULL,
	"start_date" text,
	"end_date" text,
	"blocks" boolean NOT NULL,
	CONSTRAINT "google_occurrences_connection_id_instance_id_pk" PRIMARY KEY("connection_id","instance_id")
);
--> statement-breakpoint
CREATE TABLE "google_revocations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"google_sub" text NOT NULL,
	"refresh_token" text NOT NULL,
	"channel_id" uuid,
	"channel_resource_id" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz DEFAULT now() NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"invited_by" uuid NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"expires_at" timestamptz NOT NULL,
	"accepted_at" timestamptz,
	"revoked_at" timestamptz,
	CONSTRAINT "invitations_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "invitations_role" CHECK ("invitations"."role" in ('owner', 'staff'))
);
--> statement-breakpoint
CREATE TABLE "members" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"colour" integer NOT NULL,
	"deactivated_at" timestamptz,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "members_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "members_user" UNIQUE("business_id","user_id"),
	CONSTRAINT "members_role" CHECK ("members"."role" in ('owner', 'staff'))
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"window_ends_at" timestamptz NOT NULL,
	"count" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "scheduler_runs" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"last_run_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_links" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"return_path" text NOT NULL,
	"expires_at" timestamptz NOT NULL,
	"used_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "sync_requests" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"requested" bigint DEFAULT 0 NOT NULL,
	"processed" bigint DEFAULT 0 NOT NULL,
	"last_notification_at" timestamptz,
	"dirty_version" bigint DEFAULT 0 NOT NULL,
	"clean_before" "xid8",
	"clean_version" bigint,
	CONSTRAINT "sync_requests_business_id_unique" UNIQUE("business_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"google_sub" text,
	"name" text NOT NULL,
	"session_version" integer DEFAULT 0 NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_google_sub_unique" UNIQUE("google_sub")
);
--> statement-breakpoint
ALTER TABLE "activity" ADD CONSTRAINT "activity_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "activity" ADD CONSTRAINT "activity_business_id_member_id_members_business_id_id_fk" FOREIGN KEY ("business_id","member_id") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointment_assignees" ADD CONSTRAINT "appointment_assignees_business_id_appointment_id_appointments_business_id_id_fk" FOREIGN KEY ("business_id","appointment_id") REFERENCES "public"."appointments"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointment_assignees" ADD CONSTRAINT "appointment_assignees_business_id_member_id_members_business_id_id_fk" FOREIGN KEY ("business_id","member_id") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_business_id_created_by_members_business_id_id_fk" FOREIGN KEY ("business_id","created_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event_mappings" ADD CONSTRAINT "event_mappings_business_id_appointment_id_appointments_business_id_id_fk" FOREIGN KEY ("business_id","appointment_id") REFERENCES "public"."appointments"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_connections" ADD CONSTRAINT "google_connections_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_connections" ADD CONSTRAINT "google_connections_business_id_linked_by_members_business_id_id_fk" FOREIGN KEY ("business_id","linked_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_events" ADD CONSTRAINT "google_events_business_id_connection_id_google_connections_business_id_id_fk" FOREIGN KEY ("business_id","connection_id") REFERENCES "public"."google_connections"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_occurrences" ADD CONSTRAINT "google_occurrences_business_id_connection_id_google_connections_business_id_id_fk" FOREIGN KEY ("business_id","connection_id") REFERENCES "public"."google_connections"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_business_id_invited_by_members_business_id_id_fk" FOREIGN KEY ("business_id","invited_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_requests" ADD CONSTRAINT "sync_requests_connection_id_google_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."google_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_by_time" ON "activity" USING btree ("business_id","id");--> statement-breakpoint
CREATE INDEX "activity_by_appointment" ON "activity" USING btree ("business_id","appointment_id","id");--> statement-breakpoint
CREATE INDEX "activity_by_member" ON "activity" USING btree ("business_id","member_id","id");--> statement-breakpoint
CREATE INDEX "appointments_by_end" ON "appointments" USING btree ("business_id","ends_at","starts_at");--> statement-breakpoint
CREATE INDEX "appointments_by_change" ON "appointments" USING btree ("business_id","changed_in") WHERE "appointments"."changed_in" is not null;--> statement-breakpoint
CREATE INDEX "appointments_by_time" ON "appointments" USING gist ("business_id",tstzrange("starts_at", "ends_at"));--> statement-breakpoint
CREATE INDEX "event_mappings_of_calendar" ON "event_mappings" USING btree ("business_id","google_sub","calendar_id");--> statement-breakpoint
CREATE INDEX "event_mappings_waiting" ON "event_mappings" USING btree ("business_id","google_sub") WHERE "event_mappings"."pending_removal" or "event_mappings"."next_attempt_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "google_connections_one_per_business" ON "google_connections" USING btree ("business_id");--> statement-breakpoint
CREATE INDEX "google_connections_by_sub" ON "google_connections" USING btree ("google_sub");--> statement-breakpoint
CREATE UNIQUE INDEX "google_connections_channel" ON "google_connections" USING btree ("channel_id");--> statement-breakpoint
CREATE INDEX "google_events_of_series" ON "google_events" USING btree ("business_id","recurring_event_id") WHERE "google_events"."recurring_event_id" is not null;--> statement-breakpoint
CREATE INDEX "google_occurrences_short" ON "google_occurrences" USING btree ("business_id",lower("during")) WHERE upper("google_occurrences"."during") - lower("google_occurrences"."during") <= interval '48 hours';--> statement-breakpoint
CREATE INDEX "google_occurrences_long" ON "google_occurrences" USING gist ("business_id","during") WHERE upper("google_occurrences"."during") - lower("google_occurrences"."during") > interval '48 hours';--> statement-breakpoint
CREATE INDEX "google_occurrences_of_series" ON "google_occurrences" USING btree ("business_id","series_id") WHERE "google_occurrences"."instance_id" <> "google_occurrences"."series_id";--> statement-breakpoint
CREATE INDEX "invitations_of_business" ON "invitations" USING btree ("business_id","created_at");--> statement-breakpoint
CREATE INDEX "members_by_user" ON "members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "rate_limits_by_end" ON "rate_limits" USING btree ("window_ends_at");
--> statement-breakpoint
-- No assignee holds two overlapping appointments, whatever the race.
ALTER TABLE "appointment_assignees" ADD CONSTRAINT "appointment_assignees_exclusive"
  EXCLUDE USING gist ("member_id" WITH =, "during" WITH &&) WHERE ("exclusive");
--> statement-breakpoint

-- Tenant scope. A transaction that enters a business runs as a role that sees only that business's
-- rows, whatever its queries ask for. The owner of the tables (sign-in, the queue, migrations) is
-- not limited. A role belongs to the whole server: another database on it may have created this
-- one, or be creating it now.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
    CREATE ROLE sophiie_business NOLOGIN NOINHERIT;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  -- apply_tenant_policies() runs after every migration and prints what an administrator has to do.
  WHEN insufficient_privilege THEN NULL;
END $$;
--> statement-breakpoint
-- The business that this transaction has entered; null = none.
CREATE FUNCTION entered_business() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('sophiie.business_id', true), '')::uuid $$;
--> statement-breakpoint
-- Valid until the transaction ends. Every tenant transaction calls it, thirty times for one
-- booking: plpgsql evaluates expressions that read no table without running a query, so the role is
-- looked up with functions.
CREATE FUNCTION enter_business(id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ignored text;
  tenant_role CONSTANT regrole := to_regrole('sophiie_business');
BEGIN
  ignored := set_config('sophiie.business_id', id::text, true);
  IF tenant_role IS NOT NULL AND pg_has_role(tenant_role, 'MEMBER') THEN
    ignored := set_config('role', 'sophiie_business', true);
  END IF;
END $$;
--> statement-breakpoint
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY '{members, appointments, appointment_assignees, google_connections, sync_requests,
    google_events, google_occurrences, event_mappings, invitations, activity, google_revocations}'::text[] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_business ON %I USING (business_id = (SELECT entered_business()))', name);
  END LOOP;
  ALTER TABLE businesses ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own_business ON businesses USING (id = (SELECT entered_business()));
  -- These belong to no business and have no policy: the tenant role sees no row of them.
  ALTER TABLE users ENABLE ROW LEVEL SECURITY;
  ALTER TABLE sign_in_links ENABLE ROW LEVEL SECURITY;
  ALTER TABLE rate_limits ENABLE ROW LEVEL SECURITY;
  ALTER TABLE google_budget ENABLE ROW LEVEL SECURITY;
END $$;
--> statement-breakpoint

-- The queue's tables are readable by their owner only. The tenant role adds jobs for its own
-- business through these functions.
CREATE FUNCTION request_sync(connection uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM google_connections c
    WHERE c.id = connection AND c.business_id = coalesce(entered_business(), c.business_id)) THEN
    PERFORM graphile_worker.add_job('sync-connection', json_build_object('connectionId', connection),
      job_key => 'sync:' || connection, max_attempts => 25, flags => ARRAY[connection::text]);
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION request_sync_later(connection uuid, seconds double precision) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM google_connections c
    WHERE c.id = connection AND c.business_id = coalesce(entered_business(), c.business_id)) THEN
    PERFORM graphile_worker.add_job('sync-connection', json_build_object('connectionId', connection),
      job_key => 'sync-later:' || connection, run_at => now() + make_interval(secs => seconds), max_attempts => 25,
      flags => ARRAY[connection::text]);
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION request_revocation(revocation uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM google_revocations r
    WHERE r.id = revocation AND r.business_id = coalesce(entered_business(), r.business_id)) THEN
    PERFORM graphile_worker.add_job('revoke', json_build_object('revocationId', revocation),
      job_key => 'revoke:' || revocation);
  END IF;
END $$;
--> statement-breakpoint

-- Range operators are not leakproof, so under a policy no index on `during` or on time can serve
-- them. The next two functions read by index and return rows of `business`, which for the tenant
-- role must be the entered one. A row of at most 48 hours that touches `within` started at most 48
-- hours before it. The connection is compared in a way that no index serves: the primary key would
-- read the whole calendar.
CREATE FUNCTION occurrences_within(business uuid, connection uuid, within tstzrange) RETURNS SETOF google_occurrences
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200
  AS $$
    SELECT * FROM google_occurrences o
    WHERE o.business_id = business AND o.connection_id IS NOT DISTINCT FROM connection AND o.during && within
      AND upper(o.during) - lower(o.during) <= interval '48 hours'
      AND lower(o.during) >= coalesce(lower(within) - interval '48 hours', '-infinity')
      AND lower(o.during) <= coalesce(upper(within), 'infinity')
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business')
    UNION ALL
    SELECT * FROM google_occurrences o
    WHERE o.business_id = business AND o.connection_id IS NOT DISTINCT FROM connection AND o.during && within
      AND upper(o.during) - lower(o.during) > interval '48 hours'
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business') $$;
--> statement-breakpoint
CREATE FUNCTION appointments_within(business uuid, within tstzrange) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200
  AS $$ SELECT a.id FROM appointments a
    WHERE a.business_id = business AND tstzrange(a.starts_at, a.ends_at) && within
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business') $$;
--> statement-breakpoint

-- Which appointments may be dirty (docs/decisions/071): those written since everything was last
-- clean, not all of a business. Triggers keep this true for every writer, an older version of the
-- product included.
CREATE FUNCTION set_changed_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_in := pg_current_xact_id();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER appointments_changed BEFORE INSERT OR UPDATE ON appointments
  FOR EACH ROW EXECUTE FUNCTION set_changed_in();
--> statement-breakpoint
CREATE FUNCTION raise_dirty_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sync_requests SET dirty_version = dirty_version + 1 WHERE business_id = NEW.business_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
-- A mapping that was found in Google and not created here.
CREATE TRIGGER event_mappings_found AFTER INSERT ON event_mappings
  FOR EACH ROW WHEN (NEW.state <> 'pending' OR NEW.needs_refetch) EXECUTE FUNCTION raise_dirty_version();
--> statement-breakpoint
-- Less is agreed than before, or the mapping must be retried or refetched. Reaching agreement
-- raises nothing.
CREATE TRIGGER event_mappings_dirty AFTER UPDATE ON event_mappings
  FOR EACH ROW WHEN (NEW.revision_pushed < OLD.revision_pushed
    OR (NEW.needs_refetch AND NOT OLD.needs_refetch)
    OR (NEW.state <> OLD.state AND NEW.state <> 'live')
    OR (OLD.rejected_revision IS NOT NULL AND NEW.rejected_revision IS DISTINCT FROM OLD.rejected_revision))
  EXECUTE FUNCTION raise_dirty_version();
--> statement-breakpoint
-- Another calendar, or a new grant under which running work records nothing. Deferred, because
-- transactions that write mappings write sync_requests after them.
CREATE CONSTRAINT TRIGGER google_connections_dirty AFTER UPDATE ON google_connections DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.epoch <> OLD.epoch OR NEW.calendar_id IS DISTINCT FROM OLD.calendar_id
    OR NEW.selected_at IS DISTINCT FROM OLD.selected_at OR NEW.google_sub <> OLD.google_sub)
  EXECUTE FUNCTION raise_dirty_version();
--> statement-breakpoint
-- All appointments, or those written since the last clean state. A `clean_before` ahead of this
-- server's transaction ids (a restored database) does not count. A function, so that the planner
-- expects few rows.
CREATE FUNCTION changed_appointments(business uuid) RETURNS SETOF appointments LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  since xid8;
BEGIN
  SELECT clean_before INTO since FROM sync_requests
    WHERE business_id = business AND dirty_version = clean_version AND clean_before <= pg_snapshot_xmin(pg_current_snapshot());
  IF since IS NULL THEN
    RETURN QUERY SELECT * FROM appointments WHERE business_id = business;
  ELSE
    RETURN QUERY SELECT * FROM appointments WHERE business_id = business AND changed_in >= since;
  END IF;
END $$;
--> statement-breakpoint

-- Creates the tenant role where that is allowed and grants it what it needs and nothing else. Runs
-- after every migration, so that a role which an administrator created later takes effect with the
-- next one. Warns about what is missing and continues.
CREATE FUNCTION apply_tenant_policies() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  grants CONSTANT jsonb := '{
    "businesses": "SELECT, UPDATE",
    "members": "SELECT, UPDATE",
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
  }';
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
