"""What stewards do to the catalogue of substances: names that end, and a history that only grows."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

# The rows that an act changes are in the trail already; this table tells why, and nobody changes what it says.
RIGHTS = """
CREATE TRIGGER t05_actor BEFORE INSERT ON register_substancechange
  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor();
GRANT SELECT, INSERT ON register_substancechange TO register_app;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0015_decided_across_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='substancesynonym',
            name='valid_to',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='SubstanceChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('act', models.CharField(choices=[('added', 'added'), ('changed', 'changed'), ('confirmed', 'confirmed'), ('retired', 'retired'), ('restored', 'restored'), ('named', 'named'), ('name_ended', 'name ended')], max_length=12)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('substance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='register.substance')),
            ],
            options={
                'indexes': [models.Index(fields=['substance', 'at'], name='change_of_substance')],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
