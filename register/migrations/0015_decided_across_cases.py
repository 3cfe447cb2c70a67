"""What is decided across cases: pairs that may be one death, and what a reported name means.

Only who sees the whole country meets these rows.
"""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from register.migrations._together import together


RIGHTS = """
GRANT SELECT, INSERT, UPDATE ON register_duplicatepair TO register_app;
GRANT SELECT, INSERT ON register_historicalduplicatepair TO register_app;
GRANT USAGE ON SEQUENCE register_historicalduplicatepair_history_id_seq TO register_app;
GRANT SELECT, INSERT, UPDATE ON register_namelink TO register_app;
GRANT SELECT, INSERT ON register_historicalnamelink TO register_app;
GRANT USAGE ON SEQUENCE register_historicalnamelink_history_id_seq TO register_app;
SELECT audit.track('register_namelink');
SELECT audit.isolate('register_namelink', 'false');
SELECT audit.isolate('register_historicalnamelink', 'false');
SELECT audit.track('register_duplicatepair');
SELECT audit.isolate('register_duplicatepair', 'false');
SELECT audit.isolate('register_historicalduplicatepair', 'false');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0014_review_desk'),
    ]

    operations = together([
        migrations.CreateModel(
            name='DuplicatePair',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('score', models.PositiveSmallIntegerField()),
                ('evidence', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('open', 'Open'), ('different', 'Different'), ('merged', 'Merged'), ('gone', 'Gone')], default='open', max_length=10)),
                ('found_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('first_version', models.PositiveIntegerField(blank=True, null=True)),
                ('taken', models.JSONField(default=list)),
                ('copied', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalDuplicatePair',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('score', models.PositiveSmallIntegerField()),
                ('evidence', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('open', 'Open'), ('different', 'Different'), ('merged', 'Merged'), ('gone', 'Gone')], default='open', max_length=10)),
                ('found_at', models.DateTimeField(blank=True, editable=False)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('first_version', models.PositiveIntegerField(blank=True, null=True)),
                ('taken', models.JSONField(default=list)),
                ('copied', models.JSONField(default=list)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical duplicate pair',
                'verbose_name_plural': 'historical duplicate pairs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='death',
            index=models.Index(condition=models.Q(('date_of_death_to__gt', models.F('date_of_death_from'))), fields=['date_of_death_to'], name='death_not_to_the_day'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs_leading', to='register.case'),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pairs_following', to='register.case'),
        ),
        migrations.AddField(
            model_name='historicalduplicatepair',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalduplicatepair',
            name='first',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='register.case'),
        ),
        migrations.AddField(
            model_name='historicalduplicatepair',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalduplicatepair',
            name='second',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='register.case'),
        ),
        migrations.AddIndex(
            model_name='duplicatepair',
            index=models.Index(models.F('state'), models.OrderBy(models.F('score'), descending=True), models.F('id'), name='pair_to_decide'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='pair_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='pair_of_two_cases'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'different', 'merged', 'gone'])), name='pair_state'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='pair_score_is_a_percentage'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'gone']), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='pair_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'different'), _negated=True), name='pair_told_apart_with_a_reason'),
        ),
        migrations.CreateModel(
            name='HistoricalNameLink',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('rows', models.JSONField(default=list)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('substance', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='register.substance')),
            ],
            options={
                'verbose_name': 'historical name link',
                'verbose_name_plural': 'historical name links',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='NameLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('rows', models.JSONField(default=list)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('substance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.substance')),
            ],
            options={
                'indexes': [models.Index(models.OrderBy(models.F('at'), descending=True), models.F('id'), name='name_link_latest')],
            },
        ),
        migrations.AddIndex(
            model_name='substancefinding',
            index=models.Index(condition=models.Q(('removed_at__isnull', True), ('substance__isnull', True)), fields=['case'], name='finding_unmapped'),
        ),
        migrations.AddIndex(
            model_name='toxresult',
            index=models.Index(condition=models.Q(('removed_at__isnull', True), ('substance__isnull', True)), fields=['case'], name='result_unmapped'),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ])
