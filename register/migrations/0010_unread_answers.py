"""What somebody typed in a draft that is no answer: kept as it was typed."""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON register_unreadanswer TO register_app;
GRANT SELECT, INSERT ON register_historicalunreadanswer TO register_app;
GRANT USAGE ON SEQUENCE register_historicalunreadanswer_history_id_seq TO register_app;
SELECT audit.track('register_unreadanswer');
SELECT audit.isolate('register_unreadanswer');
SELECT audit.isolate('register_historicalunreadanswer');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0009_login'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalUnreadAnswer',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('case_version', models.PositiveIntegerField(editable=False, null=True)),
                ('page', models.CharField(max_length=40)),
                ('field', models.CharField(max_length=80)),
                ('row', models.CharField(blank=True, default='', max_length=36)),
                ('typed', models.JSONField()),
                ('problem_nl', models.CharField(blank=True, default='', max_length=500)),
                ('problem_en', models.CharField(blank=True, default='', max_length=500)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='register.case')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical unread answer',
                'verbose_name_plural': 'historical unread answers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='UnreadAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('case_version', models.PositiveIntegerField(editable=False, null=True)),
                ('page', models.CharField(max_length=40)),
                ('field', models.CharField(max_length=80)),
                ('row', models.CharField(blank=True, default='', max_length=36)),
                ('typed', models.JSONField()),
                ('problem_nl', models.CharField(blank=True, default='', max_length=500)),
                ('problem_en', models.CharField(blank=True, default='', max_length=500)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_rows', to='register.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'page', 'field', 'row'), name='unread_answer_once')],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
