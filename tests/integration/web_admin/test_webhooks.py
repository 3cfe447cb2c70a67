"""Webhooks at the administrator's desk: a secret that is shown once, a log of every try, and what can be done."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from register.models import OutboxMessage, User, Webhook, WebhookDelivery
from register.tasks import deliver_webhook
from tests.integration.reporting.receiver import receiving
from tests.trail import looks

pytestmark = pytest.mark.django_db(databases=["default", "stats"])
LIST, NEW = "/beheer/webhooks/", "/beheer/webhooks/nieuw/"


def _sent(**changes: str) -> dict[str, str]:
    return {"organisation": "Trimbos", "address": "https://ndm.example.nl/haak", "key": str(uuid4()), **changes}


def _shown(body: str) -> str:
    found = re.search(r'id="f-secret" value="(whsec_[\w+/=]{40,})"', body)
    assert found
    return found[1]


def _work() -> None:
    for message in OutboxMessage.objects.filter(task="register.deliver_webhook", done_at__isnull=True):
        deliver_webhook(str(message.pk))


def test_a_webhook_is_registered_tried_given_another_secret_and_stopped(desk: Client) -> None:
    with receiving(500, 204) as receiver:
        page = desk.post(NEW, _sent(address=receiver.address))
        secret = _shown(page.content.decode())
        assert page["Cache-Control"] == "no-store"
        webhook = Webhook.objects.get()
        where = f"{LIST}{webhook.pk}/"
        assert secret not in desk.get(where).content.decode()
        desk.post(f"{where}proef/", {"key": str(uuid4())})
        _work()
        shown = desk.get(where).content.decode()
        assert "geweigerd door de ontvanger (500)" in shown
        delivery = WebhookDelivery.objects.get()
        assert f"/berichten/{delivery.pk}/" in shown
        desk.post(f"{where}berichten/{delivery.pk}/", {"version": "1"})
        _work()
    assert "bezorgd (204)" in desk.get(where).content.decode()
    assert desk.post(f"{where}berichten/{delivery.pk}/", {"version": "1"}).status_code == 409
    other = _shown(desk.post(f"{where}geheim/", {"version": "1"}).content.decode())
    assert other != secret
    assert desk.post(f"{where}geheim/", {"version": "1"}).status_code == 409, "sent again, it makes no third secret"
    desk.post(f"{where}stoppen/", {"version": "2"})
    assert "Gestopt" in desk.get(LIST).content.decode()
    assert "Niet meer sturen" not in desk.get(where).content.decode()
    desk.post(f"{where}hervatten/", {"version": "3"})
    webhook.refresh_from_db()
    assert webhook.stopped_at is None
    told = [look.code for look in looks() if look.outcome == "ok"]
    assert told.count("webhook.register") == 1
    assert told.count("webhook.change") == 5


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"organisation": ""}, {"organisation"}),
        ({"organisation": "Trim\u202ebos"}, {"organisation"}),
        ({"address": ""}, {"address"}),
        ({"address": "http://ndm.example.nl/"}, {"address"}),
        ({"address": "https://192.168.1.1/"}, {"address"}),
        ({"address": "https://ndm.example.nl/\x00"}, {"address"}),
        ({"address": "https://" + "x" * 600 + ".nl/", "organisation": "x" * 300}, {"organisation", "address"}),
    ],
)
def test_what_cannot_be_registered_has_a_sentence_at_its_field_and_stays_typed(
    desk: Client, changes: dict[str, str], wrong: set[str]
) -> None:
    page = desk.post(NEW, _sent(**changes))
    assert page.status_code == 422
    assert {field.name for field in page.context["fields"] if field.error} == wrong
    assert page.context["fields"][0].value == _sent(**changes)["organisation"]
    assert not Webhook.objects.exists()


def test_a_form_that_is_sent_again_makes_no_second_webhook_and_shows_no_secret(desk: Client) -> None:
    sent = _sent()
    desk.post(NEW, sent)
    assert desk.post(NEW, sent).status_code == 403
    again = desk.post(NEW, {**sent, "key": str(uuid4())})
    assert again.status_code == 422
    assert "heeft dit adres al" in again.content.decode()
    assert Webhook.objects.count() == 1


def test_a_long_log_is_paged_and_asks_no_more_of_the_database(desk: Client, admin: User) -> None:
    desk.post(NEW, _sent())
    webhook = Webhook.objects.get()
    counted = []
    for number in (2, 30):
        now = timezone.now()
        WebhookDelivery.objects.bulk_create(
            WebhookDelivery(webhook=webhook, kind="register.test", created_at=now, began_at=now) for _ in range(number)
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = desk.get(f"{LIST}{webhook.pk}/")
        counted.append(len(queries))
    assert len(page.context["rows"]) == 25
    assert counted[0] == counted[1]


@pytest.mark.parametrize("path", ["", "stoppen/", "berichten/{}/"])
def test_a_webhook_that_is_not_there_is_not_found(desk: Client, path: str) -> None:
    key = uuid4()
    act: Callable[..., Any] = desk.post if path else desk.get
    assert act(f"{LIST}{key}/{path.format(key)}").status_code == 404
    assert desk.post(f"{LIST}{key}/onzin/").status_code == 404
