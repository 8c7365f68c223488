-- The same in the calendars of all guests: one meeting that is seen through several calendars is
-- shown once.
ALTER TABLE "google_events" ADD COLUMN "ical_uid" text DEFAULT '' NOT NULL;
--> statement-breakpoint
-- Busy calendars are only read: no mapping can make them dirty.
CREATE OR REPLACE FUNCTION raise_dirty_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sync_requests SET dirty_version = dirty_version + 1 WHERE business_id = NEW.business_id
    AND synced_calendar_id IN (
      SELECT id FROM synced_calendars WHERE business_id = NEW.business_id AND purpose = 'appointments');
  RETURN NULL;
END $$;
