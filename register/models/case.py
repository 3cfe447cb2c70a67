"""The case: one death, its state, and what was decided about it. Section A of the data dictionary."""

from django.db import models
from django.db.models import F, Q

from register.models.answers import answer_constraints, code, day, moment, number, reason, refer, text
from register.models.people import User
from register.models.tracked import Tracked
from register.models.vocabulary import ForensicService, Region
from register.workflow.case_transitions import CaseState

CLOSED_STATES = (CaseState.CLOSED.value, CaseState.EXCLUDED.value)


class CaseNumberSeries(models.Model):
    """The last number given out in a year. A number has no meaning in its digits; gaps are normal."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Case(Tracked):
    """One death that may be related to psychoactive substances."""

    case_number = models.CharField(max_length=14, unique=True, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    forensic_service = models.ForeignKey(ForensicService, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=16, default=CaseState.DRAFT.value)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    last_touched = models.CharField(max_length=120, blank=True, default="")
    import_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    # Since when it is in this state; empty for a state from before this was kept.
    state_since = models.DateTimeField(null=True, blank=True)
    # Who asked to open this decided case again, so that another person may agree.
    reopening_asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # What the register saw last: who, when, and the version of the case that they saw.
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_version = models.PositiveIntegerField(null=True, blank=True)
    # Since when the region or the laboratory sent something that nobody of the register saw yet.
    unreviewed_since = models.DateTimeField(null=True, blank=True)
    # Since when nothing stands in the way of closing.
    closable_since = models.DateTimeField(null=True, blank=True)

    external_reference, external_reference_missing = text(60), reason()
    date_notified, date_notified_missing = day(), reason()
    date_examined, date_examined_missing = day(), reason()
    tox_status = code()
    followup_due = day()
    narrative, narrative_missing = text(4000), reason()
    linked_incident = refer("register.Case")
    locked_on = moment()
    completeness = number()

    class Meta:
        constraints = [
            *answer_constraints("Case"),
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in CaseState]), name="case_status_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("reporter")), name="case_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED_STATES, locked_on__isnull=False, decided_by__isnull=False)
                | (~Q(status__in=CLOSED_STATES) & Q(locked_on__isnull=True)),
                name="case_locked_when_decided",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True, reviewed_at__isnull=True, reviewed_version__isnull=True)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, reviewed_version__isnull=False),
                name="case_reviewed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "status", "changed_at", "id"], name="case_region_worklist"),
            models.Index(fields=["status", "submitted_at", "id"], name="case_worklist"),
            models.Index(fields=["status", "followup_due", "id"], name="case_followup"),
            models.Index(fields=["reporter", "status", "changed_at"], name="case_of_reporter"),
            models.Index(fields=["assigned_to", "status"], name="case_of_reviewer"),
            models.Index(fields=["external_reference"], name="case_external_reference"),
            models.Index(F("locked_on").desc(nulls_last=True), "id", name="case_finished"),
            models.Index(fields=["status", "state_since", "id"], name="case_by_age_of_state"),
            models.Index(
                fields=["unreviewed_since", "id"], condition=Q(unreviewed_since__isnull=False), name="case_unreviewed"
            ),
            models.Index(
                fields=["closable_since", "id"], condition=Q(closable_since__isnull=False), name="case_closable"
            ),
        ]

    def __str__(self) -> str:
        return self.case_number


def version_of_case() -> "models.PositiveIntegerField":
    """The version of the case at which this row last changed, so that its history tells what stood at each version.

    Null in rows that nobody changed since there is such a column.
    """
    return models.PositiveIntegerField(null=True, editable=False)


class CaseChild(Tracked):
    """A row that belongs to one case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="%(class)s_rows")
    case_version = version_of_case()

    class Meta:
        abstract = True


class CaseSection(Tracked):
    """One section of a case: exactly one row per case."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="%(class)s_section")
    case_version = version_of_case()

    class Meta:
        abstract = True


class StatusChange(CaseChild):
    """One move of a case: from, to, by whom, in which role, why. Written once, never changed."""

    name = models.CharField(max_length=40)
    from_status = models.CharField(max_length=16)
    to_status = models.CharField(max_length=16)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20)
    reason = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="status_change_of_case")]


class AcceptedFinding(CaseChild):
    """A warning that a person read and accepted with a reason. It holds while the finding stays the same.

    ``words_nl`` and ``words_en`` are what the warning said then, whatever its rule says later; empty from before that
    was kept.
    """

    code = models.CharField(max_length=20)
    field = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500)
    words_nl = models.CharField(max_length=1000, blank=True, default="")
    words_en = models.CharField(max_length=1000, blank=True, default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code", "field"], name="finding_accepted_once")]


class UnreadAnswer(CaseChild):
    """What somebody typed in a draft that is no answer: it cannot be read, or its row does not stand yet.

    ``field`` is a question as ``Model.field``, ``row`` the key of its row, "new" for one that does not stand yet, empty
    for a question that is asked once. ``typed`` holds the texts by their name in the form; the two sentences say what
    is wrong, and are empty when nothing is.
    """

    page = models.CharField(max_length=40)
    field = models.CharField(max_length=80)
    row = models.CharField(max_length=36, blank=True, default="")
    typed = models.JSONField()
    problem_nl = models.CharField(max_length=500, blank=True, default="")
    problem_en = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "page", "field", "row"], name="unread_answer_once")]


class UnfinishedForm(Tracked):
    """What one person typed in a small form of a case and did not send yet; no part of the record of the case.

    ``form`` names the form, ``about`` is the key of what it is about. ``typed`` holds the texts by their names in the
    form. It changes no version of the case, so it stands in nobody's way.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="unfinished_forms")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    about = models.UUIDField()
    typed = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "by", "form", "about"], name="unfinished_form_once"),
        ]


class SourceDocument(CaseChild):
    """A document about the death: requested, reminded, received, worked into the record, or not to be had."""

    kind = code()
    state = code()
    state_on = day()

    class Meta:
        constraints = answer_constraints("SourceDocument")


class NilReport(Tracked):
    """A service confirms a month without cases. Not a case."""

    service = models.ForeignKey(ForensicService, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "month"], name="nil_report_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="nil_report_first_of_month"),
        ]
