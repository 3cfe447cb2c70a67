"""A release from draft to retraction: who may, what is asked, what stays."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from register.models import (
    OutboxMessage,
    PublishedFile,
    PublishedRelease,
    Release,
    ReleaseExtract,
    ReleaseTable,
    User,
)
from register.reporting import (
    building,
    demo_population,
    formats,
    population_file,
    populations,
    published,
    releases,
)
from register.reporting.errors import InvalidError, RefusedError
from register.reporting.plans import Plan
from register.tasks import release_appears
from register.workflow.case_transitions import CaseState
from register.workflow.release_transitions import ReleaseState
from tests.integration.reporting.closed_cases import Closed, people, store

pytestmark = pytest.mark.django_db

CASES = [
    *(Closed(age=age, definitions=("nl_broad", "sel_b", "sel_d")) for age in range(20, 60)),
    *(Closed(sex="female", substances=[("cocaine", "sole_cause")], age=33) for _ in range(12)),
    *(Closed(sex="female", substances=[("mdma", "joint_cause"), ("ghb", "joint_cause")]) for _ in range(3)),
]


def plan(**changes: object) -> Plan:
    values = {
        "title": "Drugssterfte 2016",
        "definition": "nl_broad",
        "year_from": 2016,
        "year_to": 2016,
        "cut_off": timezone.now(),
        "target": ReleaseState.PUBLISHED_PROVISIONAL,
        "note": "Eerste cijfers.",
    }
    return Plan(**{**values, **changes})  # type: ignore[arg-type]


def drafted(by: User, **changes: object) -> Release:
    return releases.draft(plan=plan(**changes), by=by, now=timezone.now())


def built(by: User, **changes: object) -> Release:
    return building.build(release_id=drafted(by, **changes).pk, now=timezone.now())


def submitted(by: User, **changes: object) -> Release:
    release = built(by, **changes)
    return releases.submit(release_id=release.pk, note="Klaar.", seen_version=release.row_version, by=by)


def approved(maker: User, approver: User, **changes: object) -> Release:
    release = submitted(maker, **changes)
    return releases.approve(release_id=release.pk, seen_version=release.row_version, by=approver, now=timezone.now())


@pytest.fixture
def staff() -> tuple[User, User]:
    store(CASES)
    _, jansen, devries = people()
    return jansen, devries


def test_a_draft_fixes_its_terms_and_asks_the_worker_to_build_it(staff: tuple[User, User]) -> None:
    release = drafted(staff[0])
    assert release.identifier == "2016-nl-broad-p1"
    assert (release.status, release.build, release.rule_version) == ("draft", "waiting", "1")
    message = OutboxMessage.objects.get(task="register.build_release")
    assert message.payload == {"release_id": str(release.pk)}
    assert drafted(staff[0]).identifier == "2016-nl-broad-p2"


def test_every_fault_of_a_plan_is_told_at_once(staff: tuple[User, User]) -> None:
    wrong = plan(
        title=" ",
        definition="sel_x",
        year_from=1950,
        year_to=1949,
        cut_off=timezone.now() + timedelta(days=1),
        target=ReleaseState.DRAFT,
        threshold=1,
    )
    with pytest.raises(InvalidError) as caught:
        releases.draft(plan=wrong, by=staff[0], now=timezone.now())
    assert {fault.field for fault in caught.value.faults} == {
        "title",
        "definition",
        "year_from",
        "year_to",
        "cut_off",
        "target",
        "threshold",
    }
    assert not Release.objects.exists()


def test_a_build_that_cannot_be_proven_says_why_and_leaves_no_file(staff: tuple[User, User]) -> None:
    store([Closed(rule_version="0")])
    release = built(staff[0])
    assert release.build == "failed"
    assert "rule version 1" in release.build_message_en
    assert "regelversie 1" in release.build_message_nl
    assert not ReleaseTable.objects.exists()
    assert not ReleaseExtract.objects.exists()
    with pytest.raises(RefusedError) as caught:
        releases.submit(release_id=release.pk, note="x", seen_version=release.row_version, by=staff[0])
    assert "not_built" in {obstacle.code for obstacle in caught.value.obstacles}


def test_final_is_refused_while_a_case_of_the_period_is_open(staff: tuple[User, User]) -> None:
    store([Closed(status=CaseState.IN_REVIEW)])
    with pytest.raises(RefusedError) as caught:
        approved(*staff, target=ReleaseState.PUBLISHED_FINAL)
    assert [obstacle.code for obstacle in caught.value.obstacles] == ["open_cases"]


def test_a_newer_release_supersedes_the_one_it_names_and_shows_the_difference(staff: tuple[User, User]) -> None:
    first = approved(*staff)
    store([Closed() for _ in range(9)])
    second = approved(*staff, supersedes=first.pk, target=ReleaseState.PUBLISHED_FURTHER_PROVISIONAL)
    first.refresh_from_db()
    assert first.status == "superseded"
    assert PublishedRelease.objects.get(pk=first.pk).status == "superseded"
    assert PublishedFile.objects.filter(release_id=first.pk).exists()
    assert PublishedRelease.objects.get(pk=second.pk).supersedes == first.identifier
    assert second.report is not None
    difference = second.report["difference"]
    assert difference["release"] == first.identifier
    assert difference["changed"] > 0
    assert difference["largest"][0]["now"] - difference["largest"][0]["was"] == 9


@pytest.mark.django_db(databases=["default", "owner", "stats"], transaction=True)
def test_nobody_outside_sees_a_release_one_second_before_its_embargo_ends_and_everybody_after() -> None:
    store(CASES)
    _, maker, colleague = people()
    first = approved(maker, colleague)
    embargo = timezone.now() + timedelta(hours=1)
    second = approved(maker, colleague, supersedes=first.pk, embargo_until=embargo)
    assert second.published_at == embargo
    assert published.release(second.identifier) is None
    assert published.content(second.identifier, "group", "csv") is None
    assert published.find(second.identifier, formats.MANIFEST, "json") is None
    assert published.latest() == first.identifier
    first.refresh_from_db()
    assert first.status == "published_provisional"
    waiting = OutboxMessage.objects.get(task="register.release_appears")
    assert waiting.available_at == embargo
    with connections["stats"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE r.id IS NULL) FROM pub.published_file f"
            " LEFT JOIN pub.published_release r ON r.id = f.release_id"
        )
        assert cursor.fetchone() == (len(published.release(first.identifier).files) + 1, 0)
    _let_time_pass(second)
    assert published.latest() == second.identifier
    assert published.content(second.identifier, "group", "csv") is not None
    OutboxMessage.objects.filter(pk=waiting.pk).update(available_at=timezone.now())
    for _ in range(2):
        release_appears(str(waiting.pk))
    assert published.release(first.identifier).status == "superseded"


def _let_time_pass(release: Release) -> None:
    """What is published never changes, so only the owner can move its minute, past the trigger that keeps it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE pub.published_release DISABLE TRIGGER t10_final")
        cursor.execute("UPDATE pub.published_release SET published_at = now() WHERE id = %s", [release.pk])
        cursor.execute("ALTER TABLE pub.published_release ENABLE TRIGGER t10_final")


