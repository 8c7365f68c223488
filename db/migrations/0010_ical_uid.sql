-- The same in the calendars of all guests: one meeting that is seen through several calendars is
-- shown once.
ALTER TABLE "google_events" ADD COLUMN "ical_uid" text DEFAULT '' NOT NULL;
