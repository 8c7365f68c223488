-- Every transaction behind the wall first enters the business, thirty times for one booking. Expressions that read no table plpgsql
-- evaluates by itself instead of running queries, so the catalogue of roles is asked by functions.
CREATE OR REPLACE FUNCTION enter_business(id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  said text;
  wall CONSTANT regrole := to_regrole('sophiie_business');
BEGIN
  said := set_config('sophiie.business_id', id::text, true);
  IF wall IS NOT NULL AND pg_has_role(wall, 'MEMBER') THEN
    said := set_config('role', 'sophiie_business', true);
  END IF;
END $$;
