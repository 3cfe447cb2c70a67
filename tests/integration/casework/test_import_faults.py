"""Bad rows and bad files: a sentence each, and nothing half-saved."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from register.casework.importing import importer, mapping
from register.models import Case, User
from register.workflow.roles import Role
from tests import factories
from tests.integration.casework.deaths import COLUMNS, Run, as_csv, rejects
from tests.trail import looks

pytestmark = pytest.mark.django_db


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
    assert not looks()


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
        if sql.startswith('INSERT INTO "register_decedent"') and '"age_years": 41,' in params[0]:
            sql = sql.replace("INSERT INTO", "INSERT INTO nowhere.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuses):
        said = run([{"Age": "40"}, {"Age": "41"}, {"Age": "42"}], file=file)
    assert "2 imported, 0 imported before, 1 rejected" in said
    assert rejects(file)[0][0] == "2"
    assert sorted(Case.objects.values_list("decedent_section__age_years", flat=True)) == [40, 42]
