"""Two approvers at once, each with a connection of their own: a release is published once, by one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from register.models import PublishedRelease, ReleaseChange, User
from register.reporting import building, releases
from register.reporting.errors import RefusedError, StaleError
from register.workflow.roles import Role
from tests import factories
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.integration.reporting.test_release_life import plan
from tests.scale import scaled

pytestmark = [pytest.mark.scaled, pytest.mark.django_db(transaction=True)]

APPROVERS = 3


def _race(calls: list[Callable[[], Any]]) -> list[Exception | None]:
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Exception | None:
        try:
            start.wait()
            call()
        except (RefusedError, StaleError) as refusal:
            return refusal
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _one_wins(calls: list[Callable[[], Any]]) -> None:
    refusals = [outcome for outcome in _race(calls) if outcome is not None]
    assert len(refusals) == len(calls) - 1
    assert all(refusal.nl and refusal.en for refusal in refusals)  # type: ignore[attr-defined]


def test_a_release_is_submitted_and_approved_once() -> None:
    store([Closed(age=age) for age in range(20, 32)])
    _, maker, _ = people()
    approvers: list[User] = [factories.person(Role.REGISTER_STAFF) for _ in range(APPROVERS)]
    for _ in range(scaled("releases", small=6, full=500)):
        release = building.build(
            release_id=releases.draft(plan=plan(), by=maker, now=timezone.now()).pk, now=timezone.now()
        )
        act: dict[str, Any] = {"release_id": release.pk, "seen_version": release.row_version}
        _one_wins([partial(releases.submit, note="Klaar.", by=by, **act) for by in approvers[:2]])
        release.refresh_from_db()
        act["seen_version"] = release.row_version
        free = [by for by in approvers if by.pk != release.submitted_by_id]
        _one_wins([partial(releases.approve, by=by, now=timezone.now(), **act) for by in free])
        release.refresh_from_db()
        assert release.approved_by_id in {by.pk for by in free}
        assert PublishedRelease.objects.filter(pk=release.pk).count() == 1
        moves = ReleaseChange.objects.filter(release=release).exclude(name__in=["draft", "build"])
        assert sorted(moves.values_list("from_status", flat=True)) == ["draft", "pending_approval"]
