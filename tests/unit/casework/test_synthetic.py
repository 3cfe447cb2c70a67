"""Made-up cases have exactly the margins they are made from."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.casework.importing.synthetic import HEADER, Margins, MarginsError, cases, main, read_margins

BANDS = ((15, 19), (20, 24), (25, 29), (65, 84))


@st.composite
def margins(draw: st.DrawFn) -> Margins:
    by_band = {band: draw(st.integers(0, 40)) for band in BANDS}
    total = sum(by_band.values())
    women = draw(st.integers(0, total))
    return Margins(draw(st.integers(2000, 2030)), total, {"male": total - women, "female": women}, by_band)


@given(st.lists(margins(), min_size=1, max_size=4, unique_by=lambda each: each.year))
def test_sex_and_age_margins_come_out_exactly(years: list[Margins]) -> None:
    rows = [dict(zip(HEADER, row, strict=True)) for row in cases(years)]
    for year in years:
        mine = [row for row in rows if row["date"].startswith(str(year.year))]
        assert len(mine) == year.total
        sexes = Counter(row["sex"] for row in mine)
        assert all(sexes[sex] == deaths for sex, deaths in year.by_sex.items())
        for (lowest, highest), deaths in year.by_band.items():
            assert sum(lowest <= int(row["age"]) <= highest for row in mine) == deaths


@given(margins())
def test_the_same_margins_give_the_same_cases(year: Margins) -> None:
    assert list(cases([year])) == list(cases([year]))


def test_the_published_dutch_margins_give_961_deaths(reference_dir: Path) -> None:
    years = read_margins(reference_dir / "nl_deaths_2013_2017.csv")
    assert [(year.year, year.total) for year in years] == [
        (2013, 144),
        (2014, 123),
        (2015, 197),
        (2016, 235),
        (2017, 262),
    ]
    assert len(list(cases(years))) == 961


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("year,sex,age_band,deaths\n2013,_T,_T,3\n2013,M,_T,1\n2013,_T,15-19,3\n", "do not add up to 3"),
        ("year,sex,age_band,deaths\n2013,M,_T,1\n", "does not give one total"),
        ("year,sex,age_band,deaths\n2013,_T,_T,1\n2013,M,_T,1\n2013,_T,old,1\n", "'old' is not an age band"),
        ("a,b\n1,2\n", "is not a file with the columns"),
    ],
)
def test_margins_that_cannot_be_used_are_refused_and_nothing_is_written(
    tmp_path: Path, text: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file, output = tmp_path / "margins.csv", tmp_path / "cases.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MarginsError, match=words):
        list(cases(read_margins(file)))
    assert main([str(file), "--output", str(output)]) == 1
    assert words in capsys.readouterr().err
    assert not output.exists()
