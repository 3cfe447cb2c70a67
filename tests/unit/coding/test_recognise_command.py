"""``python -m register.coding.recognise``: from a column of text to a file of codes."""

import subprocess
import sys
from pathlib import Path

import pytest

from register.coding import csv_files
from register.coding.recognise import main

HEADER = "Date,Cause of Death,Age\n"


def run(source: Path, column: str = "Cause of Death") -> tuple[int, Path]:
    target = source.parent / "out.csv"
    return main([str(source), "--column", column, "--output", str(target)]), target


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "deaths.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_each_row_gives_its_number_and_its_codes(tmp_path: Path) -> None:
    text = (
        HEADER
        + '1/1/2019,"Acute fentanyl, heroin and alprazolam intoxication",40\n'
        + "1/2/2019,Multiple Drug Toxicity,\n"
        + '1/3/2019,"Geen cocaïne;\nwel GHB",30\n'
        + ",,\n"
        + "1/4/2019,Ethanol,20\n"
    )
    status, target = run(write(tmp_path, text))
    assert status == 0
    assert target.read_text(encoding="utf-8") == "1,fentanyl;heroin;alprazolam\n2,\n3,ghb\n4,\n5,ethanol\n"


def test_a_mark_at_the_start_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    status, target = run(write(tmp_path, b"\xef\xbb\xbfCause of Death,x\r\nHeroin,1\r\n"))
    assert (status, target.read_text(encoding="utf-8")) == (0, "1,heroin\n")


def test_a_file_with_a_header_only_gives_an_empty_output(tmp_path: Path) -> None:
    status, target = run(write(tmp_path, HEADER))
    assert (status, target.read_text(encoding="utf-8")) == (0, "")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("Date,Age\n1,2\n", "the header lacks the column Cause of Death"),
        ("Date;Cause of Death;Age\n1;Heroin;2\n", "separated by semicolons"),
        ("Date\tCause of Death\n1\tHeroin\n", "separated by tabs"),
        (HEADER + "1,Heroin\n", "line 2: 2 columns where the header has 3"),
        (HEADER + "1,Heroin,2,3\n", "line 2: 4 columns where the header has 3"),
        (HEADER + '1,"Heroin,2\n', "not proper CSV"),
        (HEADER.encode() + b"1,Her\0in,2\n", "line 2 holds a NUL byte"),
        (HEADER.encode() + b"1,hero\xefne,2\n", "line 2 is not UTF-8"),
        (HEADER.encode("utf-16"), "UTF-16"),
        ("Cause of Death,Cause of Death\na,b\n", "twice"),
    ],
)
def test_a_faulty_file_gets_one_sentence_status_one_and_no_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, sentence: str
) -> None:
    status, target = run(write(tmp_path, content))
    said = capsys.readouterr().err
    assert status == 1
    assert sentence in said and said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["deaths.csv"], target


def test_a_line_beyond_measure_is_refused_before_it_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "LONGEST_LINE", 1000)
    status, target = run(write(tmp_path, HEADER + "1," + "heroin " * 200 + ",2\n"))
    assert (status, target.exists()) == (1, False)
    assert "line 2 is longer than 1,000 bytes" in capsys.readouterr().err


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for source in (tmp_path / "none.csv", tmp_path):
        assert main([str(source), "--column", "x", "--output", str(tmp_path / "out.csv")]) == 1
        assert "cannot read" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_gets_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path, HEADER + "1,Heroin,2\n")
    target = tmp_path / "no such folder" / "out.csv"
    assert main([str(source), "--column", "Cause of Death", "--output", str(target)]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_the_input_is_never_replaced_by_the_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path, HEADER + "1,Heroin,2\n")
    before = source.read_bytes()
    assert main([str(source), "--column", "Cause of Death", "--output", str(source)]) == 1
    assert "would replace the file itself" in capsys.readouterr().err
    assert source.read_bytes() == before


def test_an_earlier_output_stays_when_the_file_is_faulty(tmp_path: Path) -> None:
    earlier = tmp_path / "out.csv"
    earlier.write_text("1,heroin\n", encoding="utf-8")
    status, target = run(write(tmp_path, HEADER + "1,Heroin,2\n1,Cocaine\n"))
    assert (status, target.read_text(encoding="utf-8")) == (1, "1,heroin\n")


def test_the_module_runs_as_a_command_and_imports_no_django(tmp_path: Path) -> None:
    source = write(tmp_path, HEADER + "1,Heroin,2\n")
    code = (
        "import sys; from register.coding.recognise import main; "
        f"status = main([{str(source)!r}, '--column', 'Cause of Death', '--output', {str(tmp_path / 'o.csv')!r}]); "
        "sys.exit(status or any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    command = [sys.executable, "-m", "register.coding.recognise", str(source), "--column", "Nee", "--output", "o.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
