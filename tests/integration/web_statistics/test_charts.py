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
        assert len(re.findall(r'<svg class="(?:wide|narrow)"', page)) == 1
        assert 'role="img" aria-labelledby="chart-title chart-about"' in page
        assert f"/cijfers/{release.identifier}/" in page
        for extension in ("csv", "svg", "png"):
            assert f"/cijfers/{release.identifier}/beeld/{chart}.{extension}" in page
        assert "read.csv(url(" in unescape(page)
        assert "pandas.read_csv(" in page
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
        assert len(asked) <= 3, "the release, its files and the releases before it: tables are read once"


def test_a_choice_changes_the_chart_its_words_its_table_and_its_files_alike(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    page = unescape(_page(desk, release, "jaren", "?telling=sole&groep=opioid"))
    assert "Enig middel · Opioïden" in page
    assert "jaren.csv?telling=sole&groep=opioid" in page
    assert 'd$measure %in% c("sole") & d$group %in% c("opioid")' in page
    rows = _rows(desk, release, "jaren", "?telling=sole&groep=opioid")
    assert [(row["group"], row["measure"]) for row in rows] == [("opioid", "sole")]
    (cell,) = re.findall(r'<td class="num[^"]*">(.*?)</td>', page.split("<tbody>")[1])
    assert re.sub(r"<[^>]*>", "", cell) == (rows[0]["obs_value"] or "verborgen·")
    picture = desk.get(f"/cijfers/{release.identifier}/beeld/jaren.svg?telling=sole&groep=opioid")
    assert picture["Content-Disposition"].endswith('-jaren-sole-opioid.svg"')
    assert re.findall("<h1>(.*)</h1>", page)[0] in unescape(picture.content.decode())


def test_all_that_a_chart_offers_can_be_chosen(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician", "en")
    for chart in CHARTS:
        page = _page(desk, release, chart)
        for name, options in re.findall(r'<select class="input" id="(\w+)"[^>]*>(.*?)</select>', page):
            for value in re.findall(r'<option value="([^"]*)"', options)[:4]:
                chosen = _page(desk, release, chart, f"?{name}={value}")
                assert f'<option value="{value}" selected>' in chosen
                assert "error-text" not in chosen


def _rows(desk: Client, release: Release, chart: str, asked: str = "") -> list[dict[str, str]]:
    answer = desk.get(f"/cijfers/{release.identifier}/beeld/{chart}.csv{asked}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_every_chart_is_a_file_of_rows_and_a_picture_that_hide_what_the_page_hides(
    at_desk: At, release: Release
) -> None:
    desk = at_desk("statistician")
    for chart in CHARTS:
        page = _page(desk, release, chart)
        cells = re.findall(r'<td class="num([^"]*)">(.*?)</td>', page.split("<tbody>")[1])
        rows = _rows(desk, release, chart)
        published = sorted(row["obs_value"] or ("·" if row["conf_status"] == "C" else "") for row in rows)
        assert sorted("·" if "hid" in look else text.replace(".", "") for look, text in cells) == published
        svg = desk.get(f"/cijfers/{release.identifier}/beeld/{chart}.svg")
        assert svg["Content-Type"] == "image/svg+xml"
        told = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg.content.decode()))
        for words in (
            "Definitie: Brede nationale definitie.",
            "Versie van de regels: 1.",
            "Peildatum: ",
            "% van de zaken",
        ):
            assert words in told
        assert ("url(#hatch)" in svg.content.decode()) == (chart in ("jaren", "intentie") or "·" in published)
        assert desk.get(f"/cijfers/{release.identifier}/beeld/{chart}.png").content.startswith(b"\x89PNG")


def test_a_wrong_choice_is_told_at_its_field_and_has_no_file(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician", "en")
    page = _page(desk, release, "jaren", "?telling=%00&groep=opioid")
    assert "This choice is not published here; the chart shows: Any mention." in page
    assert 'aria-invalid="true" aria-describedby="telling-e"' in page
    for extension in ("csv", "svg", "png"):
        wrong = desk.get(f"/cijfers/{release.identifier}/beeld/jaren.{extension}?groep=heaven")
        assert wrong.status_code == 404
    assert desk.get(f"/cijfers/{release.identifier}/beeld/jaren.pdf").status_code == 404


def test_a_look_at_a_chart_is_noted_and_an_unknown_one_is_not_found(at_desk: At, release: Release) -> None:
    desk = at_desk("statistician")
    _page(desk, release, "leeftijd", "?jaar=1066&leeftijd=ndm")
    shown = {"release": release.identifier, "table": "age-ndm-sex", "leeftijd": "ndm"}
    assert looks(code="stats.read")[-1].filters == shown
    desk.get(f"/cijfers/{release.identifier}/beeld/leeftijd.png?leeftijd=ndm")
    assert looks(code="export.download")[-1].filters == {**shown, "format": "png"}
    for path in (f"{release.identifier}/beeld/taart/", "unknown/beeld/jaren/"):
        assert desk.get(f"/cijfers/{path}").status_code == 404
    assert desk.get("/cijfers/beeld/")["Location"] == f"/cijfers/{release.identifier}/beeld/jaren/"
