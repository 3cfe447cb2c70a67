"""Work that waits for the broker and outlives its request, signs of life, and what a form did."""

import uuid

from django.db import models
from django.db.models.functions import Now


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
    """Work that must happen after this transaction commits. ``payload`` holds ids only.

    It waits until ``available_at``. ``attempts`` counts how often it was begun; work that failed too often is parked
    until the operator lets it be tried again. ``last_error`` is the kind of the last error, never its words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    task = models.CharField(max_length=80)
    payload = models.JSONField()
    actor = models.CharField(max_length=80)
    trace = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    available_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="outbox_to_do", condition=models.Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.task} {self.key}"


class Heartbeat(models.Model):
    """When a program of the register was last seen to work: the worker, and the clock that rings for it."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
