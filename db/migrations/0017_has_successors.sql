-- As before, but an event whose deletion is unanswered does not count as existing: Google may have
-- carried it out. The next write or read of that event tells.
CREATE OR REPLACE FUNCTION has_successors(business uuid, appointment uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN NOT EXISTS (
    SELECT FROM calendars_of_appointment(business, appointment) k
    WHERE NOT EXISTS (SELECT FROM event_mappings n
        WHERE n.appointment_id = appointment AND n.google_sub = k.google_sub AND n.calendar_id = k.calendar_id
          AND (n.state = 'removed' OR (n.state = 'live' AND NOT n.pending_removal)))
      AND NOT (EXISTS (SELECT FROM synced_calendars s WHERE s.id = k.id AND s.waits_for_person AND s.retry_at IS NULL)
        AND EXISTS (SELECT FROM calendars_of_appointment(business, appointment) o
          WHERE EXISTS (SELECT FROM event_mappings n
              WHERE n.appointment_id = appointment AND n.google_sub = o.google_sub AND n.calendar_id = o.calendar_id
                AND n.state = 'live' AND NOT n.pending_removal)
            AND NOT EXISTS (SELECT FROM synced_calendars s
              WHERE s.id = o.id AND s.waits_for_person AND s.retry_at IS NULL))));
END $$;
