-- A linked Google account (`google_accounts`) apart from the calendars of it that are synced
-- (`synced_calendars`). Tokens stay bound to their id: the account takes over that of the link.
CREATE TABLE "google_accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"member_id" uuid,
	"linked_by" uuid NOT NULL,
	"google_sub" text NOT NULL,
	"google_email" text NOT NULL,
	"scopes" text[] NOT NULL,
	"refresh_token" text NOT NULL,
	"access_token" text,
	"access_token_expires_at" timestamptz,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "google_accounts_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "google_accounts_one_each" UNIQUE NULLS NOT DISTINCT("business_id","member_id")
);
--> statement-breakpoint
INSERT INTO google_accounts (id, business_id, linked_by, google_sub, google_email, scopes, refresh_token, access_token,
    access_token_expires_at, created_at)
  SELECT id, business_id, linked_by, google_sub, google_email, scopes, refresh_token, access_token,
    access_token_expires_at, created_at FROM google_connections;
--> statement-breakpoint
DELETE FROM google_connections WHERE calendar_id IS NULL OR selected_at IS NULL;
--> statement-breakpoint
DROP TRIGGER google_connections_dirty ON google_connections;
--> statement-breakpoint
DROP FUNCTION occurrences_within(uuid, uuid, tstzrange);
--> statement-breakpoint
DROP FUNCTION changed_appointments(uuid);
--> statement-breakpoint
DROP FUNCTION request_sync(uuid);
--> statement-breakpoint
DROP FUNCTION request_sync_later(uuid, double precision);
--> statement-breakpoint
-- Jobs under their old name; the scheduler finds their work.
DO $$ BEGIN
  IF to_regclass('graphile_worker.jobs') IS NOT NULL THEN
    PERFORM graphile_worker.complete_jobs(ARRAY(
      SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'sync-connection'));
  END IF;
END $$;
--> statement-breakpoint
ALTER TABLE google_connections RENAME TO synced_calendars;
--> statement-breakpoint
ALTER TABLE synced_calendars
  DROP COLUMN linked_by, DROP COLUMN google_sub, DROP COLUMN google_email, DROP COLUMN scopes,
  DROP COLUMN refresh_token, DROP COLUMN access_token, DROP COLUMN access_token_expires_at,
  ADD COLUMN account_id uuid, ADD COLUMN member_id uuid, ADD COLUMN purpose text;
--> statement-breakpoint
UPDATE synced_calendars SET account_id = id, purpose = 'appointments', calendar_name = coalesce(calendar_name, calendar_id);
--> statement-breakpoint
ALTER TABLE synced_calendars
  ALTER COLUMN account_id SET NOT NULL, ALTER COLUMN purpose SET NOT NULL, ALTER COLUMN calendar_id SET NOT NULL,
  ALTER COLUMN calendar_name SET NOT NULL, ALTER COLUMN selected_at SET NOT NULL;
--> statement-breakpoint
ALTER TABLE google_events RENAME COLUMN connection_id TO synced_calendar_id;
--> statement-breakpoint
ALTER TABLE google_occurrences RENAME COLUMN connection_id TO synced_calendar_id;
--> statement-breakpoint
ALTER TABLE sync_requests RENAME COLUMN connection_id TO synced_calendar_id;
--> statement-breakpoint
ALTER TABLE sync_requests DROP CONSTRAINT sync_requests_business_id_unique;
--> statement-breakpoint
ALTER TABLE google_revocations ADD COLUMN channels jsonb;
--> statement-breakpoint
UPDATE google_revocations SET channels = CASE WHEN channel_id IS NULL OR channel_resource_id IS NULL THEN '[]'::jsonb
  ELSE jsonb_build_array(jsonb_build_object('id', channel_id, 'resourceId', channel_resource_id)) END;
--> statement-breakpoint
ALTER TABLE google_revocations ALTER COLUMN channels SET NOT NULL, DROP COLUMN channel_id, DROP COLUMN channel_resource_id;
--> statement-breakpoint

