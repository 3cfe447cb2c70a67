"""Work that waits for the broker, and outlives the request that asked for it."""

import uuid

from django.db import models


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
