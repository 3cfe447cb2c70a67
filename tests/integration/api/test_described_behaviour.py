"""The API does what its description says, whatever is asked: no fault of ours, no other shape, no door left open.

schemathesis makes requests from the description, right ones and wrong ones, and holds every answer against it.
"""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings

from register.models import Release
from tests.scale import scaled

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(databases=["default", "stats"])]
# Requests for all operations together.
MANY = 1_000
REQUESTS = scaled("requests", small=90, full=20_000)


@pytest.fixture
def described(settings: LazySettings) -> Iterator[Any]:
    """The description as schemathesis reads it from the running API, in the transaction of the test."""
    settings.API_REQUESTS_PER_MINUTE = 10**9
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield importlib.import_module("schemathesis").openapi.from_wsgi("/v1/openapi.json", get_wsgi_application())
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def test_every_answer_is_as_described_and_none_is_a_fault_of_ours(described: Any, release: Release, token: str) -> None:
    operations = [found.ok() for found in described.get_all_operations()]
    each = -(-REQUESTS // len(operations))
    for operation in operations:
        _ask(described, operation, {"Authorization": f"Bearer {token}"}, each)


def _ask(described: Any, operation: Any, headers: dict[str, str], examples: int) -> None:
    generation = importlib.import_module("schemathesis").GenerationMode

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=REQUESTS < MANY,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=generation.POSITIVE)
        | operation.as_strategy(generation_mode=generation.NEGATIVE)
    )
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers)

    ask()
