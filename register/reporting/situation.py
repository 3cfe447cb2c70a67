"""What is true of a release at the moment somebody wants to move it."""

from collections.abc import Mapping
from typing import Any

from register.models import Release, ReleaseChange, User
from register.reporting import freezing, ledger
from register.workflow.release_situation import ReleaseSituation
from register.workflow.release_transitions import PUBLISHED, ReleaseState
from register.workflow.transitions import Spot

RETRACTION_ASKED = "ask_retraction"
TERMS = (
    ("year_from", "periode vanaf", "period from"),
    ("year_to", "periode tot en met", "period to"),
    ("cut_off", "peildatum", "cut-off date"),
    ("definition", "definitie", "definition"),
    ("rule_version", "regelversie", "rule version"),
)


def situation_of(release: Release, *, actor: User | None) -> ReleaseSituation:
    """The facts for the guards, looked up now."""
    report: Mapping[str, Any] = release.report or {}
    authors = {release.created_by_id, release.submitted_by_id}
    return ReleaseSituation(
        actor_is_author=actor is not None and actor.pk in authors,
        missing_terms=tuple(Spot(nl, en, field) for field, nl, en in TERMS if not getattr(release, field)),
        built=release.build == Release.Build.BUILT,
        suppression_report_ready="tables" in report,
        difference_report_ready="difference" in report,
        computable_cells=report.get("computable", 0),
        replaces=release.supersedes.status if release.supersedes else "",
        correction_reason_given=bool(release.note.strip()),
        tox_completeness_known="tox_completeness" in report,
        published_since=tuple(ledger.unseen(release)),
        open_cases=freezing.standing(years=release.years, cut_off=release.cut_off).open,
        successor_published=Release.objects.filter(supersedes=release, status__in=PUBLISHED).exists(),
        retraction_asked_by_other=retraction_asked_by_other(release, actor),
    )


def reopened_since_cut_off(release: Release) -> int:
    """How many cases of the period were opened again since the cut-off of the release."""
    return freezing.reopened_since(years=release.years, since=release.cut_off)


def retraction_asked_by_other(release: Release, actor: User | None) -> bool:
    """Whether a colleague of the actor asked for the retraction of this release."""
    asked = ReleaseChange.objects.filter(release=release, name=RETRACTION_ASKED)
    return asked.exclude(by=actor).exists() if actor else False


def is_published(release: Release) -> bool:
    """Whether the release is out in the world and not retracted."""
    return ReleaseState(release.status) in PUBLISHED or release.status == ReleaseState.SUPERSEDED
