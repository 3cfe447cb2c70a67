"""Releases over time: what was published stays known, and people choose where that stands in the way."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from register.models import (
    PublishedFile,
    PublishedRelease,
    Release,
    ReleaseChange,
    ReleaseExtract,
    ReleaseLedger,
    ReleaseTable,
    User,
)
from register.reporting import building, formats, ledger, releases
from register.reporting.choices import Choices, choices_of
from register.reporting.errors import RefusedError
from register.reporting.protect import protected_release
from register.reporting.publishing import about_of
from tests.integration.reporting.closed_cases import Closed, people, store
from tests.integration.reporting.test_release_life import CASES, approved, built, submitted
from tests.unit.reporting.attacker import cells_of

pytestmark = pytest.mark.django_db
TOTAL = ("deaths", "2016", "nl_broad")


@pytest.fixture
def staff() -> tuple[User, User]:
    store(CASES)
    _, jansen, devries = people()
    return jansen, devries


def _files(release: Release) -> dict[str, dict[str, str]]:
    return {table.name: table.files for table in ReleaseTable.objects.filter(release=release)}


def _figures(release: Release) -> dict[str, list[tuple[str, ...]]]:
    """What the tables of a release say, without what they say of the release."""
    rows = {name: csv.DictReader(io.StringIO(files["csv"], newline="")) for name, files in _files(release).items()}
    return {name: [(row["obs_value"], row["obs_status"]) for row in found] for name, found in rows.items()}


def _cells(release: Release) -> dict[Any, int | None]:
    return cells_of({name: files["csv"].encode() for name, files in _files(release).items()})


def _built_as(release: Release, choices: Choices, by: User) -> Release:
    waiting = releases.choose(release_id=release.pk, choices=choices, seen_version=release.row_version, by=by)
    assert waiting.build == "waiting"
    return building.build(release_id=release.pk, now=timezone.now())


def test_two_late_deaths_stop_the_build_and_the_person_chooses_how_to_go_on(staff: tuple[User, User]) -> None:
    maker, _ = staff
    first = approved(*staff)
    store([Closed(age=41), Closed(age=42)])
    second = built(maker, supersedes=first.pk)
    assert second.build == "failed"
    assert "De cellen en de keuzes staan hieronder" in second.build_message_nl
    assert second.report is not None
    conflict = second.report["conflict"]
    assert conflict["years"] == [2016]
    assert [(cell["why"], cell["cell"]["nl"]) for cell in conflict["cells"]] == [
        ("total", "2016, Brede nationale definitie")
    ]
    assert not ReleaseTable.objects.filter(release=second).exists()
    assert not ReleaseExtract.objects.filter(release=second).exists()
    with pytest.raises(RefusedError):
        releases.submit(release_id=second.pk, note="x", seen_version=second.row_version, by=maker)
    with pytest.raises(RefusedError) as caught:
        _built_as(second, Choices(), maker)
    assert caught.value.code == "nothing_chosen"

    waits = _built_as(second, Choices(keep=(2016,)), maker)
    assert (waits.build, waits.report["kept"]) == ("built", {"2016": first.identifier})
    assert _figures(waits) == _figures(first)

    afresh = releases.rebuild(release_id=second.pk, seen_version=waits.row_version, by=maker)
    assert afresh.choices is None
    again = building.build(release_id=second.pk, now=timezone.now())
    assert again.build == "failed"
    hides = _built_as(again, Choices(hide_totals=True, reason="Twee late zaken."), maker)
    assert hides.build == "built"
    cells, before = _cells(hides), _cells(first)
    assert cells[TOTAL] is None
    both = [(cells[name], before[name]) for name in cells.keys() & before.keys()]
    assert not [one for one, other in both if one is not None and other is not None and 0 < abs(one - other) < 5]
    assert hides.report["over_time"]["releases"] == [first.identifier]
    assert hides.report["difference"]["small"] == 0
    chosen = ReleaseChange.objects.filter(release=second, name="choose").order_by("at")
    assert [(change.by, change.reason) for change in chosen] == [(maker, ""), (maker, "Twee late zaken.")]


def test_a_waiver_is_kept_with_its_reason_and_readers_are_told_which_year_waits(staff: tuple[User, User]) -> None:
    maker, colleague = staff
    first = approved(*staff)
    store([Closed(age=41), Closed(age=42)])
    release = built(maker, supersedes=first.pk)
    for _ in range(2):
        conflict = release.report["conflict"]
        offered = Choices.among(
            conflict,
            keep=[],
            hide_totals=False,
            waive=[str(place) for place in range(len(conflict["cells"]))],
            reason="Al in de krant.",
        )
        release = _built_as(release, offered, maker)
        if release.build == "built":
            break
    assert release.build == "built"
    assert _cells(release)[TOTAL] == len(CASES) + 2
    assert choices_of(release.choices).reason.startswith("Al in de krant.")
    assert len(release.report["over_time"]["waived"]) == len(choices_of(release.choices).waived)

    other = built(maker, supersedes=first.pk)
    waits = _built_as(other, Choices(keep=(2016,)), maker)
    handed = releases.submit(release_id=waits.pk, note="Stand.", seen_version=waits.row_version, by=maker)
    releases.approve(release_id=waits.pk, seen_version=handed.row_version, by=colleague, now=timezone.now())
    note = PublishedRelease.objects.get(pk=waits.pk).note
    assert note == f"Stand. De cijfers over 2016 zijn die van {first.identifier}; verbeteringen volgen later."


def test_a_release_is_made_again_byte_for_byte_whatever_was_published_or_retracted_since(
    staff: tuple[User, User],
) -> None:
    one, other = staff
    first = approved(*staff)
    store([Closed(age=30 + number) for number in range(9)])
    second = approved(*staff, supersedes=first.pk)
    store([Closed(age=50, closed_on=timezone.now() - timedelta(hours=1)) for _ in range(6)])
    third = approved(*staff, supersedes=second.pk)
    first.refresh_from_db()
    asked = releases.ask_retraction(release_id=first.pk, reason="Fout.", seen_version=first.row_version, by=one)
    releases.retract(release_id=first.pk, reason="Fout.", seen_version=asked.row_version, by=other)
    for release, before in ((second, [first]), (third, [first, second])):
        assert [row["release"] for row in ReleaseExtract.objects.get(release=release).earlier] == [
            known.identifier for known in before
        ]
        again = protected_release(
            building.frozen_facts(release),
            definition=release.definition,
            years=release.years,
            policy=building.Policy(threshold=release.threshold),
            earlier=building.earlier_releases(release),
            choices=choices_of(release.choices),
        )
        made = {
            name: {key: body.decode() for key, body in formats.files(table, about_of(release)).items()}
            for name, table in again.tables.items()
        }
        assert made == _files(release)


def test_a_release_that_was_not_tried_beside_a_newer_one_is_not_published(staff: tuple[User, User]) -> None:
    maker, colleague = staff
    waiting, other = submitted(maker), submitted(maker)
    releases.approve(release_id=other.pk, seen_version=other.row_version, by=colleague, now=timezone.now())
    with pytest.raises(RefusedError) as caught:
        releases.approve(release_id=waiting.pk, seen_version=waiting.row_version, by=colleague, now=timezone.now())
    assert [obstacle.code for obstacle in caught.value.obstacles] == ["published_since"]
    assert other.identifier in caught.value.obstacles[0].nl


def test_the_ledger_holds_every_cell_that_was_published_and_none_of_another_release(staff: tuple[User, User]) -> None:
    draft = built(staff[0])
    assert not ReleaseLedger.objects.exists()
    release = approved(*staff)
    row = ReleaseLedger.objects.get()
    assert row.release_id == release.pk
    (entry,) = ledger.earlier(ledger.frozen(draft))
    hidden = [value for value in entry.published.values() if value is None]
    told = set(_cells(release).values())
    assert hidden
    assert set(entry.published.values()) == told
    assert PublishedFile.objects.filter(release_id=release.pk).exists()
