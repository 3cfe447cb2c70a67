"""How a person of the register works: the lists they keep, and the case they are looking at now. No word of a case."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from register.models.case import Case
from register.models.people import User
from register.models.vocabulary import Region, Substance


class SavedList(models.Model):
    """A worklist that somebody keeps for themselves: one of the lists of the desk, narrowed by what is not empty.

    ``base`` is the address of that list, empty for every open case.
    """

    class Assigned(models.TextChoices):
        ME = "me", "me"
        NOBODY = "nobody", "nobody"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    base = models.CharField(max_length=40, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    assigned = models.CharField(max_length=10, blank=True, choices=Assigned)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_list_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_list_has_a_name"),
            models.CheckConstraint(condition=Q(assigned__in=["", "me", "nobody"]), name="saved_list_assigned_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Somebody has a case open. A row lives for a minute after its last beat; nothing is locked by it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="present_once")]
        indexes = [models.Index(fields=["at"], name="presence_by_age")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
