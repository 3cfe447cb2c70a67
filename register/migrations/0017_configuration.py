"""What people set: rules, texts, terms and the version of the definitions; and the substances that the desk asks for."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from register.migrations._together import together

# Settings and adoptions only come. A comparison lists cases of the whole country, so only who sees that meets it; it is
# made anew at will and no part of the record, and leaves no trail.
RIGHTS = """
GRANT SELECT, INSERT ON register_configurationchange, register_ruleadoption TO register_app;
GRANT SELECT, INSERT, UPDATE ON register_substancerequest, register_rulecomparison TO register_app;
SELECT audit.track('register_configurationchange');
SELECT audit.track('register_ruleadoption');
SELECT audit.track('register_substancerequest');
CREATE TRIGGER t05_actor BEFORE INSERT OR UPDATE ON register_rulecomparison
  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor();
SELECT audit.isolate('register_rulecomparison', 'false');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0016_catalogue_stewarding'),
    ]

    operations = together([
        migrations.AddField(
            model_name='user',
            name='letter_keys',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='acceptedfinding',
            name='words_en',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='acceptedfinding',
            name='words_nl',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='historicalacceptedfinding',
            name='words_en',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='historicalacceptedfinding',
            name='words_nl',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='historicalquery',
            name='rule',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='query',
            name='rule',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='namelink',
            name='substance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.substance'),
        ),
        migrations.CreateModel(
            name='ConfigurationChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('kind', models.CharField(choices=[('rule', 'rule'), ('text', 'text'), ('term', 'term')], max_length=10)),
                ('code', models.CharField(max_length=80)),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'code', 'number'), name='setting_numbered_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='setting_numbered_from_one'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='setting_changed_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='RuleAdoption',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('version', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('closed', models.PositiveIntegerField()),
                ('changing', models.PositiveIntegerField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='rules_adopted_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='RuleComparison',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('before_version', models.CharField(max_length=20)),
                ('version', models.CharField(max_length=20)),
                ('asked_at', models.DateTimeField()),
                ('compared_at', models.DateTimeField(blank=True, null=True)),
                ('compared', models.PositiveIntegerField(default=0)),
                ('changes', models.JSONField(default=list)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('version'), models.OrderBy(models.F('asked_at'), descending=True), name='comparison_latest')],
            },
        ),
        migrations.CreateModel(
            name='SubstanceRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('words', models.CharField(max_length=120)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('name_key', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('open', 'open'), ('added', 'added'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('substance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.substance')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'asked_at'], name='substance_request_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('name_key',), name='substance_asked_for_once'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'added', 'declined', 'withdrawn'])), name='substance_request_state'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='substance_request_settled_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'added'), _negated=True), ('substance__isnull', False), _connector='OR'), name='substance_request_names_what_was_added')],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ])
