"""Charts on the page: drawn from what is published, with the same numbers as a table."""

import csv
import io
import re
from html import unescape

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from register.models import Release
from register.web.statistics.pictures import CHARTS
from tests.integration.web_statistics.conftest import At
from tests.trail import looks

pytestmark = pytest.mark.django_db(databases=["default", "stats"])


def _page(desk: Client, release: Release, chart: str, asked: str = "") -> str:
    answer = desk.get(f"/cijfers/{release.identifier}/beeld/{chart}/{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_chart_has_a_sentence_a_drawing_its_table_its_file_and_its_source(
    at_desk: At, release: Release, language: str
) -> None:
    desk = at_desk("statistician", language)
    for chart in CHARTS:
        page = _page(desk, release, chart)
        assert page.count('<svg class="wide"') == 1
        assert 'role="img" aria-labelledby="chart-title chart-about"' in page
        assert f"/cijfers/{release.identifier}/" in page
        assert ".csv" in page
        assert release.identifier in page.split("<figcaption>")[1]
        assert "style=" not in page
        assert not re.search(r'[xy]="\d+,', page)


def test_the_chart_and_its_table_say_what_is_published_and_hide_what_is_hidden(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    page = unescape(_page(desk, release, "jaren"))
    text = desk.get(f"/cijfers/{release.identifier}/group.csv").content.decode()
    published = {
        row["group"]: row["obs_value"] or "verborgen·"
        for row in csv.DictReader(io.StringIO(text, newline=""))
        if row["measure"] == "any"
    }
    row = page.split('<th scope="row">2016*</th>')[1].split("</tr>")[0]
    shown = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
    assert shown == [published[code] for code in ("opioid", "cocaine", "stimulant", "other")]
    assert "40" in shown
    assert "verborgen·" in shown
    assert "<h1>Sterfgevallen naar jaar en groep middelen</h1>" in page, "a hidden group may be the largest"
    heat = _page(desk, release, "middelen")
    assert 'class="suppressed"' in heat
    assert "verborgen, niet nul" in heat


def test_a_chart_costs_the_same_queries_whatever_is_published(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    for chart in CHARTS:
        _page(desk, release, chart)
        with CaptureQueriesContext(connections["stats"]) as asked:
            _page(desk, release, chart)
        assert len(asked) <= 5


def test_a_look_at_a_chart_is_noted_and_an_unknown_one_is_not_found(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    _page(desk, release, "leeftijd", "?jaar=1066")
    assert looks(code="stats.read")[-1].filters == {"release": release.identifier, "table": "age-euda-sex"}
    for path in (f"{release.identifier}/beeld/taart/", "unknown/beeld/jaren/"):
        assert desk.get(f"/cijfers/{path}").status_code == 404
    assert desk.get("/cijfers/beeld/")["Location"] == f"/cijfers/{release.identifier}/beeld/jaren/"
