"""Population figures as versions, steps of a build that are kept, and an embargo that the database keeps."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from register.migrations._together import together

RIGHTS = """
CREATE TRIGGER t05_actor BEFORE INSERT ON register_populationversion
  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor();
CREATE TRIGGER t05_actor BEFORE INSERT ON register_populationcount
  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor();
GRANT SELECT, INSERT ON register_populationversion, register_populationcount TO register_app;
GRANT SELECT, INSERT, DELETE ON register_releasecells TO register_app;
GRANT USAGE ON SEQUENCE register_populationcount_id_seq TO register_app;
"""
# Whoever reads published figures sees none before their minute, in whatever way they ask.
EMBARGO = """
ALTER TABLE pub.published_release ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE pub.published_file ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON pub.published_release TO register_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON pub.published_file TO register_owner USING (true) WITH CHECK (true);
CREATE POLICY keeper_reads ON pub.published_release FOR SELECT TO register_keeper USING (true);
CREATE POLICY keeper_reads ON pub.published_file FOR SELECT TO register_keeper USING (true);
CREATE POLICY app_all ON pub.published_release TO register_app USING (true) WITH CHECK (true);
CREATE POLICY app_all ON pub.published_file TO register_app USING (true) WITH CHECK (true);
CREATE POLICY stats_after_embargo ON pub.published_release FOR SELECT TO register_stats
  USING (published_at <= statement_timestamp());
CREATE POLICY stats_after_embargo ON pub.published_file FOR SELECT TO register_stats
  USING (EXISTS (SELECT FROM pub.published_release r WHERE r.id = release_id));
"""
OPEN = """
DROP POLICY owner_all ON pub.published_release;
DROP POLICY owner_all ON pub.published_file;
DROP POLICY keeper_reads ON pub.published_release;
DROP POLICY keeper_reads ON pub.published_file;
DROP POLICY app_all ON pub.published_release;
DROP POLICY app_all ON pub.published_file;
DROP POLICY stats_after_embargo ON pub.published_file;
DROP POLICY stats_after_embargo ON pub.published_release;
ALTER TABLE pub.published_release NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE pub.published_file NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0017_configuration'),
    ]

    operations = together([
        migrations.CreateModel(
            name='ReleaseCells',
            fields=[
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='cells', serialize=False, to='register.release')),
                ('body', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='historicalrelease',
            name='embargo_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='historicalrelease',
            name='hierarchy_version',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='publishedrelease',
            name='hierarchy_version',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='publishedrelease',
            name='population_version',
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name='release',
            name='embargo_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='release',
            name='hierarchy_version',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name='historicalrelease',
            name='build',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('frozen', 'Frozen'), ('proven', 'Proven'), ('built', 'Built'), ('failed', 'Failed')], default='waiting', max_length=8),
        ),
        migrations.AlterField(
            model_name='release',
            name='build',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('frozen', 'Frozen'), ('proven', 'Proven'), ('built', 'Built'), ('failed', 'Failed')], default='waiting', max_length=8),
        ),
        migrations.CreateModel(
            name='PopulationVersion',
            fields=[
                ('code', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=160)),
                ('published_on', models.DateField()),
                ('demo', models.BooleanField(default=False)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='historicalrelease',
            name='population',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='register.populationversion'),
        ),
        migrations.AddField(
            model_name='release',
            name='population',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.populationversion'),
        ),
        migrations.CreateModel(
            name='PopulationCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('sex', models.CharField(max_length=10)),
                ('age_band', models.CharField(max_length=10)),
                ('area', models.CharField(max_length=12)),
                ('persons', models.PositiveIntegerField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='register.populationversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'year', 'sex', 'age_band', 'area'), name='population_counted_once'), models.CheckConstraint(condition=models.Q(('persons__gt', 0)), name='population_of_somebody')],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(EMBARGO, OPEN),
    ])
