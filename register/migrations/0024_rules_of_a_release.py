"""The rules of a release beside its threshold, as its makers chose them; none for those that were made before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0023_settings_by_staff"),
    ]

    operations = [
        migrations.AddField("historicalrelease", "profile", models.JSONField(blank=True, null=True)),
        migrations.AddField("release", "profile", models.JSONField(blank=True, null=True)),
    ]
