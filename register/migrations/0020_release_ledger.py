"""The ledger of what was ever published, which releases a release was protected beside, and what people chose."""

import django.db.models.deletion
from django.db import migrations, models

from register.migrations._together import together

# A row of the ledger is written once and stays.
RIGHTS = "GRANT SELECT, INSERT ON register_releaseledger TO register_app;"


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0019_sharing"),
    ]

    operations = together([
        migrations.AddField(
            model_name='historicalrelease',
            name='choices',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='release',
            name='choices',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='releaseextract',
            name='earlier',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='ReleaseLedger',
            fields=[
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='ledger', serialize=False, to='register.release')),
                ('body', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
            ],
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ])
