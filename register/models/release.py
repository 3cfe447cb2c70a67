"""Releases: the register's side (draft, frozen extract, protected tables) and what is published for ever.

The published tables live in the schema ``pub``: the statistics role can read nothing else.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from register.models.people import User
from register.models.population import PopulationVersion
from register.models.tracked import Tracked
from register.workflow.release_transitions import ReleaseState


class Release(Tracked):
    """A release in the making: period, definition, cut-off and disclosure profile, fixed when it is built."""

    class Build(models.TextChoices):
        WAITING = "waiting", "Waiting"
        FROZEN = "frozen", "Frozen"
        PROVEN = "proven", "Proven"
        BUILT = "built", "Built"
        FAILED = "failed", "Failed"

    identifier = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=32, default=ReleaseState.DRAFT.value)
    target_status = models.CharField(max_length=32, default=ReleaseState.PUBLISHED_PROVISIONAL.value)
    definition = models.CharField(max_length=12)
    year_from = models.PositiveSmallIntegerField()
    year_to = models.PositiveSmallIntegerField()
    cut_off = models.DateTimeField()
    threshold = models.PositiveSmallIntegerField(default=5)
    rule_version = models.CharField(max_length=20)
    # Of the substance groups and their ranks, known once the cases are frozen.
    hierarchy_version = models.CharField(max_length=12, blank=True)
    population = models.ForeignKey(PopulationVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Until this minute nobody outside the register sees the figures, though they are approved.
    embargo_until = models.DateTimeField(null=True, blank=True)
    # Whether it is for everybody, where the deployment opens its figures; else for organisations with a token.
    public = models.BooleanField(default=False)
    note = models.CharField(max_length=2000, blank=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    build = models.CharField(max_length=8, choices=Build, default=Build.WAITING)
    build_message_nl = models.CharField(max_length=2000, blank=True)
    build_message_en = models.CharField(max_length=2000, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    # What people chose where it could not be published beside the earlier releases as it was.
    choices = models.JSONField(null=True, blank=True)
    # The rules beside the threshold, and the tables whose small counts are told; empty where there are none.
    profile = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("submitted_by")) & ~Q(approved_by=F("created_by"))),
                name="release_approved_by_another",
            ),
            models.CheckConstraint(condition=Q(year_from__lte=F("year_to")), name="release_period_in_order"),
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in ReleaseState]), name="release_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__startswith="published") | Q(approved_by__isnull=False, build="built"),
                name="release_published_when_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def years(self) -> range:
        """The years of death that the release counts."""
        return range(self.year_from, self.year_to + 1)


class ReleaseChange(Tracked):
    """One move of a release: who, when, why."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="changes")
    name = models.CharField(max_length=40)
    from_status = models.CharField(max_length=32)
    to_status = models.CharField(max_length=32)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True)


class ReleaseExtract(models.Model):
    """The frozen facts of the cases counted in a release, without identifiers: compressed JSON lines and their hash."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, primary_key=True, related_name="extract")
    cases = models.PositiveIntegerField()
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    # The earlier releases that were known when it was frozen: identifier, hash of their extract, hash of their ledger.
    earlier = models.JSONField(default=list)


class ReleaseLedger(models.Model):
    """What a published release told of each cell, a count or that it is hidden: compressed JSON and its hash."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, primary_key=True, related_name="ledger")
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)


class ReleaseCells(models.Model):
    """The protected cells of a release between the proof and the writing of its files, compressed."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, primary_key=True, related_name="cells")
    body = models.BinaryField()


class ReleaseTable(models.Model):
    """One protected table of a release before publication, as the files will hold it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="tables")
    name = models.CharField(max_length=60)
    files = models.JSONField()
    summary = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="table_once_per_release")]


class PublishedRelease(models.Model):
    """A release as the world knows it. Only ``status`` ever changes: superseded or retracted.

    Before ``published_at`` the database shows it to nobody but the register.
    """

    id = models.UUIDField(primary_key=True)
    identifier = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=32)
    definition = models.CharField(max_length=12)
    period_from = models.PositiveSmallIntegerField()
    period_to = models.PositiveSmallIntegerField()
    cut_off = models.DateTimeField()
    published_at = models.DateTimeField()
    threshold = models.PositiveSmallIntegerField()
    rule_version = models.CharField(max_length=20)
    hierarchy_version = models.CharField(max_length=12, blank=True)
    population_version = models.CharField(max_length=30, blank=True)
    supersedes = models.CharField(max_length=40, blank=True)
    tox_completeness = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=2000, blank=True)
    retraction_reason = models.CharField(max_length=2000, blank=True)
    manifest_sha256 = models.CharField(max_length=64)
    public = models.BooleanField(default=False)

    class Meta:
        db_table = "published_release"

    def __str__(self) -> str:
        return self.identifier


class PublishedFile(models.Model):
    """One file of a published release, byte for byte."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(PublishedRelease, on_delete=models.PROTECT, related_name="files")
    table = models.CharField(max_length=60)
    extension = models.CharField(max_length=8)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    body = models.BinaryField()
    dimensions = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        db_table = "published_file"
        constraints = [models.UniqueConstraint(fields=["release", "table", "extension"], name="file_once_per_release")]

    def __str__(self) -> str:
        return f"{self.table}.{self.extension}"