ALTER TABLE "google_accounts" ADD CONSTRAINT "google_accounts_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "google_accounts" ADD CONSTRAINT "google_accounts_business_id_member_id_members_business_id_id_fk" FOREIGN KEY ("business_id","member_id") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "google_accounts" ADD CONSTRAINT "google_accounts_business_id_linked_by_members_business_id_id_fk" FOREIGN KEY ("business_id","linked_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "google_accounts_by_sub" ON "google_accounts" USING btree ("google_sub");
--> statement-breakpoint
ALTER TABLE "synced_calendars" ADD CONSTRAINT "synced_calendars_business_id_account_id_google_accounts_business_id_id_fk" FOREIGN KEY ("business_id","account_id") REFERENCES "public"."google_accounts"("business_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "synced_calendars" ADD CONSTRAINT "synced_calendars_of_account" UNIQUE("account_id","calendar_id");
--> statement-breakpoint
ALTER TABLE "synced_calendars" ADD CONSTRAINT "synced_calendars_purpose" CHECK ("synced_calendars"."purpose" in ('appointments', 'busy'));
--> statement-breakpoint
DROP INDEX google_connections_one_per_business;
--> statement-breakpoint
CREATE UNIQUE INDEX "synced_calendars_one_for_appointments" ON "synced_calendars" USING btree ("business_id",coalesce("member_id", "business_id")) WHERE "synced_calendars"."purpose" = 'appointments';
--> statement-breakpoint
CREATE INDEX "sync_requests_of_business" ON "sync_requests" USING btree ("business_id");
--> statement-breakpoint
ALTER INDEX google_connections_channel RENAME TO synced_calendars_channel;
--> statement-breakpoint
ALTER TABLE synced_calendars RENAME CONSTRAINT google_connections_pkey TO synced_calendars_pkey;
--> statement-breakpoint
ALTER TABLE synced_calendars RENAME CONSTRAINT google_connections_of_business TO synced_calendars_of_business;
--> statement-breakpoint
ALTER TABLE google_events RENAME CONSTRAINT google_events_business_id_connection_id_google_connections_busi TO google_events_business_id_synced_calendar_id_synced_calendars_b;
--> statement-breakpoint
ALTER TABLE google_events RENAME CONSTRAINT google_events_connection_id_event_id_pk TO google_events_synced_calendar_id_event_id_pk;
--> statement-breakpoint
ALTER TABLE google_occurrences RENAME CONSTRAINT google_occurrences_business_id_connection_id_google_connections TO google_occurrences_business_id_synced_calendar_id_synced_calend;
--> statement-breakpoint
ALTER TABLE google_occurrences RENAME CONSTRAINT google_occurrences_connection_id_instance_id_pk TO google_occurrences_synced_calendar_id_instance_id_pk;
--> statement-breakpoint
ALTER TABLE sync_requests RENAME CONSTRAINT sync_requests_connection_id_google_connections_id_fk TO sync_requests_synced_calendar_id_synced_calendars_id_fk;
--> statement-breakpoint
ALTER TABLE synced_calendars RENAME CONSTRAINT google_connections_business_id_businesses_id_fk TO synced_calendars_business_id_businesses_id_fk;
--> statement-breakpoint

ALTER TABLE google_accounts ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own_business ON google_accounts USING (business_id = (SELECT entered_business()));
--> statement-breakpoint

-- The queue's tables are readable by their owner only. The tenant role adds jobs for its own
-- business through these functions.
CREATE FUNCTION request_sync(calendar uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM synced_calendars c
    WHERE c.id = calendar AND c.business_id = coalesce(entered_business(), c.business_id)) THEN
    PERFORM graphile_worker.add_job('sync-calendar', json_build_object('syncedCalendarId', calendar),
      job_key => 'sync:' || calendar, max_attempts => 25, flags => ARRAY[calendar::text]);
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION request_sync_later(calendar uuid, seconds double precision) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM synced_calendars c
    WHERE c.id = calendar AND c.business_id = coalesce(entered_business(), c.business_id)) THEN
    PERFORM graphile_worker.add_job('sync-calendar', json_build_object('syncedCalendarId', calendar),
      job_key => 'sync-later:' || calendar, run_at => now() + make_interval(secs => seconds), max_attempts => 25,
      flags => ARRAY[calendar::text]);
  END IF;
END $$;
--> statement-breakpoint
-- As in the first migration, for a synced calendar. It is compared in a way that no index serves:
-- the primary key would read the whole calendar.
CREATE FUNCTION occurrences_within(business uuid, calendar uuid, within tstzrange) RETURNS SETOF google_occurrences
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200
  AS $$
    SELECT * FROM google_occurrences o
    WHERE o.business_id = business AND o.synced_calendar_id IS NOT DISTINCT FROM calendar AND o.during && within
      AND upper(o.during) - lower(o.during) <= interval '48 hours'
      AND lower(o.during) >= coalesce(lower(within) - interval '48 hours', '-infinity')
      AND lower(o.during) <= coalesce(upper(within), 'infinity')
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business')
    UNION ALL
    SELECT * FROM google_occurrences o
    WHERE o.business_id = business AND o.synced_calendar_id IS NOT DISTINCT FROM calendar AND o.during && within
      AND upper(o.during) - lower(o.during) > interval '48 hours'
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business') $$;
--> statement-breakpoint
-- Another calendar, or a new grant under which running work records nothing. Deferred, because
-- transactions that write mappings write sync_requests after them.
CREATE CONSTRAINT TRIGGER synced_calendars_dirty AFTER UPDATE ON synced_calendars DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.epoch <> OLD.epoch OR NEW.calendar_id <> OLD.calendar_id
    OR NEW.selected_at <> OLD.selected_at OR NEW.account_id <> OLD.account_id)
  EXECUTE FUNCTION raise_dirty_version();
--> statement-breakpoint
-- All appointments, or those written since the calendar was last clean. A `clean_before` ahead of
-- this server's transaction ids (a restored database) does not count. A function, so that the
-- planner expects few rows.
CREATE FUNCTION changed_appointments(business uuid, calendar uuid) RETURNS SETOF appointments
  LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  since xid8;
BEGIN
  SELECT clean_before INTO since FROM sync_requests
    WHERE synced_calendar_id = calendar AND dirty_version = clean_version
      AND clean_before <= pg_snapshot_xmin(pg_current_snapshot());
  IF since IS NULL THEN
    RETURN QUERY SELECT * FROM appointments WHERE business_id = business;
  ELSE
    RETURN QUERY SELECT * FROM appointments WHERE business_id = business AND changed_in >= since;
  END IF;
END $$;
--> statement-breakpoint
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
  "google_accounts": "SELECT, INSERT, UPDATE, DELETE",
  "synced_calendars": "SELECT, INSERT, UPDATE, DELETE",
  "sync_requests": "SELECT, INSERT, UPDATE",
  "google_events": "SELECT, INSERT, UPDATE, DELETE",
  "google_occurrences": "SELECT, INSERT, UPDATE, DELETE",
  "event_mappings": "SELECT, INSERT, UPDATE, DELETE",
  "invitations": "SELECT, INSERT, UPDATE",
  "activity": "SELECT, INSERT",
  "google_revocations": "INSERT"
}'::jsonb
$$;
