-- Whose own calendar an event is in, which is still known after that calendar is unlinked.
ALTER TABLE "event_mappings" ADD COLUMN "member_id" uuid;
--> statement-breakpoint
CREATE INDEX "event_mappings_of_members" ON "event_mappings" USING btree ("business_id","member_id") WHERE "event_mappings"."member_id" is not null;
--> statement-breakpoint
UPDATE event_mappings m SET member_id = c.member_id FROM synced_calendars c
  WHERE c.business_id = m.business_id AND c.calendar_id = m.calendar_id AND c.purpose = 'appointments'
    AND c.member_id IS NOT NULL;
