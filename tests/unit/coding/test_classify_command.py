"""``python -m register.coding.classify``: from a file of deaths to a file of outcomes."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from register.coding import csv_files
from register.coding.classify import main

HEADER = "case,intent,relation,inclusion,substances,ucod,t_codes"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "facts.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


def run(source: Path, *options: str) -> tuple[int, Path]:
    target = source.parent / "out.csv"
    return main([str(source), "--output", str(target), *options]), target


def outcome(folder: Path, *lines: str) -> list[dict[str, str]]:
    status, target = run(write(folder, *lines))
    assert status == 0
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_row_gives_its_outcomes_its_suggestion_and_its_reasons(tmp_path: Path) -> None:
    rows = outcome(
        tmp_path,
        "a,accident,direct,confirmed,heroin:joint_cause;mdma:joint_cause;ethanol:present_no_contribution,,",
        "b,suicide,direct,probable,oxycodone:sole_cause:prescribed,x620,T402; T42.4",
        "c,,direct,confirmed,cocaine:sole_cause,,",
        "d,UNK,NASK,PEND,,,",
        "e,homicide,direct,confirmed,ghb:sole_cause,,",
    )
    assert [list(row.values())[:7] for row in rows] == [
        ["a", "yes", "yes", "yes", "X42", "T40.1;T43.6", "opioid"],
        ["b", "yes", "no", "yes", "X62", "T40.2", "opioid"],
        ["c", "undetermined", "undetermined", "undetermined", "", "T40.5", "cocaine"],
        ["d", "no", "no", "no", "", "", ""],
        ["e", "no", "undetermined", "yes", "X85", "T41.2", "other"],
    ]
    assert "sel_b B2 (suggested): Accidental poisoning: X42 with T40.1 and T43.6." in rows[0]["reasons"]
    assert "sel_d D4 (coded): Medicines only: oxycodone." in rows[1]["reasons"]


def test_the_header_of_the_output_is_the_agreed_one(tmp_path: Path) -> None:
    _, target = run(write(tmp_path))
    expected = "case,sel_b,sel_d,nl_broad,suggested_ucod,suggested_t_codes,primary_group,reasons\n"
    assert target.read_text(encoding="utf-8") == expected


def test_the_reasons_come_in_dutch_when_asked(tmp_path: Path) -> None:
    _, target = run(write(tmp_path, "a,accident,direct,confirmed,heroin:sole_cause,,"), "--language", "nl")
    assert "P3: Heroïne leidt: de doodsoorzaak (alleen)." in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("a,zelfmoord,direct,confirmed,heroin:sole_cause,,", "line 3: unknown intent 'zelfmoord'"),
        ("a,accident,dierct,confirmed,heroin:sole_cause,,", "unknown relation 'dierct' (did you mean 'direct'?)"),
        ("a,accident,direct,maybe,heroin:sole_cause,,", "line 3: unknown inclusion 'maybe'"),
        ("a,accident,direct,confirmed,heroine:sole_cause,,", "unknown substance 'heroine' (did you mean 'heroin'?)"),
        ("a,accident,direct,confirmed,heroin:cause,,", "line 3: unknown role 'cause'"),
        ("a,accident,direct,confirmed,heroin:sole_cause:street,,", "line 3: unknown origin 'street'"),
        ("a,accident,direct,confirmed,heroin,,", "line 3: substance 'heroin' is not written as code:role"),
        ("a,accident,direct,confirmed,heroin:,,", "line 3: substance 'heroin:' is not written as code:role"),
        ("a,accident,direct,confirmed,heroin:sole_cause:illicit:x,,", "is not written as code:role"),
        ("a,accident,direct,confirmed,heroin:sole_cause,X4,", "line 3: unknown ucod: 'X4' is not an ICD-10 code"),
        ("a,accident,direct,confirmed,heroin:sole_cause,X42,X42", "line 3: unknown t_code: 'X42'"),
        ("a,accident,direct,confirmed,heroin:sole_cause,X42,T40.1;T99", "line 3: unknown t_code: 'T99'"),
        ("a,accident,direct", "line 3: 3 columns where the header has 7"),
        ("a,accident,direct,confirmed,,,,", "line 3: 8 columns where the header has 7"),
        ('"a,accident', "is not proper CSV"),
    ],
)
def test_a_fault_names_line_and_code_and_leaves_no_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, fault: str
) -> None:
    status, target = run(write(tmp_path, "ok,accident,direct,confirmed,heroin:sole_cause,,", row))
    assert status == 1
    assert fault in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["facts.csv"]
    assert not target.exists()


def test_all_faults_are_told_at_once_up_to_twenty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = run(write(tmp_path, *(f"{n},oops,direct,confirmed,,," for n in range(25))))
    told = capsys.readouterr().err.splitlines()
    assert (status, len(told)) == (1, 21)
    assert told[-1] == "and 5 more"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (HEADER.replace(",", ";").encode() + b"\n", "separated by semicolons; separate them by commas"),
        (HEADER.replace(",", "\t").encode() + b"\n", "separated by tabs"),
        (b"case,intent\n1,accident\n", "the header lacks the columns relation, inclusion, substances, ucod, t_codes"),
        (HEADER.replace(",ucod", "").encode() + b"\n", "the header lacks the column ucod"),
        (HEADER.encode() + b",ucod\n", "the header has ucod twice"),
        (HEADER.encode() + b"\n1,acc\xe9,direct,confirmed,,,\n", "line 2 is not UTF-8 (byte 0xe9 at 6)"),
        (HEADER.encode("utf-16"), "the file is UTF-16; save it as UTF-8"),
        (HEADER.encode() + b"\n1,accident\0,direct,confirmed,,,\n", "line 2 holds a NUL byte"),
        (HEADER.encode() + b"\n" + b"x" * (csv_files.LONGEST_LINE + 10), "line 2 is longer than 1,000,000 bytes"),
        (HEADER.encode() + b"\n" + b"x" * 200_000 + b",,,,,,\n", "line 2: this is not proper CSV"),
    ],
)
def test_a_file_that_is_no_such_table_gets_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, fault: str
) -> None:
    source = tmp_path / "facts.csv"
    source.write_bytes(content)
    status, target = run(source)
    told = capsys.readouterr().err
    assert status == 1
    assert fault in told
    assert len(told.splitlines()) == 1
    assert not target.exists()


def test_a_cell_stays_too_long_where_another_library_lifted_the_limit_of_the_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = csv.field_size_limit(10_000_000)
    try:
        source = tmp_path / "facts.csv"
        source.write_bytes(HEADER.encode() + b"\n" + b"x" * 200_000 + b",,,,,,\n")
        status, target = run(source)
    finally:
        csv.field_size_limit(before)
    assert status == 1
    assert "line 2: this is not proper CSV" in capsys.readouterr().err
    assert not target.exists()


def test_a_byte_order_mark_windows_line_ends_blank_lines_and_other_columns_are_taken(tmp_path: Path) -> None:
    source = tmp_path / "facts.csv"
    text = f"note,{HEADER}\r\n\r\nx,a,accident,direct,confirmed,heroin:sole_cause,,\r\n,,,,,,,\r\n"
    source.write_bytes(b"\xef\xbb\xbf" + text.encode())
    status, target = run(source)
    assert status == 0
    assert target.read_text(encoding="utf-8").splitlines()[1].startswith("a,yes,yes,yes,X42,T40.1,opioid,")


def test_a_missing_file_a_missing_folder_and_a_device_get_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path, "a,accident,direct,confirmed,heroin:sole_cause,,")
    assert main([str(tmp_path / "none.csv"), "--output", str(tmp_path / "out.csv")]) == 1
    assert "cannot read" in capsys.readouterr().err
    assert main([str(good), "--output", str(tmp_path / "none" / "out.csv")]) == 1
    assert "cannot write" in capsys.readouterr().err
    assert main([str(good), "--output", "/dev/null"]) == 1
    assert "is not a regular file" in capsys.readouterr().err


def test_a_failed_run_leaves_the_earlier_output_as_it_was(tmp_path: Path) -> None:
    status, target = run(write(tmp_path, "a,accident,direct,confirmed,heroin:sole_cause,,"))
    before = target.read_bytes()
    failed, _ = run(write(tmp_path, "a,oops,direct,confirmed,heroin:sole_cause,,"))
    assert (status, failed) == (0, 1)
    assert target.read_bytes() == before


def test_the_module_runs_as_a_command_without_django(tmp_path: Path) -> None:
    source = write(tmp_path, "a,accident,direct,confirmed,heroin:sole_cause,,")
    command = [sys.executable, "-m", "register.coding.classify", str(source), "--output", str(tmp_path / "out.csv")]
    root = Path(csv_files.__file__).parents[2]
    done = subprocess.run(command, cwd=root, env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"1 cases classified, written to {tmp_path / 'out.csv'}\n"
