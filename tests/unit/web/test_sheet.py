"""A table as people read it: numbers as the reader writes them, and never a sentence that the figures contradict."""

from typing import Any

import pytest
from django.utils import translation

from register.web.statistics import sheet

DEATHS = {"code": "deaths", "label": {"nl": "Sterfgevallen", "en": "Deaths"}}
RATE = {"code": "per_100k", "label": {"nl": "Per 100.000 inwoners", "en": "Per 100,000 inhabitants"}}
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


@pytest.mark.parametrize(("language", "rate", "count"), [("nl", "3,2", "1.403"), ("en", "3.2", "1,403")])
def test_a_number_is_written_as_its_reader_writes_numbers(language: str, rate: str, count: str) -> None:
    body = _body(DEATHS, RATE, deaths=1403, per_100k=3.2)
    with translation.override(language):
        shown = [sheet.sheet(body, measure=measure).lines[1].cells[0].text for measure in ("per_100k", "deaths")]
    assert shown == [rate, count]


def test_a_table_of_rates_opens_with_the_rate_and_says_of_deaths_nothing_that_is_untrue() -> None:
    body = _body(DEATHS, RATE, deaths=9, per_100k=3.2)
    opened, deaths = sheet.sheet(body), sheet.sheet(body, measure="deaths")
    assert opened.measure == RATE["label"]["nl"]
    assert opened.adding == ADDING["label"]["nl"]
    assert deaths.measure == DEATHS["label"]["nl"]
    assert deaths.adding == ""


def test_any_other_table_opens_with_its_first_count() -> None:
    any_mention = {"code": "any", "label": {"nl": "Elke vermelding", "en": "Any mention"}}
    assert sheet.sheet(_body(any_mention, DEATHS, any=4)).measure == "Elke vermelding"
