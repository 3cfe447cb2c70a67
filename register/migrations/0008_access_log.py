"""What the privacy officer made of each report on the access log, kept in the trail like everything that people decide."""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

RIGHTS = """
SELECT audit.track('register_logreview');
GRANT SELECT, INSERT, UPDATE ON register_logreview TO register_app;
GRANT SELECT, INSERT ON register_historicallogreview TO register_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO register_app;
"""



class Migration(migrations.Migration):

    dependencies = [
        ("register", "0007_saves"),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalLogReview',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('measure', models.CharField(max_length=20)),
                ('span', models.PositiveSmallIntegerField()),
                ('day', models.DateField()),
                ('counted', models.PositiveIntegerField()),
                ('outcome', models.CharField(max_length=20)),
                ('note', models.CharField(max_length=500)),
                ('at', models.DateTimeField(blank=True, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical log review',
                'verbose_name_plural': 'historical log reviews',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='LogReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('measure', models.CharField(max_length=20)),
                ('span', models.PositiveSmallIntegerField()),
                ('day', models.DateField()),
                ('counted', models.PositiveIntegerField()),
                ('outcome', models.CharField(max_length=20)),
                ('note', models.CharField(max_length=500)),
                ('at', models.DateTimeField(auto_now=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('measure', 'span', 'person', 'day'), name='one_outcome_for_a_report'), models.CheckConstraint(condition=models.Q(('person', models.F('by')), _negated=True), name='nobody_reviews_a_report_on_themselves'), models.CheckConstraint(condition=models.Q(('outcome__in', ['explained', 'asked', 'incident'])), name='outcome_known'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='outcome_has_a_note')],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
