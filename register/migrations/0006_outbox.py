"""Work that waits for its moment or is parked after too many tries, and signs of life of worker and clock."""

from django.db import migrations, models
from django.db.models.functions import Now

RIGHTS = "GRANT SELECT, INSERT, UPDATE ON register_heartbeat TO register_app"


class Migration(migrations.Migration):
    dependencies = [("register", "0005_accounts")]

    operations = [
        migrations.AddField("outboxmessage", "available_at", models.DateTimeField(db_default=Now())),
        migrations.AddField("outboxmessage", "parked_at", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            "Heartbeat",
            [
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
