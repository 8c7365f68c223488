-- The sync engine and linking work behind the wall as well: a look later, and the order to revoke, are asked for by
-- functions as a look is, since the queue's tables stay their owner's.
CREATE FUNCTION request_look_later(connection uuid, seconds double precision) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM google_connections c
    WHERE c.id = connection AND c.business_id = coalesce(entered_business(), c.business_id)) THEN
    PERFORM graphile_worker.add_job('sync-connection', json_build_object('connectionId', connection),
      job_key => 'sync-later:' || connection, run_at => now() + make_interval(secs => seconds), max_attempts => 25);
  END IF;
END $$;
--> statement-breakpoint
CREATE FUNCTION request_revocation(revocation uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM google_revocations r
    WHERE r.id = revocation AND r.business_id = coalesce(entered_business(), r.business_id)) THEN
    PERFORM graphile_worker.add_job('revoke', json_build_object('revocationId', revocation),
      job_key => 'revoke:' || revocation);
  END IF;
END $$;
--> statement-breakpoint
-- Makes the role where that is allowed, and grants it what it needs and nothing else. Run after every migration, so that
-- a role that an administrator made later comes into force with the next one. Says what is missing, and goes on.
CREATE FUNCTION raise_wall() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  grants CONSTANT jsonb := '{
    "businesses": "SELECT, UPDATE",
    "members": "SELECT, UPDATE",
    "appointments": "SELECT, INSERT, UPDATE",
    "appointment_assignees": "SELECT, INSERT, UPDATE, DELETE",
    "google_connections": "SELECT, INSERT, UPDATE, DELETE",
    "sync_marks": "SELECT, INSERT, UPDATE",
    "google_events": "SELECT, INSERT, UPDATE, DELETE",
    "google_occurrences": "SELECT, INSERT, UPDATE, DELETE",
    "copies": "SELECT, INSERT, UPDATE, DELETE",
    "invitations": "SELECT, INSERT, UPDATE",
    "activity": "SELECT, INSERT",
    "google_revocations": "INSERT"
  }';
  functions CONSTANT text[] := '{"occurrences_within(uuid, uuid, tstzrange)", "appointments_within(uuid, tstzrange)",
    "request_look(uuid)", "request_look_later(uuid, double precision)", "request_revocation(uuid)"}';
  name text;
BEGIN
  FOREACH name IN ARRAY functions LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
  END LOOP;
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
      CREATE ROLE sophiie_business NOLOGIN NOINHERIT;
    END IF;
    -- Also where it is a member already: who made the role may not enter it before.
    EXECUTE format('GRANT sophiie_business TO %I', current_user);
  EXCEPTION
    -- Roles belong to the whole server: another database on it may be making this one now.
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN NULL;
  END;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business' AND pg_has_role(oid, 'MEMBER')) THEN
    RAISE WARNING 'Row-level security is not in force. Let an administrator run: CREATE ROLE sophiie_business NOLOGIN NOINHERIT (unless it is there); GRANT sophiie_business TO %; then migrate again.', quote_ident(current_user);
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sophiie_business') THEN
    RETURN;
  END IF;
  GRANT USAGE ON SCHEMA public TO sophiie_business;
  FOR name IN SELECT jsonb_object_keys(grants) LOOP
    EXECUTE format('REVOKE ALL ON %I FROM sophiie_business', name);
    EXECUTE format('GRANT %s ON %I TO sophiie_business', grants ->> name, name);
  END LOOP;
  FOREACH name IN ARRAY functions LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO sophiie_business', name);
  END LOOP;
END $$;
