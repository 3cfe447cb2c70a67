"""Another language or theme leads back to a page, also from an answer at an address that only takes a form."""

import re
from collections.abc import Collection, Iterator
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from register.models import User
from register.web.register_data import pairs, substance
from register.web.register_desk import steps as review_steps
from register.web.sending import is_for_sending
from register.web.statistics import releases
from register.web.webhooks import webhook
from register.workflow.roles import Role
from tests import factories
from tests.integration.access import pages
from tests.integration.access.pages import SEND, Page
from tests.integration.audit.stock import Stock, committed
from tests.signing_in import sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "stats", "viewer"]),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
NEXT = re.compile(r'name="next" value="([^"]*)"')
OF_PERSONS = {**pages.OF_A_CASE, **pages.OF_WHAT_IS_NOT_THERE}
for of_a_desk in pages.BY_DESK.values():
    OF_PERSONS |= of_a_desk
# The addresses that only take a form. What a script asks comes back as JSON, without a way anywhere.
SENDING: dict[str, Page] = {
    name: page for name, page in OF_PERSONS.items() if page.methods == SEND and not page.for_scripts
}
FOR_ALL = {name for name, methods in pages.OPEN_TO_ALL.items() if methods == SEND} - {"csp_report"}

STEPS: dict[str, dict[str, Collection[str]]] = {
    "physician:restore": {"page": ["overledene"]},
    "register_desk:step": {"name": review_steps.STEPS},
    "register_desk:several": {"which": ["nieuw"]},
    "register_data:decide": {"act": pairs.ACTS},
    "register_data:steward": {"act": substance.ACTS},
    "statistics:step": {"step": releases.STEPS},
    "webhooks:step": {"step": webhook.STEPS},
}
OF = {"register_rules:change": {"kind": "kwaliteit", "code": "Q09"}, "register_data:steward": {"code": "cocaine"}}

# The page that a form stood on, and on which it comes back.
STOOD_ON = {
    "register_desk:step": "register_desk:review",
    "register_data:decide": "register_data:pair",
    "register_data:steward": "register_data:substance",
    "register_data:decline_request": "register_data:catalogue",
    "register_rules:change": "register_rules:entry",
    "statistics:step": "statistics:release",
    "admin_desk:change": "admin_desk:user",
    "admin_desk:switch_off": "admin_desk:user",
    "admin_desk:switch_on": "admin_desk:user",
    "admin_desk:start_anew": "admin_desk:user",
    "admin_desk:send_anew": "admin_desk:invitation",
    "admin_desk:revoke_invitation": "admin_desk:invitation",
    "webhooks:step": "webhooks:webhook",
    "webhooks:send_again": "webhooks:webhook",
    "recovery_codes": "profile",
}
# Where it is asked again who it is, ten minutes after the last time.
ASKED_AGAIN = {
    **{name: STOOD_ON[name] for name in ("register_desk:step", "register_data:decide", "statistics:step")},
    "register_rules:change": "register_rules:entry",
    "register_rules:adopt": "register_rules:comparison",
    "remove_factor": "profile",
    "recovery_codes": "profile",
}


@pytest.fixture(scope="module")
def stock(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stock]:
    with committed(django_db_blocker) as made:
        yield made


def _someone(page: Page, stock: Stock) -> User:
    """Somebody whose role may send the form."""
    known = [person for person in stock.people.values() if person.role in page.roles]
    return known[0] if known else factories.person(next(role for role in Role if role in page.roles))


def _sendings(stock: Stock) -> Iterator[tuple[str, str, User]]:
    """Each address that only takes a form, with every step it can name: its name, itself, and who may send."""
    other = {
        "list_id": UUID(int=1),
        "link_id": UUID(int=1),
        "access_id": UUID(int=1),
        "factor_id": 1,
        "handle": "x",
        "version": "2",
    }
    known = {**other, **stock.keys()}
    for name, page in SENDING.items():
        keys = {**known, **OF.get(name, {})}
        ((key, words),) = STEPS.get(name, {"": [""]}).items()
        by = _someone(page, stock)
        for word in words:
            kwargs = {part: word if part == key else keys[part] for part in pages.converters()[name]}
            yield name, reverse(name, kwargs=kwargs), by


def _way_back(answer: Any) -> str:
    """The address to which a choice of language or theme on this page leads; empty when it is no page."""
    found = set(NEXT.findall(answer.content.decode())) if answer["Content-Type"].startswith("text/html") else set()
    assert len(found) <= 1
    return unescape(found.pop()) if found else ""


def _leads_to(client: Client, address: str) -> str:
    """The name of the page at this address, which can be looked at."""
    assert client.get(address).status_code in (200, 302), address
    return resolve(address).view_name


def test_an_address_that_only_takes_a_form_is_marked_and_no_other() -> None:
    marked = {name for name, view in _views(get_resolver().url_patterns, "") if is_for_sending(view)}
    for_scripts = {name for name, page in OF_PERSONS.items() if page.methods == SEND and page.for_scripts}
    assert marked - for_scripts == SENDING.keys() | FOR_ALL


def _views(patterns: list[Any], namespace: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}", pattern.callback


def test_a_form_without_its_token_leads_back_to_a_page(stock: Stock) -> None:
    for name, address, by in _sendings(stock):
        client = sign_in(Client(enforce_csrf_checks=True), by)
        answer = client.post(address)
        assert answer.status_code == 403, name
        assert _way_back(answer) == reverse("home"), name
    for name in FOR_ALL:
        answer = Client(enforce_csrf_checks=True).post(reverse(name))
        assert _way_back(answer) == reverse("home"), name


def test_a_form_that_comes_back_leads_to_the_page_it_stood_on(stock: Stock) -> None:
    assert _led(stock, SENDING.keys()) == STOOD_ON


def test_who_is_asked_again_who_it_is_comes_back_to_the_page_of_the_form(stock: Stock) -> None:
    assert _led(stock, ASKED_AGAIN.keys(), waited=11 * 60, page="account/confirm.html") == ASKED_AGAIN


def _led(stock: Stock, names: Collection[str], *, waited: int = 0, page: str = "") -> dict[str, str]:
    """Where an empty form leads that is answered with a page, or with this one; a page that says no leads home."""
    found = {}
    for name, address, by in _sendings(stock):
        if name not in names:
            continue
        with transaction.atomic():
            client = sign_in(Client(), by)
            _wait(client, waited)
            answer = client.post(address)
            back, shown = _way_back(answer), answer.templates[0].name if answer.templates else ""
            if back and shown.startswith("errors/"):
                assert back == reverse("home"), name
            elif back and page in ("", shown):
                found[name] = _leads_to(client, back)
            transaction.set_rollback(True)
    return found


def _wait(client: Client, seconds: int) -> None:
    session = client.session
    for proven in session["account_authentication_methods"]:
        proven["at"] -= seconds
    session.save()
