-- Most of what a page of events costs is indexes. GiST on time was five times as dear as a B-tree: nearly all occurrences last less than
-- two days, so that a B-tree by start finds them, and GiST keeps the few that last longer. Series are looked up where there are series.
-- The new ones begin with the business, the primary keys with the connection: none can take the place of the other, also
-- when Postgres has counted nothing yet of a calendar that is being read. The version before reads occurrences by the function as
-- well; it rewrites a series more slowly, by the primary key.
CREATE INDEX "google_events_of_series" ON "google_events" USING btree ("business_id","recurring_event_id") WHERE "google_events"."recurring_event_id" is not null;--> statement-breakpoint
CREATE INDEX "google_occurrences_short" ON "google_occurrences" USING btree ("business_id",lower("during")) WHERE upper("google_occurrences"."during") - lower("google_occurrences"."during") <= interval '48 hours';--> statement-breakpoint
CREATE INDEX "google_occurrences_long" ON "google_occurrences" USING gist ("business_id","during") WHERE upper("google_occurrences"."during") - lower("google_occurrences"."during") > interval '48 hours';--> statement-breakpoint
CREATE INDEX "google_occurrences_of_series" ON "google_occurrences" USING btree ("business_id","series_id") WHERE "google_occurrences"."instance_id" <> "google_occurrences"."series_id";--> statement-breakpoint
-- Same rows and the same guard as before. What lasts at most 48 hours and touches `within` began at most so long before it. The
-- connection is compared so that no index serves it: the primary key would read all of a calendar.
CREATE OR REPLACE FUNCTION occurrences_within(business uuid, connection uuid, within tstzrange) RETURNS SETOF google_occurrences
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp ROWS 200
  AS $$
    SELECT * FROM google_occurrences o
    WHERE o.business_id = business AND o.connection_id IS NOT DISTINCT FROM connection AND o.during && within
      AND upper(o.during) - lower(o.during) <= interval '48 hours'
      AND lower(o.during) >= coalesce(lower(within) - interval '48 hours', '-infinity')
      AND lower(o.during) <= coalesce(upper(within), 'infinity')
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business')
    UNION ALL
    SELECT * FROM google_occurrences o
    WHERE o.business_id = business AND o.connection_id IS NOT DISTINCT FROM connection AND o.during && within
      AND upper(o.during) - lower(o.during) > interval '48 hours'
      AND (business = entered_business() OR current_setting('role') <> 'sophiie_business') $$;--> statement-breakpoint
-- Last, so that nobody waits for the new ones to be built while the tables are locked for this.
DROP INDEX "google_events_by_master";--> statement-breakpoint
DROP INDEX "google_occurrences_by_time";--> statement-breakpoint
DROP INDEX "google_occurrences_by_series";
