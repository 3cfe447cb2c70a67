"""Importing a file: what becomes of good rows, bad rows and bad files, and what happens when a run is stopped."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from register.casework.importing import importer, mapping
from register.casework.importing.synthetic import write_cases
from register.models import (
    AccessEvent,
    Case,
    DefinitionResult,
    StatusChange,
    SubstanceFinding,
    SuspectedSubstance,
    ToxResult,
    User,
)
from register.workflow.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

COLUMNS = (
    *mapping.load("connecticut").columns,
    "Race",
)
ROW = {
    "Date": "12/31/2018",
    "Date Type": "Date of death",
    "Age": "34",
    "Sex": "Male",
    "Death County": "HARTFORD",
    "Residence State": "CT",
    "Location": "Residence",
    "Cause of Death": "Acute Intoxication by the Combined Effects of Heroin and Cocaine",
    "Manner of Death": "Accident",
    "Heroin": "Y",
    "Cocaine": "Y",
    "Race": "Onleesbaar-geheim",
}
Run = Callable[..., str]
_files = itertools.count()


@pytest.fixture
def run(tmp_path: Path, reviewer: User) -> Run:
    """Run the command on rows (as changes to a good row) or on the bytes of a file; its output comes back."""

    def command(content: list[dict[str, str]] | bytes, **options: Any) -> str:
        file = options.pop("file", None) or tmp_path / f"deaths-{next(_files)}.csv"
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_bytes(as_csv(content))
        out = io.StringIO()
        call_command("import_cases", str(file), mapping="connecticut", by=reviewer.username, stdout=out, **options)
        return out.getvalue()

    return command


def as_csv(changes: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows([{**ROW, **change} for change in changes])
    return text.getvalue().encode()


def lines_of(file: Path) -> list[list[str]]:
    """The lines of a CSV file below its header."""
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))[1:]


def rejects(file: Path) -> list[list[str]]:
    return lines_of(file.with_name(f"{file.name}.rejects.csv"))


def test_a_row_becomes_a_submitted_case_of_the_importer_with_history_and_access_events(
    run: Run, reviewer: User
) -> None:
    assert "1 imported" in run([{}])
    case = Case.objects.get()
    assert (case.status, case.reporter, case.region_id, case.version) == ("submitted", reviewer, "GG3406", 1)
    assert (case.decedent_section.sex, case.decedent_section.age_years) == ("male", 34)
    assert case.death_section.date_of_death_from == date(2018, 12, 31)
    assert case.causeofdeath_section.icd10_ucod_suggested == "X42"
    assert case.external_reference_missing == "WTHD"
    kept = case.history.get()
    assert (kept.history_type, kept.history_user, kept.history_change_reason) == ("+", reviewer, "import connecticut")
    assert case.decedent_section.history.get().age_years == 34
    move = StatusChange.objects.get(case=case)
    assert (move.name, move.by, move.from_status, move.to_status) == ("submit", reviewer, "draft", "submitted")
    events = Counter(AccessEvent.objects.filter(actor=str(reviewer.pk)).values_list("code", flat=True))
    assert events == {"import.run": 1, "case.create": 1, "case.submit": 1}
    assert AccessEvent.objects.get(code="case.submit").objects_shown == [case.pk]


def test_substances_become_suspicion_finding_and_result(run: Run) -> None:
    run([{}])
    findings = {row.substance_id: row for row in SubstanceFinding.objects.all()}
    assert {code: (row.role, row.certainty, row.evidence) for code, row in findings.items()} == {
        "heroin": ("joint_cause", "certain", ["tox_lab"]),
        "cocaine": ("joint_cause", "certain", ["tox_lab"]),
    }
    assert findings["heroin"].suspicion.reported_as == "Heroin"
    assert set(ToxResult.objects.values_list("substance_id", "outcome", "stage")) == {
        ("heroin", "detected", "confirmed"),
        ("cocaine", "detected", "confirmed"),
    }
    assert Case.objects.get().tox_status == "final"


@pytest.mark.parametrize(
    ("text", "ticked", "roles"),
    [
        ("Acute Heroin Intoxication", {"Heroin": "Y"}, {"heroin": "sole_cause"}),
        ("Fentanyl Toxicity", {"Fentanyl": "Y (PTCH)"}, {"fentanyl": "sole_cause"}),
        ("Fentanyl Toxicity", {"Ethanol": "P"}, {"fentanyl": "sole_cause"}),
        ("Multiple Drug Toxicity", {"Oxycodone": "Y"}, {"oxycodone": "sole_cause"}),
        ("Multiple Drug Toxicity", {}, {"substance-unknown": "sole_cause"}),
        ("Alprazolam Toxicity", {"Benzodiazepine": "Y"}, {"alprazolam": "sole_cause"}),
        (
            "Heroin and Morphine",
            {"Heroin": "Y"},
            {"heroin": "sole_cause", "morphine": "metabolite_or_adulterant"},
        ),
        (
            "Heroin and Morphine",
            {"Heroin": "Y", "Morphine (Not Heroin)": "Y"},
            {"heroin": "joint_cause", "morphine": "joint_cause"},
        ),
        ("Acute Intoxication", {"Other": "PCP"}, {"3-meo-pcp-pcp": "sole_cause"}),
    ],
)
def test_text_and_ticks_together_say_what_contributed(
    run: Run, text: str, ticked: dict[str, str], roles: dict[str, str]
) -> None:
    run([{"Cause of Death": text, "Heroin": "", "Cocaine": "", **ticked}])
    assert dict(SubstanceFinding.objects.values_list("substance_id", "role")) == roles


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"Manner of Death": "accident"}, "causeofdeath_section.manner_provisional", "non_natural"),
        ({"Manner of Death": "ACCIDENT"}, "causeofdeath_section.intent_provisional", "accident"),
        ({"Manner of Death": "Pending"}, "causeofdeath_section.intent_provisional_missing", "PEND"),
        ({"Manner of Death": ""}, "causeofdeath_section.manner_provisional_missing", "UNK"),
        ({"Sex": ""}, "decedent_section.sex_missing", "UNK"),
        ({"Sex": " female "}, "decedent_section.sex", "female"),
        ({"Age": "0"}, "decedent_section.age_years", 0),
        ({"Age": ""}, "decedent_section.age_years_missing", "UNK"),
        ({"Date Type": "Date reported"}, "death_section.date_of_death_precision", "estimated"),
        ({"Death County": "", "Injury County": "MNEW LONDON"}, "region_id", "GG2514"),
        ({"Death County": "USA"}, "region_id", "GG0111"),
        ({"Residence State": "NY"}, "decedent_section.non_resident", True),
        ({"Location": "Other", "Location if Other": "Decedent\u2019s Home"}, "death_section.place_type", "own_home"),
        ({"Location": "Other", "Location if Other": "Friend's Residence"}, "death_section.place_type", "other_home"),
        ({"Description of Injury": "Injection"}, "circumstances_section.routes", ["injected"]),
    ],
)
def test_dirt_is_read_as_it_is_meant(run: Run, change: dict[str, str], field: str, value: object) -> None:
    run([change])
    found: Any = Case.objects.get()
    for name in field.split("."):
        found = getattr(found, name)
    assert found == value


def test_running_a_file_twice_adds_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    rows = [{"Age": str(age)} for age in (20, 21, 21)]
    assert "3 imported" in run(rows, file=file)
    before = Counter(Case.history.values_list("history_type", flat=True))
    assert "0 imported, 3 imported before" in run(rows, file=file)
    assert Case.objects.count() == 3
    assert Counter(Case.history.values_list("history_type", flat=True)) == before


def test_a_longer_version_of_a_file_adds_only_its_new_rows(run: Run, tmp_path: Path) -> None:
    run([{"Age": "20"}], file=tmp_path / "may.csv")
    assert "1 imported, 1 imported before" in run([{"Age": "20"}, {"Age": "30"}], file=tmp_path / "june.csv")


def test_a_run_that_was_killed_is_continued(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "killed.csv"
    rows = [{"Age": str(age)} for age in range(20, 30)]
    monkeypatch.setattr(importer, "BATCH", 4)
    stored = itertools.count()

    def killed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "register_case"') and next(stored) == 1:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(killed):
        run(rows, file=file)
    assert Case.objects.count() == 4
    assert "6 imported, 4 imported before" in run(rows, file=file)
    assert sorted(Case.objects.values_list("decedent_section__age_years", flat=True)) == list(range(20, 30))
    assert StatusChange.objects.count() == 10


def test_a_dry_run_checks_everything_and_stores_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dry.csv"
    said = run([{}, {"Age": "-1"}], file=file, dry_run=True)
    assert "1 would be imported, 0 imported before, 1 rejected" in said
    assert rejects(file)[0][:2] == ["2", "Decedent.age_years"]
    assert not Case.objects.exists()
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"Date": "02/31/2018"}, "Death.date_of_death", "does not exist"),
        ({"Date": "soon"}, "Death.date_of_death", "day-month-year"),
        ({"Date": ""}, "Death.date_of_death", "Date of death"),
        ({"Date": "01/01/2099"}, "Death.date_of_death", "after today"),
        ({"Age": "-1"}, "Decedent.age_years", "between 0 and 120"),
        ({"Age": "130"}, "Decedent.age_years", "between 0 and 120"),
        ({"Age": "thirty"}, "Decedent.age_years", "whole number"),
        ({"Sex": "Robot"}, "Decedent.sex", "not in the list"),
        ({"Date Type": "Date of birth"}, "Death.date_of_death_precision", "not in the list"),
        ({"Manner of Death": "Suicide?"}, "CauseOfDeath.manner_provisional", "not in the list"),
        ({"Cause of Death": "x" * 501}, "CauseOfDeath.cause_line_a", "500 fit"),
        ({"Race": "a\x00b"}, "", "NUL"),
    ],
)
def test_a_bad_row_is_rejected_with_its_field_and_a_sentence_and_the_rest_goes_on(
    run: Run, tmp_path: Path, change: dict[str, str], field: str, words: str
) -> None:
    file = tmp_path / "bad.csv"
    assert "1 imported, 0 imported before, 1 rejected" in run([change, {}], file=file)
    lines = rejects(file)
    assert [line[0] for line in lines] == ["1"] * len(lines)
    assert field in {line[1] for line in lines}
    assert any(words in line[2] and line[3] for line in lines)
    assert Case.objects.count() == 1


def test_every_fault_of_a_row_is_told_at_once_and_no_other_answer_leaks(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "faults.csv"
    run([{"Age": "-1", "Sex": "Robot", "Date": "02/31/2018", "Description of Injury": "Verdrietig geheim"}], file=file)
    assert {line[1] for line in rejects(file)} == {"Decedent.age_years", "Decedent.sex", "Death.date_of_death"}
    text = file.with_name("faults.csv.rejects.csv").read_text(encoding="utf-8")
    assert "geheim" not in text
    assert not Case.objects.exists()


def test_death_before_birth_is_rejected(tmp_path: Path, reviewer: User) -> None:
    text = (mapping.FOLDER / "connecticut.toml").read_text(encoding="utf-8")
    born = text.replace(
        'field = "Decedent.birth_year"\nvalue = "NASK"', 'field = "Decedent.birth_year"\ncolumn = "Born"'
    )
    assert born != text
    file = tmp_path / "born.csv"
    file.write_bytes(as_csv([{"Born": "2020"}], (*COLUMNS, "Born")))
    plan = mapping.parse("born", born)
    assert importer.count_rows(file, plan, by=reviewer) == 1
    (batch,) = importer.import_file(file, plan, by=reviewer)
    assert (batch.imported, batch.rejected[0].faults[0].field) == (0, "Decedent.birth_year")
    assert not Case.objects.exists()


def test_a_row_with_another_number_of_fields_is_rejected(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "short.csv"
    run(as_csv([{}]) + b"1,2,3\n", file=file)
    assert rejects(file)[0][:3] == ["2", "", "This row has 3 fields, which is not what the header has."]
    assert Case.objects.count() == 1


def test_a_rejects_file_of_an_earlier_run_is_brought_up_to_date(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mended.csv"
    run([{"Age": "-1"}], file=file)
    assert len(rejects(file)) == 1
    run([{"Age": "31"}], file=file)
    assert rejects(file) == []


GOOD = as_csv([{}])
FILE_FAULTS = {
    "empty": (b"", "is empty"),
    "only a header": (as_csv([]), "a header and no rows"),
    "wrong encoding": (GOOD + "12/31/2018,é\n".encode("latin-1"), "is not utf-8"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "NUL characters in its header"),
    "UTF-16 without a mark": (GOOD.decode().encode("utf-16-le"), "NUL characters in its header"),
    "wrong delimiter": (GOOD.replace(b",", b";"), "separated by a semicolon"),
    "missing columns": (as_csv([{}], tuple(c for c in COLUMNS if c not in ("Age", "Sex"))), "'Sex', 'Age'"),
    "column twice": (GOOD.replace(b"Race", b"Age", 1), "'Age' more than once"),
    "open quotation mark": (GOOD + b'"12/31/2018,' + b"x,\n" * 200_000, "quotation mark"),
    "long line": (GOOD + b"x" * 1_000_001 + b"\n", "longer than 1,000,000 bytes"),
}


@pytest.mark.parametrize(("content", "words"), FILE_FAULTS.values(), ids=FILE_FAULTS)
def test_a_file_that_is_not_what_the_mapping_says_is_refused_whole(run: Run, content: bytes, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(content)
    assert not Case.objects.exists()
    assert not AccessEvent.objects.exists()


def test_a_line_of_100_megabytes_is_refused_without_reading_it_all(reviewer: User, tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as out:
        out.write(GOOD)
        for _ in range(100):
            out.write(b"x" * 1_000_000)
    with pytest.raises(CommandError, match=r"Line 3 of huge\.csv is longer"):
        call_command("import_cases", str(file), mapping="connecticut", by=reviewer.username)
    assert not Case.objects.exists()


def test_a_byte_order_mark_is_no_part_of_the_first_column(run: Run) -> None:
    assert "1 imported" in run(b"\xef\xbb\xbf" + GOOD)


def test_a_file_that_is_not_there_an_unknown_user_and_an_unknown_mapping_get_a_sentence(
    tmp_path: Path, reviewer: User
) -> None:
    file = tmp_path / "deaths.csv"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_cases", str(file), mapping="connecticut", by=reviewer.username)
    file.write_bytes(GOOD)
    with pytest.raises(CommandError, match="no user 'niemand'"):
        call_command("import_cases", str(file), mapping="connecticut", by="niemand")
    with pytest.raises(CommandError, match="no mapping 'utah'"):
        call_command("import_cases", str(file), mapping="utah", by=reviewer.username)


@pytest.mark.parametrize("role", [Role.PHYSICIAN, Role.STATISTICIAN, Role.ADMIN])
def test_only_who_may_import_imports(tmp_path: Path, role: Role) -> None:
    file = tmp_path / "deaths.csv"
    file.write_bytes(GOOD)
    somebody = factories.person(role, factories.AMSTERDAM)
    with pytest.raises(CommandError, match="may not import cases"):
        call_command("import_cases", str(file), mapping="connecticut", by=somebody.username)
    assert not Case.objects.exists()


def test_a_case_that_the_database_refuses_is_rejected_and_its_batch_is_stored(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "refused.csv"

    def refuses(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "register_decedent"') and _holds(params, 41):
            sql = sql.replace("INSERT INTO", "INSERT INTO nowhere.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuses):
        said = run([{"Age": "40"}, {"Age": "41"}, {"Age": "42"}], file=file)
    assert "2 imported, 0 imported before, 1 rejected" in said
    assert rejects(file)[0][0] == "2"
    assert sorted(Case.objects.values_list("decedent_section__age_years", flat=True)) == [40, 42]


def _holds(params: Any, value: int) -> bool:
    """Whether the parameters of a statement hold a number, by themselves or in a list."""
    return any(value in part if isinstance(part, list | tuple) else part == value for part in params)


def _review(by: User, **options: Any) -> str:
    out = io.StringIO()
    call_command("review_cases", by=by.username, stdout=out, **options)
    return out.getvalue()


def test_the_bulk_review_closes_what_the_guards_allow_and_lists_the_rest(
    run: Run, tmp_path: Path, reviewer: User, second_reviewer: User
) -> None:
    run([{}, {"Manner of Death": "Pending"}, {"Manner of Death": "Natural", "Age": "50"}, {"Manner of Death": ""}])
    refused = tmp_path / "refused.csv"
    assert "4 cases: 1 closed, 1 excluded, 2 refused." in _review(second_reviewer, refused=refused)
    closed = Case.objects.get(status="closed")
    assert closed.decided_by == second_reviewer
    section = closed.causeofdeath_section
    assert (section.manner_final, section.intent_final, section.icd10_ucod) == ("non_natural", "accident", "X42")
    assert list(closed.statuschange_rows.order_by("id").values_list("name", flat=True)) == ["submit", "take", "close"]
    assert set(closed.history.values_list("history_user__username", flat=True)) == {
        reviewer.username,
        second_reviewer.username,
    }
    assert dict(DefinitionResult.objects.filter(case=closed).values_list("definition", "basis"))["sel_b"] == "coded"
    assert Case.objects.get(status="excluded").assessment_section.exclusion_reason == "natural"
    lines = lines_of(refused)
    pending = Case.objects.get(causeofdeath_section__intent_provisional_missing="PEND")
    assert pending.status == "submitted" and pending.history.count() == 1
    assert any(number == pending.case_number and "Not known yet" in reason for number, reason, _ in lines)
    assert "2 cases: 0 closed, 0 excluded, 2 refused." in _review(second_reviewer)


def test_nobody_reviews_an_own_import_in_bulk(run: Run, reviewer: User, physician: User) -> None:
    run([{}])
    assert "0 closed, 0 excluded, 1 refused." in _review(reviewer)
    assert Case.objects.get().status == "submitted"
    with pytest.raises(CommandError, match="may not"):
        _review(physician)


def test_a_dry_run_of_the_bulk_review_stores_nothing(run: Run, second_reviewer: User) -> None:
    run([{}])
    assert "1 would be closed" in _review(second_reviewer, dry_run=True)
    assert Case.objects.get().status == "submitted"
    assert StatusChange.objects.count() == 1


def test_the_bulk_review_takes_the_year_and_the_number_it_is_given(run: Run, second_reviewer: User) -> None:
    run([{}, {"Age": "40"}, {"Date": "01/01/2017"}])
    assert "2 cases" in _review(second_reviewer, year=2018, dry_run=True)
    assert "1 cases" in _review(second_reviewer, limit=1, dry_run=True)


def test_300_real_rows_are_imported_and_closed(
    run: Run, reference_dir: Path, tmp_path: Path, second_reviewer: User
) -> None:
    source = (reference_dir / "connecticut_drug_deaths_2012_2019.csv").read_bytes().splitlines(keepends=True)
    step = len(source) // 300
    sample = b"".join([source[0], *source[1 : 300 * step : step]])
    said = run(sample, file=tmp_path / "sample.csv")
    assert said.startswith("300 rows: 300 imported, 0 imported before, 0 rejected.")
    assert "300 cases:" in (reviewed := _review(second_reviewer))
    closed = Case.objects.filter(status="closed").count()
    assert closed >= 295, reviewed
    rows = list(csv.DictReader(io.StringIO(sample.decode())))
    heroin = SubstanceFinding.objects.filter(substance="heroin", role__in=["sole_cause", "joint_cause"])
    ticked = sum(row["Heroin"].startswith("Y") for row in rows)
    assert 0 <= heroin.values("case").distinct().count() - ticked <= 2
    assert SuspectedSubstance.objects.exclude(outcome="confirmed").count() <= 20


def test_961_made_up_dutch_deaths_have_the_published_margins(
    reference_dir: Path, tmp_path: Path, reviewer: User
) -> None:
    file = tmp_path / "nl.csv"
    margins = reference_dir / "nl_deaths_2013_2017.csv"
    assert write_cases(margins, file) == 961
    call_command("import_cases", str(file), mapping="nl_margins", by=reviewer.username, stdout=io.StringIO())
    in_b = DefinitionResult.objects.filter(definition="sel_b", outcome="yes").values("case")
    counted = Case.objects.filter(pk__in=in_b).values_list(
        "death_section__date_of_death_from__year", "decedent_section__sex", "decedent_section__age_years"
    )
    found = list(counted)
    assert len(found) == 961
    for row in csv.DictReader(io.StringIO(margins.read_text(encoding="utf-8"))):
        year, deaths = int(row["year"]), int(row["deaths"])
        of_year = [(sex, age) for when, sex, age in found if when == year]
        if row["sex"] != "_T":
            sex = {"M": "male", "F": "female"}[row["sex"]]
            assert sum(one == sex for one, _ in of_year) == deaths
        elif row["age_band"] == "_T":
            assert len(of_year) == deaths
        else:
            low, high = (int(part) for part in (row["age_band"].replace("+", "-120")).split("-"))
            assert sum(low <= age <= high for _, age in of_year) == deaths
