"""After a rule got another severity the worker finds again which cases can be closed, in parts that can be seen."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register.casework import moves
from register.casework.configuration import changing, following
from register.casework.configuration.current import Kind
from register.casework.configuration.entries import find
from register.casework.configuration.following import Progress
from register.models import Case, OutboxMessage, User
from register.tasks import follow_settings
from register.web.register_desk.worklists import BY_SLUG, cases_in
from tests import factories
from tests.factories import version
from tests.trail import changes, looks

pytestmark = pytest.mark.django_db
WHY = "Besloten in het overleg van maart"


def _set(admin: User, severity: str, code: str = "Q34") -> None:
    entry = find(Kind.RULE, code)
    changing.change(
        kind=Kind.RULE,
        code=code,
        raw={"severity": severity},
        reason=WHY,
        seen_version=entry.row_version,
        by=admin,
        now=timezone.now(),
    )


def _work(parts: int | None = None) -> int:
    """The worker does what waits, as often as it asks for more; how often."""
    done = 0
    while (message := OutboxMessage.objects.filter(task=following.TASK, done_at=None).first()) and done != parts:
        follow_settings(str(message.pk))
        done += 1
    return done


@pytest.fixture
def ready(physician: User, staff: User) -> list[Case]:
    """Three cases that can be closed; in the first a suicide note lies beside the intent accident."""
    with_note = factories.submitted(physician, {"omstandigheden": {"scene_items": "note"}})
    with_note = moves.take(case_id=with_note.pk, seen_version=with_note.row_version, by=staff)
    return [
        factories.made_ready(with_note, physician, staff),
        *(factories.ready_to_close(physician, staff) for _ in range(2)),
    ]


def _listed(staff: User) -> set[Case]:
    return set(cases_in(BY_SLUG["klaar-om-te-sluiten"], staff))


def test_cases_that_a_heavier_rule_stops_leave_the_list_and_come_back_with_a_lighter_one(
    ready: list[Case], admin: User, staff: User, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "BATCH", 2)
    note, *others = ready
    assert _listed(staff) == set(ready)
    versions = {case.pk: version(case) for case in ready}
    _set(admin, "error_at_submit")
    page = office.get(reverse("register_rules:listing", args=["kwaliteit"])).content.decode()
    assert "worden opnieuw bekeken" in page
    assert _work(parts=1) == 1
    assert following.progress() == Progress(1, 2, parked=False)
    page = office.get(reverse("register_rules:entry", args=["kwaliteit", "Q34"])).content.decode()
    assert "deel 2 van 2" in page
    assert _work() == 1
    assert following.progress() is None
    assert _listed(staff) == set(others)
    # Nothing is written of a case of which nothing changed.
    assert [version(case) - versions[case.pk] for case in ready] == [1, 0, 0]
    (told,) = [one for one in changes() if one.actor == following.ACTOR and one.tbl == "register_case"]
    assert WHY in (told.reason or "")
    assert [look.objects for look in looks(actor=following.ACTOR)] == [[note.pk]]
    _set(admin, "warning")
    _work()
    assert _listed(staff) == set(ready)


def test_other_words_of_a_rule_ask_for_nothing(ready: list[Case], admin: User) -> None:
    entry = find(Kind.RULE, "Q34")
    changing.change(
        kind=Kind.RULE,
        code="Q34",
        raw={"nl": "Er lag een brief bij een ongeval.", "en": "There was a letter with an accident."},
        reason=WHY,
        seen_version=entry.row_version,
        by=admin,
        now=timezone.now(),
    )
    assert following.progress() is None


def test_work_that_was_killed_is_done_again_without_harm(ready: list[Case], admin: User, staff: User) -> None:
    _set(admin, "error_at_submit")
    message = OutboxMessage.objects.get(task=following.TASK)
    following.follow(change_id=message.payload["change_id"], after="", done=0, parts=0)
    before = {case.pk: version(case) for case in ready}
    _work()
    assert {case.pk: version(case) for case in ready} == before
    assert len(_listed(staff)) == 2
