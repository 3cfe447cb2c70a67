"""Work that matters is a row first: it is done once, stays when it fails, and goes out again until it is done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from register.audit import acting_as
from register.models import OutboxMessage
from register.models.actor import WriteWithoutActorError
from register.outbox import enqueue, handling, relay, stuck

pytestmark = pytest.mark.django_db


def _waiting(key: str = "release:1") -> OutboxMessage:
    with acting_as("system:test"):
        return enqueue("register.unheard_of", key=key, release_id="1")


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


def test_work_that_fails_stays_and_names_the_kind_of_error_but_not_its_words() -> None:
    message = _waiting()
    with pytest.raises(ValueError, match="a secret"), handling(message.pk):
        raise ValueError("a secret")
    message.refresh_from_db()
    assert (message.done_at, message.attempts, message.last_error) == (None, 1, "ValueError")
    with handling(message.pk) as again:
        assert again == message


def test_work_tried_too_often_is_shown_as_stuck() -> None:
    message = _waiting()
    for _ in range(6):
        with pytest.raises(ValueError, match="no"), handling(message.pk):
            raise ValueError("no")
    assert list(stuck()) == [message]


def test_what_was_not_published_goes_out_with_the_relay_and_what_just_was_does_not() -> None:
    message = _waiting()
    OutboxMessage.objects.update(published_at=timezone.now() - timedelta(minutes=1))
    assert relay(now=timezone.now()) == 0
    OutboxMessage.objects.update(published_at=None)
    assert relay(now=timezone.now()) == 1
    message.refresh_from_db()
    assert message.published_at is not None
