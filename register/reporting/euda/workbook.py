"""The workbook of the return: a sheet ST5 for each year, ST6 with the years across, and the method.

Every number is that of a published cell, as a number; what is hidden or is not published is a sign in brackets.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Dictionary

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from register.reporting import codelists
from register.reporting.codelists import FINAL, NOT_FINAL, TOTAL, Code
from register.reporting.euda import method
from register.reporting.euda.figures import Counts, Figures, Shown
from register.reporting.euda.mapping import Mapping
from register.reporting.euda.people import ByPeople, once
from register.reporting.euda.template import SOLE, Template, TemplateLine
from register.reporting.formats.sdmx_json import SENDER
from register.reporting.published import Released

LABEL_WIDTH, CODE_WIDTH, NUMBER_WIDTH, TEXT_WIDTH = 44, 24, 12, 120
# The deaths of which the agency asks the substances first; all deaths stand beside them.
KNOWN_TOXICOLOGY, AS_ASKED = "toxicology_known", (FINAL, NOT_FINAL, TOTAL)
Tables = Dictionary[str, Figures]
Cells = Sequence[Shown]


def workbook_file(release: Released, tables: Tables, mapping: Mapping, template: Template) -> bytes:
    """The workbook in English. The same cells and the same mapping give the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": f"EUDA ST5 and ST6, {release.id}",
            "author": SENDER["en"],
            "created": release.published_at.replace(tzinfo=None),
        }
    )
    looks = _Looks(book)
    _method(book.add_worksheet("Method"), looks, method.lines(release, tables, mapping, template))
    years = tables["substance"].years
    for year in years:
        _st5(_Sheet(book.add_worksheet(f"ST5 {year}"), looks), release, tables, mapping, template, year)
    _st6(_Sheet(book.add_worksheet("ST6"), looks), release, tables, mapping, template, years)
    book.close()
    return out.getvalue()


