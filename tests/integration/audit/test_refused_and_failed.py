"""Events of requests that were refused or failed outlive the rollback; nothing half-saved outlives it."""

from typing import Any

import pytest
from django.test import Client

from register.casework import intake
from register.models import Case, User
from tests import factories
from tests.conftest import session_of
from tests.integration.audit.stock import broken_log, events_of
from tests.signing_in import sign_in
from tests.trail import Look

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
LOG = 'audit.log_access(text, "char", text, text, text, uuid[], integer, jsonb, text, text)'


@pytest.fixture
def browser(physician: User) -> Client:
    client = Client(raise_request_exception=False)
    sign_in(client, physician)
    return client


def _after(call: Any) -> tuple[Any, list[Look]]:
    found: list[Look] = []
    with events_of(found):
        answer = call()
    return answer, found


def _told(found: list[Look]) -> list[tuple[str, str, str]]:
    return [(look.code, look.outcome, look.detail) for look in found]


def test_a_case_of_another_region_is_not_found_and_the_try_names_it(physician: User, browser: Client) -> None:
    case = factories.draft(factories.physician(factories.ROTTERDAM))
    answer, found = _after(lambda: browser.get(f"/zaken/{case.pk}/"))
    assert answer.status_code == 404
    assert _told(found) == [("authz.denied", "denied", "not_found")]
    assert (found[0].object_type, found[0].objects, found[0].actor) == ("case", [case.pk], str(physician.pk))


@pytest.mark.parametrize("method", ["POST", "PUT", "TRACE"])
def test_a_wrong_method_on_the_address_of_a_case_is_noted(method: str, physician: User, browser: Client) -> None:
    case = factories.draft(physician)
    answer, found = _after(lambda: browser.generic(method, f"/beoordelen/{case.pk}/"))
    assert answer.status_code == 405
    assert _told(found) == [("authz.denied", "denied", "method")]
    assert found[0].objects == [case.pk]


def test_a_form_from_elsewhere_is_noted(physician: User) -> None:
    case = factories.draft(physician)
    client = Client(enforce_csrf_checks=True)
    sign_in(client, physician)
    answer, found = _after(lambda: client.post(f"/zaken/{case.pk}/overledene/", {"sex": "male"}))
    assert answer.status_code == 403
    assert _told(found) == [("authz.denied", "denied", "csrf")]
    assert found[0].objects == [case.pk]


def test_an_unknown_address_is_noted_once(browser: Client) -> None:
    answer, found = _after(lambda: browser.get("/zaken/onbekend/van/alles/"))
    assert answer.status_code == 404
    assert _told(found) == [("authz.denied", "denied", "not_found")]


def test_a_refusal_by_role_names_the_rule_that_refused(browser: Client) -> None:
    answer, found = _after(lambda: browser.get("/cijfers/"))
    assert answer.status_code == 403
    assert _told(found) == [("authz.denied", "denied", "role")]


def test_nobody_is_no_actor_of_the_log() -> None:
    answer, found = _after(lambda: Client().get("/zaken/"))
    assert answer.status_code == 302
    assert found == []


def test_a_page_that_failed_leaves_its_look_as_an_error(
    physician: User, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = factories.draft(physician)

    def broken(*args: object, **options: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("register.web.physician.sections.navigation", broken)
    answer, found = _after(lambda: browser.get(f"/zaken/{case.pk}/"))
    assert answer.status_code == 500
    assert _told(found) == [("case.read", "error", "")]


def test_a_write_that_cannot_be_noted_leaves_nothing(physician: User, browser: Client) -> None:
    case = factories.draft(physician)
    with broken_log():
        answer = browser.post(
            f"/zaken/{case.pk}/overledene/", {"version": str(case.row_version), "sex": "male", "age_years": "34"}
        )
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "Uw invoer" in page or "34" in page  # what was typed can be copied
    assert Case.objects.get(pk=case.pk).row_version == case.row_version
    assert Case.objects.get(pk=case.pk).decedent_section.age_years is None


def test_the_app_without_its_right_to_log_shows_nothing(physician: User, browser: Client) -> None:
    case = factories.filled(physician)
    with session_of("owner") as owner:
        owner.execute(f"SET ROLE register_trail; REVOKE EXECUTE ON FUNCTION {LOG} FROM register_app")
        try:
            answers = [browser.get(path) for path in ("/zaken/", f"/zaken/{case.pk}/", f"/zaken/{case.pk}/overledene/")]
            with pytest.raises(Exception, match="access log cannot be written"):
                intake.open_case(by=physician)
        finally:
            owner.execute(f"GRANT EXECUTE ON FUNCTION {LOG} TO register_app")
    assert [answer.status_code for answer in answers] == [503] * 3
    assert len({answer.content for answer in answers}) == 1
    assert case.case_number not in answers[0].content.decode()
    assert Case.objects.count() == 1


def test_when_the_log_is_back_so_are_the_pages(physician: User, browser: Client) -> None:
    case = factories.draft(physician)
    with broken_log():
        assert browser.get(f"/zaken/{case.pk}/").status_code == 503
    assert browser.get(f"/zaken/{case.pk}/").status_code == 200
