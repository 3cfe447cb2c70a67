"""A draft that may be about the same death as an earlier one offers that one first."""

from django.test import Client

from register.models import Case, User
from tests.integration.web_physician.conftest import PAGES, Draft, version
from tests.trail import looks

DEATH = PAGES["overlijden"]


def save(desk: Client, case: Case, **changes: str) -> str:
    sent = {**DEATH, **changes, "version": str(version(case)), "do": "next"}
    answer = desk.post(f"/zaken/{case.pk}/overlijden/", sent)
    assert answer.status_code == 302
    return answer.headers["Location"].partition("#")[0]


def begun(draft: Draft, desk: Client, **person: str) -> Case:
    case = draft()
    sent = {"sex": "male", "age_years": "34", **person, "version": str(version(case))}
    assert desk.post(f"/zaken/{case.pk}/overledene/", sent).status_code == 302
    return case


def shown(desk: Client, case: Case) -> str:
    """After the warnings of the page were seen."""
    return save(desk, case, shown_warnings="")


def test_the_earlier_draft_about_the_same_death_is_offered_before_the_case_goes_on(desk: Client, draft: Draft) -> None:
    earlier = draft(filled=True)
    case = begun(draft, desk)
    offered = shown(desk, case)
    assert offered == f"/zaken/{case.pk}/overlijden/eerder-concept/"
    page = desk.get(offered).content.decode()
    assert f'href="/zaken/{earlier.pk}/conclusie/"' in page
    assert "Concept – M, 34 jr, Amsterdam" in page
    assert "34" not in page.split("</title>")[0]
    shown_there = [look.objects for look in looks(code="case.list") if look.filters == {"list": "earlier"}]
    assert shown_there == [[earlier.pk]]


def test_who_says_that_it_is_another_case_goes_on_and_is_not_asked_again(desk: Client, draft: Draft) -> None:
    draft(filled=True)
    case = begun(draft, desk)
    answer = desk.post(shown(desk, case))
    assert answer.headers["Location"] == f"/zaken/{case.pk}/omstandigheden/"
    assert save(desk, case) == f"/zaken/{case.pk}/omstandigheden/"


def test_the_earlier_draft_itself_offers_nothing(desk: Client, draft: Draft) -> None:
    earlier = draft(filled=True)
    case = begun(draft, desk)
    save(desk, case)
    assert save(desk, earlier) == f"/zaken/{earlier.pk}/omstandigheden/"
    assert desk.get(f"/zaken/{earlier.pk}/overlijden/eerder-concept/").status_code == 302


def test_another_age_another_day_and_a_draft_of_a_colleague_are_other_cases(
    desk: Client, draft: Draft, colleague: User
) -> None:
    draft(by=colleague, filled=True)
    case = begun(draft, desk)
    assert save(desk, case) == f"/zaken/{case.pk}/omstandigheden/"
    draft(filled=True)
    older = begun(draft, desk, age_years="35")
    assert save(desk, older) == f"/zaken/{older.pk}/omstandigheden/"
    other_day = begun(draft, desk, sex="female")
    assert save(desk, other_day) == f"/zaken/{other_day.pk}/omstandigheden/"
