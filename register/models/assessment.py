"""What the register makes of a case: section H of the data dictionary, with its questions and votes."""

from django.db import models
from django.db.models import Q

from register.models.answers import answer_constraints, code, codes, number
from register.models.case import CaseChild, CaseSection
from register.models.people import User


class Assessment(CaseSection):
    """What the register made of the case: section H."""

    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    inclusion = code()
    exclusion_reason = code()
    case_certainty = code()
    duplicate_score = number()
    duplicate_decision = code()
    cbs_match = code()
    primary_group = code()
    groups_involved = codes()
    polydrug_count = number()
    coding_confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            *answer_constraints("Assessment"),
            models.CheckConstraint(
                condition=~Q(inclusion="excluded") | Q(exclusion_reason__isnull=False), name="excluded_with_reason"
            ),
        ]


class DefinitionResult(CaseChild):
    """Whether a case definition holds, by which rule and why. Computed, never typed."""

    definition = models.CharField(max_length=12)
    outcome = models.CharField(max_length=12)
    rule_id = models.CharField(max_length=20)
    rule_version = models.CharField(max_length=20)
    explanation_nl = models.CharField(max_length=1000)
    explanation_en = models.CharField(max_length=1000)
    basis = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "definition"], name="definition_once_per_case"),
            models.CheckConstraint(
                condition=Q(outcome__in=["yes", "no", "undetermined"]), name="definition_outcome_known"
            ),
        ]


class Query(CaseChild):
    """A question about one field, or about the case when ``field`` is empty.

    ``rule`` is the code of the quality rule that raised it, empty for a question that a person thought of. Without
    ``opened_by`` the register asked by itself.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    field = models.CharField(max_length=120, blank=True)
    rule = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "field"], condition=~Q(state="closed"), name="one_open_question_per_field"
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "answered", "closed"]), name="query_state_known"),
        ]


class QueryMessage(CaseChild):
    """One message in the thread of a question."""

    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="messages")
    text = models.CharField(max_length=2000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)


class PanelVote(CaseChild):
    """A vote of a panel member on a doubtful case, blind until all votes are in."""

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    inclusion = code()
    role = code()
    rationale = models.CharField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            *answer_constraints("PanelVote"),
            models.UniqueConstraint(fields=["case", "by"], name="one_vote_per_person"),
        ]
