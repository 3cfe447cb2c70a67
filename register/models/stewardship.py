"""What the stewards of the catalogue did, as rows that only come, and what the register's desk asks of them."""

import uuid

from django.db import models
from django.db.models import Q

from register.models.people import User
from register.models.vocabulary import Substance


class SubstanceChange(models.Model):
    """What somebody changed of a substance, and why: a row for each act, never changed itself.

    ``before`` and ``after`` hold the columns that the act changed; of a name its text, kind, language and the day from
    which it ends. Days stand as ISO text. What a column got here, no later delivery of the vocabularies takes away.
    """

    class Act(models.TextChoices):
        ADDED = "added", "added"
        CHANGED = "changed", "changed"
        CONFIRMED = "confirmed", "confirmed"
        RETIRED = "retired", "retired"
        RESTORED = "restored", "restored"
        NAMED = "named", "named"
        NAME_ENDED = "name_ended", "name ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(max_length=12, choices=Act)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["substance", "at"], name="change_of_substance")]

    def __str__(self) -> str:
        return f"{self.act} {self.substance_id}"


class SubstanceRequest(models.Model):
    """The desk met a name of a substance that the catalogue does not hold, and asks a steward to add it.

    ``words`` are the name as somebody of the register wrote it for the steward, who sees no case; ``note`` is what is
    known of it. ``name_key`` is that of the name in the queue of the desk and says nothing of the words.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        ADDED = "added", "added"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    words = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True, default="")
    name_key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True, default="")
    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_key"], condition=Q(state="open"), name="substance_asked_for_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "added", "declined", "withdrawn"]), name="substance_request_state"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_by=None, settled_at=None)
                | (~Q(state="open") & Q(settled_by__isnull=False, settled_at__isnull=False)),
                name="substance_request_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="added") | Q(substance__isnull=False), name="substance_request_names_what_was_added"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="substance_request_waiting")]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
