"""Every address of the register leaves an event in the access log, or its refusal does; without it no content."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from register.audit import Event
from tests.integration.audit.addresses import VISITS, WITHOUT_CONTENT, Visit, every_address
from tests.integration.audit.stock import Stock, broken_log, committed, events_of
from tests.signing_in import sign_in
from tests.trail import Look

pytestmark = [
    pytest.mark.django_db(databases=["default", "stats", "viewer"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

every_visit = pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)


@pytest.fixture(scope="module")
def stock(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stock]:
    with committed(django_db_blocker) as made:
        yield made


def _url(visit: Visit, stock: Stock) -> str:
    known = {**stock.keys(), **visit.keys}
    if visit.on != "case":
        known["case_id"] = getattr(stock, visit.on).pk
    names = _named_in(visit.name)
    return reverse(visit.name, kwargs={name: known[name] for name in names})


def _named_in(name: str) -> set[str]:
    from django.urls import get_resolver

    resolver: Any = get_resolver()
    namespace, _, rest = name.rpartition(":")
    if namespace:
        resolver = resolver.namespace_dict[namespace][1]
    ((_, names),) = resolver.reverse_dict.getlist(rest)[0][0]
    return set(names)


def _go(visit: Visit, who: str, stock: Stock) -> Any:
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {stock.token}"} if who == "token" else {}
    if who in stock.people:
        sign_in(client, stock.people[who])
    sent = [visit.sent] if visit.method == "post" else []
    return getattr(client, visit.method)(_url(visit, stock), *sent, headers=headers)


def _actor(who: str, stock: Stock) -> str:
    return str(stock.people[who].pk) if who in stock.people else "anonymous"


def test_every_address_has_a_line_in_the_table_or_a_reason_why_not() -> None:
    accounted = {visit.name for visit in VISITS} | set(WITHOUT_CONTENT)
    assert sorted(every_address()) == sorted(accounted)


@every_visit
def test_who_may_see_it_leaves_its_event(visit: Visit, stock: Stock) -> None:
    found: list[Look] = []
    with events_of(found):
        answer = _go(visit, visit.by, stock)
    assert answer.status_code in (200, 201, 302, 409, 422, 428)
    assert not answer.streaming
    left = [look for look in found if look.code == visit.event and look.outcome == "ok"]
    assert left, [look.code for look in found]
    assert left[0].actor.startswith("token:") if visit.by == "token" else left[0].actor == _actor(visit.by, stock)
    assert left[0].purpose
    if "case_id" in _named_in(visit.name):
        assert getattr(stock, visit.on).pk in left[0].objects


@every_visit
def test_who_may_not_see_it_is_refused_and_that_is_noted(visit: Visit, stock: Stock) -> None:
    found: list[Look] = []
    with events_of(found):
        answer = _go(visit, visit.not_by, stock)
    assert answer.status_code == visit.status
    code = Event.STATS_READ if visit.by == "token" else Event.DENIED
    (denied,) = [look for look in found if look.outcome == "denied"]
    assert (denied.code, denied.actor) == (code, _actor(visit.not_by, stock))
    assert denied.detail
    assert not [look for look in found if look.outcome == "ok"]


@every_visit
def test_what_cannot_be_noted_is_not_shown(visit: Visit, stock: Stock) -> None:
    with broken_log():
        answer = _go(visit, visit.by, stock)
    assert answer.status_code == 503
    assert answer["Cache-Control"] == "no-store"
    if visit.by == "token":
        assert answer.json()["title"] == "Niet beschikbaar"
        return
    page = answer.content.decode()
    assert "Het register kan nu niet noteren wie wat inziet." in page
    words = re.sub(r"<[^>]+>", " ", page)
    for secret in (stock.case.case_number, stock.draft.case_number, stock.release.identifier, "Vergiftiging", "mg/L"):
        assert secret not in words


@every_visit
def test_a_refusal_that_cannot_be_noted_says_nothing_either(visit: Visit, stock: Stock) -> None:
    with broken_log():
        assert _go(visit, visit.not_by, stock).status_code == 503
