"""Settings that hold from a day on and may need a second person, and a comparison of definitions that goes in parts."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from register.migrations._together import together

# A change of a setting is written once; the only thing that comes later is that a second person agreed, once.
AGREEMENT = """
SET LOCAL ROLE register_trail;
CREATE FUNCTION audit.only_agreed_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.agreed_by_id IS NOT NULL OR
     (to_jsonb(OLD) - 'agreed_by_id' - 'agreed_at' - 'row_version') IS DISTINCT FROM
     (to_jsonb(NEW) - 'agreed_by_id' - 'agreed_at' - 'row_version') THEN
    RAISE EXCEPTION 'a change of a setting never changes but by the agreement it asks' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION audit.only_agreed_once() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.only_agreed_once() TO register_app, register_owner;
RESET ROLE;
CREATE TRIGGER t08_only_agreed_once BEFORE UPDATE ON register_configurationchange
  FOR EACH ROW EXECUTE FUNCTION audit.only_agreed_once();
GRANT UPDATE (agreed_by_id, agreed_at) ON register_configurationchange TO register_app;
"""
BACK = """
REVOKE UPDATE (agreed_by_id, agreed_at) ON register_configurationchange FROM register_app;
DROP TRIGGER t08_only_agreed_once ON register_configurationchange;
SET LOCAL ROLE register_trail;
DROP FUNCTION audit.only_agreed_once();
RESET ROLE;
"""
# What was changed before there was such a day held at once.
LONG_AGO = datetime.date(2000, 1, 1)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("register", "0022_cases_seen_by_index"),
    ]

    operations = together([
        migrations.AddField("configurationchange", "holds_from", models.DateField(default=LONG_AGO), False),
        migrations.AddField("configurationchange", "asks", models.BooleanField(default=False)),
        migrations.AddField(
            "configurationchange",
            "agreed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("configurationchange", "agreed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "configurationchange",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                    models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False), ("asks", True)),
                    _connector="OR",
                ),
                name="setting_agreed_when_asked",
            ),
        ),
        migrations.AddConstraint(
            "configurationchange",
            models.CheckConstraint(
                condition=models.Q(
                    ("agreed_by__isnull", True),
                    models.Q(("agreed_by", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="setting_agreed_by_another",
            ),
        ),
        migrations.AddField("rulecomparison", "begun_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("rulecomparison", "closed", models.PositiveIntegerField(default=0)),
        migrations.AddField("rulecomparison", "last_case", models.UUIDField(blank=True, null=True)),
        migrations.RunSQL(AGREEMENT, BACK),
    ])
