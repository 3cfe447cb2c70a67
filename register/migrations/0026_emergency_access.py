"""Emergency access: the database lets somebody read one case of another region for an hour, and write nothing of it.

A case that was opened is one more that a session finds, and so are the rows that belong to it. Only reading finds it: the
policy by region, which alone lets a case be written, does not, and the rows of a case have policies against it.
"""

import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTIONS = """
SET LOCAL ROLE register_trail;
-- The case that this session reads by the emergency access it was told of; none when that is over, or when the person
-- was switched off or got another role or region since. In PL/pgSQL, because its plans are kept and because a session
-- without an emergency is done with the first line.
CREATE FUNCTION audit.opened_case() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF coalesce(current_setting('app.emergency', true), '') = '' THEN RETURN NULL; END IF;
  RETURN (SELECT e.case_id FROM public.register_emergencyaccess e JOIN public.register_user u ON u.id = e.person_id
    WHERE e.id = current_setting('app.emergency', true)::uuid AND u.id::text = current_setting('app.actor', true)
      AND e.ended_at IS NULL AND e.expires_at > clock_timestamp()
      AND u.is_active AND u.session_epoch = e.person_epoch AND u.role = e.person_role
      AND u.region_id IS NOT DISTINCT FROM e.person_region_id);
END $$;

-- The case of that access, open or over. What was opened is not written, also when it closes in the middle of a statement.
CREATE FUNCTION audit.entered_case() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF coalesce(current_setting('app.emergency', true), '') = '' THEN RETURN NULL; END IF;
  RETURN (SELECT e.case_id FROM public.register_emergencyaccess e
    WHERE e.id = current_setting('app.emergency', true)::uuid);
END $$;

-- Rows of a case are found with the case, also with one that is only opened: these policies keep them from being written.
CREATE FUNCTION audit.keep_opened(tbl regclass, key name) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE kept text := format('%I IS DISTINCT FROM (SELECT audit.entered_case())', key);
BEGIN
  EXECUTE format('CREATE POLICY app_opened_insert ON %s AS RESTRICTIVE FOR INSERT TO register_app
                  WITH CHECK (%s)', tbl, kept);
  EXECUTE format('CREATE POLICY app_opened_update ON %s AS RESTRICTIVE FOR UPDATE TO register_app
                  USING (%s) WITH CHECK (%s)', tbl, kept, kept);
  EXECUTE format('CREATE POLICY app_opened_delete ON %s AS RESTRICTIVE FOR DELETE TO register_app USING (%s)', tbl, kept);
END $$;
CREATE OR REPLACE FUNCTION audit.isolate(tbl regclass) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
  AS $$ SELECT audit.isolate(tbl,
    format('EXISTS (SELECT FROM public.register_case c WHERE c.id = %s.case_id)', tbl));
    SELECT audit.keep_opened(tbl, 'case_id') $$;

-- Whatever the application says: it begins now, lasts an hour, and nobody has two of one case at once. The lock makes
-- two that come together wait for each other.
CREATE FUNCTION audit.emergency_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('emergency:' || NEW.person_id || ':' || NEW.case_id, 0));
  NEW.granted_at := clock_timestamp();
  NEW.expires_at := NEW.granted_at + interval '60 minutes';
  NEW.ended_at := NULL; NEW.ended_by_id := NULL;
  NEW.outcome := ''; NEW.note := ''; NEW.reviewed_at := NULL; NEW.reviewed_by_id := NULL;
  IF EXISTS (SELECT FROM public.register_emergencyaccess e WHERE e.person_id = NEW.person_id AND e.case_id = NEW.case_id
             AND e.ended_at IS NULL AND e.expires_at > NEW.granted_at) THEN
    RAISE EXCEPTION 'this case is open to this person already' USING ERRCODE = '23505';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION audit.emergency_only_completed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE later text[] := ARRAY['ended_at', 'ended_by_id', 'outcome', 'note', 'reviewed_at', 'reviewed_by_id', 'row_version'];
BEGIN
  IF (to_jsonb(OLD) - later) IS DISTINCT FROM (to_jsonb(NEW) - later)
     OR (OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id))
     OR (OLD.reviewed_at IS NOT NULL AND (OLD.outcome, OLD.note, OLD.reviewed_at, OLD.reviewed_by_id)
         IS DISTINCT FROM (NEW.outcome, NEW.note, NEW.reviewed_at, NEW.reviewed_by_id)) THEN
    RAISE EXCEPTION 'an emergency access never changes but by its end and its outcome, once' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION audit.opened_case(), audit.entered_case(), audit.keep_opened(regclass, name),
  audit.emergency_begins(), audit.emergency_only_completed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.opened_case(), audit.entered_case() TO register_app;
GRANT EXECUTE ON FUNCTION audit.emergency_begins(), audit.emergency_only_completed() TO register_app, register_owner;
RESET ROLE;
"""

