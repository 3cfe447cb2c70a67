"""The administrator sees what work waits and what is stuck, and tries it again; nobody else does."""

import pytest
from django.test import Client
from django.utils import timezone

from register import outbox
from register.audit import acting_as
from register.models import OutboxMessage, User
from tests.signing_in import sign_in
from tests.trail import looks

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
ADDRESS = "/beheer/wachtend-werk/"


@pytest.fixture
def desk(client: Client) -> Client:
    sign_in(client, User.objects.create_user("beheer", role="admin"))
    return client


def _parked() -> OutboxMessage:
    with acting_as("system:test"):
        message = outbox.enqueue("register.build_release", key="release:1", release_id="1")
    OutboxMessage.objects.update(attempts=5, parked_at=timezone.now(), last_error="OperationalError")
    return message


def test_parked_work_stands_on_the_page_with_the_kind_of_its_error(desk: Client) -> None:
    _parked()
    page = desk.get(ADDRESS).content.decode()
    assert "De tabellen van een publicatie maken" in page
    assert "OperationalError" in page
    assert "opzijgezet" in page
    assert "Er is niets vastgelopen." not in page


def test_a_silent_worker_and_clock_are_shown(desk: Client) -> None:
    outbox.beat(outbox.Program.CLOCK)
    page = desk.get(ADDRESS).content.decode()
    assert page.count("stil") == page.count("werkt</span>") == 1


def test_the_page_says_when_all_is_well(desk: Client) -> None:
    for program in outbox.Program:
        outbox.beat(program)
    assert "Er is niets vastgelopen." in desk.get(ADDRESS).content.decode()


def test_the_button_tries_parked_work_again_and_looking_and_trying_are_noted(desk: Client) -> None:
    message = _parked()
    desk.get(ADDRESS)
    answer = desk.post(ADDRESS, follow=True)
    assert "1 taak wordt opnieuw geprobeerd." in answer.content.decode()
    message.refresh_from_db()
    assert (message.parked_at, message.attempts) == (None, 0)
    codes = [look.code for look in looks(objects=[message.pk])]
    assert sorted(codes) == ["system.work_read", "system.work_retry"]


@pytest.mark.parametrize("role", ["lab_clerk", "register_staff", "statistician", "auditor"])
def test_nobody_else_sees_or_tries(client: Client, role: str) -> None:
    message = _parked()
    sign_in(client, User.objects.create_user("ander", role=role))
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS).status_code == 403
    message.refresh_from_db()
    assert message.parked_at is not None
