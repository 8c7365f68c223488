ALTER TABLE "businesses" ADD COLUMN "appointments_go" text DEFAULT 'both' NOT NULL
  CONSTRAINT "businesses_appointments_go" CHECK ("businesses"."appointments_go" in ('business', 'assignees', 'both'));
--> statement-breakpoint
ALTER TABLE "synced_calendars" ADD COLUMN "blocks_member_ids" uuid[];
--> statement-breakpoint
CREATE UNIQUE INDEX "synced_calendars_for_appointments_once" ON "synced_calendars" USING btree ("business_id","calendar_id") WHERE "synced_calendars"."purpose" = 'appointments';
--> statement-breakpoint
-- Where an appointment belongs: the linked calendars that are to have its event. `belongsTo` in
-- `lib/sync/placement/` is the same rule for one appointment. A single query, so that the planner
-- can make it part of the caller's.
CREATE FUNCTION calendars_of_appointment(business uuid, appointment uuid)
  RETURNS TABLE (id uuid, google_sub text, calendar_id text) LANGUAGE sql STABLE ROWS 2 AS $$
    SELECT c.id, g.google_sub, c.calendar_id
    FROM businesses b
      JOIN synced_calendars c ON c.business_id = b.id AND c.purpose = 'appointments'
      JOIN google_accounts g ON g.id = c.account_id
    WHERE b.id = business AND CASE
      WHEN c.member_id IS NOT NULL THEN b.appointments_go <> 'business' AND EXISTS (
        SELECT FROM appointment_assignees s WHERE s.appointment_id = appointment AND s.member_id = c.member_id)
      WHEN b.appointments_go <> 'assignees' THEN true
      ELSE NOT EXISTS (SELECT FROM appointment_assignees s WHERE s.appointment_id = appointment)
        OR EXISTS (SELECT FROM appointment_assignees s WHERE s.appointment_id = appointment AND NOT EXISTS (
          SELECT FROM synced_calendars o
          WHERE o.business_id = business AND o.purpose = 'appointments' AND o.member_id = s.member_id))
    END $$;
--> statement-breakpoint
-- Of several calendars only the one whose mapping, or whose row, changed. At the end of the
-- transaction: where that requests runs of several calendars, it locks those in id order before.
CREATE OR REPLACE FUNCTION raise_dirty_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sync_requests SET dirty_version = dirty_version + 1 WHERE business_id = NEW.business_id
    AND synced_calendar_id IN (
      SELECT c.id FROM synced_calendars c
      WHERE c.business_id = NEW.business_id AND c.purpose = 'appointments' AND (c.calendar_id = NEW.calendar_id
        OR NOT EXISTS (SELECT FROM synced_calendars o
          WHERE o.business_id = NEW.business_id AND o.purpose = 'appointments' AND o.id <> c.id)));
  RETURN NULL;
END $$;
--> statement-breakpoint
DROP TRIGGER event_mappings_found ON event_mappings;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER event_mappings_found AFTER INSERT ON event_mappings DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.state <> 'pending' OR NEW.needs_refetch) EXECUTE FUNCTION raise_dirty_version();
--> statement-breakpoint
DROP TRIGGER event_mappings_dirty ON event_mappings;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER event_mappings_dirty AFTER UPDATE ON event_mappings DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.revision_pushed < OLD.revision_pushed
    OR (NEW.needs_refetch AND NOT OLD.needs_refetch)
    OR (NEW.state <> OLD.state AND (NEW.state <> 'live' OR OLD.state <> 'pending'))
    OR (OLD.rejected_revision IS NOT NULL AND NEW.rejected_revision IS DISTINCT FROM OLD.rejected_revision))
  EXECUTE FUNCTION raise_dirty_version();
