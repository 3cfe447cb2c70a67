"""Addresses of organisations that want to hear of a publication, their secrets, and what became of each message."""

import uuid

from django.db import models
from django.db.models import Q

from register.models.people import User
from register.models.release import Release


class Webhook(models.Model):
    """An address of an organisation to which the register posts a message at each publication.

    ``stopped_why`` says who stopped it: a person, or the register because nothing arrived for days or the receiver
    said that the address is gone. ``secret_since`` is when the newest secret was made.
    """

    class Stopped(models.TextChoices):
        BY_HAND = "by_hand", "by hand"
        FAILING = "failing", "failing"
        GONE = "gone", "gone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.CharField(max_length=120)
    address = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    secret_since = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=8, choices=Stopped, blank=True)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "address"], name="webhook_once"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_why="")
                | Q(stopped_at__isnull=False, stopped_why__in=["by_hand", "failing", "gone"]),
                name="webhook_stopped_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.id})"


class WebhookSecret(models.Model):
    """A secret with which messages are signed, sealed with a key that the database does not hold.

    It stands apart from its webhook so that the trail keeps no secret. The older one signs beside the newest until
    ``ends_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="secrets")
    sealed = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook"], condition=Q(ends_at__isnull=True), name="one_newest_secret")
        ]

    def __str__(self) -> str:
        return str(self.id)


class WebhookDelivery(models.Model):
    """One message to one webhook. Its key is part of the id that the receiver sees, the same at every try.

    ``round`` rises each time a person sends it again; ``tries`` counts within the round, that ``began_at``.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "release.published", "release.published"
        RETRACTED = "release.retracted", "release.retracted"
        TEST = "register.test", "register.test"

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DELIVERED = "delivered", "delivered"
        GIVEN_UP = "given_up", "given up"
        VOID = "void", "void"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=20, choices=Kind)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    round = models.PositiveSmallIntegerField(default=1)
    began_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="register.test", release__isnull=True)
                | Q(kind__in=["release.published", "release.retracted"], release__isnull=False),
                name="message_about_a_release",
            ),
            models.UniqueConstraint(
                fields=["webhook", "kind", "release"], condition=Q(release__isnull=False), name="message_once"
            ),
        ]
        indexes = [models.Index(fields=["webhook", "-created_at"], name="newest_messages")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class WebhookAttempt(models.Model):
    """One try to deliver a message. ``status`` is that of the answer; nothing else of an answer is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    status = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="tries_of_message")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.status or ''}".strip()
