"""The panel: doubtful cases are put before persons other than the reviewer, who vote unseen by each other.

Nobody of the panel sees another vote, at no time, so that a vote may change until the panel ends. The register sees the
votes once enough are in; what it then makes of the case, and why, stands with the move that ends the panel.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from register.access import panel_cases_for
from register.audit import Event
from register.casework import steps
from register.casework.answers import Vocabularies, columns, read_fields
from register.casework.dossier import Dossier, section_name
from register.casework.errors import InvalidError, NotFoundError, RefusedError
from register.casework.opening import opened
from register.coding.votes import Tally, tally
from register.models import SECTIONS, Case, PanelVote, User
from register.quality import dictionary, identifiers, value_sets
from register.quality.problems import Problem
from register.workflow.case_guards import VOTES_NEEDED
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

RATIONALE_NEEDED = Problem("Onderbouw uw stem.", "Give the grounds for your vote.")
INCLUSION_NEEDED = Problem("Kies een oordeel over de inclusie.", "Choose a verdict on the inclusion.")
VERDICT_UNKNOWN = Problem("Kies een oordeel uit de lijst.", "Choose a verdict from the list.")
WHY_OTHERWISE = Problem(
    "De stemmen wijzen dit oordeel niet aan. Geef de reden.", "The votes do not point to this verdict. Give the reason."
)
EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of the votes on a case: how many are in, and once enough are, all of them with what they come to.

    ``votes`` are those of others than the reviewer; empty while they are too few to be looked at.
    """

    given: int
    needed: int
    votes: tuple[PanelVote, ...]
    tally: Tally

    @property
    def enough(self) -> bool:
        return self.given >= self.needed


def to_panel(*, case_id: UUID | str, seen_version: int, by: User) -> Case:
    """Put a case before the panel."""
    with opened(
        case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, event=Event.CASE_DECIDE
    ) as dossier:
        steps.move(dossier, "to_panel", by=by, now=timezone.now())
    return dossier.case


def vote(*, case_id: UUID | str, inclusion: str, rationale: str, seen_version: int, by: User, role: str = "") -> Case:
    """Vote on a case in the panel, or vote otherwise than before; never as its reviewer.

    The grounds may name nobody: what surely looks like a person's number, address or date of birth is refused.
    """
    with opened(
        case_id=case_id, by=by, verb=Verb.VOTE_PANEL, seen_version=seen_version, door=panel_cases_for, merges=True
    ) as dossier:
        if by.pk == dossier.assessment.reviewer_id:
            raise RefusedError(
                "reviews_this_case",
                "U beoordeelt deze zaak zelf; anderen stemmen over haar.",
                "You review this case yourself; others vote on it.",
            )
        values = _read(inclusion, rationale, role)
        before = next((row for row in dossier.rows(PanelVote) if row.by_id == by.pk), None)
        if before is None:
            dossier.add(PanelVote(by=by, **values))
        else:
            dossier.change(before, **values)
    return dossier.case


def from_panel(*, case_id: UUID | str, seen_version: int, by: User, inclusion: str = "", reason: str = "") -> Case:
    """End the panel when enough votes are in. The reviewer's verdict becomes the inclusion of the case, from which its
    codes and definitions follow; one that the votes do not point to needs a reason. Leaving a case out stays a step of
    its own, and without a verdict the conclusion is drawn later.
    """
    with opened(
        case_id=case_id, by=by, verb=Verb.REVIEW_CASE, seen_version=seen_version, event=Event.CASE_DECIDE
    ) as dossier:
        found = outcome_of(dossier)
        problems: dict[str, Problem] = {}
        if inclusion and inclusion not in value_sets.codes("VS-INCL"):
            problems["inclusion"] = VERDICT_UNKNOWN
        elif inclusion and found.enough and inclusion != found.tally.leading and not reason.strip():
            problems["reason"] = WHY_OTHERWISE
        if problems:
            raise InvalidError(problems)
        steps.move(dossier, "panel_done", by=by, now=timezone.now(), reason=reason)
        if inclusion and inclusion != EXCLUDED:
            dossier.change(dossier.assessment, inclusion=inclusion)
    return dossier.case


def outcome_of(dossier: Dossier) -> Outcome:
    """The votes as the register may see them."""
    reviewer = dossier.assessment.reviewer_id
    votes = tuple(row for row in dossier.rows(PanelVote) if row.by_id != reviewer)
    readable = votes if len(votes) >= VOTES_NEEDED else ()
    return Outcome(len(votes), VOTES_NEEDED, readable, tally([row.inclusion or "" for row in readable]))


def own_vote(*, case: Case, by: User) -> PanelVote | None:
    """What this person voted on the case; nobody sees the vote of another."""
    return PanelVote.objects.filter(case=case, by=by).first()


def waiting(*, by: User) -> QuerySet[Case]:
    """The cases in the panel, those without a vote of this person first, the longest waiting first."""
    voted = Exists(PanelVote.objects.filter(case=OuterRef("pk"), by=by))
    cases = panel_cases_for(by).annotate(voted=voted)
    return cases.order_by("voted", F("state_since").asc(nulls_last=True), "pk")


def with_enough_votes() -> Q:
    """The condition on cases that they are in the panel and that it has voted."""
    others = PanelVote.objects.exclude(by=F("case__assessment_section__reviewer")).filter(case__status=CaseState.PANEL)
    several = others.values("case").annotate(votes=Count("pk")).filter(votes__gte=VOTES_NEEDED)
    return Q(status=CaseState.PANEL, pk__in=several.values("case"))


def read(*, case_id: UUID | str, by: User) -> Case:
    """A case in the panel for one of its members; NotFoundError when there is none for this person."""
    case = panel_cases_for(by).select_related(*map(section_name, SECTIONS)).filter(pk=case_id).first()
    if case is None:
        raise NotFoundError
    return case


def _read(inclusion: str, rationale: str, role: str) -> dict[str, object]:
    specs = dictionary.fields_of("PanelVote")
    raw = {"inclusion": inclusion, "rationale": rationale, "role": role}
    answers, problems = read_fields(specs, raw, Vocabularies())
    for name, needed in (("inclusion", INCLUSION_NEEDED), ("rationale", RATIONALE_NEEDED)):
        if name not in problems and answers[f"PanelVote.{name}"].blank:
            problems[name] = needed
    found = next((part for part in identifiers.find(rationale) if part.kind != "name"), None)
    if found is not None and "rationale" not in problems:
        problems["rationale"] = Problem(found.nl, found.en)
    if problems:
        raise InvalidError(problems)
    return {name: value for spec in specs for name, value in columns(spec, answers[spec.key]).items()}
