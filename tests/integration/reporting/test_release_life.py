"""A release from draft to retraction: who may, what is asked, what stays."""

import gc
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from register.audit import acting_as
from register.models import (
    OutboxMessage,
    PublishedFile,
    PublishedRelease,
    Release,
    ReleaseChange,
    ReleaseExtract,
    ReleaseTable,
    User,
)
from register.reporting import (
    building,
    demo_population,
    extract,
    formats,
    population_file,
    populations,
    published,
    releases,
)
from register.reporting.errors import InvalidError, NotFoundError, RefusedError, StaleError
from register.reporting.protect import protected_release
from register.reporting.publishing import about_of
from register.reporting.releases import Plan
from register.tasks import release_appears
from register.workflow.case_transitions import CaseState
from register.workflow.release_transitions import ReleaseState
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.trail import looks

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


def test_a_physician_can_neither_make_nor_see_a_release(staff: tuple[User, User]) -> None:
    physician, _, _ = people()
    with pytest.raises(RefusedError):
        drafted(physician)
    release = built(staff[0])
    with pytest.raises(NotFoundError):
        releases.submit(release_id=release.pk, note="x", seen_version=release.row_version, by=physician)


def test_a_built_release_holds_its_tables_and_the_extract_from_which_they_can_be_made_again(
    staff: tuple[User, User],
) -> None:
    release = built(staff[0])
    assert release.build == "built"
    assert gc.isenabled()
    frozen = ReleaseExtract.objects.get(release=release)
    lines = extract.unpacked(bytes(frozen.body), frozen.sha256)
    assert building.frozen_facts(release) == extract.from_lines(lines)
    again = protected_release(
        extract.from_lines(lines),
        definition=release.definition,
        years=range(2016, 2017),
        policy=building.Policy(threshold=release.threshold),
    )
    stored = {table.name: table.files for table in ReleaseTable.objects.filter(release=release)}
    assert set(stored) == set(again.tables)
    for name, table in again.tables.items():
        made = {extension: body.decode() for extension, body in formats.files(table, about_of(release)).items()}
        assert made == stored[name]


def test_building_twice_changes_nothing(staff: tuple[User, User]) -> None:
    release = built(staff[0])
    before = list(ReleaseTable.objects.order_by("name").values_list("id", "files"))
    again = building.build(release_id=release.pk, now=timezone.now())
    assert again.row_version == release.row_version
    assert list(ReleaseTable.objects.order_by("name").values_list("id", "files")) == before


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


def test_a_draft_is_built_again_from_the_cases_as_they_are_now(staff: tuple[User, User]) -> None:
    release = built(staff[0])
    store([Closed(closed_on=timezone.now() - timedelta(days=1)) for _ in range(7)])
    waiting = releases.rebuild(release_id=release.pk, seen_version=release.row_version, by=staff[0])
    assert waiting.build == "waiting"
    assert not ReleaseTable.objects.exists()
    again = building.build(release_id=release.pk, now=timezone.now())
    assert again.report is not None
    assert again.report["deaths"] == len(CASES) + 7
    assert OutboxMessage.objects.filter(task="register.build_release").count() == 2


def test_the_maker_cannot_approve_not_even_when_a_colleague_submitted(staff: tuple[User, User]) -> None:
    maker, colleague = staff
    release = submitted(maker)
    for person in (maker,):
        with pytest.raises(RefusedError) as caught:
            releases.approve(release_id=release.pk, seen_version=release.row_version, by=person, now=timezone.now())
        assert caught.value.code == "own_release"
    assert not PublishedRelease.objects.exists()
    back = releases.refuse(
        release_id=release.pk, reason="Drempel bespreken.", seen_version=release.row_version, by=colleague
    )
    again = releases.submit(release_id=back.pk, note="Besproken.", seen_version=back.row_version, by=colleague)
    for person in staff:
        with pytest.raises(RefusedError):
            releases.approve(release_id=again.pk, seen_version=again.row_version, by=person, now=timezone.now())


