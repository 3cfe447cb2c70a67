"""What stands in the way of closing, each with the place where it is settled."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from register.web.language import sentence
from register.web.physician.pages import BY_SLUG
from register.web.physician.resuming import fragment
from register.workflow.transitions import Obstacle

# Where on the review page an obstacle is settled; what is not here is an answer on a page of the case.
PLACES = {
    "warning_open": "#p-checks",
    "thread_unanswered": "#p-questions",
    "thread_not_closed": "#p-questions",
    "unmapped": "#p-substances",
    "role_missing": "#p-substances",
    "conclusion_missing": "#p-conclusion",
    "inclusion_missing": "#p-conclusion",
    "duplicate_undecided": "#p-conclusion",
    "inclusion_excluded": "#p-moves",
    "coding_unconfirmed": "#p-coding",
    "override_unexplained": "#p-coding",
    "own_case": "#p-moves",
    "exclusion_reason_missing": "#p-moves",
    "doubtful_without_panel": "#p-moves",
    "votes_missing": "#p-panel",
    "second_person_missing": "#p-moves",
}
WITHOUT_PAGE = "#p-checks"


@dataclass(frozen=True, slots=True)
class ToDo:
    """One point with its link."""

    text: str
    url: str


def to_do(case: Any, obstacle: Obstacle) -> ToDo:
    """The obstacle as a link."""
    return ToDo(sentence(obstacle), place_of(case, obstacle))


def place_of(case: Any, obstacle: Obstacle) -> str:
    """The address of the place: on this page, or the question on its own page, or the pairs that may be one death."""
    if obstacle.code == "duplicate_undecided" and case.assessment_section.duplicate_decision != "open":
        return reverse("register_data:duplicates")
    if obstacle.code in PLACES:
        return PLACES[obstacle.code]
    if obstacle.page in BY_SLUG:
        return reverse("physician:section", args=[case.pk, obstacle.page]) + fragment(obstacle.field)
    return WITHOUT_PAGE
