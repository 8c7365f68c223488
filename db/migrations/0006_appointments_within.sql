-- The ids of what touches a time. As `occurrences_within`: by the index on time, which operators that are not leakproof cannot use behind the policy, so
-- that a week is read as fast among a million appointments as among a thousand. Behind the wall `business` has to be the
-- entered one.
CREATE FUNCTION appointments_within(business uuid, within tstzrange) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200
  AS $$ SELECT a.id FROM appointments a
    WHERE a.business_id = business AND tstzrange(a.starts_at, a.ends_at) && within
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business') $$;
--> statement-breakpoint
DO $$
BEGIN
  REVOKE ALL ON FUNCTION appointments_within(uuid, tstzrange) FROM PUBLIC;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
    GRANT EXECUTE ON FUNCTION appointments_within(uuid, tstzrange) TO sophiie_business;
  END IF;
END $$;
