"""Toxicology that was copied from a case that was merged away goes again when the merge is undone, and at no other time.

The original stands in the case that is open again, and the trail keeps the copy.
"""

from django.db import migrations

TABLES = "register_toxrequest, register_toxsample, register_toxresult, register_sourcedocument"
GUARD = f"""
SET LOCAL ROLE register_trail;
CREATE FUNCTION audit.only_of_a_merge() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user = 'register_app' AND audit.ctx('reason_code') IS DISTINCT FROM 'decide_duplicate' THEN
    RAISE EXCEPTION '% is never taken away but with the merge that copied it', TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION audit.only_of_a_merge() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.only_of_a_merge() TO register_app, register_owner;
RESET ROLE;
DO $$
DECLARE tbl text;
BEGIN
  FOREACH tbl IN ARRAY string_to_array('{TABLES}', ', ') LOOP
    EXECUTE format('CREATE TRIGGER t08_only_of_a_merge BEFORE DELETE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION audit.only_of_a_merge()', tbl);
  END LOOP;
END $$;
GRANT DELETE ON {TABLES} TO register_app;
"""
BACK = f"""
REVOKE DELETE ON {TABLES} FROM register_app;
DO $$
DECLARE tbl text;
BEGIN
  FOREACH tbl IN ARRAY string_to_array('{TABLES}', ', ') LOOP
    EXECUTE format('DROP TRIGGER t08_only_of_a_merge ON %s', tbl);
  END LOOP;
END $$;
SET LOCAL ROLE register_trail;
DROP FUNCTION audit.only_of_a_merge();
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0020_release_ledger")]

    operations = [migrations.RunSQL(GUARD, BACK)]
