"""What people set without a new delivery: rules, texts, terms, and the version of the case definitions."""

import uuid

from django.db import models
from django.db.models import F, Q

from register.coding import rules
from register.models.people import User


class ConfigurationChange(models.Model):
    """One version of one setting, and why: the one with the highest number holds, the others are its history.

    ``after`` is what the setting says from then on, empty for "as it was delivered"; ``before`` is what it said.
    ``holds_from`` is the first day on which it can hold. One that ``asks`` holds when a second person agreed. Rows only
    come; the agreement is all that is written in one later, once.
    """

    class Kind(models.TextChoices):
        RULE = "rule", "rule"
        TEXT = "text", "text"
        TERM = "term", "term"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    holds_from = models.DateField()
    asks = models.BooleanField(default=False)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "number"], name="setting_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="setting_numbered_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="setting_changed_with_a_reason"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(asks=True, agreed_by__isnull=False, agreed_at__isnull=False),
                name="setting_agreed_when_asked",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("by")), name="setting_agreed_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.number}"


class RuleAdoptions(models.QuerySet["RuleAdoption"]):
    """The versions of the case definitions that were adopted."""

    def current(self) -> str:
        """The version that holds: the one adopted last, else the one that the register is delivered with."""
        latest = self.order_by("-number").values_list("version", flat=True).first()
        return latest or rules.CURRENT


class RuleAdoption(models.Model):
    """Somebody adopted a version of the case definitions. ``closed`` cases were compared, and ``changing`` change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    number = models.PositiveIntegerField(unique=True)
    version = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    closed = models.PositiveIntegerField()
    changing = models.PositiveIntegerField()

    objects = RuleAdoptions.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rules_adopted_with_a_reason")]

    def __str__(self) -> str:
        return f"{self.number} {self.version}"


class RuleComparison(models.Model):
    """Which closed cases would come out otherwise under another version of the case definitions.

    ``changes`` holds a list for each: the key of the case, the definition, its outcome now ("" for none) and then.
    The worker compares in parts, in the order of the keys: ``compared`` of ``closed`` cases, up to ``last_case``, since
    ``begun_at``. ``compared_at`` is that moment too, as of which the cases were read, and empty until all of them were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    before_version = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    closed = models.PositiveIntegerField(default=0)
    last_case = models.UUIDField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    compared = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(F("version"), F("asked_at").desc(), name="comparison_latest")]

    def __str__(self) -> str:
        return f"{self.before_version} {self.version}"
