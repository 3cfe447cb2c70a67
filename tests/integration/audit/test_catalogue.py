"""The catalogue of events: complete, used, described, and the only way into the log."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError

from register.audit import Event, NotLoggedError, acting_as, catalogue, log_access
from register.audit.catalogue import IncompleteEventError, UnknownEventError
from register.models import User
from tests import factories
from tests.integration.audit.stock import broken_log
from tests.trail import looks

ROOT = Path(settings.BASE_DIR)


def test_every_event_has_a_line_in_the_catalogue_and_every_line_an_event() -> None:
    assert {event.value for event in Event} == set(catalogue.KINDS)


@pytest.mark.parametrize("event", Event, ids=lambda event: event.value)
def test_every_event_is_noted_somewhere_in_the_application(event: Event) -> None:
    sources = [path for path in (ROOT / "register").rglob("*.py") if path.name != "access_log.py"]
    assert any(f"Event.{event.name}" in path.read_text(encoding="utf-8") for path in sources)


@pytest.mark.parametrize("kind", catalogue.KINDS.values(), ids=lambda kind: kind.code)
def test_every_kind_says_what_nen_7513_asks(kind: catalogue.Kind) -> None:
    assert kind.action in "CRUDE"
    assert kind.about
    assert kind.nl and kind.en and kind.nl != kind.en
    assert kind.needs <= {"objects", "filters", "detail"}


def test_the_inventory_for_people_is_the_catalogue() -> None:
    text = (ROOT / "docs/security/logging.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z_.]+)` \| ([CRUDE]) \| ([a-z, ]+) \| ([a-z, –]+) \| (.+?) \|", text, re.MULTILINE)
    assert [tuple(row) for row in told] == [
        (kind.code, kind.action, ", ".join(kind.about), ", ".join(sorted(kind.needs)) or "–", kind.nl)
        for kind in catalogue.KINDS.values()
    ]


@pytest.mark.django_db
def test_an_event_that_the_catalogue_does_not_know_is_not_noted(physician_here: User) -> None:
    with acting_as(physician_here), pytest.raises(UnknownEventError):
        log_access("case.peek")  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("event", "values"),
    [
        (Event.CASE_READ, {}),
        (Event.CASE_SEARCH, {}),
        (Event.DENIED, {"outcome": "denied"}),
        (Event.CASE_LIST, {"outcome": "perhaps"}),
        (Event.CASE_LIST, {"object_type": "release"}),
    ],
)
def test_an_event_that_leaves_out_what_it_must_say_is_not_noted(
    physician_here: User, event: Event, values: dict[str, str]
) -> None:
    with acting_as(physician_here), pytest.raises(IncompleteEventError):
        log_access(event, **values)  # type: ignore[arg-type]
    assert looks(code=event.value) == []


@pytest.mark.django_db
def test_the_six_facts_of_bio2_stand_beside_every_event(physician_here: User) -> None:
    with acting_as(physician_here):
        log_access(Event.CASE_LIST, rows=0)
    (look,) = looks(code="case.list", actor=str(physician_here.pk))
    assert (look.action, look.object_type, look.outcome) == ("R", "case", "ok")
    assert look.at is not None
    assert (look.role, look.regions, look.purpose) == ("physician", [factories.AMSTERDAM], "lijkschouw")


@pytest.mark.django_db
def test_a_log_that_cannot_be_written_raises_an_error_of_the_database(physician_here: User) -> None:
    with broken_log(), pytest.raises(NotLoggedError) as raised, acting_as(physician_here):
        log_access(Event.CASE_LIST)
    assert isinstance(raised.value, DatabaseError)


@pytest.fixture
def physician_here(db: None) -> User:
    return factories.physician()
