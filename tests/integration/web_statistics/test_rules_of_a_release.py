"""The makers choose rules beside the threshold, are asked where hiding fails, and the colleague reads all of it."""

import json
import zlib

import pytest

from register.models import PublishedFile, Release, ReleaseChange, ReleaseExtract
from register.reporting import building, formats
from register.reporting.choices import choices_of
from register.reporting.protect import protected_release
from register.reporting.publishing import about_of
from tests.integration.reporting import working
from tests.integration.reporting.closed_cases import Closed, store
from tests.integration.web_statistics.conftest import At
from tests.integration.web_statistics.test_release_pages import _made, step, typed

pytestmark = pytest.mark.django_db
CASES = [
    *(Closed(age=age) for age in range(20, 60)),
    *(Closed(sex="female", substances=[("cocaine", "sole_cause")], age=33, place="hotel") for _ in range(12)),
    *(Closed(sex="female", substances=[("cocaine", "sole_cause")], age=30, intent="suicide") for _ in range(9)),
]


def test_rules_are_chosen_asked_about_told_to_the_colleague_and_written_in_the_files(at_desk: At) -> None:
    store(CASES)
    maker, colleague = at_desk("jansen"), at_desk("devries", "en")
    chosen = {
        "alike": "0",
        "dominant": "90",
        "waived": "definition-sex",
        "waiver_reason": "Staat al in het jaarbericht.",
    }
    release = _made(maker, **chosen)
    assert release.build == "failed"
    page = maker.get(f"/releases/{release.pk}/").content.decode()
    assert "Wat de regels niet kunnen verbergen" in page
    assert "(vrijwel) allen van" in page
    answer = step(maker, release, "kiezen", rules="all", reason="")
    assert answer.status_code == 422
    assert step(maker, release, "kiezen", rules="all", reason="Besproken in de commissie.").status_code == 302
    working.steps()
    release.refresh_from_db()
    assert release.build == "built", release.build_message_nl
    assert ReleaseChange.objects.get(release=release, name="choose").reason == "Besproken in de commissie."
    assert b'"service"' in zlib.decompress(bytes(ReleaseExtract.objects.get(release=release).body))
    step(maker, release, "indienen", note="Eerste cijfers.")
    page = colleague.get(f"/releases/{release.pk}/").content.decode()
    for words in (
        "Rules of this release",
        "Besproken in de commissie.",
        "Staat al in het jaarbericht.",
        "more than 90 %",
        "level by level",
    ):
        assert words in page
    step(colleague, release, "goedkeuren", seen_difference="on", seen_attack="on")
    manifest = json.loads(bytes(PublishedFile.objects.get(release_id=release.pk, table=formats.MANIFEST).body))
    assert manifest["rules"] == {
        "groupsSharingAnAnswer": {"allBut": 0},
        "dominance": {"contributor": "forensic service", "percent": 90},
        "waivers": [{"table": "definition-sex", "reason": "Staat al in het jaarbericht."}],
    }
    release.refresh_from_db()
    again = protected_release(
        building.frozen_facts(release),
        definition=release.definition,
        years=release.years,
        policy=building.Policy(threshold=release.threshold),
        choices=choices_of(release.choices),
        profile=building.chosen_rules(release),
    )
    for name, table in again.tables.items():
        stored = PublishedFile.objects.get(release_id=release.pk, table=name, extension="json")
        assert formats.files(table, about_of(release))["json"] == bytes(stored.body)


def test_without_rules_nothing_of_them_is_frozen_asked_or_written(at_desk: At) -> None:
    store(CASES)
    desk = at_desk("jansen", "en")
    release = _made(desk)
    assert (release.build, release.profile) == ("built", None)
    assert "rules" not in release.report
    page = desk.get(f"/releases/{release.pk}/").content.decode()
    assert "Rules of this release" not in page
    assert "A5" in page
    table = release.tables.get(name="definition-sex")
    assert "rules" not in json.loads(table.files["json"])["release"]


def test_rules_that_make_no_sense_come_back_at_their_fields(at_desk: At) -> None:
    desk = at_desk("jansen", "en")
    answer = desk.post("/releases/nieuw/", typed(alike="x", dominant="12", waived="substance"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "Choose which groups are protected.",
        "Choose one of the shares.",
        "Write down why small counts of these tables are shown.",
    ):
        assert sentence in page
    assert 'value="substance" id="f-waived-4" checked' in page
    assert not Release.objects.exists()
