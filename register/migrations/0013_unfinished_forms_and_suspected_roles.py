"""Small forms that were typed and not sent, kept for their person; and a role that the physician gives to a suspicion."""

import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from register.migrations._together import together


RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON register_unfinishedform TO register_app;
GRANT SELECT, INSERT ON register_historicalunfinishedform TO register_app;
GRANT USAGE ON SEQUENCE register_historicalunfinishedform_history_id_seq TO register_app;
SELECT audit.track('register_unfinishedform');
SELECT audit.isolate('register_unfinishedform');
SELECT audit.isolate('register_historicalunfinishedform');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0012_nil_reports_can_be_withdrawn'),
    ]

    operations = together([
        migrations.CreateModel(
            name='HistoricalUnfinishedForm',
            fields=[
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('form', models.CharField(max_length=40)),
                ('about', models.UUIDField()),
                ('typed', models.JSONField()),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='register.case')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical unfinished form',
                'verbose_name_plural': 'historical unfinished forms',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='UnfinishedForm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('form', models.CharField(max_length=40)),
                ('about', models.UUIDField()),
                ('typed', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unfinished_forms', to='register.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'by', 'form', 'about'), name='unfinished_form_once')],
            },
        ),
        migrations.AddField(
            model_name='historicalsuspectedsubstance',
            name='role',
            field=models.CharField(blank=True, max_length=40, null=True),
        ),
        migrations.AddField(
            model_name='suspectedsubstance',
            name='role',
            field=models.CharField(blank=True, max_length=40, null=True),
        ),
        migrations.AddConstraint(
            model_name='suspectedsubstance',
            constraint=models.CheckConstraint(condition=models.Q(('role__isnull', True), ('role__in', ('sole_cause', 'joint_cause', 'possible_contribution', 'present_no_contribution', 'metabolite_or_adulterant', 'therapeutic', 'given_in_care', 'artefact', 'undeterminable', 'suspected_only')), _connector='OR'), name='suspectedsubstance_role_answer'),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ])
