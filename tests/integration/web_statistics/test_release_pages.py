"""The pages on which two people make a release."""

import re
from datetime import timedelta
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register.audit import acting_as
from register.models import OutboxMessage, PopulationVersion, PublishedRelease, Release
from register.reporting import demo_population, population_file, populations
from register.tasks import build_release
from tests.integration.reporting import working
from tests.integration.reporting.closed_cases import Closed, store
from tests.integration.reporting.test_release_life import CASES
from tests.integration.web_statistics.conftest import At

pytestmark = pytest.mark.django_db


def typed(**changes: str) -> dict[str, str]:
    today = timezone.localdate()
    return {
        "title": "Drugssterfte 2016",
        "definition": "nl_broad",
        "year_from": "2016",
        "year_to": "2016",
        "target": "provisional",
        "threshold": "5",
        "supersedes": "",
        "cut_off_day": str(today.day),
        "cut_off_month": str(today.month),
        "cut_off_year": str(today.year),
        **changes,
    }


def _made(desk: Client, **changes: str) -> Release:
    """A release as the form makes it, built as the worker does."""
    answer = desk.post("/releases/nieuw/", typed(**changes))
    assert answer.status_code == 302, answer.content.decode()
    working.steps()
    return Release.objects.latest("created_at")


def step(desk: Client, release: Release, name: str, **said: str) -> Any:
    release.refresh_from_db()
    return desk.post(f"/releases/{release.pk}/{name}/", {"version": str(release.row_version), **said})


@pytest.fixture
def cases(db: None) -> None:
    store(CASES)


def test_two_people_publish_a_release(cases: None, at_desk: At) -> None:
    maker, colleague = at_desk("jansen"), at_desk("devries")
    release = _made(maker)
    page = maker.get(f"/releases/{release.pk}/").content.decode()
    assert "De tabellen zoals zij naar buiten gaan" in page
    assert "klein aantal" in page
    assert step(maker, release, "indienen", note="Eerste cijfers.").status_code == 302
    page = colleague.get(f"/releases/{release.pk}/").content.decode()
    assert "Goedkeuren en publiceren" in page
    assert "Eerste cijfers." in page
    answer = step(colleague, release, "goedkeuren", seen_difference="on", seen_attack="on")
    assert answer.status_code == 302
    assert PublishedRelease.objects.get().identifier == release.identifier


