"""The commands that protect a folder and check a certificate, by their exit codes; neither needs a database."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

COUNTS = "age,sex,count\na,M,2\na,F,9\nb,M,8\nb,F,7\nc,M,6\nc,F,12\n"
HIERARCHIES = "dimension,code,parent\nage,_T,\nage,a,_T\nage,b,_T\nage,c,_T\nsex,_T,\nsex,M,_T\nsex,F,_T\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    (tmp_path / "hierarchies.csv").write_text(HIERARCHIES, encoding="utf-8")
    return tmp_path


def protect(folder: Path, *options: str) -> int:
    places = ["--output", str(folder / "out.csv"), "--certificate", str(folder / "proof.json")]
    try:
        call_command("protect_table", str(folder), *places, *options, stdout=StringIO())
    except CommandError as error:
        return error.returncode
    return 0


def test_a_protected_folder_is_written_and_its_certificate_holds(folder: Path) -> None:
    assert protect(folder, "--threshold", "5", "--attacker", "A2", "--report", str(folder / "report.json")) == 0
    call_command(
        "verify_certificate", str(folder), str(folder / "out.csv"), str(folder / "proof.json"), stdout=StringIO()
    )
    assert "a,M,,suppressed" in (folder / "out.csv").read_text(encoding="utf-8").splitlines()
    assert '"secondary": 3' in (folder / "report.json").read_text(encoding="utf-8")


def test_a_spoilt_table_is_refused_with_one(folder: Path) -> None:
    protect(folder)
    (folder / "out.csv").write_text("", encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        call_command("verify_certificate", str(folder), str(folder / "out.csv"), str(folder / "proof.json"))
    assert refusal.value.returncode == 1


def test_what_cannot_be_proven_leaves_nothing_on_disk(folder: Path) -> None:
    (folder / "keep.csv").write_text("age,sex\na,F\na,_T\n", encoding="utf-8")
    assert protect(folder, "--keep", str(folder / "keep.csv")) == 1
    assert not [path.name for path in folder.iterdir() if "out" in path.name or "proof" in path.name]


def test_bad_input_leaves_with_two(folder: Path) -> None:
    (folder / "counts.csv").write_text(COUNTS + "d,M,1\n", encoding="utf-8")
    report = folder / "report.json"
    assert protect(folder, "--report", str(report)) == 2
    assert "counts.csv, line 8: age has no code d." in report.read_text(encoding="utf-8")
    assert protect(folder, "--protection", "width:0") == 2


def test_a_waiver_and_weights_stand_in_the_report(folder: Path) -> None:
    (folder / "waivers.csv").write_text("age,sex,person,reason,day\na,M,A. de Wit,news,2026-01-02\n", encoding="utf-8")
    (folder / "weights.csv").write_text("age,sex,weight\n_T,*,10\n", encoding="utf-8")
    lists = ("--waivers", str(folder / "waivers.csv"), "--weights", str(folder / "weights.csv"))
    assert protect(folder, *lists, "--report", str(folder / "report.json")) == 0
    told = StringIO()
    call_command("verify_certificate", str(folder), str(folder / "out.csv"), str(folder / "proof.json"), stdout=told)
    assert "Small counts published by waiver: 1." in told.getvalue()
    assert "age a, sex M: A. de Wit, news, 2026-01-02" in told.getvalue()
    assert '"A. de Wit"' in (folder / "report.json").read_text(encoding="utf-8")
    assert "a,M,2,published" in (folder / "out.csv").read_text(encoding="utf-8").splitlines()


def test_the_two_people_are_told_what_it_cost_what_protects_what_and_what_a_coarser_table_gives(folder: Path) -> None:
    path = folder / "why.json"
    assert protect(folder, "--explain", str(path)) == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["table"] == {
        "cells": 12, "hidden": 4, "secondary": 3, "cells_hidden_percent": 33.3,
        "counts_hidden_percent": told["table"]["counts_hidden_percent"],
    }  # fmt: skip
    assert {row["code"]: row["hidden"] for row in told["codes"] if row["dimension"] == "sex"} == {
        "_T": 0,
        "M": 2,
        "F": 2,
    }
    small = {"age": "a", "sex": "M"}
    assert {"cell": {"age": "a", "sex": "F"}, "small": [small]} in told["protects"]
    assert {one["left_out"] for one in told["coarser"]} == {"dimension"}
    assert {one["dimension"]: one["opened"] for one in told["coarser"]} == {"age": 0, "sex": 0}
    assert "counts are whole numbers" in told["audit"]["en"][0]


def test_elimination_modulo_a_prime_tells_what_each_cell_would_give_away(folder: Path) -> None:
    path = folder / "why.json"
    assert protect(folder, "--method", "modular", "--explain", str(path)) == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert {"cell": {"age": "a", "sex": "F"}, "sum": [{"age": "a", "sex": "M"}]} in told["gives_away"]
    assert len(told["gives_away"]) == told["table"]["secondary"]


def test_groups_that_share_an_answer_and_counts_from_one_source_are_named_for_the_two_people(folder: Path) -> None:
    (folder / "counts.csv").write_text(COUNTS.replace("a,M,2\na,F,9\n", "a,F,9\n"), encoding="utf-8")
    path = folder / "why.json"
    asked = ("--sensitive", "sex", "--contributor", "age")
    assert protect(folder, *asked) == 2
    assert protect(folder, *asked, "--explain", str(path)) == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["alike"] == [{"cell": {"age": "a", "sex": "_T"}, "dimension": "sex", "code": "F", "others": 0}]
    assert told["dominated"] == []
    assert protect(folder, "--sensitive", "region", "--explain", str(path)) == 2
    assert protect(folder, "--sensitive", "sex", "--hide", "groups") == 1
    assert protect(folder, "--sensitive", "sex", "--hide", "groups", "--zeros", "hidden") == 0
    assert '"beyond"' in (folder / "proof.json").read_text(encoding="utf-8")
    assert protect(folder, "--sensitive", "sex", "--hide", "groups", "--protection", "reach") == 2


def treat(folder: Path, *options: str, output: str = "out.csv") -> int:
    try:
        call_command("protect_table", str(folder), "--output", str(folder / output), *options, stdout=StringIO())
    except CommandError as error:
        return error.returncode
    return 0


def cells_of(path: Path) -> dict[tuple[str, str], int]:
    rows = [row.split(",") for row in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {(age, sex): int(value) for age, sex, value, _ in rows}


@pytest.mark.parametrize("treatment", ["round", "controlled"])
@pytest.mark.parametrize("base", ["3", "5"])
def test_a_table_is_rounded_from_the_command_line_and_still_adds_up(folder: Path, treatment: str, base: str) -> None:
    report = folder / "report.json"
    assert treat(folder, "--treatment", treatment, "--base", base, "--report", str(report)) == 0
    cells = cells_of(folder / "out.csv")
    for age in ("_T", "a", "b", "c"):
        assert cells[age, "_T"] == cells[age, "M"] + cells[age, "F"]
    for sex in ("_T", "M", "F"):
        assert cells["_T", sex] == cells["a", sex] + cells["b", sex] + cells["c", sex]
    assert not [value for value in cells.values() if 0 < value < int(base)]
    assert json.loads(report.read_text(encoding="utf-8"))["largest"] < 2 * int(base)


def test_noise_comes_from_the_records_and_a_secret(folder: Path) -> None:
    rows = [row.split(",") for row in COUNTS.splitlines()[1:]]
    records = [f"{age},{sex},{age}{sex}{n}" for age, sex, count in rows for n in range(int(count))]
    (folder / "records.txt").write_text("\n".join(["age,sex,record", *records]) + "\n", encoding="utf-8")
    (folder / "secret").write_bytes(bytes(range(32)))
    asked = ("--treatment", "noise", "--records", str(folder / "records.txt"), "--secret", str(folder / "secret"))
    assert treat(folder, *asked) == 0
    first = (folder / "out.csv").read_bytes()
    assert treat(folder, *asked) == 0
    assert (folder / "out.csv").read_bytes() == first
    assert all(abs(value - 9) <= 8 for at, value in cells_of(folder / "out.csv").items() if at == ("a", "F"))
    assert treat(folder, *asked[:4]) == 2
    (folder / "secret").write_bytes(b"short")
    assert treat(folder, *asked) == 2


def test_exact_and_treated_numbers_of_one_table_are_never_written_side_by_side(folder: Path) -> None:
    assert protect(folder) == 0
    for treatment in ("round", "controlled"):
        assert treat(folder, "--treatment", treatment, output="other.csv") == 2
    assert not (folder / "other.csv").exists()
    (folder / "out.csv").unlink()
    assert treat(folder, "--treatment", "round", output="other.csv") == 0
    report = folder / "report.json"
    assert protect(folder, "--report", str(report)) == 2
    assert "other.csv in the same folder publishes this table in another way" in report.read_text(encoding="utf-8")
    assert not (folder / "out.csv").exists()


def test_what_belongs_to_hiding_is_refused_beside_another_treatment(folder: Path) -> None:
    assert treat(folder) == 2
    assert treat(folder, "--treatment", "round", "--certificate", str(folder / "proof.json")) == 2
    assert treat(folder, "--treatment", "round", "--marks") == 2
    assert treat(folder, "--treatment", "round", "--base", "4") == 2
    assert treat(folder, "--treatment", "controlled", "--base", "1") == 2


def test_what_is_asked_of_no_dimension_is_refused_and_not_left_undone_in_silence(folder: Path) -> None:
    for asked in (("--hide", "groups"), ("--hide", "dominated"), ("--hide", "groups", "--contributor", "age")):
        assert protect(folder, *asked) == 2
    assert not (folder / "out.csv").exists()


def test_a_report_that_has_no_folder_is_told_before_anything_is_written(folder: Path) -> None:
    assert protect(folder, "--report", str(folder / "nowhere" / "report.json")) == 2
    assert not (folder / "out.csv").exists()


def test_the_exact_way_says_how_near_it_came_to_the_least_that_is_safe(folder: Path) -> None:
    told = StringIO()
    places = ("--output", str(folder / "out.csv"), "--certificate", str(folder / "proof.json"))
    call_command("protect_table", str(folder), *places, "--method", "exact", "--cost", "cells", stdout=told)
    assert "It costs 3; no safe pattern costs less than 3: nothing safe costs less." in told.getvalue()
