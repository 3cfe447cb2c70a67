"""A process of an earlier run is found again and ended; a stranger with the same number is left alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.local import processes
from config.local.processes import Mark

SLEEPER = "import time; print('here', flush=True); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]).wait()"


@pytest.fixture
def token() -> str:
    return f"test-{os.getpid()}"


@pytest.fixture
def sleeper(token: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A process with a child, as the leader of a session, that carries the token of a run."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        env={**os.environ, processes.TOKEN: token},
        start_new_session=True,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        for pid in processes.members(_marked(process, token)):
            os.kill(pid, signal.SIGKILL)


def _marked(process: "subprocess.Popen[bytes]", token: str) -> Mark:
    found = processes.mark("sleeper", process.pid, token=token, stop_signal=signal.SIGTERM)
    return found or Mark("gone", process.pid, 0, processes.boot_id(), token, signal.SIGTERM)


def test_a_running_process_lives_and_its_children_belong_to_it(sleeper: "subprocess.Popen[bytes]", token: str) -> None:
    marked = _marked(sleeper, token)
    assert processes.lives(marked)
    assert len(processes.members(marked)) == 2


def test_a_process_with_the_same_number_that_started_at_another_moment_is_a_stranger(
    sleeper: "subprocess.Popen[bytes]", token: str
) -> None:
    stranger = replace(_marked(sleeper, token), started=1, token="another run")
    assert not processes.lives(stranger)
    processes.stop(stranger, patience=0)
    assert sleeper.poll() is None


def test_a_process_of_before_the_last_boot_is_a_stranger(sleeper: "subprocess.Popen[bytes]", token: str) -> None:
    stranger = replace(_marked(sleeper, token), boot="another boot")
    assert not processes.lives(stranger)
    assert processes.members(stranger) == []


def test_children_are_ended_although_their_leader_was_killed(sleeper: "subprocess.Popen[bytes]", token: str) -> None:
    marked = _marked(sleeper, token)
    sleeper.kill()
    sleeper.wait()
    assert len(processes.members(marked)) == 1
    processes.stop(marked, patience=5)
    assert processes.members(marked) == []


def test_orphans_of_an_earlier_run_are_stopped_and_the_record_goes(
    sleeper: "subprocess.Popen[bytes]", token: str, tmp_path: Path
) -> None:
    record = tmp_path / "processes.json"
    processes.save(record, [_marked(sleeper, token)])
    assert processes.stop_orphans(record, patience=0.2) == ["sleeper"]
    assert sleeper.wait(5) != 0
    assert not record.exists()


@pytest.mark.parametrize("content", ["", "{", '[{"name": "x"}]', "\x00"])
def test_a_record_that_was_cut_off_holds_no_marks(content: str, tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    record.write_text(content)
    assert processes.load(record) == []


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    marks = [Mark("a (b) c", 12, 345, "boot", "token", 15)]
    processes.save(tmp_path / "processes.json", marks)
    assert processes.load(tmp_path / "processes.json") == marks


def test_a_process_is_found_by_the_folder_it_works_in(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEPER], cwd=tmp_path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = processes.processes_in(tmp_path)
        process.kill()
    assert found == [process.pid]


def test_a_process_with_a_handler_is_told_from_one_without() -> None:
    assert processes.would_handle(os.getpid(), signal.SIGINT)
    assert not processes.would_handle(os.getpid(), signal.SIGURG)
