from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.quality.partial_dates import PartialDate, Precision, parse, parse_parts
from register.quality.problems import Problem
from tests.unit.quality.records import PARTIAL_DATES

DAY, MONTH, YEAR = PartialDate.of(2019, 3, 14), PartialDate.of(2019, 3), PartialDate.of(2019)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", YEAR),
        (" 2019 ", YEAR),
        ("03-2019", MONTH),
        ("3-2019", MONTH),
        ("2019-03", MONTH),
        ("maart 2019", MONTH),
        ("March 2019", MONTH),
        ("14-03-2019", DAY),
        ("14-3-2019", DAY),
        ("14/03/2019", DAY),
        ("14.03.2019", DAY),
        ("14 03 2019", DAY),
        ("2019-03-14", DAY),
        ("2019-03-14T00:00:00", DAY),
        ("2019-03-14 00:00:00.000", DAY),
        ("14 maart 2019", DAY),
        ("14 mrt. 2019", DAY),
        ("14 MAR 2019", DAY),
        ("29-02-2020", PartialDate.of(2020, 2, 29)),
    ],
)
def test_a_date_is_read_as_people_and_files_write_it(text: str, expected: PartialDate) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31-02-2019", "februari 2019 heeft 28 dagen"),
        ("29-02-2019", "februari 2019 heeft 28 dagen"),
        ("31-04-2019", "april 2019 heeft 30 dagen"),
        ("14-13-2019", "maand"),
        ("14-00-2019", "maand"),
        ("00-03-2019", "dag"),
        ("32-03-2019", "dag"),
        ("14-03-19", "vier cijfers"),
        ("14-03-10000", "vier cijfers"),
        ("10000", "vier cijfers"),
        ("0001", "0001"),
        ("14-03-1889", "1889"),
        ("14-03-2101", "2101"),
        ("gisteren", "dag-maand-jaar"),
        ("14-03-2019-1", "dag-maand-jaar"),
        ("-", "dag-maand-jaar"),
        ("٢٠١٩", "dag-maand-jaar"),
        ("2019-03-14T12:30:00", "dag"),
        ("1" * 1000, "dag-maand-jaar"),
    ],
)
def test_what_is_no_date_gets_a_sentence_that_says_what_to_do(text: str, words: str) -> None:
    problem = parse(text)
    assert isinstance(problem, Problem)
    assert words in problem.nl
    assert problem.en.endswith(".")


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("14", "3", "2019", DAY),
        ("14", "maart", "2019", DAY),
        ("", "03", "2019", MONTH),
        ("", "", "2019", YEAR),
        ("14", "", "2019", "Vul ook de maand in, of laat de dag leeg."),
        ("14", "3", "", "Vul ook het jaar in."),
        ("31", "2", "2019", "31-02-2019 bestaat niet: februari 2019 heeft 28 dagen."),
    ],
)
def test_three_boxes_are_read_together(day: str, month: str, year: str, expected: PartialDate | str) -> None:
    read = parse_parts(day, month, year)
    assert read == expected or (isinstance(read, Problem) and read.nl == expected)


def test_the_precision_follows_from_the_range() -> None:
    assert [part.precision for part in (DAY, MONTH, YEAR)] == [Precision.DAY, Precision.MONTH, Precision.YEAR]
    assert (YEAR.date_from, YEAR.date_to) == (date(2019, 1, 1), date(2019, 12, 31))
    assert (MONTH.date_from, MONTH.date_to) == (date(2019, 3, 1), date(2019, 3, 31))


@pytest.mark.parametrize(
    "span",
    [
        (date(2019, 3, 1), date(2019, 3, 30)),
        (date(2019, 1, 1), date(2020, 12, 31)),
        (date(2019, 3, 2), date(2019, 3, 1)),
        (date(2019, 3, 2), date(2019, 3, 31)),
    ],
)
def test_a_range_that_is_no_day_month_or_year_is_refused(span: tuple[date, date]) -> None:
    with pytest.raises(ValueError, match="is not a day, a month or a year"):
        PartialDate(*span)


@given(PARTIAL_DATES)
def test_what_was_written_is_read_back(value: PartialDate) -> None:
    assert parse(value.written()) == value
    assert parse(value.iso()) == value


@given(PARTIAL_DATES, PARTIAL_DATES)
def test_one_date_ends_before_another_exactly_when_the_other_starts_after_it(
    one: PartialDate, other: PartialDate
) -> None:
    assert one.ends_before(other) == other.starts_after(one)
    if one.ends_before(other):
        assert one < other
        assert not other.ends_before(one)
    assert one.ends_before(one.date_to + timedelta(days=1))
    assert not one.ends_before(one.date_to)
    assert one.starts_after(one.date_from - timedelta(days=1))


@given(st.text())
def test_any_text_is_a_date_or_a_problem(text: str) -> None:
    assert isinstance(parse(text), PartialDate | Problem)


@given(st.text(), st.text(), st.text())
def test_any_three_boxes_are_a_date_or_a_problem(day: str, month: str, year: str) -> None:
    assert isinstance(parse_parts(day, month, year), PartialDate | Problem)
