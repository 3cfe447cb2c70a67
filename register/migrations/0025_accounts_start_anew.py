"""Somebody who lost what they sign in with starts anew: a line in the history of the account."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0024_rules_of_a_release"),
    ]

    operations = [
        migrations.AlterField(
            model_name='accountchange',
            name='name',
            field=models.CharField(choices=[('created', 'created'), ('invited', 'invited'), ('changed', 'changed'), ('switched_off', 'switched off'), ('switched_on', 'switched on'), ('start_anew', 'start anew')], max_length=12),
        ),
    ]
