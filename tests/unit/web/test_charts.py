"""Charts: what is suppressed is never drawn as nought, and what may still change is told from what is final."""

import pytest

from register.web.statistics.charts import bars, grids, trend
from register.web.statistics.charts.bars import Together
from register.web.statistics.charts.drawing import apart, step_of, steps, ticks
from register.web.statistics.charts.seen import HIDDEN, NOTHING, Figures, Seen, comparable, words


@pytest.mark.parametrize(
    ("largest", "expected"), [(0, [0, 1]), (3, [0, 1, 2, 3]), (97, [0, 50, 100]), (296, [0, 100, 200, 300])]
)
def test_an_axis_has_round_marks_and_holds_the_largest_number(largest: float, expected: list[int]) -> None:
    assert ticks(largest) == expected


def test_labels_that_would_overlap_are_moved_apart_and_stay_on_the_chart() -> None:
    placed = apart([100, 101, 300, 299], 30, 300)
    assert all(abs(one - other) >= 30 for at, one in enumerate(placed) for other in placed[at + 1 :])
    assert max(placed) <= 300


def test_classes_of_colour_hold_about_as_many_values_and_nought_has_none() -> None:
    bounds = steps([0, 0, 5, 6, 7, 8, 9, 10, 50, 60, 70, 80])
    assert [step_of(value, bounds) for value in (5, 8, 10, 60, 80)] == [1, 2, 3, 4, 5]
    assert steps([0, 0]) == []


def test_a_provisional_year_stands_on_hatched_ground_with_a_dotted_line_and_a_final_one_does_not() -> None:
    years = [trend.Year(str(year), year > 2016, (Seen(number),)) for year, number in ((2015, 5), (2016, 9), (2017, 12))]
    drawing = trend.draw(years, ["Opioids"], "en", "provisional")
    lines = [line.look for line in drawing.lines if line.look.startswith("line")]
    assert lines == ["line s1", "line s1 prov"]
    assert [rect.look for rect in drawing.rects if rect.hatched] == ["provisional"]
    assert {"2017*", "2016", "12"} <= {text.text for text in drawing.texts}


def test_a_suppressed_year_interrupts_its_line_and_is_marked() -> None:
    years = [trend.Year(str(year), False, (seen,)) for year, seen in ((2015, Seen(5)), (2016, HIDDEN), (2017, Seen(9)))]
    drawing = trend.draw(years, ["Opioids"], "en", "provisional")
    assert not [line for line in drawing.lines if line.look.startswith("line")]
    assert [(rect.look, rect.hatched) for rect in drawing.rects] == [("suppressed", True)]
    assert len(drawing.dots) == 2


def test_a_number_of_an_earlier_year_at_the_end_of_a_line_says_its_year() -> None:
    years = [trend.Year(str(year), False, (seen,)) for year, seen in ((2015, Seen(5)), (2016, Seen(9)), (2017, HIDDEN))]
    texts = {text.text for text in trend.draw(years, ["Opioids"], "en", "provisional").texts}
    assert "9 (2016)" in texts


def test_the_largest_is_named_only_where_nothing_is_hidden_that_may_be_larger() -> None:
    assert comparable([Seen(3), Seen(0), NOTHING])
    assert not comparable([Seen(3), HIDDEN])
    assert not comparable([NOTHING])


def test_suppressed_nought_and_nothing_look_different_in_a_grid() -> None:
    drawing = grids.heat(["2015", "2016", "2017"], [("heroin", [HIDDEN, Seen(0), NOTHING])], "en")
    looks = [rect.look for rect in drawing.rects if rect.look != "chip"]
    assert looks == ["suppressed", "empty", "nothing"]
    assert [text.text for text in drawing.texts] == ["2015", "2016", "2017", "heroin", "·", "0"]


def test_every_region_has_a_tile_of_its_own_with_its_name_and_number_and_an_unknown_one_stands_below() -> None:
    regions = [(code, code, Seen(1.25)) for code in grids.TILES] + [("GG9999", "Elsewhere", HIDDEN)]
    drawing = grids.tiles(regions, "nl", ("verborgen", "niet bekend"), 1)
    tiles = [rect for rect in drawing.rects if rect.title]
    assert len({(rect.x, rect.y) for rect in tiles}) == len(tiles) == 26
    assert {rect.title for rect in tiles} >= {"GG3406: 1,2", "Elsewhere: verborgen"}
    assert max(tiles, key=lambda rect: rect.y).title == "Elsewhere: verborgen"
    assert max(rect.y + rect.height for rect in tiles) <= drawing.height