def test_a_wrong_form_comes_back_with_every_fault_and_what_wastyped(cases: None, at_desk: At) -> None:
    desk = at_desk("jansen", "en")
    answer = desk.post("/releases/nieuw/", typed(title="", year_to="2015", threshold="1", definition="x"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "Give the release a title.",
        "Choose a year from 2016",
        "Choose the threshold",
        "Choose a definition.",
    ):
        assert sentence in page
    assert 'value="2015"' in page
    for change in ({"year_from": "twenty"}, {"cut_off_day": "31", "cut_off_month": "2"}, {"threshold": "²"}):
        assert desk.post("/releases/nieuw/", typed(**change)).status_code == 422
    assert not Release.objects.exists()


@pytest.mark.parametrize("key", ["not-a-key", "00000000-0000-0000-0000-000000000001"])
def test_a_predecessor_that_is_none_is_a_fault(cases: None, at_desk: At, key: str) -> None:
    answer = at_desk("jansen").post("/releases/nieuw/", typed(supersedes=key))
    assert answer.status_code == 422
    assert "Kies een gepubliceerde publicatie" in answer.content.decode()


def test_a_refused_build_says_why_on_the_page(at_desk: At) -> None:
    store([Closed(rule_version="0")])
    desk = at_desk("jansen")
    release = _made(desk)
    page = desk.get(f"/releases/{release.pk}/").content.decode()
    assert "De tabellen zijn niet gemaakt" in page
    assert "niet met regelversie 1 bepaald" in page
    assert "Opnieuw maken" in page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_release_that_would_tell_a_late_death_shows_the_cells_and_the_choices(
    cases: None, at_desk: At, language: str
) -> None:
    maker, colleague = at_desk("jansen", language), at_desk("devries", language)
    first = _made(maker)
    step(maker, first, "indienen", note="Eerste cijfers.")
    step(colleague, first, "goedkeuren", seen_difference="on", seen_attack="on")
    store([Closed(age=41)])
    second = _made(maker)
    page = unescape(maker.get(f"/releases/{second.pk}/").content.decode())
    words = {
        "nl": (
            "Naast de eerdere publicaties",
            "het totaal van een jaar verandert",
            "Zo opnieuw maken",
            "Kies ten minste",
        ),
        "en": (
            "Beside the earlier releases",
            "the total of a year changes",
            "Build again in this way",
            "Choose at least",
        ),
    }[language]
    assert all(word in page for word in words[:3])
    answer = step(maker, second, "kiezen", reason="Nog te lezen.")
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert words[3] in page
    assert "Nog te lezen." in page
    assert step(maker, second, "kiezen", keep="2016").status_code == 302
    working.steps()
    page = unescape(maker.get(f"/releases/{second.pk}/").content.decode())
    assert (
        f"2016 houdt de cijfers van {first.identifier}" if language == "nl" else "2016 keeps the figures of"
    ) in page


def test_the_page_says_how_far_the_build_is_and_what_each_step_was(cases: None, at_desk: At) -> None:
    desk = at_desk("jansen", "en")
    assert desk.post("/releases/nieuw/", typed()).status_code == 302
    release = Release.objects.get()
    seen = []
    while release.build != "built":
        page = desk.get(f"/releases/{release.pk}/").content.decode()
        seen.append(page.count("is-done"))
        assert page.count('aria-current="step"') == 1
        message = OutboxMessage.objects.get(done_at__isnull=True)
        build_release(str(message.pk))
        release.refresh_from_db()
    assert [after - before for before, after in pairwise(seen)] == [1, 1]
    page = desk.get(f"/releases/{release.pk}/").content.decode()
    assert "Steps of the build" not in page
    for words in ("How complete each year is", "where most is suppressed", "of the hierarchy of substances"):
        assert words in page


def test_an_embargo_is_typed_to_the_minute_and_shown_until_it_ends(cases: None, at_desk: At) -> None:
    maker, colleague = at_desk("jansen"), at_desk("devries")
    later = timezone.localtime() + timedelta(days=2)
    moment = {"embargo_day": str(later.day), "embargo_month": str(later.month), "embargo_year": str(later.year)}
    for wrong in ("noon", "25:00", ""):
        answer = maker.post("/releases/nieuw/", typed(**moment, embargo_time=wrong))
        assert answer.status_code == 422
        assert "zoals 09:30" in answer.content.decode()
    past = maker.post("/releases/nieuw/", typed(**{**moment, "embargo_year": "2020"}, embargo_time="09:30"))
    assert "Kies een moment dat nog komt" in past.content.decode()
    release = _made(maker, **moment, embargo_time="09.30")
    step(maker, release, "indienen", note="Klaar.")
    answer = step(colleague, release, "goedkeuren", seen_difference="on", seen_attack="on")
    page = colleague.get(answer["Location"]).content.decode()
    assert "verschijnt als het embargo eindigt" in page
    assert f"{later.day} " in page.split("Onder embargo tot")[1][:6]
    assert timezone.localtime(PublishedRelease.objects.get().published_at).strftime("%H:%M:%S") == "09:30:00"


def _population(**changes: str) -> dict[str, str]:
    numbers = population_file.write(demo_population.rows(populations.regions()))
    day = {"published_day": "1", "published_month": "3", "published_year": "2026"}
    return {"code": "cbs-1", "source": "CBS", "numbers": numbers, "reason": "Eerste levering.", **day, **changes}


def test_the_register_keeps_population_figures_as_versions_with_source_day_and_reason(at_desk: At) -> None:
    desk = at_desk("jansen")
    assert desk.post("/releases/bevolking/", _population()).status_code == 302
    page = desk.get("/releases/bevolking/").content.decode()
    for words in ("cbs-1", "CBS", "1 maart 2026", "2012–2030", "Eerste levering.", "wordt in een nieuwe publicatie"):
        assert words in page
    again = desk.post("/releases/bevolking/", _population())
    assert "Deze versie bestaat al." in again.content.decode()
    assert at_desk("statistician").get("/releases/bevolking/").status_code == 403


def test_a_population_with_a_fault_is_not_kept_and_every_fault_is_told(at_desk: At) -> None:
    lines = _population()["numbers"].splitlines()
    regions = [line for line in lines if line.startswith("2016,_T,_T,GG")]
    for numbers, words in (
        ("\n".join(lines[1:]), "De eerste regel moet"),
        ("\n".join(line for line in lines if line != regions[0]), "Voor 2016 ontbreekt een regio."),
        ("\n".join([*lines, lines[1]]), "Een regel staat er twee keer in."),
        ("\n".join([*lines, "2016,male,Y15T19,NL,veel"]), f"Regel {len(lines) + 1} kan niet worden gelezen."),
        (
            "\n".join([*lines, "2016,male,Y15T19,NL," + "9" * 140_000]),
            f"Regel {len(lines) + 1} kan niet worden gelezen.",
        ),
        ("\n".join(line.replace("_T,_T,GG3406,", "_T,_T,GG3406,1") for line in lines), "zijn samen niet Nederland"),
        (lines[0], "Er staat geen enkel aantal in."),
    ):
        answer = at_desk("jansen").post("/releases/bevolking/", _population(numbers=numbers, source="", reason=""))
        page = unescape(answer.content.decode())
        assert answer.status_code == 422
        for told in (words, "Noem de bron.", "Schrijf op waarom deze versie er komt."):
            assert told in page
    assert not PopulationVersion.objects.exists()


def test_many_cells_that_would_be_given_away_are_shown_table_by_table_and_page_by_page(at_desk: At) -> None:
    maker = at_desk("jansen")
    assert maker.post("/releases/nieuw/", typed()).status_code == 302
    release = Release.objects.latest("created_at")
    by_table = {"T5 Middel": 120, "T7 Gebied": 10}
    cells = [
        {
            "key": ["nl_broad", "any", [["substance", str(number)], ["time_period", "2016"]]],
            "why": "forced",
            "year": "2016",
            "table": {"nl": table, "en": table},
            "cell": {"nl": f"2016, middel {number}", "en": f"2016, substance {number}"},
        }
        for table, many in by_table.items()
        for number in range(many)
    ]
    with acting_as("system:test"):
        release.change(build="failed", report={"conflict": {"cells": cells, "years": [2016]}})

    def shown(part: str = "") -> tuple[str, list[str]]:
        page = unescape(maker.get(f"/releases/{release.pk}/{part}").content.decode())
        return page, re.findall(r'<th scope="row">2016, middel (\d+)</th>', page)

    page, first = shown()
    assert "130 cellen zouden worden verraden" in page
    assert first == [str(number) for number in range(50)]
    assert 'href="?deel=1-1#s-cells"' in page
    assert shown("?deel=0-3")[1] == [str(number) for number in range(100, 120)]
    assert shown("?deel=1-1")[1] == [str(number) for number in range(10)]
    assert shown("?deel=1-99")[1] == shown("?deel=99-x")[1] == shown("?deel=1-1")[1]
    answer = step(maker, release, "kiezen", waive="104", deel="0-3")
    assert answer.status_code == 422, "without a reason"
    page = unescape(answer.content.decode())
    assert re.search(r'value="104"[^>]* checked', page), "what was ticked stays, on the page where it was"
    assert step(maker, release, "kiezen", waive="104", deel="0-3", reason="Al in de krant.").status_code == 302
    release.refresh_from_db()
    assert [key[2][0] for key in release.choices["waived"]] == [["substance", "104"]]
