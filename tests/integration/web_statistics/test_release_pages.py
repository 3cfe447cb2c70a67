"""The pages on which two people make a release."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register.models import OutboxMessage, PublishedRelease, Release
from register.tasks import build_release
from tests.integration.reporting.closed_cases import Closed, store
from tests.integration.reporting.test_release_life import CASES
from tests.integration.web_statistics.conftest import At
from tests.trail import looks

pytestmark = pytest.mark.django_db


def _typed(**changes: str) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "title": "Drugssterfte 2016",
        "definition": "nl_broad",
        "year_from": "2016",
        "year_to": "2016",
        "target": "provisional",
        "threshold": "5",
        "supersedes": "",
        "cut_off_day": str(today.day),
        "cut_off_month": str(today.month),
        "cut_off_year": str(today.year),
        **changes,
    }


def _made(desk: Client, **changes: str) -> Release:
    """A release as the form makes it, built as the worker does."""
    answer = desk.post("/releases/nieuw/", _typed(**changes))
    assert answer.status_code == 302, answer.content.decode()
    message = OutboxMessage.objects.get(done_at__isnull=True)
    build_release(str(message.pk))
    return Release.objects.latest("created_at")


def _step(desk: Client, release: Release, step: str, **typed: str) -> Any:
    release.refresh_from_db()
    return desk.post(f"/releases/{release.pk}/{step}/", {"version": str(release.row_version), **typed})


@pytest.fixture
def cases(db: None) -> None:
    store(CASES)


def test_two_people_publish_a_release(cases: None, at_desk: At) -> None:
    maker, colleague = at_desk("jansen"), at_desk("devries")
    release = _made(maker)
    page = maker.get(f"/releases/{release.pk}/").content.decode()
    assert "De tabellen zoals zij naar buiten gaan" in page
    assert "klein aantal" in page
    assert _step(maker, release, "indienen", note="Eerste cijfers.").status_code == 302
    page = colleague.get(f"/releases/{release.pk}/").content.decode()
    assert "Goedkeuren en publiceren" in page
    assert "Eerste cijfers." in page
    answer = _step(colleague, release, "goedkeuren", seen_difference="on", seen_attack="on")
    assert answer.status_code == 302
    assert PublishedRelease.objects.get().identifier == release.identifier


def test_the_maker_sees_why_they_cannot_approve_and_a_direct_request_is_refused(cases: None, at_desk: At) -> None:
    maker = at_desk("jansen")
    release = _made(maker)
    _step(maker, release, "indienen", note="Klaar.")
    page = maker.get(f"/releases/{release.pk}/").content.decode()
    assert "Goedkeuren en publiceren" not in page
    assert "U hebt deze publicatie zelf gemaakt. Een collega moet haar goedkeuren." in page
    answer = _step(maker, release, "goedkeuren", seen_difference="on", seen_attack="on")
    assert answer.status_code == 403
    assert "Een collega moet haar goedkeuren" in answer.content.decode()
    assert not PublishedRelease.objects.exists()
    assert looks(code="authz.denied")


def test_approval_asks_whether_both_reports_were_looked_at(cases: None, at_desk: At) -> None:
    maker, colleague = at_desk("jansen"), at_desk("devries")
    release = _made(maker)
    _step(maker, release, "indienen", note="Klaar.")
    answer = _step(colleague, release, "goedkeuren", seen_difference="on")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Geef aan dat u de aanvalstest hebt bekeken." in page
    assert "Geef aan dat u het verschil" not in page


def test_what_stands_in_the_way_comes_back_on_the_page(cases: None, at_desk: At) -> None:
    maker = at_desk("jansen")
    release = _made(maker)
    answer = _step(maker, release, "indienen", note="")
    assert answer.status_code == 422
    assert "Vul dit in: Toelichting." in answer.content.decode()
    stale = maker.post(f"/releases/{release.pk}/indienen/", {"version": "1", "note": "Klaar."})
    assert stale.status_code == 409
    assert "Een ander heeft deze publicatie intussen gewijzigd" in stale.content.decode()


def test_a_wrong_form_comes_back_with_every_fault_and_what_was_typed(cases: None, at_desk: At) -> None:
    desk = at_desk("jansen", "en")
    answer = desk.post("/releases/nieuw/", _typed(title="", year_to="2015", threshold="1", definition="x"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "Give the release a title.",
        "Choose a year from 2016",
        "Choose the threshold",
        "Choose a definition.",
    ):
        assert sentence in page
    assert 'value="2015"' in page
    for change in ({"year_from": "twenty"}, {"cut_off_day": "31", "cut_off_month": "2"}, {"threshold": "²"}):
        assert desk.post("/releases/nieuw/", _typed(**change)).status_code == 422
    assert not Release.objects.exists()


@pytest.mark.parametrize("key", ["not-a-key", "00000000-0000-0000-0000-000000000001"])
def test_a_predecessor_that_is_none_is_a_fault(cases: None, at_desk: At, key: str) -> None:
    answer = at_desk("jansen").post("/releases/nieuw/", _typed(supersedes=key))
    assert answer.status_code == 422
    assert "Kies een gepubliceerde publicatie" in answer.content.decode()


def test_a_refused_build_says_why_on_the_page(at_desk: At) -> None:
    store([Closed(rule_version="0")])
    desk = at_desk("jansen")
    release = _made(desk)
    page = desk.get(f"/releases/{release.pk}/").content.decode()
    assert "De tabellen zijn niet gemaakt" in page
    assert "niet met regelversie 1 bepaald" in page
    assert "Opnieuw maken" in page


def test_handing_back_and_retracting_leave_their_reasons_on_the_page(cases: None, at_desk: At) -> None:
    maker, colleague = at_desk("jansen"), at_desk("devries")
    release = _made(maker)
    _step(maker, release, "indienen", note="Klaar.")
    assert _step(colleague, release, "teruggeven", reason="Drempel bespreken.").status_code == 302
    assert "Drempel bespreken." in maker.get(f"/releases/{release.pk}/").content.decode()
    _step(maker, release, "indienen", note="Besproken.")
    _step(colleague, release, "goedkeuren", seen_difference="on", seen_attack="on")
    assert _step(maker, release, "intrekken", reason="Fout.").status_code == 422
    assert _step(maker, release, "intrekking-vragen", reason="Dubbele telling.").status_code == 302
    assert "Publicatie intrekken" in colleague.get(f"/releases/{release.pk}/").content.decode()
    assert _step(colleague, release, "intrekken", reason="Dubbele telling.").status_code == 302
    assert PublishedRelease.objects.get().status == "retracted"


@pytest.mark.parametrize("role", ["statistician", "admin", "auditor", "arts"])
def test_nobody_but_the_staff_sees_a_release_in_the_making(cases: None, at_desk: At, role: str) -> None:
    release = _made(at_desk("jansen"))
    desk = at_desk(role)
    assert desk.get(f"/releases/{release.pk}/").status_code == 404
    assert desk.get("/releases/").status_code == 403
    assert desk.post("/releases/nieuw/", _typed()).status_code == 403
    assert _step(desk, release, "indienen", note="x").status_code == 404


def test_looking_at_a_release_is_noted(cases: None, at_desk: At) -> None:
    desk = at_desk("jansen")
    release = _made(desk)
    desk.get(f"/releases/{release.pk}/")
    event = looks(code="release.read")[-1]
    assert event.objects == [release.pk]
    assert event.object_type == "release"


def test_an_unknown_step_and_a_get_of_a_step_do_nothing(cases: None, at_desk: At) -> None:
    desk = at_desk("jansen")
    release = _made(desk)
    assert _step(desk, release, "publiceren").status_code == 404
    assert desk.get(f"/releases/{release.pk}/indienen/").status_code == 405
