"""What the privacy officer looks after: reports on the access log, and emergency access."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from register.models.case import Case
from register.models.people import User
from register.models.tracked import Tracked
from register.models.vocabulary import Region


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


class EmergencyAccess(models.Model):
    """Somebody may read one case of another region for an hour, with a reason (ADR 0060).

    Rows only come. Two things are written in one later, each once: that it was ended early, and what it turned out to
    be. The database sets ``granted_at`` and ``expires_at`` itself. ``region`` is that of the case; ``case_number`` and
    what begins with ``person_`` are as they were when it was asked: it ends when one of those changes.
    """

    LASTS = timedelta(minutes=60)
    OUTCOMES = ("explained", "asked", "incident")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    case_number = models.CharField(max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    person_role = models.CharField(max_length=20)
    person_region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    person_epoch = models.PositiveIntegerField()
    reason_code = models.CharField(max_length=20)
    text = models.CharField(max_length=500)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=20, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at=F("granted_at") + timedelta(minutes=60)), name="emergency_lasts_an_hour"
            ),
            models.CheckConstraint(condition=~Q(region=F("person_region")), name="emergency_in_another_region"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(reason_code=""), name="emergency_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="emergency_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", note="", reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(
                    ~Q(note=""),
                    outcome__in=["explained", "asked", "incident"],
                    reviewed_at__isnull=False,
                    reviewed_by__isnull=False,
                ),
                name="emergency_outcome_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("person")),
                name="nobody_reviews_their_own_emergency",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "case", "granted_at"], name="emergency_of_person"),
            models.Index(fields=["region", "granted_at"], name="emergency_in_region"),
            models.Index(fields=["granted_at"], condition=Q(reviewed_at=None), name="emergency_without_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.case_number} {self.reason_code} {self.granted_at}"

    def is_over(self, now: datetime) -> bool:
        """Whether it was ended, or its hour has passed; the database asks more before it opens a case."""
        return self.ended_at is not None or self.expires_at <= now
