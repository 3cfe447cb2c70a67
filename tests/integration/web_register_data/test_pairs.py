"""The pages of possible duplicates: the list, two cases side by side, and the three decisions."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from register.casework.duplicates import finding
from register.models import Case, DuplicatePair, User
from register.web.register_desk.worklists import BY_SLUG, cases_in
from tests.factories import AMSTERDAM, physician, ready_to_close, reviewer, submitted
from tests.signing_in import sign_in
from tests.trail import looks

REASON = "Twee verschillende mensen volgens de schouwarts"
LIST = "register_data:duplicates"


@pytest.fixture
def staff(db: None) -> User:
    return reviewer()


@pytest.fixture
def desk(client: Client, staff: User) -> Client:
    sign_in(client, staff)
    return client


@pytest.fixture
def pair(staff: User) -> DuplicatePair:
    by = physician(AMSTERDAM)
    submitted(by)
    submitted(by, {"overledene": {"housing": "shelter"}})
    finding.look_at_all()
    return DuplicatePair.objects.select_related("first", "second").get()


def _page(desk: Client, pair: DuplicatePair) -> str:
    return desk.get(reverse("register_data:pair", args=[pair.pk])).content.decode()


def _send(desk: Client, pair: DuplicatePair, act: str, status: int = 302, **typed: object) -> str:
    now = DuplicatePair.objects.select_related("first", "second").get(pk=pair.pk)
    versions = {
        "version": now.row_version,
        "first_version": now.first.row_version,
        "second_version": now.second.row_version,
    }
    response = desk.post(reverse("register_data:decide", args=[pair.pk, act]), {**versions, **typed})
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_the_list_shows_the_pair_and_where_the_two_differ(desk: Client, pair: DuplicatePair, staff: User) -> None:
    listed = desk.get(reverse(LIST)).content.decode()
    assert f"{pair.first.case_number} – {pair.second.case_number}" in listed
    assert "waarschijnlijk" in listed
    page = _page(desk, pair)
    assert page.count('class="differs"') == 1
    assert "Opvang" in page
    seen = [look for look in looks(actor=str(staff.pk)) if set(look.objects) == {pair.first_id, pair.second_id}]
    assert {look.code for look in seen} == {"case.list", "case.read"}


def test_merging_takes_the_chosen_answer_and_shows_the_decision(desk: Client, pair: DuplicatePair) -> None:
    _send(desk, pair, "samenvoegen", **{"take.Decedent.housing": "second", "reason": "Zelfde mens"})
    assert Case.objects.get(pk=pair.first_id).decedent_section.housing == "shelter"
    assert Case.objects.get(pk=pair.second_id).status == "excluded"
    page = _page(desk, pair)
    assert "Eén overlijden, samengevoegd" in page
    assert "Zelfde mens" in page
    assert "Geen twee zaken" in desk.get(reverse(LIST)).content.decode()
    assert "samengevoegd" in desk.get(reverse(LIST), {"lijst": "besloten"}).content.decode()
    _send(desk, pair, "ongedaan-maken", status=422, reason="nee")
    _send(desk, pair, "ongedaan-maken", reason="Bij nader inzien toch twee mensen")
    assert Case.objects.get(pk=pair.second_id).status == "reopened"


def test_telling_apart_without_a_reason_keeps_what_was_typed(desk: Client, pair: DuplicatePair) -> None:
    page = _send(desk, pair, "geen-dubbel", status=422, reason="kort")
    assert 'value="kort"' in page
    assert "ten minste 10 tekens" in page
    _send(desk, pair, "geen-dubbel", reason=REASON)
    assert DuplicatePair.objects.get(pk=pair.pk).state == "different"
    _send(desk, pair, "geen-dubbel", status=422, reason=REASON)


def test_what_cannot_be_is_no_page_and_no_fault(desk: Client, pair: DuplicatePair) -> None:
    _send(desk, pair, "weggooien", status=404)
    _send(desk, pair, "samenvoegen", status=404, **{"take.Nothing.here": "second"})
    _send(desk, pair, "samenvoegen", status=404, row="niets")
    _send(desk, pair, "samenvoegen", status=409, second_version="x")
    _send(desk, pair, "geen-dubbel", status=409, version="", reason=REASON)
    assert DuplicatePair.objects.get(pk=pair.pk).state == "open"


def test_the_pages_take_no_more_queries_for_more_pairs(
    desk: Client, pair: DuplicatePair, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    submitted(physician(AMSTERDAM))
    finding.look_at_all()
    assert DuplicatePair.objects.count() == 3
    with django_assert_max_num_queries(14):
        desk.get(reverse(LIST))
    with django_assert_max_num_queries(20):
        _page(desk, pair)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_speaks_the_language_of_the_person(
    desk: Client, pair: DuplicatePair, staff: User, language: str
) -> None:
    User.objects.filter(pk=staff.pk).update(language=language)
    page = _page(desk, pair)
    assert ("Naast elkaar" in page) == (language == "nl")
    assert ("Side by side" in page) == (language == "en")


def test_a_case_is_ready_to_close_only_while_no_pair_with_it_waits(desk: Client, staff: User) -> None:
    ready, list_of_ready = ready_to_close(physician(AMSTERDAM), staff), BY_SLUG["klaar-om-te-sluiten"]
    assert list(cases_in(list_of_ready, staff)) == [ready]
    submitted(physician(AMSTERDAM))
    finding.look_at_all()
    pair = DuplicatePair.objects.get()
    assert list(cases_in(list_of_ready, staff)) == []
    listed = desk.get(reverse("register_desk:worklist", args=["klaar-om-te-sluiten"])).content.decode()
    assert ready.case_number not in listed
    _send(desk, pair, "geen-dubbel", reason=REASON)
    assert list(cases_in(list_of_ready, staff)) == [ready]
