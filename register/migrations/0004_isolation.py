"""Isolation below the application: no session of the app role reads or writes a case of another region.

``audit.isolate(table)`` puts the policies on a table with a ``case_id``; a migration that adds one calls it. The
context is set by ``audit.acting_as`` alone; without it there is no row.
"""

from django.db import migrations

ISOLATE = """
SET LOCAL ROLE register_trail;
CREATE FUNCTION audit.sees_all() RETURNS boolean LANGUAGE sql STABLE
  AS $$ SELECT coalesce(current_setting('app.scope', true), '') = 'all' $$;
CREATE FUNCTION audit.own_regions() RETURNS text[] LANGUAGE sql STABLE
  AS $$ SELECT string_to_array(coalesce(current_setting('app.regions', true), ''), ',') $$;
-- One list for both, so that the cases of a region are found by its index and not by reading every case.
CREATE FUNCTION audit.met_regions() RETURNS text[] LANGUAGE sql STABLE
  AS $$ SELECT CASE WHEN audit.sees_all() THEN (SELECT array_agg(code::text) FROM public.register_region)
                    ELSE audit.own_regions() END $$;

CREATE FUNCTION audit.isolate(tbl regclass, visible text) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tbl);
  EXECUTE format('CREATE POLICY owner_all ON %s TO register_owner USING (true) WITH CHECK (true)', tbl);
  EXECUTE format('CREATE POLICY keeper_reads ON %s FOR SELECT TO register_keeper USING (true)', tbl);
  -- In a subquery the context is read once for a statement, not once for a row.
  EXECUTE format('CREATE POLICY app_region ON %s TO register_app USING ((SELECT audit.sees_all()) OR %s)
                  WITH CHECK ((SELECT audit.sees_all()) OR %s)', tbl, visible, visible);
END $$;

CREATE FUNCTION audit.isolate(tbl regclass) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
  AS $$ SELECT audit.isolate(tbl,
    format('EXISTS (SELECT FROM public.register_case c WHERE c.id = %s.case_id)', tbl)) $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.sees_all(), audit.own_regions(), audit.met_regions() TO register_app;
RESET ROLE;
"""

POLICIES = """
DO $$
DECLARE tbl regclass;
BEGIN
  PERFORM audit.isolate('register_case', 'false');
  ALTER POLICY app_region ON register_case USING (region_id = ANY ((SELECT audit.met_regions())::text[]))
    WITH CHECK (region_id = ANY ((SELECT audit.met_regions())::text[]));
  PERFORM audit.isolate('register_historicalcase',
    'EXISTS (SELECT FROM public.register_case c WHERE c.id = register_historicalcase.id)');
  FOR tbl IN
    SELECT c.oid::regclass FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'case_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  LOOP
    PERFORM audit.isolate(tbl);
  END LOOP;
  FOREACH tbl IN ARRAY ARRAY['register_nilreport', 'register_historicalnilreport']::regclass[] LOOP
    PERFORM audit.isolate(tbl, format('EXISTS (SELECT FROM public.register_forensicservice s
      WHERE s.code = %s.service_id AND s.region_id = ANY ((SELECT audit.own_regions())::text[]))', tbl));
  END LOOP;
  -- The extract of a release holds the counted deaths of the whole country, each as one line.
  PERFORM audit.isolate('register_releaseextract', 'false');
END $$;

-- The privacy officer finds a case by its number and sees nothing else of it.
GRANT USAGE ON SCHEMA public TO register_viewer;
GRANT SELECT (id, case_number) ON register_case TO register_viewer;
CREATE POLICY viewer_finds ON register_case FOR SELECT TO register_viewer USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0003_trail")]

    operations = [
        migrations.RunSQL(ISOLATE, migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
