-- The two questions about where an appointment belongs that the query of a sync run asks for its
-- few rows. In PL/pgSQL, whose plans are kept for the session: as part of that query they took
-- longer to plan, in each run, than the query to execute.
CREATE FUNCTION belongs_to_calendar(business uuid, appointment uuid, of_google_sub text, of_calendar_id text)
  RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM calendars_of_appointment(business, appointment) k
    WHERE k.google_sub = of_google_sub AND k.calendar_id = of_calendar_id);
END $$;
--> statement-breakpoint
-- Whether its event exists, or existed, in every calendar where it belongs. A calendar that no run
-- writes to before a person acts (`stopsSync` of `lib/google/`) is not waited for once the event
-- exists in one that can be written: the last event never goes first.
CREATE FUNCTION has_successors(business uuid, appointment uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN NOT EXISTS (
    SELECT FROM calendars_of_appointment(business, appointment) k
    WHERE NOT EXISTS (SELECT FROM event_mappings n
        WHERE n.appointment_id = appointment AND n.google_sub = k.google_sub AND n.calendar_id = k.calendar_id
          AND n.state IN ('live', 'removed'))
      AND NOT (EXISTS (SELECT FROM synced_calendars s WHERE s.id = k.id AND s.waits_for_person AND s.retry_at IS NULL)
        AND EXISTS (SELECT FROM calendars_of_appointment(business, appointment) o
          WHERE EXISTS (SELECT FROM event_mappings n
              WHERE n.appointment_id = appointment AND n.google_sub = o.google_sub AND n.calendar_id = o.calendar_id
                AND n.state = 'live')
            AND NOT EXISTS (SELECT FROM synced_calendars s
              WHERE s.id = o.id AND s.waits_for_person AND s.retry_at IS NULL))));
END $$;
