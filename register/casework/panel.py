"""The panel: doubtful cases are put before persons other than the reviewer, who vote unseen by each other."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from register.access import may
from register.audit import Event
from register.casework import steps
from register.casework.answers import Vocabularies, columns, read_fields
from register.casework.errors import InvalidError, RefusedError
from register.casework.opening import opened
from register.models import Case, PanelVote, User
from register.quality import dictionary
from register.quality.problems import Problem
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

RATIONALE_NEEDED = Problem("Onderbouw uw stem.", "Give the grounds for your vote.")
INCLUSION_NEEDED = Problem("Kies een oordeel over de inclusie.", "Choose a verdict on the inclusion.")


def to_panel(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """Put a case before the panel."""
    with opened(
        case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, event=Event.CASE_DECIDE
    ) as dossier:
        steps.move(dossier, "to_panel", by=by, now=timezone.now())
    return dossier.case


def vote(*, case_id: UUID | str, inclusion: str, rationale: str, seen_version: int, by: User, role: str = "") -> Case:
    """Vote once on a case in the panel; never as its reviewer."""
    with opened(
        case_id=case_id, by=by, verb=Verb.VOTE_PANEL, seen_version=seen_version, door=cases_in_panel, merges=True
    ) as dossier:
        if by.pk == dossier.assessment.reviewer_id or any(row.by_id == by.pk for row in dossier.rows(PanelVote)):
            raise RefusedError(
                "voted_or_reviewer",
                "U hebt al gestemd of u beoordeelt deze zaak zelf.",
                "You voted already, or you review this case yourself.",
            )
        specs = dictionary.fields_of("PanelVote")
        raw = {"inclusion": inclusion, "rationale": rationale, "role": role}
        answers, problems = read_fields(specs, raw, Vocabularies())
        for name, needed in (("inclusion", INCLUSION_NEEDED), ("rationale", RATIONALE_NEEDED)):
            if name not in problems and answers[f"PanelVote.{name}"].blank:
                problems[name] = needed
        if problems:
            raise InvalidError(problems)
        values = {k: v for spec in specs for k, v in columns(spec, answers[spec.key]).items()}
        dossier.add(PanelVote(by=by, **values))
    return dossier.case


def from_panel(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """End the panel when enough votes are in; the reviewer decides."""
    with opened(
        case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, event=Event.CASE_DECIDE
    ) as dossier:
        steps.move(dossier, "panel_done", by=by, now=timezone.now())
    return dossier.case


def cases_in_panel(by: User) -> QuerySet[Case]:
    """The cases on which this person may vote. What a member is shown of them leaves out identifying fields."""
    cases: QuerySet[Case] = Case.objects.filter(status=CaseState.PANEL)
    return cases if may(by, Verb.VOTE_PANEL) else cases.none()
