"""Where the files of one table go: none in the place of another, all of them or none, with no register at all."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "counts.csv": "age,count\na,2\nb,8\nc,6\n",
    "hierarchies.csv": "dimension,code,parent\nage,_T,\nage,a,_T\nage,b,_T\nage,c,_T\n",
    "keep.csv": "age\n_T\n",
}
PLACES = {"--output": "out.csv", "--certificate": "proof.json", "--explain": "why.json", "--report": "report.json"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def refusal(folder: Path, options: dict[str, str]) -> str:
    """Protect the folder with its list; return why that was refused."""
    places = [word for option, name in options.items() for word in (option, str(folder / name))]
    with pytest.raises(CommandError) as refused:
        call_command("protect_table", str(folder), "--keep", str(folder / "keep.csv"), *places, stdout=StringIO())
    assert refused.value.returncode == 2
    return str(refused.value)


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("option", PLACES)
@pytest.mark.parametrize("taken", [*FILES, "out.csv", "proof.json", "./why.json", "gone/../report.json"])
def test_no_file_takes_the_place_of_another_or_of_what_is_read(folder: Path, option: str, taken: str) -> None:
    (folder / "gone").mkdir()
    if Path(taken).name == PLACES[option]:
        option = "--certificate" if option == "--output" else "--output"
    told = refusal(folder, {**PLACES, option: taken})
    assert told.endswith("is another file of this command too; give each a place of its own.")
    assert content(folder) == FILES


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_link_is_the_file_that_it_leads_to(folder: Path, link: Callable[[Path, Path], None]) -> None:
    link(folder / "counts.csv", folder / "report.json")
    assert "is another file" in refusal(folder, PLACES)
    assert content(folder) == {**FILES, "report.json": FILES["counts.csv"]}


@pytest.mark.parametrize("option", PLACES)
def test_what_is_no_file_is_refused_before_anything_is_written(folder: Path, option: str) -> None:
    (folder / "place").mkdir()
    assert refusal(folder, {**PLACES, option: "place"}) == f"{folder / 'place'} is not a file."
    assert refusal(folder, {**PLACES, option: "nowhere/x"}) == f"There is no folder {folder / 'nowhere'}."
    assert "long" in refusal(folder, {**PLACES, option: "x" * 300})
    assert content(folder) == FILES


@pytest.mark.parametrize("option", PLACES)
def test_what_cannot_be_written_leaves_nothing_of_the_others(folder: Path, option: str) -> None:
    (folder / f".{PLACES[option]}.new").mkdir()
    assert PLACES[option] in refusal(folder, PLACES)
    assert content(folder) == FILES


def test_both_commands_need_no_register(folder: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "STATE_DIR": str(folder / "state")}
    verbs = (
        ("protect_table", folder, "--output", folder / "out.csv", "--certificate", folder / "proof.json"),
        ("verify_certificate", folder, folder / "out.csv", folder / "proof.json"),
    )
    for verb, sentence in zip(verbs, ("alternatives prove it", "proves the protection"), strict=True):
        line = [sys.executable, "manage.py", *map(str, verb)]
        ended = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert sentence in ended.stdout
