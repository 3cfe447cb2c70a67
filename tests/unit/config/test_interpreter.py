"""Which Python makes the environment."""

import sys
from pathlib import Path

import pytest

from config.local import interpreter

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
RUNNING = getattr(sys, "_base_executable", sys.executable)
SLOW, FAST = "'--enable-shared'", "'--enable-shared' '--enable-optimizations'"


@pytest.fixture
def of_the_machine(tmp_path: Path) -> Path:
    """A folder with a Python of this version that is complete."""
    _put(tmp_path, f'exec "{RUNNING}" "$@"')
    return tmp_path


def _put(folder: Path, script: str) -> None:
    python = folder / f"python{VERSION}"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)


def test_a_python_without_its_optimisations_gives_way_to_that_of_the_machine(of_the_machine: Path) -> None:
    chosen = interpreter.chosen({}, configuration=SLOW, folder=of_the_machine)
    assert chosen == str(of_the_machine / f"python{VERSION}")


def test_a_python_with_its_optimisations_is_used(of_the_machine: Path) -> None:
    assert interpreter.chosen({}, configuration=FAST, folder=of_the_machine) == RUNNING


def test_whoever_names_a_python_gets_that_one(of_the_machine: Path) -> None:
    assert interpreter.chosen({"PYTHON": RUNNING}, configuration=SLOW, folder=of_the_machine) == RUNNING


@pytest.mark.parametrize("script", ["exit 1", "echo 2.7", f"echo {VERSION}; echo more"])
def test_a_python_that_is_of_another_version_or_not_complete_is_left(tmp_path: Path, script: str) -> None:
    _put(tmp_path, script)
    assert interpreter.chosen({}, configuration=SLOW, folder=tmp_path) == RUNNING


def test_a_machine_without_a_python_of_its_own_has_the_one_that_runs(tmp_path: Path) -> None:
    assert interpreter.chosen({}, configuration=SLOW, folder=tmp_path) == RUNNING


@pytest.mark.parametrize("content", ["#!/nowhere/python\n", "\x7fELF"])
def test_a_file_that_this_machine_cannot_run_is_left(tmp_path: Path, content: str) -> None:
    python = tmp_path / f"python{VERSION}"
    python.write_text(content)
    python.chmod(0o755)
    assert interpreter.chosen({}, configuration=SLOW, folder=tmp_path) == RUNNING
