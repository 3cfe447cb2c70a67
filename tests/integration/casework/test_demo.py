"""The demonstration register: the same made-up cases each time, in every state, and never in a real register."""

import io
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from register.casework.demo import filling, personas
from register.models import Case, DuplicatePair, NilReport, Query, StatusChange, User
from register.workflow.case_transitions import CaseState
from tests import factories
from tests.factories import AMSTERDAM, ROTTERDAM

pytestmark = pytest.mark.django_db


def test_every_persona_signs_in_with_the_printed_password(client: Any) -> None:
    personas.create()
    out = io.StringIO()
    call_command("demo", logins=True, stdout=out)
    assert personas.password() in out.getvalue()
    for persona in personas.PERSONAS:
        assert persona.username in out.getvalue()
        assert client.login(username=persona.username, password=personas.password())


def test_a_register_with_cases_is_left_alone(physician: User) -> None:
    factories.draft(physician)
    call_command("demo", if_empty=True)
    assert Case.objects.count() == 1
    with pytest.raises(CommandError, match="holds cases already"):
        call_command("demo")


@pytest.mark.parametrize("command", ["demo", "reset_demo"])
def test_a_register_with_real_users_is_refused(command: str, physician: User) -> None:
    with pytest.raises(CommandError, match="real user"):
        call_command(command)
    assert list(User.objects.all()) == [physician]


@pytest.mark.parametrize("command", ["demo", "reset_demo"])
def test_without_the_demo_setting_nothing_is_made(command: str, settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="no demonstration"):
        call_command(command)
    assert not User.objects.exists()


def test_emptying_asks_for_a_yes() -> None:
    personas.create()
    with pytest.raises(CommandError, match="--yes"):
        call_command("reset_demo")
    assert User.objects.count() == len(personas.PERSONAS)


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "stats"])
def test_a_demonstration_is_emptied_and_holds_cases_in_every_state_made_by_the_people_who_would_make_them() -> None:
    personas.create()
    factories.draft(User.objects.get(username="arts.amsterdam"))
    out, today = io.StringIO(), timezone.localdate()
    call_command("reset_demo", yes=True, stdout=out)
    assert "Published" in out.getvalue()
    assert 60 <= Case.objects.count() <= 150
    assert set(Case.objects.values_list("status", flat=True)) == {state.value for state in CaseState}
    assert len(set(Case.objects.values_list("death_section__date_of_death_from__year", flat=True)) - {None}) >= 4
    assert Case.objects.filter(status="awaiting_tox", followup_due__lt=today).exists()
    assert Case.objects.filter(status="awaiting_tox", followup_due__gt=today).exists()
    assert Query.objects.filter(state="open").exists()
    assert set(Case.objects.values_list("reporter__role", flat=True)) == {"physician"}
    deciders = StatusChange.objects.filter(name__in=["close", "exclude"]).values_list("by__username", flat=True)
    assert set(deciders) == set(filling.REVIEWERS)
    assert personas.strangers() == 0
    assert NilReport.objects.exists()
    assert set(User.objects.values_list("email", flat=True)) == {
        f"{one.username}@register.example" for one in personas.PERSONAS
    }
    regions = DuplicatePair.objects.filter(state="open").values_list("first__region", "second__region")
    assert sorted(regions) == [(AMSTERDAM, ROTTERDAM), (ROTTERDAM, ROTTERDAM)]
