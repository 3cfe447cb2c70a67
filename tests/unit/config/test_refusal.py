"""What goes wrong on a machine becomes one sentence that says what to do."""

import errno
from pathlib import Path

import pytest

from config.local.refusal import CannotRunError, cause_in, explained, last_line, sentence_for, sentence_for_os_error

FOLDER = Path("/srv/register")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('initdb: error: could not write file "x": No space left on device', "The disk is full"),
        ("MISCONF Errors writing to the AOF file", "The disk is full"),
        ("open(): Read-only file system", "make it writable"),
        ("FATAL: could not map anonymous shared memory: Cannot allocate memory", "too little memory"),
        ("initdb: error while loading shared libraries: libpq.so.5: cannot open", "The library libpq.so.5 is missing"),
        ("FATAL: database files are incompatible with server", "another version of PostgreSQL"),
        ("could not open /srv/register/pg: Permission denied", "may not write /srv/register"),
    ],
)
def test_a_known_symptom_has_its_own_sentence(said: str, sentence: str) -> None:
    assert sentence in (sentence_for(said, folder=FOLDER) or "")


def test_an_unknown_symptom_has_none() -> None:
    assert sentence_for("everything is fine", folder=FOLDER) is None


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.ENOTDIR, errno.EIO])
def test_a_refused_file_operation_is_one_sentence_that_names_the_folder(number: int) -> None:
    sentence = sentence_for_os_error(OSError(number, "reason"), folder=FOLDER)
    assert str(FOLDER) in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_the_cause_is_the_last_error_a_program_named() -> None:
    said = "Traceback:\n  File x\na.b.ImproperlyConfigured: SECRET_KEY is not set.\nShutting down\n"
    assert cause_in(said) == "SECRET_KEY is not set"


def test_the_cause_of_a_server_is_what_it_calls_fatal() -> None:
    assert cause_in("2026 UTC [1] FATAL:  the port is taken\n2026 UTC [1] LOG:  shut down\n") == "the port is taken"


def test_without_a_named_cause_the_last_words_count() -> None:
    assert cause_in("one\n\x1b[31mtwo.\x1b[0m\n\n") == "two"
    assert last_line(" \n") == "it said nothing"


@pytest.mark.parametrize("error", [CannotRunError("The disk is full."), OSError(errno.ENOSPC, "full")])
def test_a_refusal_ends_the_process_with_status_1_and_its_sentence(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> int:
        raise error

    with pytest.raises(SystemExit) as ended:
        explained(refuse, folder=FOLDER)
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("The disk is full")


def test_a_verb_that_works_ends_with_its_own_status() -> None:
    with pytest.raises(SystemExit) as ended:
        explained(lambda: 3, folder=FOLDER)
    assert ended.value.code == 3
