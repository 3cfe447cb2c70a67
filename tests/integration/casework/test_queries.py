"""Questions to the reporter: out, answered, closed by the register."""

import pytest

from register.casework import queries
from register.casework.errors import InvalidError, RefusedError
from register.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_question_goes_out_is_answered_and_is_closed_by_the_register(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    case = queries.ask(
        case_id=case.pk, field="Death.place_type", text="Waar?", seen_version=case.row_version, by=reviewer
    )
    case = queries.ask(case_id=case.pk, field="", text="En wanneer?", seen_version=case.row_version, by=reviewer)
    first, second = case.query_rows.order_by("id")
    case = queries.answer(query_id=first.pk, text="Thuis", seen_version=case.row_version, by=physician)
    assert case.status == "query_open"
    case = queries.answer(query_id=second.pk, text="Gisteren", seen_version=case.row_version, by=physician)
    assert case.status == "query_answered"
    case = queries.accept_answers(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    assert (case.status, {query.state for query in case.query_rows.all()}) == ("in_review", {"closed"})
    with pytest.raises(RefusedError):
        queries.answer(query_id=first.pk, text="Nog iets", seen_version=case.row_version, by=physician)


def test_a_second_remark_about_a_field_goes_into_its_thread(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    for text in ("Waar?", "Graag de soort plaats."):
        case = queries.ask(
            case_id=case.pk, field="Death.place_type", text=text, seen_version=case.row_version, by=reviewer
        )
    assert case.query_rows.get().messages.count() == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_question_has_words_that_fit(physician: User, reviewer: User, text: str) -> None:
    case = factories.in_review(physician, reviewer)
    with pytest.raises(InvalidError) as invalid:
        queries.ask(case_id=case.pk, field="", text=text, seen_version=case.row_version, by=reviewer)
    assert set(invalid.value.problems) == {"text"}
