"""What every stored row owes, whoever writes it: an actor, a version, and rights for each database role.

Three roles exist before the first migration: the owner (migrations only), the app (no DDL) and the statistics role
(the schema ``pub`` and nothing else). Published tables move to ``pub`` and never change.
"""

from django.db import migrations

FUNCTIONS = """
CREATE SCHEMA audit;
CREATE SCHEMA pub;

CREATE FUNCTION audit.ctx(k text) RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('app.' || k, true), '') $$;

CREATE FUNCTION audit.require_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF audit.ctx('actor') IS NULL OR audit.ctx('trace') IS NULL THEN
    RAISE EXCEPTION 'write without actor on %', TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION audit.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.row_version := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.row_version + 1 END;
  RETURN NEW;
END $$;

CREATE FUNCTION audit.track(tbl regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER t05_actor BEFORE INSERT OR UPDATE OR DELETE ON %s
                  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor()', tbl);
  EXECUTE format('CREATE TRIGGER t10_stamp BEFORE INSERT OR UPDATE ON %s
                  FOR EACH ROW EXECUTE FUNCTION audit.stamp()', tbl);
END $$;

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is never changed', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;

CREATE FUNCTION audit.only_status_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(OLD) - 'status' - 'retraction_reason') IS DISTINCT FROM
     (to_jsonb(NEW) - 'status' - 'retraction_reason') THEN
    RAISE EXCEPTION 'a published release never changes' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
"""

TRACKED = """
DO $$
DECLARE tbl regclass;
BEGIN
  FOR tbl IN
    SELECT c.oid::regclass FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'row_version' AND NOT a.attisdropped
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'register\\_historical%'
  LOOP
    PERFORM audit.track(tbl);
  END LOOP;
END $$;
"""

PUBLISHED = """
ALTER TABLE published_release SET SCHEMA pub;
ALTER TABLE published_file SET SCHEMA pub;
CREATE TRIGGER t10_final BEFORE UPDATE ON pub.published_release
  FOR EACH ROW EXECUTE FUNCTION audit.only_status_moves();
CREATE TRIGGER t10_kept BEFORE DELETE OR TRUNCATE ON pub.published_release
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER t10_final BEFORE UPDATE OR DELETE OR TRUNCATE ON pub.published_file
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
"""

RIGHTS = """
GRANT USAGE ON SCHEMA public, pub, audit TO register_app;
GRANT EXECUTE ON FUNCTION audit.ctx(text), audit.require_actor(), audit.stamp(), audit.refuse(),
  audit.only_status_moves() TO register_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO register_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO register_app;
GRANT DELETE ON django_session, django_admin_log, register_user_groups, register_user_user_permissions,
  register_suspectedsubstance, register_definitionresult, register_knownuse, register_naloxonegiven,
  register_releasetable, register_releaseextract TO register_app;
REVOKE INSERT, UPDATE ON django_migrations FROM register_app;
REVOKE UPDATE ON register_accessevent, register_statuschange, register_releasechange FROM register_app;
GRANT SELECT, INSERT, UPDATE ON pub.published_release TO register_app;
GRANT SELECT, INSERT ON pub.published_file TO register_app;
DO $$
DECLARE tbl regclass;
BEGIN
  FOR tbl IN SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname LIKE 'register\\_historical%'
  LOOP
    EXECUTE format('REVOKE UPDATE ON %s FROM register_app', tbl);
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA pub TO register_stats;
GRANT SELECT ON ALL TABLES IN SCHEMA pub TO register_stats;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRACKED, migrations.RunSQL.noop),
        migrations.RunSQL(PUBLISHED, migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
