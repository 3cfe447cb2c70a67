"""A published table on its page: its numbers as the reader writes them, and no sentence that they contradict."""

import json
from typing import Any

import pytest
from django.utils import translation

from register.web.statistics.charts.seen import Figures
from register.web.statistics.pictures import regions
from register.web.statistics.pictures.chosen import Chosen
from register.web.statistics.pictures.picture import Source
from register.web.statistics.sheet import sheet
from tests.unit.reporting.published_files import table_files


@pytest.fixture(scope="module")
def bodies() -> dict[str, Any]:
    return {name: json.loads(found["json"]) for name, found in table_files().items()}


@pytest.mark.parametrize(("language", "rate", "percent"), [("nl", "0,33", "100,0"), ("en", "0.33", "100.0")])
def test_decimals_have_the_mark_of_the_language_and_are_as_many_as_published(
    bodies: dict[str, Any], language: str, rate: str, percent: str
) -> None:
    with translation.override(language):
        rates = sheet(bodies["rate-area"], year="2016", measure="per_100k")
        people = sheet(bodies["rate-area"], year="2016", measure="population")
        parts = sheet(bodies["toxicology"], year="2016", measure="percent")
    assert rates.lines[0].cells[-1].text == rate
    assert people.lines[0].cells[-1].text.count("." if language == "nl" else ",") == 2
    assert parts.lines[0].cells[-1].text == percent


def test_only_what_counts_deaths_says_so_whatever_else_its_table_holds(bodies: dict[str, Any]) -> None:
    with translation.override("nl"):
        counted = {
            (name, measure): sheet(bodies[name], measure=measure).counts
            for name, measure in (
                ("circumstances", "deaths"),
                ("circumstances", "percent"),
                ("toxicology-days", "median_days"),
                ("rate-area", "deaths"),
                ("rate-area", "per_million"),
                ("age-mean", "mean_age"),
                ("group", "sole"),
            )
        }
    assert [key for key, counts in counted.items() if counts] == [
        ("circumstances", "deaths"),
        ("rate-area", "deaths"),
        ("group", "sole"),
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", ("Bron van de bevolking", "Verzonnen bevolking; verschenen op 3 mei 2017 (demonstratiecijfers)")),
        ("en", ("Source of the population", "Verzonnen bevolking; published on 3 May 2017 (demonstration figures)")),
    ],
)
def test_a_table_of_rates_says_the_source_of_the_population_and_its_day(
    bodies: dict[str, Any], language: str, told: tuple[str, str]
) -> None:
    with translation.override(language):
        assert sheet(bodies["rate-age-euda-sex"]).fixed == (told,)
        assert sheet(bodies["group"]).fixed == ()


def test_an_answer_that_is_shown_says_of_which_item_it_is(bodies: dict[str, Any]) -> None:
    with translation.override("nl"):
        labels = [line.label for line in sheet(bodies["circumstances"]).lines]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("measure", ["per_100k", "per_million"])
def test_a_chart_of_rates_shows_them_with_the_decimals_of_the_table(bodies: dict[str, Any], measure: str) -> None:
    figures = {name: Figures(body, "nl") for name, body in bodies.items()}
    with translation.override("nl"):
        asked = Chosen({"telling": measure, "jaar": "2016"})
        picture = regions.by_region(Source("r", figures.get, lambda name: [], asked, "nl"))
        table = sheet(bodies["rate-area"], measure=measure)
    assert picture is not None
    place = table.columns.index("2016")
    shown = {line.label: line.cells[place].text for line in table.lines}
    told = dict(picture.lines)
    assert told["GGD Amsterdam"] == (shown["GGD Amsterdam"],) != ("",)
    assert "," in shown["GGD Amsterdam"]


DEATHS = {"code": "deaths", "label": {"nl": "Sterfgevallen", "en": "Deaths"}}
RATE = {
    "code": "per_100k",
    "label": {"nl": "Per 100.000 inwoners", "en": "Per 100,000 inhabitants"},
    "unit": "per 100 000",
}
ADDING = {"code": "not_counts", "label": {"nl": "Dit zijn geen tellingen.", "en": "These are not counts."}}


def _body(*measures: dict[str, Any], adding: dict[str, Any] = ADDING, **values: float) -> dict[str, Any]:
    return {
        "release": {"periodFrom": 2025, "periodTo": 2025},
        "table": {
            "name": "rate-area",
            "number": "T7",
            "title": {"nl": "Sterfte", "en": "Mortality"},
            "measures": list(measures),
            "adding": adding,
            "dimensions": [
                {"name": "sex", "label": {"nl": "Geslacht", "en": "Sex"}, "codes": [_code("_T"), _code("M")]}
            ],
            "suppression": {"suppressed": 0, "cells": 2, "label": {"nl": "", "en": ""}},
        },
        "cells": [
            {
                "sex": "M",
                "time_period": "2025",
                "measure": name,
                "obs_value": value,
                "obs_status": "A",
                "conf_status": "F",
            }
            for name, value in values.items()
        ],
    }


def _code(code: str) -> dict[str, Any]:
    return {"code": code, "label": {"nl": code, "en": code}}


@pytest.mark.parametrize(("language", "rate", "count"), [("nl", "3,20", "1.403"), ("en", "3.20", "1,403")])
def test_a_number_is_written_as_its_reader_writes_numbers(language: str, rate: str, count: str) -> None:
    body = _body(DEATHS, RATE, deaths=1403, per_100k=3.2)
    with translation.override(language):
        shown = [sheet(body, measure=measure).lines[1].cells[0].text for measure in ("per_100k", "deaths")]
    assert shown == [rate, count]


def test_a_table_of_rates_opens_with_the_rate_and_says_of_deaths_nothing_that_is_untrue() -> None:
    body = _body(DEATHS, RATE, deaths=9, per_100k=3.2)
    opened, deaths = sheet(body), sheet(body, measure="deaths")
    assert opened.measure == RATE["label"]["nl"]
    assert opened.adding == ADDING["label"]["nl"]
    assert deaths.measure == DEATHS["label"]["nl"]
    assert deaths.adding == ""


def test_any_other_table_opens_with_its_first_count() -> None:
    any_mention = {"code": "any", "label": {"nl": "Elke vermelding", "en": "Any mention"}}
    assert sheet(_body(any_mention, DEATHS, any=4)).measure == "Elke vermelding"
