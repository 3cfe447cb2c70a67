"""Whatever stands in the way of closing leads somewhere: to its place on the review page, or to the question itself."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from register.web.register_desk.closing import WITHOUT_PAGE, place_of, to_do
from register.workflow.case_guards import CLOSING_GUARDS
from register.workflow.case_situation import CaseSituation
from register.workflow.transitions import Obstacle
from tests.unit.workflow.situations import SPOT, case_with

CASE = SimpleNamespace(pk=UUID(int=1), assessment_section=SimpleNamespace(duplicate_decision=""))
NOTHING_DONE = {
    "actor_is_reporter": True,
    "unanswered_threads": 1,
    "answered_threads": 1,
    "tox_status": "requested",
    "inclusion": "",
    "coding_confirmed": False,
    "undecided_duplicates": 1,
    **dict.fromkeys(
        (
            *("missing_core", "blocking_errors", "unaccepted_warnings", "pending_answers", "unmapped_terms"),
            *("findings_without_role", "missing_conclusions", "overrides_without_reason"),
        ),
        (SPOT,),
    ),
}
SITUATIONS = (
    case_with(**NOTHING_DONE),
    case_with(tox_status="not_requested", inclusion="excluded"),
)


@pytest.mark.parametrize("guard", CLOSING_GUARDS, ids=lambda guard: guard.__name__)
def test_each_guard_of_closing_names_what_is_open_with_a_place(guard: object) -> None:
    found = [obstacle for situation in SITUATIONS for obstacle in _obstacles(guard, situation)]
    assert found
    for obstacle in found:
        place = place_of(CASE, obstacle)
        assert place != WITHOUT_PAGE or obstacle.code == "warning_open"
        assert place.startswith(("#p-", f"/zaken/{CASE.pk}/", "/mogelijke-dubbelen/"))
        assert to_do(CASE, obstacle).text


def _obstacles(guard: object, situation: CaseSituation) -> tuple[Obstacle, ...]:
    return guard(situation)  # type: ignore[operator, no-any-return]
