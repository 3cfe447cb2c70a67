"""Organisations hear of a publication: once, signed, never before its minute, until it arrived or is given up."""

import json
import re
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from register.access import webhooks
from register.access.errors import RefusedError, StaleError
from register.audit import acting_as
from register.models import OutboxMessage, Release, User, Webhook, WebhookAttempt, WebhookDelivery, WebhookSecret
from register.reporting import announcing, queueing, releases
from register.reporting.announcing import messages
from register.reporting.announcing.delivering import PAUSES
from register.tasks import announce_release, deliver_webhook, tell_of_stopped_webhook
from tests.conftest import session_of
from tests.integration.api.conftest import Publish, publish, release
from tests.integration.reporting.closed_cases import people
from tests.integration.reporting.receiver import Receiver, receiving
from tests.trail import changes

__all__ = ["publish", "release"]

pytestmark = pytest.mark.django_db(databases=["default", "stats"])
TASKS = {
    "register.announce_release": announce_release,
    "register.deliver_webhook": deliver_webhook,
    "register.tell_of_stopped_webhook": tell_of_stopped_webhook,
}
DOCS = Path(settings.BASE_DIR) / "docs" / "monitor.md"
Kind = WebhookDelivery.Kind


@pytest.fixture
def admin() -> User:
    return User.objects.create_user("beheer", role="admin", email="beheer@register.example", first_name="Bas")


def _registered(receiver: Receiver | str, by: User, organisation: str = "Trimbos") -> tuple[Webhook, str]:
    address = receiver if isinstance(receiver, str) else receiver.address
    return webhooks.register_webhook(organisation=organisation, address=address, by=by, now=timezone.now())


def _told(release: Release, kind: WebhookDelivery.Kind = Kind.PUBLISHED) -> None:
    """As at the publication, and then the worker."""
    with acting_as("system:test"):
        queueing.ask_to_announce(release, kind, now=timezone.now())
    _work()


def _work(*, later: bool = False) -> int:
    """Let the worker do what is due; with ``later`` also what waits for its time."""
    done = 0
    while waiting := list(OutboxMessage.objects.filter(task__in=TASKS, done_at__isnull=True).order_by("created_at")):
        due = [one for one in waiting if later or one.available_at <= timezone.now()]
        if not due:
            break
        OutboxMessage.objects.filter(pk=due[0].pk).update(available_at=timezone.now() - timedelta(seconds=1))
        TASKS[due[0].task](str(due[0].pk))
        done += 1
        if later:
            break
    return done


