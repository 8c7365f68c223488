-- What is dirty is looked for among what was written since everything was last settled, not among all appointments of a business
-- (docs/decisions/071). By triggers, so that it is true of what the version before writes as well. No default: it would write every row anew.
ALTER TABLE "appointments" ADD COLUMN "changed_in" "xid8";--> statement-breakpoint
ALTER TABLE "sync_marks" ADD COLUMN "stirs" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sync_marks" ADD COLUMN "settled_before" "xid8";--> statement-breakpoint
ALTER TABLE "sync_marks" ADD COLUMN "settled_stirs" bigint;--> statement-breakpoint
CREATE INDEX "appointments_by_change" ON "appointments" USING btree ("business_id","changed_in") WHERE "appointments"."changed_in" is not null;--> statement-breakpoint
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_in := pg_current_xact_id();
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER appointments_change BEFORE INSERT OR UPDATE ON appointments
  FOR EACH ROW EXECUTE FUNCTION note_change();--> statement-breakpoint
CREATE FUNCTION stir() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sync_marks SET stirs = stirs + 1 WHERE business_id = NEW.business_id;
  RETURN NULL;
END $$;--> statement-breakpoint
-- Found in Google without having been intended here.
CREATE TRIGGER copies_found AFTER INSERT ON copies
  FOR EACH ROW WHEN (NEW.state <> 'pending' OR NEW.unread) EXECUTE FUNCTION stir();--> statement-breakpoint
-- Less is agreed than before, or it is to be tried or read again. An agreement stirs nothing.
CREATE TRIGGER copies_stirred AFTER UPDATE ON copies
  FOR EACH ROW WHEN (NEW.revision_pushed < OLD.revision_pushed
    OR (NEW.unread AND NOT OLD.unread)
    OR (NEW.state <> OLD.state AND NEW.state <> 'live')
    OR (OLD.rejected_revision IS NOT NULL AND NEW.rejected_revision IS DISTINCT FROM OLD.rejected_revision))
  EXECUTE FUNCTION stir();--> statement-breakpoint
-- Another calendar, or another login, with which nothing under way is recorded. Deferred: whoever writes copies writes the marks after them.
CREATE CONSTRAINT TRIGGER google_connections_stirred AFTER UPDATE ON google_connections DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.epoch <> OLD.epoch OR NEW.calendar_id IS DISTINCT FROM OLD.calendar_id
    OR NEW.selected_at IS DISTINCT FROM OLD.selected_at OR NEW.google_sub <> OLD.google_sub)
  EXECUTE FUNCTION stir();--> statement-breakpoint
-- What may be unsettled: everything, or what was written since the mark. A mark from the future of a younger server counts for nothing.
-- A function, so that few rows are expected of it: a plan for everything reads everything.
CREATE FUNCTION changed_appointments(business uuid) RETURNS SETOF appointments LANGUAGE plpgsql STABLE ROWS 20 AS $$
DECLARE
  since xid8;
BEGIN
  SELECT settled_before INTO since FROM sync_marks
    WHERE business_id = business AND stirs = settled_stirs AND settled_before <= pg_snapshot_xmin(pg_current_snapshot());
  IF since IS NULL THEN
    RETURN QUERY SELECT * FROM appointments WHERE business_id = business;
  ELSE
    RETURN QUERY SELECT * FROM appointments WHERE business_id = business AND changed_in >= since;
  END IF;
END $$;
