"""What the stewards of the catalogue did, as rows that only come."""

import uuid

from django.db import models

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