def test_the_database_itself_refuses_an_approval_by_the_maker(staff: tuple[User, User]) -> None:
    release = submitted(staff[0])
    release.approved_by = staff[0]
    with pytest.raises(DatabaseError, match="release_approved_by_another"), acting_as(staff[0]):
        release.save()


def test_approval_by_a_colleague_publishes_exactly_what_was_built(staff: tuple[User, User]) -> None:
    maker, colleague = staff
    release = approved(maker, colleague)
    assert release.status == "published_provisional"
    published = PublishedRelease.objects.get(identifier=release.identifier)
    assert (published.status, published.note) == ("provisional", "Klaar.")
    for table in ReleaseTable.objects.filter(release=release):
        for extension, text in table.files.items():
            file = PublishedFile.objects.get(release=published, table=table.name, extension=extension)
            assert bytes(file.body) == text.encode()
    manifest = PublishedFile.objects.get(release=published, table="manifest")
    assert manifest.sha256 == published.manifest_sha256
    assert [change.name for change in ReleaseChange.objects.filter(release=release).order_by("at")] == [
        "draft",
        "build",
        "submit",
        "publish_provisional",
    ]
    assert {look.code for look in looks()} >= {"release.propose", "release.publish"}


def test_submitting_needs_a_note_and_refusing_a_reason(staff: tuple[User, User]) -> None:
    release = built(staff[0])
    with pytest.raises(RefusedError):
        releases.submit(release_id=release.pk, note=" ", seen_version=release.row_version, by=staff[0])
    release = releases.submit(release_id=release.pk, note="Klaar.", seen_version=release.row_version, by=staff[0])
    with pytest.raises(RefusedError):
        releases.refuse(release_id=release.pk, reason="", seen_version=release.row_version, by=staff[1])


def test_whoever_saw_an_older_version_is_told_to_look_again(staff: tuple[User, User]) -> None:
    release = submitted(staff[0])
    with pytest.raises(StaleError):
        releases.approve(release_id=release.pk, seen_version=release.row_version - 1, by=staff[1], now=timezone.now())


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


def test_only_a_published_release_of_the_same_definition_can_be_replaced(staff: tuple[User, User]) -> None:
    first = approved(*staff)
    with pytest.raises(InvalidError) as caught:
        drafted(staff[0], definition="sel_b", supersedes=first.pk)
    assert [fault.field for fault in caught.value.faults] == ["supersedes"]


def test_retraction_takes_two_persons_and_a_public_reason(staff: tuple[User, User]) -> None:
    one, other = staff
    release = approved(one, other)
    with pytest.raises(RefusedError):
        releases.retract(release_id=release.pk, reason="Fout.", seen_version=release.row_version, by=one)
    asked = releases.ask_retraction(
        release_id=release.pk, reason="Dubbele telling.", seen_version=release.row_version, by=one
    )
    with pytest.raises(RefusedError):
        releases.retract(release_id=release.pk, reason="Dubbele telling.", seen_version=asked.row_version, by=one)
    gone = releases.retract(release_id=release.pk, reason="Dubbele telling.", seen_version=asked.row_version, by=other)
    assert gone.status == "retracted"
    published = PublishedRelease.objects.get(pk=release.pk)
    assert (published.status, published.retraction_reason) == ("retracted", "Dubbele telling.")


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


def test_the_day_of_a_population_is_a_day_of_here(staff: tuple[User, User]) -> None:
    """After midnight here it is still the day before in UTC."""
    midnight = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    numbers = population_file.write(demo_population.rows(populations.regions()))
    given = {"source": "Bron", "text": numbers, "reason": "Test", "by": staff[0], "now": midnight}
    populations.keep(code="vandaag", published_on=date(2026, 6, 1), **given)
    with pytest.raises(InvalidError):
        populations.keep(code="morgen", published_on=date(2026, 6, 2), **given)


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
    assert "Bron, 2026-01-01" in rates
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