def test_a_suppressed_bar_has_the_same_length_whatever_it_hides() -> None:
    drawing = bars.pyramid([("65+", HIDDEN, Seen(90)), ("15–19", Seen(3), HIDDEN)], ("men", "women"), "en")
    assert {rect.width for rect in drawing.rects if rect.hatched} == {bars.STUB}
    pairs = [Together((0, 1), "a+b", "a + b", Seen(5)), Together((0, 2), "a+c", "a + c", HIDDEN)]
    drawing = bars.combinations(["a", "b", "c"], pairs, "en")
    assert [rect.hatched for rect in drawing.rects] == [False, True]
    assert [text.text for text in drawing.texts][-2:] == ["5", "·"]


def test_what_is_left_of_a_year_is_hatched() -> None:
    drawing = bars.stack([("2016", Seen(20), [Seen(12), HIDDEN])], ["accident", "suicide"], "rest", "en")
    assert [(rect.look, rect.hatched) for rect in drawing.rects] == [("f1", False), ("suppressed", True)]
    assert drawing.rects[1].width / drawing.rects[0].width == pytest.approx(8 / 12)


def test_a_suppressed_total_is_a_stub_behind_what_is_shown_and_looks_unlike_nought() -> None:
    rows = [("2016", HIDDEN, [Seen(12), HIDDEN]), ("2015", HIDDEN, [HIDDEN, HIDDEN]), ("2014", Seen(0), [Seen(0)])]
    drawing = bars.stack(rows, ["accident", "suicide"], "rest", "en")
    bar, *stubs = drawing.rects
    assert (bar.look, bar.hatched) == ("f1", False)
    assert [(stub.look, stub.width) for stub in stubs] == [("suppressed", bars.STUB)] * 2
    assert stubs[0].x == bar.x + bar.width
    assert max(stub.x + stub.width for stub in stubs) < drawing.width
    assert [text.text for text in drawing.texts if text.look] == ["12", "·", "·", "0"]


def test_an_axis_without_a_number_to_show_marks_nought_alone() -> None:
    stack = bars.stack([("2015", HIDDEN, [HIDDEN])], ["accident"], "rest", "en")
    pyramid = bars.pyramid([("65+", HIDDEN, Seen(0))], ("men", "women"), "en")
    pairs = bars.combinations(["a", "b"], [Together((0, 1), "a+b", "a + b", HIDDEN)], "en")
    marks = [[text.text for text in one.texts if text.text.isdigit()] for one in (stack, pyramid, pairs)]
    assert marks == [["0", "2015"], ["0", "0", "0"], ["0"]]


def test_a_table_tells_hidden_from_nought_from_what_cannot_be() -> None:
    cells = [
        {
            "time_period": "2016",
            "definition": "nl_broad",
            "sex": sex,
            "measure": "deaths",
            "obs_value": value,
            "conf_status": conf,
        }
        for sex, value, conf in (("male", 0, "F"), ("female", None, "C"), ("other", None, "F"))
    ]
    dimensions = [
        {"name": "definition", "codes": [{"code": "nl_broad", "label": {"nl": "breed", "en": "broad"}}]},
        {"name": "sex", "codes": [{"code": "male", "label": {"nl": "Man", "en": "Male"}}]},
    ]
    measures = [{"code": "deaths", "label": {"nl": "Sterfgevallen", "en": "Deaths"}}]
    body = {
        "table": {"dimensions": dimensions, "measures": measures, "adding": {"code": "exclusive"}},
        "release": {"status": "final", "definition": "nl_broad"},
        "cells": cells,
    }
    figures = Figures(body, "nl")
    seen = [figures.at("deaths", "2016", sex) for sex in ("male", "female", "other", "unheard-of")]
    assert seen == [Seen(0), HIDDEN, NOTHING, NOTHING]
    assert figures.label("sex", "male") == "Man"


def test_numbers_have_the_marks_of_the_language() -> None:
    assert (words(1234.5, "nl", 1), words(1234.5, "en", 1), words(1234, "nl")) == ("1.234,5", "1,234.5", "1.234")
