"""Going on with a draft: where the way from Mijn zaken leads."""

import pytest

from register.casework import touching
from register.casework.touching import Touched
from register.web.physician.resuming import resume_address
from tests.integration.web_physician.conftest import Draft

ROW = "0197f7a2-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("touched", "leads_to"),
    [
        (Touched("omstandigheden", "Case.narrative"), "omstandigheden/#f-narrative"),
        (Touched("middelen", "SuspectedSubstance.route", ROW), f"middelen/#suspicion-{ROW}-route"),
        (Touched("overlijden"), "overlijden/"),
        (Touched("overlijden", "Death.no_longer_asked"), "overlijden/"),
        (Touched("no_such_page", "Death.place_type"), ""),
        (Touched(""), ""),
    ],
)
def test_a_draft_goes_on_at_the_question_touched_last(draft: Draft, touched: Touched, leads_to: str) -> None:
    case = draft()
    case.last_touched = str(touched)
    assert touching.last(case) == touched
    assert resume_address(case) == f"/zaken/{case.pk}/{leads_to}"


def test_a_case_that_was_handed_in_opens_at_its_summary(submitted: Draft) -> None:
    case = submitted()
    assert resume_address(case) == f"/zaken/{case.pk}/"