def test_a_release_that_was_retracted_under_its_embargo_replaces_nothing(staff: tuple[User, User]) -> None:
    first = approved(*staff)
    second = approved(*staff, supersedes=first.pk, embargo_until=timezone.now() + timedelta(hours=1))
    asked = releases.ask_retraction(release_id=second.pk, reason="Fout.", seen_version=second.row_version, by=staff[0])
    releases.retract(release_id=second.pk, reason="Fout.", seen_version=asked.row_version, by=staff[1])
    releases.appear(release_id=second.pk)
    first.refresh_from_db()
    assert first.status == "published_provisional"


def test_a_release_fixes_its_population_and_its_hierarchy_and_says_both(staff: tuple[User, User]) -> None:
    numbers = population_file.write(demo_population.rows(populations.regions()))
    given = {"source": "Bron", "published_on": date(2026, 1, 1), "text": numbers, "reason": "Test", "by": staff[0]}
    for code, demo, hours in (("echt-1", False, 1), ("demo-2", True, 0)):
        now = timezone.now() - timedelta(hours=hours)
        populations.keep(code=code, demo=demo, now=now, **given)
    release = approved(*staff)
    populations.keep(code="echt-2", now=timezone.now(), **given)
    release.refresh_from_db()
    assert release.population_id == "echt-1"
    outside = PublishedRelease.objects.get()
    assert (outside.population_version, len(outside.hierarchy_version)) == ("echt-1", 12)
    manifest = json.loads(bytes(PublishedFile.objects.get(table="manifest").body))
    assert (manifest["populationVersion"], manifest["hierarchyVersion"]) == ("echt-1", outside.hierarchy_version)
    rates = bytes(PublishedFile.objects.get(table="rate-area", extension="csv").body).decode()
    assert "Bron; verschenen op 1 januari 2026" in rates
    assert "demonstratie" not in rates


def test_a_new_day_and_a_new_year_begin_at_midnight_of_the_register(staff: tuple[User, User]) -> None:
    """In the Netherlands it is an hour later than where the moment is written in UTC, and two in summer."""
    now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    numbers = population_file.write(demo_population.rows(populations.regions()))
    given = {"source": "Bron", "text": numbers, "reason": "Test", "by": staff[0], "now": now}
    assert populations.keep(code="nieuw", published_on=date(2027, 1, 1), **given).published_on.year == 2027
    with pytest.raises(InvalidError):
        populations.keep(code="later", published_on=date(2027, 1, 2), **given)
    of_this_year = plan(year_from=2027, year_to=2027, cut_off=now)
    assert releases.draft(plan=of_this_year, by=staff[0], now=now).year_to == 2027


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_published_rows_are_changed_by_nobody(staff: tuple[User, User]) -> None:
    approved(*staff)
    before = list(PublishedFile.objects.order_by("pk").values_list("pk", "sha256"))
    for alias in ("default", "owner"):
        for statement in (
            "UPDATE pub.published_release SET title = 'x'",
            "UPDATE pub.published_release SET tox_completeness = 3",
            "DELETE FROM pub.published_release",
            "UPDATE pub.published_file SET body = ''",
            "DELETE FROM pub.published_file",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
                cursor.execute(statement)
    assert list(PublishedFile.objects.order_by("pk").values_list("pk", "sha256")) == before