def _is_from_the_register() -> Callable[..., bool]:
    """The lines that the guide gives to who receives messages."""
    found = re.search(r"```python\n(import base64, hashlib, hmac.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    names: dict[str, Any] = {}
    exec(found[1], names)  # noqa: S102 - the lines of our own guide
    checker: Callable[..., bool] = names["is_from_the_register"]
    return checker


def test_a_receiver_gets_id_status_and_links_and_knows_by_the_lines_of_the_guide_who_sent_them(
    admin: User, release: Release
) -> None:
    with receiving() as receiver:
        webhook, secret = _registered(receiver, admin)
        _told(release)
    ((_, headers, body),) = receiver.got
    told = json.loads(body)
    base = f"{settings.PUBLIC_URL}/v1"
    delivery = WebhookDelivery.objects.get()
    assert told == {
        "specversion": "1.0",
        "id": headers["webhook-id"],
        "source": base,
        "type": "release.published",
        "subject": release.identifier,
        "time": messages.moment(delivery.created_at),
        "datacontenttype": "application/json",
        "data": {
            "release": release.identifier,
            "status": "provisional",
            "links": {
                "release": f"{base}/releases/{release.identifier}",
                "manifest": f"{base}/releases/{release.identifier}/manifest",
            },
        },
    }
    assert headers["content-type"] == "application/cloudevents+json"
    check = _is_from_the_register()
    assert check(headers, body, secret)
    assert not check(headers, body.replace(b"provisional", b"final"), secret)
    assert not check({**headers, "webhook-id": "msg_other"}, body, secret)
    assert not check({**headers, "webhook-timestamp": "1614265330"}, body, secret)
    assert (delivery.state, delivery.tries, delivery.next_at) == ("delivered", 1, None)
    assert [(one.outcome, one.status) for one in webhook.deliveries.get().attempts.all()] == [("delivered", 204)]


def test_the_same_publication_is_told_once_however_often_the_worker_hears_of_it(admin: User, release: Release) -> None:
    with receiving() as receiver:
        _registered(receiver, admin)
        _told(release)
        for message in OutboxMessage.objects.filter(task__in=TASKS):
            TASKS[message.task](str(message.pk))
        _told(release)
    assert len(receiver.got) == 1


def test_a_receiver_that_fails_gets_the_same_message_again_after_longer_and_longer_pauses(
    admin: User, release: Release
) -> None:
    with receiving(500, 302, 204) as receiver:
        _registered(receiver, admin)
        _told(release)
        pauses = []
        for _ in range(2):
            delivery = WebhookDelivery.objects.get()
            assert delivery.next_at is not None
            pauses.append(delivery.next_at - WebhookAttempt.objects.latest("at").at)
            assert _work() == 0, "nothing is sent before its time"
            _work(later=True)
    assert pauses == list(PAUSES[:2])
    assert {headers["webhook-id"] for _, headers, _ in receiver.got} == {messages.id_of(delivery.pk)}
    assert [path for path, _, _ in receiver.got] == ["/haak?van=register"] * 3
    outcomes = [one.outcome for one in WebhookAttempt.objects.order_by("at")]
    assert outcomes == ["refused", "redirect", "delivered"]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("delivered", 3)


def test_a_webhook_that_nothing_reaches_for_three_days_is_stopped_and_the_administrators_are_told(
    admin: User, release: Release
) -> None:
    with receiving(500) as receiver:
        webhook, _ = _registered(receiver, admin)
        _told(release)
        while _work(later=True):
            pass
    assert len(receiver.got) == len(PAUSES) + 1
    assert timedelta(days=3) < sum(PAUSES, timedelta()) < timedelta(days=4)
    webhook.refresh_from_db()
    assert (webhook.stopped_why, WebhookDelivery.objects.get().state) == ("failing", "given_up")
    (notice,) = mail.outbox
    assert notice.to == ["beheer@register.example"]
    assert "Trimbos" in notice.subject
    assert f"/beheer/webhooks/{webhook.pk}/" in str(notice.body)
    assert release.identifier not in str(notice.body)


def test_a_message_that_is_given_up_does_not_stop_a_webhook_that_another_reached(admin: User, release: Release) -> None:
    with receiving(500) as receiver:
        webhook, _ = _registered(receiver, admin)
        _told(release)
        other = WebhookDelivery.objects.create(
            webhook=webhook, kind=Kind.TEST, created_at=timezone.now(), began_at=timezone.now(), state="delivered"
        )
        WebhookAttempt.objects.create(delivery=other, at=timezone.now(), outcome="delivered", status=204)
        while _work(later=True):
            pass
    webhook.refresh_from_db()
    assert webhook.stopped_at is None
    assert WebhookDelivery.objects.get(kind=Kind.PUBLISHED).state == "given_up"


def test_an_address_that_says_it_is_gone_is_stopped_at_once(admin: User, release: Release) -> None:
    with receiving(410) as receiver:
        webhook, _ = _registered(receiver, admin)
        _told(release)
    webhook.refresh_from_db()
    assert (len(receiver.got), webhook.stopped_why) == (1, "gone")
    assert len(mail.outbox) == 1


def test_a_name_that_leads_into_a_private_network_at_the_moment_of_sending_gets_nothing(
    admin: User, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, _ = _registered("https://ndm.example.nl/haak", admin)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.7", 443))])
    _told(release)
    assert [one.outcome for one in WebhookAttempt.objects.filter(delivery__webhook=webhook)] == ["private"]
    assert WebhookDelivery.objects.get().state == "waiting"


def test_a_stopped_webhook_hears_of_nothing_and_one_that_goes_on_can_be_sent_it_again(
    admin: User, release: Release
) -> None:
    with receiving(500, 204) as receiver:
        webhook, _ = _registered(receiver, admin)
        _told(release)
        webhooks.stop(webhook_id=webhook.pk, seen_version=1, by=admin, now=timezone.now())
        _work(later=True)
        delivery = WebhookDelivery.objects.get()
        assert (len(receiver.got), delivery.state) == (1, "given_up")
        webhooks.resume(webhook_id=webhook.pk, seen_version=2, by=admin)
        again = {"webhook_id": webhook.pk, "delivery_id": delivery.pk, "by": admin, "now": timezone.now()}
        announcing.send_again(**again, seen_round=1)
        with pytest.raises(StaleError):
            announcing.send_again(**again, seen_round=1)
        _work()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.round, delivery.tries) == ("delivered", 2, 1)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1


def test_two_secrets_sign_for_a_week_and_then_the_new_one_alone(admin: User) -> None:
    check = _is_from_the_register()
    with receiving() as receiver:
        webhook, first = _registered(receiver, admin)
        for _ in range(2):
            webhook.refresh_from_db()
            _, second = webhooks.new_secret(
                webhook_id=webhook.pk, seen_version=webhook.row_version, by=admin, now=timezone.now()
            )
            first, older = second, first
        announcing.send_test(webhook_id=webhook.pk, message_id=uuid4(), by=admin, now=timezone.now())
        _work()
        with acting_as("system:test"):
            WebhookSecret.objects.filter(ends_at__isnull=False).update(ends_at=timezone.now())
        announcing.send_test(webhook_id=webhook.pk, message_id=uuid4(), by=admin, now=timezone.now())
        _work()
    tests = [one for one in receiver.got if b"register.test" in one[2]]
    (_, both, body), (_, alone, later) = tests
    assert check(both, body, second) and check(both, body, older)
    assert check(alone, later, second) and not check(alone, later, older)
    assert json.loads(body)["data"] == {"links": {"releases": f"{settings.PUBLIC_URL}/v1/releases"}}
    assert WebhookSecret.objects.count() == 2, "what is over is gone"


def test_a_secret_stands_nowhere_as_it_is_and_moves_to_the_new_key_when_it_signs(admin: User, settings: Any) -> None:
    webhook, secret = _registered("https://ndm.example.nl/", admin)
    row = WebhookSecret.objects.get()
    assert secret.removeprefix("whsec_") not in row.sealed
    assert row.sealed.startswith("new$")
    told = str(changes(tbl="register_webhook")) + str(changes(tbl="register_webhooksecret"))
    assert "ndm.example.nl" in told
    assert row.sealed not in told
    settings.FACTOR_KEYS = (("newest", "z" * 40), *settings.FACTOR_KEYS)
    with acting_as("system:test"):
        assert webhooks.signing_secrets(webhook, now=timezone.now()) == [secret]
    row.refresh_from_db()
    assert row.sealed.startswith("newest$")


def test_only_an_administrator_registers_and_sends(admin: User) -> None:
    _, jansen, _ = people()
    with pytest.raises(RefusedError):
        _registered("https://ndm.example.nl/", jansen)
    webhook, _ = _registered("https://ndm.example.nl/", admin)
    with pytest.raises(RefusedError):
        announcing.send_test(webhook_id=webhook.pk, message_id=uuid4(), by=jansen, now=timezone.now())


@pytest.mark.django_db(databases=["default", "stats", "owner"], transaction=True)
def test_nobody_is_told_before_the_minute_of_the_embargo_and_a_retraction_is_told_too(
    admin: User, publish: Publish
) -> None:
    appears = timezone.now() + timedelta(hours=1)
    OutboxMessage.objects.update(done_at=timezone.now())
    with receiving() as receiver:
        _registered(receiver, admin)
        hidden = publish(embargo_until=appears)
        message = OutboxMessage.objects.get(task="register.announce_release", done_at__isnull=True)
        assert message.available_at == appears
        announce_release(str(message.pk))
        # Even a clock that runs ahead tells of nothing that nobody can see.
        OutboxMessage.objects.filter(pk=message.pk).update(available_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(messages.NotYetPublicError):
            announce_release(str(message.pk))
        assert (receiver.got, WebhookDelivery.objects.count()) == ([], 0)
        with session_of("owner") as owner:
            owner.execute("ALTER TABLE pub.published_release DISABLE TRIGGER t10_final")
            owner.execute("UPDATE pub.published_release SET published_at = now() WHERE id = %s", [hidden.pk])
            owner.execute("ALTER TABLE pub.published_release ENABLE TRIGGER t10_final")
        with acting_as("system:test"):
            hidden.refresh_from_db()
            hidden.change(published_at=timezone.now())
        _work(later=True)
        _work()
        assert [json.loads(body)["type"] for _, _, body in receiver.got] == ["release.published"]
        _retract(hidden)
        _work()
    assert [json.loads(body)["type"] for _, _, body in receiver.got] == ["release.published", "release.retracted"]
    data = json.loads(receiver.got[1][2])["data"]
    assert (data["release"], data["status"]) == (hidden.identifier, "retracted")
    with receiving() as receiver:
        _registered(receiver, admin, "NDM")
        first = publish()
        publish(supersedes=first.pk)
        _retract(first)
        _work()
    told = [json.loads(body) for _, _, body in receiver.got]
    assert [one["type"] for one in told] == ["release.published", "release.retracted"], "what was retracted is not told"
    assert told[0]["data"]["links"]["supersedes"].endswith(f"/v1/releases/{first.identifier}")


def _retract(release: Release) -> None:
    _, jansen, devries = people()
    release.refresh_from_db()
    act = {"release_id": release.pk, "reason": "Dubbele telling.", "seen_version": release.row_version}
    releases.ask_retraction(**act, by=jansen)
    releases.retract(**act, by=devries)
