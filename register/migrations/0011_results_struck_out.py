"""A result that a newer version of its report no longer has is struck out with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0010_unread_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name=model,
            name=name,
            field=field,
        )
        for model in ("toxresult", "historicaltoxresult")
        for name, field in (
            ("removed_at", models.DateTimeField(blank=True, null=True)),
            ("removed_reason", models.CharField(blank=True, max_length=500, null=True)),
        )
    ]
