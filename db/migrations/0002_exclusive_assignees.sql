-- No assignee holds two overlapping appointments, whatever the race.
ALTER TABLE "appointment_assignees" ADD CONSTRAINT "appointment_assignees_exclusive"
  EXCLUDE USING gist ("member_id" WITH =, "during" WITH &&) WHERE ("exclusive");
