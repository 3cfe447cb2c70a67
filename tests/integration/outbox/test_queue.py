"""Work that matters is a row first: it is done once, stays when it fails, and goes out again until it is done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from register.audit import acting_as
from register.models import OutboxMessage
from register.models.actor import WriteWithoutActorError
from register.outbox import enqueue, handling, relay, stuck, try_again
from tests.integration.outbox.programs import broker

pytestmark = pytest.mark.django_db
HALF_A_MINUTE = timedelta(seconds=30)


def _waiting(key: str = "release:1", **options: Any) -> OutboxMessage:
    with acting_as("system:test"):
        return enqueue("register.unheard_of", key=key, release_id="1", **options)


def _due_again(message: OutboxMessage) -> None:
    """Let the pause after a failure be over."""
    OutboxMessage.objects.filter(pk=message.pk).update(available_at=timezone.now() - HALF_A_MINUTE)


def _fail(message: OutboxMessage) -> None:
    _due_again(message)
    with pytest.raises(ValueError, match="a secret"), handling(message.pk) as taken:
        assert taken == message
        raise ValueError("a secret")


def _parked() -> OutboxMessage:
    message = _waiting()
    for _ in range(5):
        _fail(message)
    message.refresh_from_db()
    return message


def test_work_names_who_asked_for_it() -> None:
    message = _waiting()
    assert (message.actor, message.payload) == ("system:test", {"release_id": "1"})


def test_nobody_enqueues_without_an_actor() -> None:
    with pytest.raises(WriteWithoutActorError):
        enqueue("register.unheard_of", key="x")


def test_the_same_work_is_enqueued_once() -> None:
    assert _waiting() == _waiting()
    assert OutboxMessage.objects.count() == 1


def test_work_is_handled_once() -> None:
    message = _waiting()
    with handling(message.pk) as first:
        assert first == message
    with handling(message.pk) as second:
        assert second is None


def test_a_duplicate_that_comes_late_is_not_counted_as_a_try() -> None:
    message = _waiting()
    for _ in range(3):
        with handling(message.pk):
            pass
    message.refresh_from_db()
    assert message.attempts == 1


def test_work_that_is_delivered_in_another_order_is_all_done_once() -> None:
    first, second = _waiting("release:1"), _waiting("release:2")
    done = []
    for message in (second, first, second, first):
        with handling(message.pk) as taken:
            done += [taken.key] if taken else []
    assert done == ["release:2", "release:1"]


def test_work_that_nobody_wrote_down_is_not_done() -> None:
    with handling(uuid4()) as taken:
        assert taken is None


def test_work_that_fails_stays_and_names_the_kind_of_error_but_not_its_words() -> None:
    message = _waiting()
    _fail(message)
    message.refresh_from_db()
    assert (message.done_at, message.attempts, message.last_error) == (None, 1, "ValueError")


def test_each_failure_makes_the_next_try_wait_longer() -> None:
    message, pauses = _waiting(), []
    for _ in range(3):
        _fail(message)
        message.refresh_from_db()
        pauses.append(message.available_at - timezone.now())
        with handling(message.pk) as too_early:
            assert too_early is None
    assert pauses == sorted(pauses)
    assert pauses[2] > 3 * pauses[0]


def test_work_that_failed_five_times_is_parked_and_not_tried_again() -> None:
    message = _parked()
    assert message.parked_at is not None
    assert (message.attempts, message.last_error) == (5, "ValueError")
    _due_again(message)
    with handling(message.pk) as taken:
        assert taken is None
    assert relay(now=timezone.now() + HALF_A_MINUTE) == 0
    assert list(stuck(now=timezone.now())) == [message]


def test_work_that_killed_its_worker_five_times_is_parked_by_the_relay() -> None:
    message = _waiting()
    OutboxMessage.objects.update(attempts=5)
    assert relay(now=timezone.now() + 2 * HALF_A_MINUTE) == 0
    message.refresh_from_db()
    assert message.parked_at is not None
    assert message.last_error == "WorkerLost"


def test_parked_work_gets_its_tries_back_from_the_operator() -> None:
    message = _parked()
    assert try_again() == [message.pk]
    assert try_again() == []
    with handling(message.pk) as taken:
        assert taken == message
    assert not stuck(now=timezone.now()).exists()


def test_work_for_later_waits_in_the_database_and_not_in_the_broker() -> None:
    now = timezone.now()
    message = _waiting(not_before=now + timedelta(hours=1))
    assert message.published_at is None
    assert relay(now=now) == 0
    with handling(message.pk) as too_early:
        assert too_early is None
    assert relay(now=now + timedelta(hours=2)) == 1


def test_work_that_nobody_does_is_stuck_after_a_quarter_of_an_hour() -> None:
    message = _waiting()
    assert not stuck(now=timezone.now() + timedelta(minutes=14)).exists()
    assert list(stuck(now=timezone.now() + timedelta(minutes=16))) == [message]


def test_what_was_lost_goes_out_with_the_relay_and_what_just_went_out_does_not() -> None:
    message = _waiting()
    sent = message.published_at
    assert sent is not None
    assert relay(now=sent + timedelta(seconds=20)) == 0
    assert relay(now=sent + timedelta(seconds=31)) == 1
    assert relay(now=sent + timedelta(seconds=32)) == 0


def test_a_broker_without_memory_leaves_the_work_for_the_next_round() -> None:
    messages = [_waiting(f"release:{number}") for number in range(3)]
    later = timezone.now() + 2 * HALF_A_MINUTE
    with broker() as line:
        line.config_set("maxmemory", 1)
        try:
            assert relay(now=later) == 0
        finally:
            line.config_set("maxmemory", 0)
    assert OutboxMessage.objects.filter(published_at__isnull=True).count() == len(messages)
    assert relay(now=later) == len(messages)
