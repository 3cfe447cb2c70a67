"""The application's own filter is taken away on purpose: not a byte of another region comes through all the same.

Here, and nowhere else, the door is changed: its code is replaced, so that it hands out every case wherever it was
imported, and no region is refused any more. What is left is the isolation in the database.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from register.access import cases_for, permission
from register.access.permission import Allowed
from register.audit import acting_as
from register.models import Case, User
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from tests.factories import AMSTERDAM, ROTTERDAM, person
from tests.integration.access import country, pages
from tests.integration.access.pages import OF_A_CASE
from tests.scale import scaled
from tests.signing_in import sign_in
from tests.trail import looks, nobody

STATES = (CaseState.DRAFT, CaseState.SUBMITTED, CaseState.QUERY_OPEN, CaseState.IN_REVIEW, CaseState.CLOSED)
LISTS = ("physician:cases", "physician:list", "physician:questions", "register_desk:home", "register_desk:worklist")
SENT = {"version": "1", "text": "antwoord", "reason": "een reden in woorden", "status": "final", "do": "stay"}


@pytest.fixture
def no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door hands out every case, and a person may do with it what the role may."""
    monkeypatch.setattr(cases_for, "__code__", (lambda user: Case.objects.all()).__code__)
    monkeypatch.setattr(permission._on_case, "__code__", (lambda user, verb, case: Allowed()).__code__)


def _client(user: User) -> Client:
    return sign_in(Client(), user)


def _shown(answer: Any) -> bytes:
    """Everything that leaves with an answer: headers and body."""
    return "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode() + bytes(answer.content)


def _told(answer: Any, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word.encode() in _shown(answer)]


@pytest.mark.django_db
def test_without_its_filter_the_application_still_shows_and_changes_nothing_of_another_region(no_filter: None) -> None:
    reporter, staff = person(Role.PHYSICIAN, AMSTERDAM), person(Role.REGISTER_STAFF)
    strangers = {role: _client(person(role, ROTTERDAM)) for role in (Role.PHYSICIAN, Role.COORDINATOR)}
    cases = country.store(STATES, reporter=reporter, staff=staff)
    own = country.store([CaseState.DRAFT], reporter=person(Role.PHYSICIAN, ROTTERDAM), staff=staff)[0]
    nobody()
    surprises: list[str] = []
    for number, case in enumerate(cases):
        for place, (name, address) in enumerate(pages.addresses_of(case.key, case.rows)):
            role = (Role.PHYSICIAN, Role.COORDINATOR)[(number + place) % 2]
            for method in {"GET", "POST"} & set(OF_A_CASE[name].methods):
                answer = (
                    strangers[role].generic(method, address) if method == "GET" else strangers[role].post(address, SENT)
                )
                if answer.status_code != 404 or _told(answer, case.words):
                    surprises.append(
                        f"{role} {case.state} {method} {name}: {answer.status_code} {_told(answer, case.words)}"
                    )
    for role, client in strangers.items():
        answers = [(name, client.get(address)) for name in LISTS for _, address in pages.addresses(name, {})]
        answers += [
            ("find", client.post("/zaken/zoeken/", {"number": word})) for case in cases for word in case.words[:1]
        ]
        for name, answer in answers:
            # A number that somebody typed is repeated in the field; where it leads is not.
            typed = {case.words[0] for case in cases} if name == "find" else set()
            told = [word for case in cases for word in (*case.words, str(case.key)) if word.encode() in _shown(answer)]
            if set(told) - typed or answer.status_code not in (200, 302, 403, 422):
                surprises.append(f"{role} {name}: {answer.status_code} {told}")
    assert surprises == []
    # The filter is gone indeed: what it hides within the region is shown, and only the region still counts.
    assert _told(strangers[Role.PHYSICIAN].get(f"/zaken/{own.key}/geschiedenis/"), own.words)
    everywhere = _client(User.objects.get(pk=staff.pk))
    assert _told(everywhere.get(f"/zaken/{cases[0].key}/geschiedenis/"), cases[0].words)


@pytest.mark.django_db
def test_a_row_of_another_case_is_not_reached_through_an_own_case() -> None:
    """Every key in an address is exchanged in turn, for one of the own region and for one of another (T10)."""
    reporter, staff = person(Role.PHYSICIAN, AMSTERDAM), person(Role.REGISTER_STAFF)
    mine, also_mine = country.store([CaseState.DRAFT, CaseState.DRAFT], reporter=reporter, staff=staff)
    (elsewhere,) = country.store([CaseState.SUBMITTED], reporter=person(Role.PHYSICIAN, ROTTERDAM), staff=staff)
    client = _client(reporter)
    nobody()
    surprises = []
    for other in (also_mine, elsewhere):
        for key in country.NAMES:
            usual = dict(pages.addresses_of(mine.key, mine.rows))
            swapped = dict(pages.addresses_of(mine.key, {**mine.rows, key: other.rows[key]}))
            for name in (name for name in usual if usual[name] != swapped[name]):
                for method in {"GET", "POST"} & set(pages.OF_A_CASE[name].methods):
                    answer = client.get(swapped[name]) if method == "GET" else client.post(swapped[name], SENT)
                    if answer.status_code != 404 or _told(answer, other.words):
                        surprises.append(f"{method} {name} with {key} of {other.region}: {answer.status_code}")
    assert surprises == []


@pytest.fixture
def as_deployed(transactional_db: None) -> Iterator[None]:
    """The application's connection without what a test has outside an actor."""
    options = connections["default"].settings_dict["OPTIONS"]
    usual = options["options"]
    connections["default"].close()
    options["options"] = usual.partition(" -c app.")[0]
    yield
    connections["default"].close()
    options["options"] = usual


@pytest.mark.scaled
def test_two_people_on_one_connection_never_read_each_others_cases(
    transactional_db: None, no_filter: None, request: pytest.FixtureRequest
) -> None:
    """Requests of two regions and of a registrar in turn, faults and refusals between them (T33)."""
    staff = person(Role.REGISTER_STAFF)
    people = {region: person(Role.PHYSICIAN, region) for region in country.REGIONS}
    clients = {region: _client(user) for region, user in people.items()}
    registrar = _client(staff)
    cases = {
        region: country.store([CaseState.SUBMITTED, CaseState.CLOSED], reporter=user, staff=staff)
        for region, user in people.items()
    }
    request.getfixturevalue("as_deployed")
    surprises = []
    for number in range(scaled("interleaved", small=24, full=10_000)):
        region, other = country.REGIONS if number % 2 else country.REGIONS[::-1]
        case, hidden = cases[region][number % 4 // 2], cases[other][number % 4 // 2]
        seen = clients[region].get("/zaken/lijst/regio/")
        refused = clients[region].get(f"/zaken/{hidden.key}/geschiedenis/")
        if not _told(seen, case.words[:1]) or _told(seen, hidden.words) or refused.status_code != 404:
            surprises.append(f"{number}: {seen.status_code}, {refused.status_code}")
        if number % 8 == 0 and registrar.get("/werkvoorraad/nieuw/").status_code != 200:
            surprises.append(f"{number}: the registrar")
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM register_case")
            if cursor.fetchone() != (0,):
                surprises.append(f"{number}: the context outlived its request")
    assert surprises == []
    with acting_as(staff):
        assert Case.objects.count() == 4
    assert {look.actor for look in looks(outcome="denied")} == {str(user.pk) for user in people.values()}
