"""Sessions and counted tries, and what the app may do with the tables of django-allauth."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# The tables of django-allauth were made before or after the rights of 0002, so every right on them is given here anew.
RIGHTS = """
REVOKE ALL ON mfa_authenticator, socialaccount_socialaccount, socialaccount_socialapp, socialaccount_socialtoken,
  account_emailaddress, account_emailconfirmation FROM register_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_authenticator, register_session TO register_app;
GRANT SELECT, INSERT, DELETE ON register_signintry TO register_app;
GRANT UPDATE (id) ON register_signintry TO register_app;  -- a row is locked before it is removed
GRANT SELECT, INSERT, UPDATE ON socialaccount_socialaccount TO register_app;
GRANT SELECT ON socialaccount_socialapp, account_emailaddress TO register_app;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("register", "0008_access_log"),
        ('account', '0009_emailaddress_unique_primary_email'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('begun_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('agent', models.CharField(blank=True, max_length=40)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SignInTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'at'], name='tries_of_key'), models.Index(fields=['at'], name='tries_by_age')],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
