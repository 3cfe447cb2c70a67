"""Real workers and a real broker: nothing is lost when the broker loses everything, and nothing is done twice."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from register import outbox
from register.models import OutboxMessage
from tests.integration.outbox.bell import enqueue_bells, ring, started
from tests.integration.outbox.programs import broker, clock, programs, wait_until, worker
from tests.trail import looks

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture(autouse=True)
def empty_broker() -> Iterator[None]:
    """No message of another test before this one, none of this one after it."""
    with broker() as line:
        line.flushall()
        yield
        line.flushall()


def _undone() -> int:
    return OutboxMessage.objects.filter(done_at__isnull=True).count()


def _rung() -> list[list[object]]:
    return [look.objects for look in looks(code="command.run", object_type="work")]


def _all_rang_once() -> bool:
    rung = _rung()
    return len(rung) == len({str(keys) for keys in rung}) == OutboxMessage.objects.count()


@pytest.mark.parametrize("aged", [True, pytest.param(False, marks=pytest.mark.soak)])
def test_a_broker_that_lost_everything_under_load_costs_no_work_and_doubles_none(tmp_path: Path, aged: bool) -> None:
    """Within a minute of the loss all is done. The short version lets the half minute of the relay be over at once.

    Worker and clock give signs of life meanwhile, and are missed when they are gone.
    """
    with programs(worker("one"), clock(tmp_path)):
        wait_until(lambda: not any(pulse.silent for pulse in outbox.standing(now=timezone.now()).pulses))
        enqueue_bells(60, seconds=0.05)
        wait_until(lambda: len(_rung()) > 4)
        with broker() as line:
            line.flushall()
        enqueue_bells(5)
        assert _undone() > 0
        if aged:
            OutboxMessage.objects.filter(done_at__isnull=True).update(
                published_at=F("published_at") - timedelta(seconds=30)
            )
        wait_until(lambda: _undone() == 0, within=60)
    assert _all_rang_once()
    later = timezone.now() + timedelta(minutes=4)
    assert all(pulse.silent for pulse in outbox.standing(now=later).pulses)


def test_work_delivered_twice_to_two_workers_at_once_is_done_once(tmp_path: Path) -> None:
    messages = enqueue_bells(30, seconds=0.02)
    for message in reversed(messages):
        ring.delay(str(message.pk))
    with programs(worker("one"), worker("two")):
        wait_until(lambda: _undone() == 0)
        with broker() as line:
            wait_until(lambda: line.llen("celery") == 0)
    assert _all_rang_once()


def test_a_worker_that_finds_its_work_held_by_another_goes_on_at_once() -> None:
    (message,) = enqueue_bells(1)
    meanwhile: list[object] = []

    def another_worker() -> None:
        with outbox.handling(message.pk) as taken:
            meanwhile.append(taken)
        connection.close()

    with outbox.handling(message.pk) as mine:
        other = threading.Thread(target=another_worker)
        other.start()
        other.join(20)
        assert not other.is_alive()
    assert mine == message
    assert meanwhile == [None]


def test_racing_workers_do_each_message_once() -> None:
    messages = enqueue_bells(20)

    def race(message: OutboxMessage) -> None:
        try:
            ring(str(message.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(race, [message for message in messages for _ in range(6)]))
    assert _undone() == 0
    assert _all_rang_once()


def test_racing_relays_publish_each_message_once() -> None:
    with broker() as line:
        messages = enqueue_bells(150)
        line.flushall()
        now = timezone.now() + timedelta(minutes=1)

        def relay(_: int) -> int:
            try:
                return outbox.relay(now=now)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(relay, range(6))) == len(messages)
        assert line.llen("celery") == len(messages)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("settings_module", "starts"), [("config.settings.test", {1}), ("tests.integration.outbox.impatient", {2, 3})]
)
def test_a_task_longer_than_the_visibility_timeout_is_delivered_again_and_still_done_once(
    settings_module: str, starts: set[int]
) -> None:
    """With the register's own setting a long task starts once; with ten seconds the broker hands it out again."""
    (message,) = enqueue_bells(1, seconds=30)
    with programs(worker("one"), worker("two"), settings_module=settings_module):
        wait_until(lambda: _undone() == 0, within=120)
    with broker() as line:
        assert int(line.get(started(message.pk))) in starts
    assert _all_rang_once()
