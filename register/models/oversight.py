"""What the privacy officer made of the access log."""

from django.db import models
from django.db.models import F, Q

from register.models.people import User
from register.models.tracked import Tracked


class LogReview(Tracked):
    """What the privacy officer made of one report on the access log: a person, a measure, and a day or a week."""

    OUTCOMES = ("explained", "asked", "incident")

    measure = models.CharField(max_length=20)
    span = models.PositiveSmallIntegerField()
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    counted = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20)
    note = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "span", "person", "day"], name="one_outcome_for_a_report"),
            models.CheckConstraint(condition=~Q(person=F("by")), name="nobody_reviews_a_report_on_themselves"),
            models.CheckConstraint(condition=Q(outcome__in=["explained", "asked", "incident"]), name="outcome_known"),
            models.CheckConstraint(condition=~Q(note=""), name="outcome_has_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.day} {self.outcome}"
