"""The API does what its description says, whatever is asked: no fault of ours, no other shape, no door left open.

schemathesis makes requests from the description, right ones and wrong ones, and holds every answer against it. A third
of them name a release that exists: a made-up name finds nothing, and shows neither a file nor that it needs a token.
What is asked again is answered as the web server answers it, before Django makes a request of it.
"""

import importlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, assume, given, settings

from register.api import again
from register.models import Release
from tests.scale import scaled

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(databases=["default", "stats"])]
# Requests for all operations together.
MANY = 1_000
REFUSED = 400
REQUESTS = scaled("requests", small=90, full=20_000)


@pytest.fixture
def described(settings: LazySettings) -> Iterator[Any]:
    """The description as schemathesis reads it from the API as it is served, in the transaction of the test."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        served = again.Again(get_wsgi_application())
        yield importlib.import_module("schemathesis").openapi.from_wsgi("/v1/openapi.json", served)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        again.forget()


def test_every_answer_is_as_described_and_none_is_a_fault_of_ours(
    described: Any, release: Release, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    operations = [found.ok() for found in described.get_all_operations()]
    there = {"release": release.identifier, "table": "group"}
    asked, found = Counter[str](), Counter[str]()
    try:
        while (missing := REQUESTS - asked.total()) > 0:  # an address without parameters has few cases
            each = -(-missing // len(operations))
            for operation in operations:
                _ask(operation, there, {"Authorization": f"Bearer {token}"}, each, asked, found)
    finally:
        if REQUESTS >= MANY:
            with capsys.disabled():
                told = [f"{many:8,} {found[label]:8,}  {label}\n" for label, many in sorted(asked.items())]
                sys.stdout.write(f"\n{asked.total():,} cases, {found.total():,} found something:\n{''.join(told)}")
    assert all(found[operation.label] for operation in operations), "nothing was found there"
    assert again.remembered(), "nothing was asked again"


def _ask(
    operation: Any,
    there: Mapping[str, str],
    headers: dict[str, str],
    examples: int,
    asked: Counter[str],
    found: Counter[str],
) -> None:
    generation = importlib.import_module("schemathesis").GenerationMode
    place = importlib.import_module("schemathesis.core.parameters").ParameterLocation

    def right() -> Any:
        return operation.as_strategy(generation_mode=generation.POSITIVE)

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=REQUESTS < MANY,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=right().map(lambda case: _at_what_exists(case, there))
        | right()
        | operation.as_strategy(generation_mode=generation.NEGATIVE)
    )
    def ask(case: Any) -> None:
        # A parameter without any value is not sent, so it cannot be refused.
        assume(all(value not in ([], {}, None) for value in (case.query or {}).values()))
        asked[operation.label] += 1
        # A case that is wrong in its headers may be wrong by having no token: the right one would put it right.
        shown = {} if case.meta.is_negative_at(place.HEADER) else headers
        found[operation.label] += case.call_and_validate(headers=shown).status_code < REFUSED

    ask()


def _at_what_exists(case: Any, there: Mapping[str, str]) -> Any:
    case.path_parameters = {name: there.get(name, value) for name, value in (case.path_parameters or {}).items()}
    return case
