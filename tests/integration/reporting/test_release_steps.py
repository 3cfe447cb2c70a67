"""The steps of a release that was built: who may take them, what is asked, what stays. All tests have the same one."""

import gc
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import DjangoDbBlocker

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
from register.reporting import building, extract, formats, releases
from register.reporting.errors import InvalidError, NotFoundError, RefusedError, StaleError
from register.reporting.protect import protected_release
from register.reporting.publishing import about_of
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.integration.reporting.test_release_life import CASES, built, drafted
from tests.sharing import kept_for_a_file
from tests.trail import looks

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Ready:
    """A release that was built, its maker and a colleague."""

    release: Release
    staff: tuple[User, User]


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Release]:
    with kept_for_a_file(django_db_blocker):
        store(CASES)
        yield built(people()[1])


@pytest.fixture
def ready(made: Release, db: None) -> Ready:
    """As it is stored, for a test that may change it."""
    _, maker, colleague = people()
    return Ready(Release.objects.get(pk=made.pk), (maker, colleague))


def submitted(ready: Ready) -> Release:
    release = ready.release
    return releases.submit(release_id=release.pk, note="Klaar.", seen_version=release.row_version, by=ready.staff[0])


def approved(ready: Ready) -> Release:
    release = submitted(ready)
    by = ready.staff[1]
    return releases.approve(release_id=release.pk, seen_version=release.row_version, by=by, now=timezone.now())


def test_a_physician_can_neither_make_nor_see_a_release(ready: Ready) -> None:
    physician, _, _ = people()
    with pytest.raises(RefusedError):
        drafted(physician)
    release = ready.release
    with pytest.raises(NotFoundError):
        releases.submit(release_id=release.pk, note="x", seen_version=release.row_version, by=physician)


def test_a_built_release_holds_its_tables_and_the_extract_from_which_they_can_be_made_again(ready: Ready) -> None:
    release = ready.release
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


def test_building_twice_changes_nothing(ready: Ready) -> None:
    release = ready.release
    before = list(ReleaseTable.objects.order_by("name").values_list("id", "files"))
    again = building.build(release_id=release.pk, now=timezone.now())
    assert again.row_version == release.row_version
    assert list(ReleaseTable.objects.order_by("name").values_list("id", "files")) == before


def test_the_maker_cannot_approve_not_even_when_a_colleague_submitted(ready: Ready) -> None:
    maker, colleague = ready.staff
    release = submitted(ready)
    for person in (maker,):
        with pytest.raises(RefusedError) as caught:
            releases.approve(release_id=release.pk, seen_version=release.row_version, by=person, now=timezone.now())
        assert caught.value.code == "own_release"
    assert not PublishedRelease.objects.exists()
    back = releases.refuse(
        release_id=release.pk, reason="Drempel bespreken.", seen_version=release.row_version, by=colleague
    )
    again = releases.submit(release_id=back.pk, note="Besproken.", seen_version=back.row_version, by=colleague)
    for person in ready.staff:
        with pytest.raises(RefusedError):
            releases.approve(release_id=again.pk, seen_version=again.row_version, by=person, now=timezone.now())


def test_the_database_itself_refuses_an_approval_by_the_maker(ready: Ready) -> None:
    release = submitted(ready)
    release.approved_by = ready.staff[0]
    with pytest.raises(DatabaseError, match="release_approved_by_another"), acting_as(ready.staff[0]):
        release.save()


def test_approval_by_a_colleague_publishes_exactly_what_was_built(ready: Ready) -> None:
    release = approved(ready)
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


def test_every_file_of_a_published_release_can_be_made_again_from_its_extract_and_its_manifest(ready: Ready) -> None:
    release = approved(ready)
    frozen = ReleaseExtract.objects.get(release=release)
    again = protected_release(
        extract.from_lines(extract.unpacked(bytes(frozen.body), frozen.sha256)),
        definition=release.definition,
        years=release.years,
        policy=building.Policy(threshold=release.threshold),
    )
    tables = {name: dict(formats.files(table, about_of(release))) for name, table in again.tables.items()}
    stored = {
        (file.table, file.extension): bytes(file.body) for file in PublishedFile.objects.filter(release_id=release.pk)
    }
    facts = json.loads(stored.pop((formats.MANIFEST, "json")))
    named = {(file["path"], file["sha256"]) for file in facts.pop("files")}
    found = {(name, key): body for name, files in tables.items() for key, body in files.items()}
    found |= {(one.name, one.key): one.body for one in formats.files_of_release(tables, facts)}
    assert found == stored
    assert {(formats.path_of(*at), hashlib.sha256(body).hexdigest()) for at, body in found.items()} == named
    assert facts["extractFormat"] == extract.FORMAT


def test_submitting_needs_a_note_and_refusing_a_reason(ready: Ready) -> None:
    release = ready.release
    with pytest.raises(RefusedError):
        releases.submit(release_id=release.pk, note=" ", seen_version=release.row_version, by=ready.staff[0])
    release = releases.submit(release_id=release.pk, note="Klaar.", seen_version=release.row_version, by=ready.staff[0])
    with pytest.raises(RefusedError):
        releases.refuse(release_id=release.pk, reason="", seen_version=release.row_version, by=ready.staff[1])


def test_whoever_saw_an_older_version_is_told_to_look_again(ready: Ready) -> None:
    release = submitted(ready)
    seen = release.row_version - 1
    with pytest.raises(StaleError):
        releases.approve(release_id=release.pk, seen_version=seen, by=ready.staff[1], now=timezone.now())


def test_only_a_published_release_of_the_same_definition_can_be_replaced(ready: Ready) -> None:
    first = approved(ready)
    with pytest.raises(InvalidError) as caught:
        drafted(ready.staff[0], definition="sel_b", supersedes=first.pk)
    assert [fault.field for fault in caught.value.faults] == ["supersedes"]


def test_retraction_takes_two_persons_and_a_public_reason(ready: Ready) -> None:
    one, other = ready.staff
    release = approved(ready)
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


def test_a_draft_is_built_again_from_the_cases_as_they_are_now(ready: Ready) -> None:
    release = ready.release
    store([Closed(closed_on=timezone.now() - timedelta(days=1)) for _ in range(7)])
    waiting = releases.rebuild(release_id=release.pk, seen_version=release.row_version, by=ready.staff[0])
    assert waiting.build == "waiting"
    assert not ReleaseTable.objects.exists()
    again = building.build(release_id=release.pk, now=timezone.now())
    assert again.report is not None
    assert again.report["deaths"] == len(CASES) + 7
    assert OutboxMessage.objects.filter(task="register.build_release").count() == 2
