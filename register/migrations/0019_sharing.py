"""For whom a release is, and webhooks of organisations with what became of each message to them."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from register.migrations._together import together

# A webhook is tracked; its secrets stand apart, so that the trail keeps none, and go when their time is over. What became
# of a message tells itself.
RIGHTS = """
GRANT SELECT, INSERT, UPDATE ON register_webhook, register_webhookdelivery TO register_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON register_webhooksecret TO register_app;
GRANT SELECT, INSERT ON register_webhookattempt TO register_app;
SELECT audit.track('register_webhook');
CREATE TRIGGER t05_actor BEFORE INSERT OR UPDATE OR DELETE ON register_webhooksecret
  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor();
CREATE TRIGGER t05_actor BEFORE INSERT OR UPDATE ON register_webhookdelivery
  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor();
CREATE TRIGGER t05_actor BEFORE INSERT ON register_webhookattempt
  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor();
"""


def for_whom_the_deployment_is(apps, schema_editor):
    """What was published before is for whom the deployment published it then; later releases say so themselves."""
    default = "true" if settings.PUBLIC_FIGURES is True else "false"
    schema_editor.execute(f"ALTER TABLE pub.published_release ADD COLUMN public boolean NOT NULL DEFAULT {default}")
    schema_editor.execute("ALTER TABLE pub.published_release ALTER COLUMN public DROP DEFAULT")


def for_nobody_in_particular(apps, schema_editor):
    schema_editor.execute("ALTER TABLE pub.published_release DROP COLUMN public")


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0018_release_life'),
    ]

    operations = together([
        migrations.AddField(
            model_name='historicalrelease',
            name='public',
            field=models.BooleanField(default=False),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(for_whom_the_deployment_is, for_nobody_in_particular)],
            state_operations=[
                migrations.AddField(
                    model_name='publishedrelease',
                    name='public',
                    field=models.BooleanField(default=False),
                ),
            ],
        ),
        migrations.AddField(
            model_name='release',
            name='public',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(max_length=120)),
                ('address', models.CharField(max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('secret_since', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('stopped_why', models.CharField(blank=True, choices=[('by_hand', 'by hand'), ('failing', 'failing'), ('gone', 'gone')], max_length=8)),
                ('row_version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('release.published', 'release.published'), ('release.retracted', 'release.retracted'), ('register.test', 'register.test')], max_length=20)),
                ('created_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('given_up', 'given up'), ('void', 'void')], default='waiting', max_length=10)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('began_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.release')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='register.webhook')),
            ],
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(max_length=12)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='register.webhookdelivery')),
            ],
        ),
        migrations.CreateModel(
            name='WebhookSecret',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secrets', to='register.webhook')),
            ],
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.UniqueConstraint(fields=('organisation', 'address'), name='webhook_once'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stopped_at__isnull', True), ('stopped_why', '')), models.Q(('stopped_at__isnull', False), ('stopped_why__in', ['by_hand', 'failing', 'gone'])), _connector='OR'), name='webhook_stopped_for_a_reason'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['webhook', '-created_at'], name='newest_messages'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'register.test'), ('release__isnull', True)), models.Q(('kind__in', ['release.published', 'release.retracted']), ('release__isnull', False)), _connector='OR'), name='message_about_a_release'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(condition=models.Q(('release__isnull', False)), fields=('webhook', 'kind', 'release'), name='message_once'),
        ),
        migrations.AddIndex(
            model_name='webhookattempt',
            index=models.Index(fields=['delivery', 'at'], name='tries_of_message'),
        ),
        migrations.AddConstraint(
            model_name='webhooksecret',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('webhook',), name='one_newest_secret'),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ])
