"""What is chosen in a chart: only what is published, in the address, and the same in every file and line."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from register.web.statistics import lines, picture_files
from register.web.statistics.charts.drawing import Drawing, Rect
from register.web.statistics.pictures.chosen import FIRST, GROUP, LAST, Chosen
from register.web.statistics.pictures.picture import Picture, Rows

YEARS = ["2014", "2015", "2016"]
GROUPS = [("", "Main groups"), ("opioid", "Opioids")]
ROWS = Rows("group", {"2016-p1": ["2016"]}, {"measure": ["any"], "group": ["opioid", "cocaine"]})
SEVERAL = Rows("group", {"2015-d1": ["2014", "2015"], "2016-p1": ["2016"]}, {"measure": ["any"]})
HEADER, HIDDEN = b"time_period,group,measure,obs_value\r\n", b"2016,opioid,any,\r\n"
CSV = HEADER + b"2015,opioid,any,3\r\n" + HIDDEN + b"2016,opioid,sole,1\r\n2016,ghb,any,7\r\n"


def _address(release: str) -> str:
    return f"https://register.example/v1/releases/{release}/tables/group.csv"


def test_a_choice_stands_in_the_address_only_where_it_is_not_the_usual_one() -> None:
    chosen = Chosen({GROUP: "opioid"})
    assert chosen.one_of(GROUP, "Group", GROUPS, "") == "opioid"
    assert chosen.span(YEARS) == YEARS
    assert (chosen.query, chosen.is_published) == ("?groep=opioid", True)


def test_what_is_not_published_is_told_at_its_field_and_the_usual_is_shown() -> None:
    chosen = Chosen({GROUP: "unknown"})
    assert chosen.one_of(GROUP, "Group", GROUPS, "") == ""
    assert "Main groups" in chosen.filters[0].error
    assert (chosen.query, chosen.is_published) == ("", False)


@pytest.mark.parametrize(
    ("asked", "shown", "fine"),
    [
        ({}, YEARS, True),
        ({FIRST: "2015"}, ["2015", "2016"], True),
        ({LAST: "2014"}, ["2014"], True),
        ({FIRST: "2016", LAST: "2014"}, YEARS, False),
        ({FIRST: "1066"}, YEARS, False),
    ],
)
def test_years_are_a_span_of_those_that_are_published(asked: dict[str, str], shown: list[str], fine: bool) -> None:
    chosen = Chosen(asked)
    assert chosen.span(YEARS) == shown
    assert chosen.is_published is fine


def test_a_choice_of_one_is_not_offered() -> None:
    chosen = Chosen({})
    assert chosen.one_year(["2016"]) == "2016"
    assert chosen.filters == []


def test_the_rows_of_a_chart_are_those_of_the_published_file() -> None:
    assert picture_files.rows_file(ROWS, lambda _: CSV) == HEADER + HIDDEN


def test_the_lines_of_r_read_one_file_and_keep_the_rows_of_the_chart() -> None:
    (r, _python) = lines.of_rows(ROWS, _address, token=True)
    assert r.text == "\n".join(
        [
            'token <- c(Authorization = paste("Bearer", Sys.getenv("REGISTER_TOKEN")))',
            'd <- read.csv(url("https://register.example/v1/releases/2016-p1/tables/group.csv", headers = token), '
            'colClasses = c(conf_status = "character"))',
            'd <- d[d$time_period %in% c(2016) & d$measure %in% c("any") & d$group %in% c("opioid", "cocaine"), ]',
        ]
    )


def test_the_lines_of_r_take_each_year_from_its_own_release() -> None:
    (r, _python) = lines.of_rows(SEVERAL, _address, token=False)
    assert r.text == "\n".join(
        [
            "files <- list(",
            '  "https://register.example/v1/releases/2015-d1/tables/group.csv" = c(2014, 2015),',
            '  "https://register.example/v1/releases/2016-p1/tables/group.csv" = c(2016)',
            ")",
            "d <- do.call(rbind, lapply(names(files), function(file) "
            'subset(read.csv(url(file), colClasses = c(conf_status = "character")), time_period %in% files[[file]])))',
            'd <- d[d$measure %in% c("any"), ]',
        ]
    )


def test_lines_hold_no_token_and_ask_for_none_where_figures_are_for_everybody() -> None:
    for text in (one.text for one in lines.of_rows(ROWS, _address, token=False)):
        assert "oken" not in text
        assert "environ" not in text


def test_a_picture_that_leaves_its_page_takes_its_title_legend_and_source_along() -> None:
    drawing = Drawing(740, 40, rects=[Rect(0, 0, 20, 20, "suppressed", hatched=True)], legend=[("k1", "5+")])
    picture = Picture(
        "A long finding & more " * 8, "Deaths", drawing, "Year", ("Deaths",), (("2016", ("·",)),), ROWS, note="No sum."
    )
    svg = picture_files.svg_file(picture, source="Source: the register.", hidden="suppressed", language="en").decode()
    assert svg.startswith("<svg ")
    assert svg.count('class="title"') == 3
    assert "A long finding &amp; more" in svg
    assert ">5+<" in svg
    assert ">· suppressed<" in svg
    assert "No sum. Source: the register." in svg
    assert svg.count("url(#hatch)") == 2, "the hatching means something by itself and in the legend"
    assert picture_files.png_file(svg.encode()).startswith(b"\x89PNG")


def test_a_picture_in_pixels_has_a_font_without_serifs_which_comes_along() -> None:
    drawing = Drawing(300, 40, legend=[("k1", "5+")])
    picture = Picture("A finding", "Deaths", drawing, "Year", ("Deaths",), (("2016", ("5",)),), ROWS)
    svg = picture_files.svg_file(picture, source="The register.", hidden="suppressed", language="en").decode()
    asked = re.search(r'font-family="[^"]+"', svg)
    assert asked
    drawn = picture_files.png_file(svg.encode())
    sans, serif, nothing = (
        picture_files.png_file(svg.replace(asked[0], f'font-family="{family}"').encode())
        for family in ("DejaVu Sans", "Libertinus Serif", "A font that nobody has")
    )
    assert drawn == sans
    assert sans not in (serif, nothing)


def test_a_picture_has_the_colours_of_the_register_on_paper() -> None:
    sheet = (Path(settings.BASE_DIR) / "static/register.css").read_text(encoding="utf-8")
    day, printed = sheet.split("@media screen", 1)[0], sheet.split("@media print {", 1)[1]
    known = set(re.findall(r"#[0-9a-f]{3,6}\b", day + printed.split("\n}", 1)[0]))
    picture = (Path(settings.BASE_DIR) / "templates/statistics/picture.svg").read_text(encoding="utf-8")
    used = set(re.findall(r"#[0-9a-f]{3,6}\b", picture))
    assert used
    assert used <= known
