"""A table of results, in every layout in which a laboratory prints it."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from register.coding.laboratory_table import MOST_CHARACTERS, MOST_LINES, Kind, read_row, read_table
from register.coding.laboratory_values import UNIT_LABELS, decimal_mark, in_dutch, in_english

PLAIN = """6-MAM\t12\tµg/L
morfine\t0,18\tmg/L
codeïne\t<0,01\tmg/L
N-pyrrolidino X\tpositief
ketamine\tneg.
zie ook bijlage 2"""


def said(text: str) -> list[tuple[str, str, str | None, str | None, str | None]]:
    """Name, outcome, qualifier, value and unit of every line that is a result."""
    return [
        (
            line.name,
            line.reading.outcome,
            line.reading.qualifier,
            None if line.reading.value is None else in_english(line.reading.value),
            line.reading.unit,
        )
        for line in read_table(text).lines
        if line.reading is not None
    ]


def test_lines_of_a_report_are_read_and_what_is_no_result_says_so() -> None:
    assert said(PLAIN) == [
        ("6-MAM", "detected", "eq", "12", "ug_l"),
        ("morfine", "detected", "eq", "0.18", "mg_l"),
        ("codeïne", "below_limit", "lt", "0.01", "mg_l"),
        ("N-pyrrolidino X", "detected", None, None, None),
        ("ketamine", "not_detected", None, None, None),
    ]
    last = read_table(PLAIN).lines[-1]
    assert (last.original, last.kind) == ("zie ook bijlage 2", Kind.UNREADABLE)
    assert last.why is not None and "geen uitslag" in last.why.nl


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mg/L | 1,2 | MDMA", ("MDMA", "detected", "eq", "1.2", "mg_l")),
        ("| MDMA | 1,2 | mg/L |", ("MDMA", "detected", "eq", "1.2", "mg_l")),
        ("MDMA 1,2 mg/L", ("MDMA", "detected", "eq", "1.2", "mg_l")),
        ("GHB: < 5 mg/l", ("GHB", "below_limit", "lt", "5", "mg_l")),
        ("1,4-BD 12 mg/L", ("1,4-BD", "detected", "eq", "12", "mg_l")),
        ("MDMA 1.2 mg/L positief", ("MDMA", "detected", "eq", "1.2", "mg_l")),
        ("3-MMC niet aangetoond", ("3-MMC", "not_detected", None, None, None)),
        ("2C-B    positief", ("2C-B", "detected", None, None, None)),
        ("MDMA\u00a0\u00a0\u00a01,2\u00a0mg/L", ("MDMA", "detected", "eq", "1.2", "mg_l")),
        ('"x; y";"1,2";"mg/L"', ("x; y", "detected", "eq", "1.2", "mg_l")),
        ('"Substance","Value","Unit"\n"x, y","1.2","mg/L"', ("x, y", "detected", "eq", "1.2", "mg_l")),
        ("Stof;Concentratie (µg/L);LOQ\nMDMA;12,5;5", ("MDMA", "detected", "eq", "12.5", "ug_l")),
        ("Uitslag;Naam\naangetoond;MDMA", ("MDMA", "detected", None, None, None)),
        ("Naam;Waarde;Eenheid;Uitslag\nMDMA;-;mg/L;niet aangetoond", ("MDMA", "not_detected", None, None, None)),
        ("Analyte   Value   Unit\nMDMA   1.5   ng/mL", ("MDMA", "detected", "eq", "1.5", "ng_ml")),
        ("Naam;Waarde;Referentie;Eenheid\nMDMA;1,2;0,1-0,4;mg/L", ("MDMA", "detected", "eq", "1.2", "mg_l")),
    ],
)
def test_every_layout_gives_the_same_line(text: str, expected: tuple[str, ...]) -> None:
    assert said(text) == [expected]


def test_a_line_with_another_separator_than_its_table_is_read_by_its_own() -> None:
    text = "ketamine\t2,1\tmg/L\nGHB\t12\tmg/L\nnorketamine;<0,01;mg/L\ncocaïne | 380 | µg/L\n|||???;;;;"
    assert [line[0] for line in said(text)] == ["ketamine", "GHB", "norketamine", "cocaïne"]
    assert read_table(text).lines[-1].kind is Kind.UNREADABLE


def test_the_header_says_the_unit_and_which_number_is_the_limit() -> None:
    line = read_table("Stof;Concentratie (µg/L);LOQ\nMDMA;1.200;5\nMDA;12,5;5").lines[1]
    assert line.reading is not None
    assert (line.reading.value, line.reading.unit, line.loq) == (Decimal(1200), "ug_l", Decimal(5))
    assert read_row(line.name, line.result).reading == line.reading


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("MDMA;1,2;0,01;mg/L", "twee getallen"),
        ("1,2;mg/L", "zonder middel"),
        ("MDMA;1.200;µg/L", "kan 1,2 of 1200 zijn"),
        ("Naam;Waarde;Eenheid;Uitslag\nMDMA;0,3;mg/L;negatief", "zegt 'negatief'"),
        (f"{'x' * 201};1,2;mg/L", "langer dan 200"),
        ("Rapport 123 d.d. 12-10-2026", "geen uitslag"),
        ("Uitslag 2026", "geen uitslag"),
    ],
)
def test_a_doubtful_line_is_kept_whole_with_the_reason_why_it_is_not_read(text: str, why: str) -> None:
    line = read_table(text).lines[-1]
    assert (line.kind, line.original) == (Kind.UNREADABLE, text.splitlines()[-1])
    assert line.why is not None and why in line.why.nl


def test_a_text_over_the_limits_is_refused_with_a_sentence() -> None:
    for text in ("MDMA 1 mg/L\n" * (MOST_LINES + 1), "x" * (MOST_CHARACTERS + 1)):
        table = read_table(text)
        assert table.lines == () and table.refused is not None and str(MOST_LINES) in table.refused.nl


@given(
    st.text() | st.lists(st.sampled_from([*PLAIN.splitlines(), ";", '"', "\t", "a|b", "\0", "\ud800"])).map("\n".join)
)
def test_any_text_at_all_is_read_without_losing_a_line(text: str) -> None:
    table = read_table(text)
    wanted = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if table.refused is None:
        assert [line.original for line in table.lines] == wanted
    for line in table.lines:
        assert (line.reading is None) == (line.why is not None)


@dataclass(frozen=True)
class Result:
    """One line of a made-up report."""

    name: str
    value: Decimal | None
    sign: str
    unit: str
    word: str


NAMES = st.sampled_from(
    [
        "MDMA",
        "6-MAM",
        "cocaïne",
        "1,4-BD",
        "N-pyrrolidino X",
        "3-MMC",
        "morfine-3-glucuronide",
        "2C-B",
        "α-PVP",
        "Δ9-THC",
    ]
)
WORDS = {"positief": "detected", "neg.": "not_detected", "n.a.": "not_detected", "niet onderzocht": "not_tested"}
QUALIFIERS = {"": "eq", "<": "lt", "> ": "gt", "≈": "approx"}
LINES = st.builds(
    Result,
    NAMES,
    st.none() | st.decimals(Decimal("0.01"), 9_999, places=2),
    st.sampled_from(list(QUALIFIERS)),
    st.sampled_from(sorted(UNIT_LABELS)),
    st.sampled_from(list(WORDS)),
)
HEADERS = {"nl": ("Naam", "Waarde", "Eenheid", "Uitslag"), "en": ("Substance", "Concentration", "Unit", "Result")}
ORDERS = st.permutations(range(4))


def _cells(line: Result, comma: bool) -> tuple[str, str, str, str]:
    if line.value is None:
        return line.name, "", "", line.word
    number = in_dutch(line.value) if comma else in_english(line.value)
    return line.name, f"{line.sign}{number}", UNIT_LABELS[line.unit], ""


@given(
    st.lists(LINES, min_size=1, max_size=8),
    ORDERS,
    st.sampled_from(["\t", ";", "|"]),
    st.none() | st.sampled_from(["nl", "en"]),
    st.booleans(),
    st.booleans(),
)
def test_a_table_in_any_layout_is_read_back_equal(
    lines: list[Result], order: list[int], delimiter: str, header: str | None, comma: bool, quoted: bool
) -> None:
    rows = [_cells(line, comma) for line in lines]
    numbers = [row[1] for row in rows]
    assume(comma or decimal_mark(numbers) != ",")
    table = [HEADERS[header], *rows] if header else rows
    written = [[f'"{cell}"' if quoted and cell else cell for cell in (row[at] for at in order)] for row in table]
    text = "\n".join(delimiter.join(row) for row in written)
    assert said(text) == [_expected(line) for line in lines]


@given(st.lists(LINES, min_size=1, max_size=8), st.booleans(), st.integers(2, 6))
def test_columns_of_spaces_are_read_back_equal(lines: list[Result], comma: bool, gap: int) -> None:
    rows = [[cell for cell in _cells(line, comma) if cell] for line in lines]
    text = "\n".join((" " * gap).join(row) for row in rows)
    assert said(text) == [_expected(line) for line in lines]


def _expected(line: Result) -> tuple[str, str, str | None, str | None, str | None]:
    if line.value is None:
        return line.name, WORDS[line.word], None, None, None
    outcome = "below_limit" if line.sign == "<" else "detected"
    return line.name, outcome, QUALIFIERS[line.sign], in_english(line.value), line.unit
