-- Also an event that exists again although both sides had ended it: its appointment may differ.
DROP TRIGGER event_mappings_dirty ON event_mappings;
--> statement-breakpoint
CREATE TRIGGER event_mappings_dirty AFTER UPDATE ON event_mappings
  FOR EACH ROW WHEN (NEW.revision_pushed < OLD.revision_pushed
    OR (NEW.needs_refetch AND NOT OLD.needs_refetch)
    OR (NEW.state <> OLD.state AND (NEW.state <> 'live' OR OLD.state <> 'pending'))
    OR (OLD.rejected_revision IS NOT NULL AND NEW.rejected_revision IS DISTINCT FROM OLD.rejected_revision))
  EXECUTE FUNCTION raise_dirty_version();