# Who sees that a case was opened: who opened it, whoever belongs to the region of the case or to the register, and the
# privacy officer, who alone says what it turned out to be.
RIGHTS = """
GRANT SELECT, INSERT ON register_emergencyaccess TO register_app;
GRANT UPDATE (ended_at, ended_by_id, outcome, note, reviewed_at, reviewed_by_id) ON register_emergencyaccess
  TO register_app;
CREATE TRIGGER t08_begins BEFORE INSERT ON register_emergencyaccess
  FOR EACH ROW EXECUTE FUNCTION audit.emergency_begins();
CREATE TRIGGER t08_only_completed BEFORE UPDATE ON register_emergencyaccess
  FOR EACH ROW EXECUTE FUNCTION audit.emergency_only_completed();
SELECT audit.track('register_emergencyaccess');
SELECT audit.isolate('register_emergencyaccess', 'person_id::text = (SELECT audit.ctx(''actor''))');
CREATE POLICY app_oversees ON register_emergencyaccess FOR SELECT TO register_app
  USING (region_id = ANY ((SELECT audit.own_regions())::text[]) OR (SELECT audit.ctx('role')) = 'auditor');
CREATE POLICY app_reviews ON register_emergencyaccess FOR UPDATE TO register_app
  USING ((SELECT audit.ctx('role')) = 'auditor') WITH CHECK ((SELECT audit.ctx('role')) = 'auditor');
"""

OPENED = """
DO $$
DECLARE tbl regclass;
BEGIN
  CREATE POLICY app_opened ON register_case FOR SELECT TO register_app USING (id = (SELECT audit.opened_case()));
  PERFORM audit.keep_opened('register_historicalcase', 'id');
  FOR tbl IN
    SELECT c.oid::regclass FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'case_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'register_emergencyaccess'
  LOOP
    PERFORM audit.keep_opened(tbl, 'case_id');
  END LOOP;
END $$;
"""

FUNCTIONS_BACK = """
SET LOCAL ROLE register_trail;
CREATE OR REPLACE FUNCTION audit.isolate(tbl regclass) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
  AS $$ SELECT audit.isolate(tbl,
    format('EXISTS (SELECT FROM public.register_case c WHERE c.id = %s.case_id)', tbl)) $$;
DROP FUNCTION audit.opened_case(), audit.entered_case(), audit.keep_opened(regclass, name), audit.emergency_begins(),
  audit.emergency_only_completed();
RESET ROLE;
"""
RIGHTS_BACK = """
DROP TRIGGER t08_begins ON register_emergencyaccess;
DROP TRIGGER t08_only_completed ON register_emergencyaccess;
"""
OPENED_BACK = """
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT polname, polrelid::regclass AS tbl FROM pg_policy WHERE polname LIKE 'app\\_opened%' LOOP
    EXECUTE format('DROP POLICY %I ON %s', found.polname, found.tbl);
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0025_accounts_start_anew"),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyAccess',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('case_number', models.CharField(max_length=20)),
                ('person_role', models.CharField(max_length=20)),
                ('person_epoch', models.PositiveIntegerField()),
                ('reason_code', models.CharField(max_length=20)),
                ('text', models.CharField(max_length=500)),
                ('granted_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=20)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.case')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person_region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.region')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.region')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'case', 'granted_at'], name='emergency_of_person'), models.Index(fields=['region', 'granted_at'], name='emergency_in_region'), models.Index(condition=models.Q(('reviewed_at', None)), fields=['granted_at'], name='emergency_without_outcome')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at', django.db.models.expressions.CombinedExpression(models.F('granted_at'), '+', models.Value(datetime.timedelta(seconds=3600))))), name='emergency_lasts_an_hour'), models.CheckConstraint(condition=models.Q(('region', models.F('person_region')), _negated=True), name='emergency_in_another_region'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('reason_code', ''), _negated=True)), name='emergency_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='emergency_ended_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('note', ''), ('outcome', ''), ('reviewed_at__isnull', True), ('reviewed_by__isnull', True)), models.Q(models.Q(('note', ''), _negated=True), ('outcome__in', ['explained', 'asked', 'incident']), ('reviewed_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='emergency_outcome_has_a_name'), models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('person')), _negated=True), _connector='OR'), name='nobody_reviews_their_own_emergency')],
            },
        ),
        migrations.AddField("signintry", "seconds", models.PositiveIntegerField(db_default=300)),
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK),
        migrations.RunSQL(RIGHTS, RIGHTS_BACK),
        migrations.RunSQL(OPENED, OPENED_BACK),
    ]
