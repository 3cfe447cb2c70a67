"""The page of a release that was built: what each person may do there. All tests have the same release."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from register.models import PublishedRelease, Release
from tests.integration.reporting.closed_cases import people, store
from tests.integration.reporting.test_release_life import CASES, built
from tests.integration.web_statistics.conftest import At
from tests.integration.web_statistics.test_release_pages import step, typed
from tests.sharing import kept_for_a_file
from tests.trail import looks

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Release]:
    """Built from the cases by jansen."""
    with kept_for_a_file(django_db_blocker):
        store(CASES)
        yield built(people()[1])


@pytest.fixture
def release(made: Release, db: None) -> Release:
    """As it is stored, for a test that may change it."""
    return Release.objects.get(pk=made.pk)


def test_the_maker_sees_why_they_cannot_approve_and_a_direct_request_is_refused(release: Release, at_desk: At) -> None:
    maker = at_desk("jansen")
    step(maker, release, "indienen", note="Klaar.")
    page = maker.get(f"/releases/{release.pk}/").content.decode()
    assert "Goedkeuren en publiceren" not in page
    assert "U hebt deze publicatie zelf gemaakt. Een collega moet haar goedkeuren." in page
    answer = step(maker, release, "goedkeuren", seen_difference="on", seen_attack="on")
    assert answer.status_code == 403
    assert "Een collega moet haar goedkeuren" in answer.content.decode()
    assert not PublishedRelease.objects.exists()
    assert looks(code="authz.denied")


def test_approval_asks_whether_both_reports_were_looked_at(release: Release, at_desk: At) -> None:
    maker, colleague = at_desk("jansen"), at_desk("devries")
    step(maker, release, "indienen", note="Klaar.")
    answer = step(colleague, release, "goedkeuren", seen_difference="on")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Geef aan dat u de aanvalstest hebt bekeken." in page
    assert "Geef aan dat u het verschil" not in page


def test_what_stands_in_the_way_comes_back_on_the_page(release: Release, at_desk: At) -> None:
    maker = at_desk("jansen")
    answer = step(maker, release, "indienen", note="")
    assert answer.status_code == 422
    assert "Vul dit in: Toelichting." in answer.content.decode()
    stale = maker.post(f"/releases/{release.pk}/indienen/", {"version": "1", "note": "Klaar."})
    assert stale.status_code == 409
    assert "Een ander heeft deze publicatie intussen gewijzigd" in stale.content.decode()


def test_handing_back_and_retracting_leave_their_reasons_on_the_page(release: Release, at_desk: At) -> None:
    maker, colleague = at_desk("jansen"), at_desk("devries")
    step(maker, release, "indienen", note="Klaar.")
    assert step(colleague, release, "teruggeven", reason="Drempel bespreken.").status_code == 302
    assert "Drempel bespreken." in maker.get(f"/releases/{release.pk}/").content.decode()
    step(maker, release, "indienen", note="Besproken.")
    step(colleague, release, "goedkeuren", seen_difference="on", seen_attack="on")
    assert step(maker, release, "intrekken", reason="Fout.").status_code == 422
    assert step(maker, release, "intrekking-vragen", reason="Dubbele telling.").status_code == 302
    assert "Publicatie intrekken" in colleague.get(f"/releases/{release.pk}/").content.decode()
    assert step(colleague, release, "intrekken", reason="Dubbele telling.").status_code == 302
    assert PublishedRelease.objects.get().status == "retracted"


@pytest.mark.parametrize("role", ["statistician", "admin", "auditor", "arts"])
def test_nobody_but_the_staff_sees_a_release_in_the_making(release: Release, at_desk: At, role: str) -> None:
    desk = at_desk(role)
    assert desk.get(f"/releases/{release.pk}/").status_code == 404
    assert desk.get("/releases/").status_code == 403
    assert desk.post("/releases/nieuw/", typed()).status_code == 403
    assert step(desk, release, "indienen", note="x").status_code == 404


def test_looking_at_a_release_is_noted(release: Release, at_desk: At) -> None:
    desk = at_desk("jansen")
    desk.get(f"/releases/{release.pk}/")
    event = looks(code="release.read")[-1]
    assert event.objects == [release.pk]
    assert event.object_type == "release"


def test_an_unknown_step_and_a_get_of_a_step_do_nothing(release: Release, at_desk: At) -> None:
    desk = at_desk("jansen")
    assert step(desk, release, "publiceren").status_code == 404
    assert desk.get(f"/releases/{release.pk}/indienen/").status_code == 405
