"""What an operator can do from the command line, and the sentence for what they cannot."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from register import outbox
from register.access import organisation_of
from register.models import ApiToken, OutboxMessage, PublishedRelease, Release, User
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.integration.reporting.test_release_life import CASES, drafted
from tests.trail import looks

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases() -> None:
    store(CASES)


@pytest.fixture
def admin() -> User:
    return User.objects.create_user("beheer", role="admin")


def _said(command: str, *arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_make_release_builds_a_draft_that_a_colleague_can_approve(cases: None) -> None:
    assert _said("make_release", 2016, 2016, by="jansen") == "2016-nl-broad-p1: Draft\n"
    assert Release.objects.get().build == "built"


def test_make_release_goes_the_whole_way_with_two_people(cases: None) -> None:
    said = _said("make_release", 2016, 2016, by="jansen", approve_by="devries", submit="Klaar.", status="final")
    assert said == "2016-nl-broad-d1: Published (final)\n"
    assert PublishedRelease.objects.get().note == "Klaar."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"by": "nobody"}, "There is no user 'nobody'."),
        ({"by": "arts"}, "may not prepare a release"),
        ({"by": "jansen", "approve_by": "jansen"}, "A colleague"),
        ({"by": "jansen", "approve_by": "nobody"}, "There is no user 'nobody'."),
    ],
)
def test_make_release_says_in_one_sentence_what_is_wrong(cases: None, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        _said("make_release", 2016, 2016, **options)
    assert not PublishedRelease.objects.exists()


def test_make_release_refuses_years_in_the_wrong_order(cases: None) -> None:
    with pytest.raises(CommandError, match="Choose a year from 2016"):
        _said("make_release", 2016, 2015, by="jansen")


def test_make_release_says_why_a_release_cannot_be_built() -> None:
    store([Closed(rule_version="0")])
    with pytest.raises(CommandError, match="not computed by rule version 1"):
        _said("make_release", 2016, 2016, by="jansen")


def test_issue_token_prints_a_token_that_works_and_keeps_only_its_digest(admin: User) -> None:
    plain = _said("issue_token", "NDM", by="beheer", days=1).strip()
    token = ApiToken.objects.get()
    assert plain not in str(vars(token))
    assert organisation_of(plain, now=timezone.now()) == token
    (noted,) = looks(code="token.issue")
    assert (noted.actor, noted.objects) == (str(admin.pk), [token.pk])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"by": "nobody"}, "There is no user 'nobody'."),
        ({"by": "jansen"}, "may not manage tokens"),
        ({"by": "beheer", "days": 0}, "Choose from 1 to 366 days."),
        ({"by": "beheer", "days": 367}, "Choose from 1 to 366 days."),
    ],
)
def test_issue_token_says_in_one_sentence_what_is_wrong(
    admin: User, arguments: dict[str, object], sentence: str
) -> None:
    people()
    with pytest.raises(CommandError, match=sentence):
        _said("issue_token", "NDM", **arguments)
    assert not ApiToken.objects.exists()


def test_issue_token_wants_an_organisation(admin: User) -> None:
    with pytest.raises(CommandError, match="Name the organisation"):
        _said("issue_token", "  ", by="beheer")


def test_relay_outbox_hands_over_what_waits(cases: None) -> None:
    drafted(people()[1])
    OutboxMessage.objects.update(published_at=None)
    assert "1 messages handed to the broker." in _said("relay_outbox")
    assert "0 messages handed to the broker." in _said("relay_outbox")


def test_relay_outbox_tries_parked_work_again_only_when_asked(cases: None) -> None:
    drafted(people()[1])
    OutboxMessage.objects.update(attempts=5, parked_at=timezone.now(), last_error="ValueError")
    assert "register.build_release" in _said("relay_outbox")
    assert OutboxMessage.objects.get().parked_at is not None
    assert "1 parked messages are tried again." in _said("relay_outbox", "--parked")
    assert OutboxMessage.objects.get().parked_at is None


def test_stuck_work_ends_well_only_when_nothing_is_stuck_and_everybody_was_heard(cases: None) -> None:
    drafted(people()[1])
    with pytest.raises(SystemExit, match="1"):
        _said("stuck_work")
    outbox.beat(outbox.Program.WORKER)
    outbox.beat(outbox.Program.CLOCK)
    assert _said("stuck_work") == "1 waiting, 0 parked, 0 done today.\n"
    OutboxMessage.objects.update(attempts=5, parked_at=timezone.now(), last_error="ValueError")
    with pytest.raises(SystemExit, match="1"):
        _said("stuck_work")