class _Looks:
    """The few looks of the workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.part: Format = book.add_format({"bold": True, "font_size": 12})
        self.head: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.right: Format = book.add_format({"align": "right"})
        self.wrapped: Format = book.add_format({"text_wrap": True, "valign": "top"})


class _Sheet:
    """A sheet that is written from above to below."""

    def __init__(self, sheet: Worksheet, looks: _Looks) -> None:
        self.sheet, self.looks, self.row = sheet, looks, 0
        sheet.set_column(0, 0, LABEL_WIDTH)
        sheet.set_column(1, 1, CODE_WIDTH)
        sheet.set_column(2, 12, NUMBER_WIDTH)

    def title(self, text: str, *below: str) -> None:
        self.sheet.write_string(self.row, 0, text, self.looks.title)
        for place, line in enumerate(below, self.row + 1):
            self.sheet.write_string(place, 0, line)
        self.row += len(below) + 2

    def part(self, title: str, headings: Sequence[str], lines: Iterable[tuple[str, str, Cells]]) -> None:
        """One block: its title, its headings, and a label, a code and the cells of each line."""
        self.sheet.write_string(self.row, 0, title, self.looks.part)
        for column, text in enumerate(headings):
            self.sheet.write_string(self.row + 1, column, text, self.looks.head)
        self.row += 2
        for label, code, cells in lines:
            self.sheet.write_string(self.row, 0, label)
            self.sheet.write_string(self.row, 1, code)
            for column, value in enumerate(cells, 2):
                if isinstance(value, str):
                    self.sheet.write_string(self.row, column, value, self.looks.right)
                else:
                    self.sheet.write_number(self.row, column, value)
            self.row += 1
        self.row += 1


def _st5(to: _Sheet, release: Released, tables: Tables, mapping: Mapping, template: Template, year: str) -> None:
    definition = codelists.definition(release.definition).en
    to.title(f"ST5 Drug-induced deaths {year}", f"{release.id}. {method.standing(release)}", method.legend())
    if by_sex := tables.get("definition-sex"):
        sexes = by_sex.codes("sex")
        lines = (
            (one.en, one.code, [by_sex.shown(time_period=year, definition=one.code, sex=sex.code) for sex in sexes])
            for one in codelists.DEFINITIONS
        )
        to.part("A. Deaths by selection and sex", ["Selection", "Code", *_named(sexes)], lines)
    if by_age := tables.get("age-euda-sex"):
        sexes = by_age.codes("sex")
        lines = (
            (
                band.en,
                band.code,
                [by_age.shown(time_period=year, age_band_euda=band.code, sex=sex.code) for sex in sexes],
            )
            for band in by_age.codes("age_band_euda")
        )
        to.part(f"B. Deaths by age and sex. {definition}", ["Age", "Code", *_named(sexes)], lines)
    if by_people := tables.get("intent-sex"):
        headings, crossed = _crossed(by_people, "intent", "sex", year)
        to.part(f"C. Deaths by intent and sex. {definition}", ["Intent", "Code", *headings], crossed)
    elif by_intent := tables.get("intent-group"):
        lines = (
            (
                one.en,
                one.code,
                [by_intent.shown(time_period=year, intent=one.code, group=TOTAL, measure="hierarchical")],
            )
            for one in by_intent.codes("intent")
        )
        to.part(f"C. Deaths by intent. {definition}", ["Intent", "Code", "Deaths"], lines)
    if by_state := tables.get("toxicology"):
        lines = (
            (one.en, one.code, [by_state.shown(time_period=year, tox=one.code, measure="deaths")])
            for one in by_state.codes("tox")
        )
        to.part(f"D. Deaths by state of toxicology. {definition}", ["Toxicology", "Code", "Deaths"], lines)
    if "group" in tables:
        counts = _counts(tables, year)
        headings = ["Substances", "Line", "Deaths", "At least", "At most", "Taken from (table / code / measure)"]
        found = ((line, counts.line(_members(line, mapping), line.measure)) for line in template.lines)
        lines = ((_label(line), line.code, [one.value, one.least, one.most, one.source or "–"]) for line, one in found)
        to.part(f"E. Deaths by substance, among all deaths of the year. {definition}", headings, lines)
    if mean_age := tables.get("age-mean"):
        to.part(f"F. Mean age. {definition}", ["Deaths", "Code", "Years"], _mean_age(mean_age, [year]))
    for title, people in _by_people(tables, year):
        lines = (
            (_label(line), line.code, people.line(_members(line, mapping), line.measure)) for line in template.lines
        )
        to.part(f"{title}. {definition}", ["Substances", "Line", *_named(people.codes)], lines)
    for title, table, axis in _once(tables):
        lines = ((group.en, group.code, cells) for group, cells in once(table, axis, year))
        to.part(f"{title}. {definition}", ["Main group", "Code", *_named(table.codes(axis))], lines)
    if told := _known_toxicology(tables, mapping, template, year):
        to.part(f"K. Deaths by substance among those with known toxicology, beside all deaths. {definition}", *told)
    if by_people := tables.get("toxicology-sex"):
        headings, crossed = _crossed(by_people, KNOWN_TOXICOLOGY, "sex", year)
        to.part(f"L. Deaths by known toxicology and sex. {definition}", ["Toxicology", "Code", *headings], crossed)


def _st6(
    to: _Sheet, release: Released, tables: Tables, mapping: Mapping, template: Template, years: Sequence[str]
) -> None:
    definition = codelists.definition(release.definition).en
    to.title("ST6 Drug-induced deaths, trend", f"{release.id}. {method.standing(release)}", method.legend())
    if by_sex := tables.get("definition-sex"):
        lines = (
            (
                f"{one.en}, {sex.en.lower()}",
                f"{one.code} / {sex.code}",
                [by_sex.shown(time_period=year, definition=one.code, sex=sex.code) for year in years],
            )
            for one in codelists.DEFINITIONS
            for sex in by_sex.codes("sex")
        )
        to.part("A. Deaths by selection and sex", ["Selection and sex", "Code", *years], lines)
    if by_age := tables.get("age-euda-sex"):
        lines = (
            (
                band.en,
                band.code,
                [by_age.shown(time_period=year, age_band_euda=band.code, sex=TOTAL) for year in years],
            )
            for band in by_age.codes("age_band_euda")
        )
        to.part(f"B. Deaths by age. {definition}", ["Age", "Code", *years], lines)
    if "group" in tables:
        counts = [_counts(tables, year) for year in years]
        lines = (
            (_label(line), line.code, [of_year.line(_members(line, mapping), line.measure).value for of_year in counts])
            for line in template.lines
        )
        to.part(f"C. Deaths by substance. {definition}", ["Substances", "Line", *years], lines)
    if mean_age := tables.get("age-mean"):
        to.part(f"D. Mean age. {definition}", ["Deaths", "Code", *years], _mean_age(mean_age, years))


def _counts(tables: Tables, year: str) -> Counts:
    euda, number = tables.get("euda-group"), tables.get("substances-number")
    return Counts(tables["group"], tables["substance"], year, euda=euda, number=number)


def _crossed(table: Figures, down: str, across: str, year: str) -> tuple[list[str], list[tuple[str, str, Cells]]]:
    """The headings and the lines of a table of two dimensions."""
    codes = table.codes(across)
    lines: list[tuple[str, str, Cells]] = [
        (
            one.en,
            one.code,
            [table.shown(**{"time_period": year, down: one.code, across: other.code}) for other in codes],
        )
        for one in table.codes(down)
    ]
    return _named(codes), lines


def _known_toxicology(
    tables: Tables, mapping: Mapping, template: Template, year: str
) -> tuple[list[str], list[tuple[str, str, Cells]]] | None:
    """Headings and lines of the deaths with known toxicology, beside the others and all; None in an older release."""
    agency, number = tables.get("euda-group-toxicology"), tables.get("substances-number-toxicology")
    if "group" not in tables or agency is None or number is None:
        return None
    codes = sorted(agency.codes(KNOWN_TOXICOLOGY), key=lambda one: AS_ASKED.index(one.code))
    people = ByPeople(_counts(tables, year), KNOWN_TOXICOLOGY, codes, None, agency, number)
    whole = {KNOWN_TOXICOLOGY: TOTAL, "time_period": year, "number": TOTAL, "measure": "deaths"}
    first = [number.shown(**{**whole, KNOWN_TOXICOLOGY: one.code}) for one in codes]
    rows = [(_label(line), line.code, people.line(_members(line, mapping), line.measure)) for line in template.lines]
    headings = ["Toxicology known", "No final result", "All deaths"]
    return ["Substances", "Line", *headings], [("All", TOTAL, first), *rows]


def _by_people(tables: Tables, year: str) -> Iterator[tuple[str, ByPeople]]:
    """Substances by sex and by age with the title of each, where the release has them."""
    counts = _counts(tables, year) if "group" in tables else None
    if counts and (by_sex := tables.get("sex-group")):
        sexes, agency, number = by_sex.codes("sex"), tables.get("euda-group-sex"), tables.get("substances-number-sex")
        yield "G. Deaths by substance and sex", ByPeople(counts, "sex", sexes, by_sex, agency, number)
    if counts and (by_age := tables.get("age-ndm-group")):
        ages, number = by_age.codes("age_band_ndm"), tables.get("substances-number-age")
        yield "H. Deaths by substance and age", ByPeople(counts, "age_band_ndm", ages, by_age, None, number)


def _once(tables: Tables) -> Iterator[tuple[str, Figures, str]]:
    """The tables that count each death at one main group by sex and by age: title, table and dimension."""
    if by_sex := tables.get("sex-group"):
        yield "I. Deaths by main group and sex, each death once", by_sex, "sex"
    if by_age := tables.get("age-ndm-group"):
        yield "J. Deaths by main group and age, each death once", by_age, "age_band_ndm"


def _mean_age(table: Figures, years: Sequence[str]) -> list[tuple[str, str, Cells]]:
    """A line for all deaths, and for men and women where the release tells them apart."""
    return [
        (
            "All deaths with a known age" if sex.code == TOTAL else sex.en,
            sex.code,
            [table.shown(time_period=year, sex=sex.code, measure="mean_age") for year in years],
        )
        for sex in table.codes("sex")
    ]


def _method(sheet: Worksheet, looks: _Looks, lines: Sequence[tuple[str, str]]) -> None:
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.write_string(0, 0, "Method", looks.title)
    for row, (name, text) in enumerate(lines, 1):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text, looks.wrapped)


def _members(line: TemplateLine, mapping: Mapping) -> frozenset[str]:
    return frozenset[str]().union(*(mapping.members.get(group, frozenset()) for group in line.groups))


def _label(line: TemplateLine) -> str:
    return f"{line.label} (no other substance)" if line.measure == SOLE else line.label


def _named(codes: Sequence[Code]) -> list[str]:
    return [code.en for code in codes]
