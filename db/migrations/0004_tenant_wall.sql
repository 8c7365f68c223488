-- The second wall between businesses. Whoever enters a business works as a role that sees that business's rows alone,
-- whatever its queries say. The owner of the tables (sign-in, the queue, migrations) is not behind it.

-- Roles belong to the whole server: another database on it may have made this one already, or be making it now.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
    CREATE ROLE sophiie_business NOLOGIN NOINHERIT;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE WARNING 'The role sophiie_business could not be created, so row-level security is not in force. Let an administrator run: CREATE ROLE sophiie_business NOLOGIN NOINHERIT; GRANT sophiie_business TO %', quote_ident(current_user);
END $$;
--> statement-breakpoint
-- The business that this transaction has entered; null = none.
CREATE FUNCTION entered_business() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('sophiie.business_id', true), '')::uuid $$;
--> statement-breakpoint
-- For the rest of the transaction only.
CREATE FUNCTION enter_business(id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('sophiie.business_id', id::text, true);
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business' AND pg_has_role(oid, 'MEMBER')) THEN
    PERFORM set_config('role', 'sophiie_business', true);
  END IF;
END $$;
--> statement-breakpoint
-- The queue's tables are nobody's but their owner's: a business may ask for a look at its own connection.
CREATE FUNCTION request_look(connection uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM google_connections c
    WHERE c.id = connection AND c.business_id = coalesce(entered_business(), c.business_id)) THEN
    PERFORM graphile_worker.add_job('sync-connection', json_build_object('connectionId', connection),
      job_key => 'sync:' || connection, max_attempts => 25);
  END IF;
END $$;
--> statement-breakpoint
-- Operators on ranges are not leakproof, so behind the policy no index on `during` could serve them. This reads by that
-- index and lets out rows of `business`, which behind the wall has to be the entered one.
CREATE FUNCTION occurrences_within(business uuid, connection uuid, within tstzrange) RETURNS SETOF google_occurrences
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200
  AS $$ SELECT * FROM google_occurrences o
    WHERE o.business_id = business AND o.connection_id = connection AND o.during && within
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business') $$;
--> statement-breakpoint
CREATE INDEX appointments_by_end ON appointments (business_id, ends_at, starts_at);
--> statement-breakpoint
DO $$
DECLARE
  grants CONSTANT jsonb := '{
    "members": "SELECT, UPDATE",
    "appointments": "SELECT, INSERT, UPDATE",
    "appointment_assignees": "SELECT, INSERT, UPDATE, DELETE",
    "google_connections": "SELECT, UPDATE",
    "sync_marks": "SELECT, UPDATE",
    "google_events": "SELECT",
    "google_occurrences": "SELECT",
    "copies": "SELECT, UPDATE",
    "invitations": "SELECT, INSERT, UPDATE",
    "activity": "SELECT, INSERT",
    "google_revocations": ""
  }';
  name text;
BEGIN
  FOR name IN SELECT jsonb_object_keys(grants) LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY own_business ON %I USING (business_id = (SELECT entered_business()))', name);
  END LOOP;
  ALTER TABLE businesses ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own_business ON businesses USING (id = (SELECT entered_business()));
  -- Nobody's business: people, what they sign in with, and how often they tried.
  ALTER TABLE users ENABLE ROW LEVEL SECURITY;
  ALTER TABLE sign_in_links ENABLE ROW LEVEL SECURITY;
  ALTER TABLE rate_limits ENABLE ROW LEVEL SECURITY;
  ALTER TABLE google_budget ENABLE ROW LEVEL SECURITY;

  REVOKE ALL ON FUNCTION occurrences_within(uuid, uuid, tstzrange), request_look(uuid) FROM PUBLIC;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
    BEGIN
      EXECUTE format('GRANT sophiie_business TO %I', current_user);
    EXCEPTION WHEN insufficient_privilege THEN
      IF NOT pg_has_role('sophiie_business', 'MEMBER') THEN
        RAISE WARNING 'Row-level security is not in force. Let an administrator run: GRANT sophiie_business TO %', quote_ident(current_user);
      END IF;
    END;
    GRANT USAGE ON SCHEMA public TO sophiie_business;
    GRANT EXECUTE ON FUNCTION occurrences_within(uuid, uuid, tstzrange), request_look(uuid) TO sophiie_business;
    GRANT SELECT, UPDATE ON businesses TO sophiie_business;
    FOR name IN SELECT jsonb_object_keys(grants) LOOP
      IF grants ->> name <> '' THEN
        EXECUTE format('GRANT %s ON %I TO sophiie_business', grants ->> name, name);
      END IF;
    END LOOP;
  END IF;
END $$;
