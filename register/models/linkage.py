"""What a person decided across cases: which two are one death, and what a reported name means."""

from django.db import models
from django.db.models import F, Q

from register.models.case import Case
from register.models.people import User
from register.models.tracked import Tracked
from register.models.vocabulary import Substance


class DuplicatePair(Tracked):
    """Two cases that look like one death. Found by the register, decided by a person, never taken away.

    ``first`` is the older case, which leads when they are put together. ``score`` is a percentage and ``evidence`` what
    each answer added to it. ``taken`` names the answers (``Model.field``) that the leading case took from the other,
    ``copied`` the key of each row that was copied into it with the key of the row that it is a copy of (before this was
    kept, the keys of the copies alone), and ``first_version`` the leading case before that.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DIFFERENT = "different", "Different"
        MERGED = "merged", "Merged"
        GONE = "gone", "Gone"

    first = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pairs_leading")
    second = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pairs_following")
    score = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    first_version = models.PositiveIntegerField(null=True, blank=True)
    taken = models.JSONField(default=list)
    copied = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="pair_of_two_cases"),
            models.CheckConstraint(condition=Q(state__in=["open", "different", "merged", "gone"]), name="pair_state"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="pair_score_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "gone"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="pair_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="different", reason=""), name="pair_told_apart_with_a_reason"),
        ]
        indexes = [models.Index(F("state"), F("score").desc(), F("id"), name="pair_to_decide")]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class NameLink(Tracked):
    """One decision about a name that the catalogue did not know, for wherever it was reported: the substance that it
    means, or that it means none and is struck out.

    ``words`` are the reported words. ``rows`` holds what was decided on, as kind, key of the row and key of its case.
    """

    words = models.CharField(max_length=200)
    substance = models.ForeignKey(Substance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rows = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(F("at").desc(), F("id"), name="name_link_latest")]

    def __str__(self) -> str:
        return str(self.pk)
