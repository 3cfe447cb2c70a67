"""By-products that must outlive a request: who looked, what a form did, and work that waits for the broker."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class AccessEvent(models.Model):
    """One look at the register: who, when, what, with which outcome. Written before the content leaves.

    Names of people and content of cases never stand here: only ids, codes and counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_default=Now())
    code = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8)
    actor = models.CharField(max_length=80)
    role = models.CharField(max_length=20)
    trace = models.UUIDField()
    object_type = models.CharField(max_length=20)
    objects_shown = ArrayField(models.UUIDField(), default=list)
    row_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["actor", "at"], name="access_of_actor"),
            GinIndex(fields=["objects_shown"], name="access_to_object"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.outcome}"


class Save(models.Model):
    """A form that was sent and changed something, under the key that its page gave it: sent again, it changes nothing.

    Stored in the transaction of the change. ``digest`` tells the same form from another one under the same key, and
    ``location`` and ``version`` are what came of it. No word of the form stands here; rows live for a day.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)
    use_case = models.CharField(max_length=60)
    object_id = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="save_by_age")]

    def __str__(self) -> str:
        return f"{self.use_case} {self.status}"


class OutboxMessage(models.Model):
    """Work that must happen after this transaction commits. ``payload`` holds ids only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    task = models.CharField(max_length=80)
    payload = models.JSONField()
    actor = models.CharField(max_length=80)
    trace = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="outbox_to_do", condition=models.Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.task} {self.key}"
