"""Work that waits for the broker and outlives the request that asked for it, and signs of life."""

import uuid

from django.db import models
from django.db.models.functions import Now


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
