"""Role by region by state by address by method: each cell does what the table of pages says, and nothing else.

The rule of the door in words: what a person may not see is not found; what a person sees and may not do is refused;
both are noted. A method that a page does not know is refused before anybody looks, and so is who is not signed in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client

from register.models import User
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from tests.factories import AMSTERDAM, ROTTERDAM, person
from tests.integration.access import country, pages
from tests.integration.access.pages import METHODS, OF_A_CASE, Page
from tests.scale import scaled
from tests.signing_in import sign_in
from tests.trail import looks, nobody

pytestmark = pytest.mark.django_db(databases=["default", "stats", "viewer"])

IN, SIGN_IN, NO_METHOD, NOT_FOUND, REFUSED = "in", "sign in", "no such method", "not found", "refused"
# A form as nobody fills it in: of no version, so that nothing is stored where it may be sent.
SENT = {"version": "0", "before": "1", "text": "antwoord", "reason": "een reden in woorden", "status": "final"}
FEWEST_CELLS = 1000
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who tries every address."""

    name: str
    client: Client
    user: User | None = None
    role: Role | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one cell."""

    outcome: str
    status: int
    denied: int


def _visitors() -> list[Visitor]:
    return list(_each_visitor())


def _each_visitor() -> Iterator[Visitor]:
    """Each role, those with a region in both; of physicians also the one who reports the cases."""
    yield Visitor(NOBODY, Client())
    people = [
        *((f"{role}", role, None) for role in Role if role not in country.REGIONAL),
        *((f"{role} of {region}", role, region) for role in sorted(country.REGIONAL) for region in country.REGIONS),
        ("the reporter", Role.PHYSICIAN, AMSTERDAM),
    ]
    for name, role, region in people:
        user, client = person(role, region), Client()
        sign_in(client, user)
        yield Visitor(name, client, user, role, region)


def _expected(page: Page, visitor: Visitor, case: country.Stored, method: str, *, reports: bool) -> str:
    role = visitor.role
    if role is None:
        return _anonymous(method, page)
    if method not in page.methods:
        return NO_METHOD
    if not _sees(visitor, case, reports=reports):
        return NOT_FOUND
    if role not in page.roles or (page.own and not reports):
        return REFUSED
    states = page.sends_in if method == "POST" else page.opens_in
    if states is not None and case.state not in states.get(role, ()):
        return REFUSED
    return IN


def _anonymous(method: str, page: Page) -> str:
    """Who asks comes before how: a look is sent to sign in, a form is refused; but for methods that no page knows.

    What a script calls is told to sign in, whatever the method.
    """
    if page.for_scripts and method in (*pages.READ, *pages.SEND):
        return SIGN_IN
    return SIGN_IN if method in pages.READ else REFUSED if method in pages.SEND else NO_METHOD


def _sees(visitor: Visitor, case: country.Stored, *, reports: bool) -> bool:
    """A physician the own region, and of drafts the own; a coordinator the own region; the register all but drafts."""
    match visitor.role:
        case Role.PHYSICIAN:
            return visitor.region == case.region and (case.state != CaseState.DRAFT or reports)
        case Role.COORDINATOR:
            return visitor.region == case.region
        case Role.REGISTER_STAFF:
            return case.state != CaseState.DRAFT
        case _:
            return False


def _in_turn(visitor: Visitor, turn: int) -> tuple[str, ...]:
    """A look and a form, one of them for a role that works with no case; every other time one other method."""
    far = visitor.role is not None and visitor.role not in pages.READS_CASES | country.REGIONAL
    first = (METHODS[turn % 2],) if far else METHODS[:2]
    return first if turn % 2 else (*first, METHODS[2 + turn // 2 % 3])


def _one_in_turn(visitor: Visitor, page: Page, turn: int) -> tuple[str, ...]:
    """As ``_in_turn`` for a role that comes in; a look or a form, and now and then another method, for all others.

    In a soak every method for everybody.
    """
    if scaled("matrix", small=0, full=1):
        return METHODS
    if visitor.role in page.roles:
        return _in_turn(visitor, turn)
    return (METHODS[turn % 2] if turn % 5 else METHODS[2 + turn // 5 % 3],)


def _ask(visitor: Visitor, address: str, method: str) -> Answer:
    """One request, of which nothing stays."""
    with transaction.atomic():
        answer = visitor.client.generic(method, address) if method != "POST" else visitor.client.post(address, SENT)
        denied = looks(code="authz.denied", actor=str(visitor.user.pk)) if visitor.user else []
        transaction.set_rollback(True)
    return Answer(_outcome(answer), answer.status_code, len(denied))


def _outcome(answer: Any) -> str:
    if answer.status_code == 302 and answer.headers["Location"].startswith("/aanmelden/"):
        return SIGN_IN
    known = {401: SIGN_IN, 403: REFUSED, 404: NOT_FOUND, 405: NO_METHOD}
    return known.get(answer.status_code, IN if answer.status_code < 500 else "a fault of ours")


def _surprise(cell: tuple[str, ...], expected: str, answer: Answer) -> list[str]:
    """What is wrong in one cell: another outcome, or a refusal that left no event, or an event without a refusal."""
    if cell[0] == NOBODY and answer.outcome == expected:
        return []
    noted = {NOT_FOUND: True, REFUSED: True, IN: False}.get(expected, bool(answer.denied))
    if answer.outcome == expected and bool(answer.denied) == noted:
        return []
    return [f"{' · '.join(cell)}: expected {expected}, got {answer.outcome} ({answer.status}), {answer.denied} denied"]


def test_every_address_has_a_line_in_the_table() -> None:
    known = {name.partition(" ")[0] for pages_of in pages.BY_DESK.values() for name in pages_of}
    known |= set(pages.OF_WHAT_IS_NOT_THERE) | set(pages.OPEN_TO_ALL) | pages.WITH_A_TOKEN
    assert pages.names() == known, "write down who may come to a new page, in tests/integration/access/pages.py"


@pytest.mark.scaled
def test_each_role_comes_to_a_case_as_far_as_the_table_says() -> None:
    """Every role and every address, with the states and some of the methods in turn; in a soak with all of them."""
    states = list(CaseState)
    visitors = _visitors()
    reporter = next(visitor.user for visitor in visitors if visitor.name == "the reporter")
    staff = person(Role.REGISTER_STAFF)
    assert reporter is not None
    cases = country.store(states, reporter=reporter, staff=staff)
    addresses = [pages.addresses_of(case.key, case.rows) for case in cases]
    all_of_them = scaled("matrix", small=0, full=1)
    nobody()
    surprises, cells = [], 0
    for (who, visitor), place in product(enumerate(visitors), range(len(addresses[0]))):
        if all_of_them and place == 0 and visitor.user is not None:
            sign_in(visitor.client, visitor.user)  # whoever waited a quarter of an hour for their turn is signed out
        methods = METHODS if all_of_them else _in_turn(visitor, who + place)
        for how, method in enumerate(methods):
            for turn in range(len(states) if all_of_them else 1):
                number = (who + 3 * place + 5 * how + turn) % len(cases)
                case, (name, address) = cases[number], addresses[number][place]
                expected = _expected(OF_A_CASE[name], visitor, case, method, reports=visitor.user == reporter)
                answer = _ask(visitor, address, method)
                surprises += _surprise((visitor.name, case.state, name, method), expected, answer)
                cells += 1
    assert surprises == [], f"{len(surprises)} of {cells} cells:\n" + "\n".join(surprises)
    assert cells >= FEWEST_CELLS


@pytest.mark.scaled
def test_each_role_comes_to_every_other_page_as_far_as_the_table_says() -> None:
    surprises: list[str] = []
    visitors = _visitors()
    desks = {desk: of_desk for desk, of_desk in pages.BY_DESK.items() if of_desk is not OF_A_CASE}
    others = [(desk, name, page) for desk, of_desk in desks.items() for name, page in of_desk.items()]
    nobody()
    for who, visitor in enumerate(visitors):
        for place, (desk, name, page) in enumerate(others):
            for (_, address), method in product(pages.addresses(name, {}), _one_in_turn(visitor, page, who + place)):
                if visitor.role is None:
                    expected = _anonymous(method, page)
                elif method not in page.methods:
                    expected = NO_METHOD
                else:
                    expected = IN if visitor.role in page.roles else REFUSED
                answer = _ask(visitor, address, method)
                surprises += _surprise((visitor.name, desk, name, method), expected, answer)
    assert surprises == [], "\n".join(surprises)


@pytest.mark.scaled
def test_what_is_not_there_is_not_found_by_anybody() -> None:
    surprises = []
    kinds = ("release", "user", "invitation", "token", "case", "person", "pair", "link", "list", "request")
    kinds = (*kinds, "webhook", "delivery", "access")
    keys = {f"{kind}_id": uuid4() for kind in kinds}
    visitors = _visitors()
    nobody()
    every = list(pages.OF_WHAT_IS_NOT_THERE.items())
    for (who, visitor), (place, (name, page)) in product(enumerate(visitors), enumerate(every)):
        for (_, address), method in product(pages.addresses(name, keys), _one_in_turn(visitor, page, who + place)):
            outcomes = {NO_METHOD} if method not in page.methods else {NOT_FOUND}
            if visitor.role is None:
                outcomes = {_anonymous(method, page)}
            if visitor.role and visitor.role not in page.roles:
                outcomes |= {REFUSED}
            answer = _ask(visitor, address, method)
            if answer.outcome not in outcomes or (visitor.role and answer.outcome == REFUSED and not answer.denied):
                surprises.append(f"{visitor.name} · {name} · {method}: {answer}")
    assert surprises == [], "\n".join(surprises)


def test_nobody_comes_with_a_session_where_a_token_is_asked() -> None:
    surprises = []
    visitors = [visitor for visitor in _visitors() if visitor.role in (None, Role.REGISTER_STAFF, Role.STATISTICIAN)]
    nobody()
    for visitor, name in product(visitors, sorted(pages.WITH_A_TOKEN)):
        for (_, address), method in product(pages.addresses(name, {}), METHODS):
            answer = _ask(visitor, address, method)
            if answer.outcome != (SIGN_IN if method in pages.FORM else NO_METHOD):
                surprises.append(f"{visitor.name} · {name} · {method}: {answer}")
    assert surprises == [], "\n".join(surprises)


def test_a_page_that_is_open_to_all_knows_its_methods() -> None:
    surprises = []
    visitor = Visitor("nobody", Client())
    nobody()
    for name, methods in pages.OPEN_TO_ALL.items():
        for (_, address), method in product(pages.addresses(name, {}), METHODS):
            answer = _ask(visitor, address, method)
            if (answer.outcome == NO_METHOD) != (method not in methods) or answer.status >= 500:
                surprises.append(f"{name} · {method}: {answer}")
    assert surprises == [], "\n".join(surprises)


def test_a_case_of_another_region_answers_as_one_that_does_not_exist() -> None:
    elsewhere, client = person(Role.PHYSICIAN, ROTTERDAM), Client()
    sign_in(client, elsewhere)
    (case,) = country.store(
        [CaseState.QUERY_OPEN], reporter=person(Role.PHYSICIAN, AMSTERDAM), staff=person(Role.REGISTER_STAFF)
    )
    unknown = {"case_id": uuid4(), **{name: uuid4() for name in case.rows}}
    visitor = Visitor("elsewhere", client, elsewhere)
    nobody()
    surprises = []
    for method in ("GET", "POST"):
        hidden = pages.addresses_of(case.key, case.rows)
        for (name, address), (_, other) in zip(
            hidden, pages.addresses_of(unknown["case_id"], {key: unknown[key] for key in case.rows}), strict=True
        ):
            if method not in OF_A_CASE[name].methods:
                continue
            seen, unseen = _bare(visitor, address, method), _bare(visitor, other, method)
            if seen != unseen:
                surprises.append(f"{method} {name}: {set(seen[2].splitlines()) ^ set(unseen[2].splitlines())}")
    assert surprises == []


@pytest.mark.scaled
def test_nobody_finds_a_case_by_guessing_its_key() -> None:
    """A hundred guesses over every address of a case, by somebody who sees the whole country."""
    staff = person(Role.REGISTER_STAFF)
    country.store(CaseState, reporter=person(Role.PHYSICIAN, AMSTERDAM), staff=staff)
    client = Client()
    visitor = Visitor("staff", client, staff)
    guesses = scaled("guesses", small=100, full=10_000)
    statuses = set()
    nobody()
    for number in range(guesses):
        if number % 500 == 0:
            sign_in(client, staff)  # whoever guesses for a quarter of an hour is signed out
        keys: dict[str, UUID] = {name: uuid4() for name in country.NAMES}
        every = pages.addresses_of(uuid4(), keys)
        name, address = every[number % len(every)]
        statuses.add(_ask(visitor, address, "GET" if "GET" in OF_A_CASE[name].methods else "POST").status)
    assert statuses == {404}


def _bare(visitor: Visitor, address: str, method: str) -> tuple[int, list[str], str]:
    """What a visitor could compare: status, names of headers, and the page without address, tokens and clock."""
    with transaction.atomic():
        answer = visitor.client.get(address) if method == "GET" else visitor.client.post(address, SENT)
        transaction.set_rollback(True)
    text = answer.content.decode().replace(address, "")
    token = answer.context["csrf_token"] if answer.context and "csrf_token" in answer.context else ""
    text = re.sub(r'(nonce|data-seconds)="[^"]*"', "", text.replace(str(token), "") if token else text)
    return answer.status_code, sorted(answer.headers), text
