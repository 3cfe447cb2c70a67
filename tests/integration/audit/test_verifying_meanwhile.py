"""Whoever verifies while the keeper seals finds nothing amiss."""

from threading import Event, Thread

import pytest
from django.db import connections

from register.models import User
from tests import factories
from tests.integration.audit.conftest import Keeper

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keeper"])
TIMES = 30


def test_a_seal_that_is_made_meanwhile_is_no_alarm(keeper: Keeper, physician: User) -> None:
    over = Event()

    def work() -> None:
        while not over.is_set():
            factories.draft(physician)
            keeper.seal()
        connections.close_all()

    keeper.seal()
    working = Thread(target=work)
    working.start()
    try:
        told = [finding.sentence for _ in range(TIMES) for finding in keeper.verify().findings]
    finally:
        over.set()
        working.join()
    assert told == []
