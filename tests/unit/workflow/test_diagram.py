from pathlib import Path

import pytest

from register.workflow import diagram
from register.workflow.case_transitions import TRANSITIONS, CaseState
from register.workflow.release_transitions import ReleaseState


def test_the_pages_in_the_documentation_are_those_of_the_tables() -> None:
    assert diagram.stale(diagram.FOLDER) == []


def test_a_page_that_was_edited_by_hand_fails_the_check_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diagram.write(tmp_path)
    assert diagram.main(["--check"], folder=tmp_path) == 0
    page = tmp_path / "case-states.md"
    page.write_text(page.read_text(encoding="utf-8") + "and more\n", encoding="utf-8")
    assert diagram.main(["--check"], folder=tmp_path) == 1
    assert "case-states.md" in capsys.readouterr().err
    assert diagram.main([], folder=tmp_path) == 0
    assert diagram.main(["--check"], folder=tmp_path) == 0


def test_a_missing_page_fails_the_check(tmp_path: Path) -> None:
    assert diagram.main(["--check"], folder=tmp_path / "generated") == 1


def test_the_diagram_draws_every_state_and_every_move() -> None:
    pages = diagram.pages()
    for state in CaseState:
        assert f'state "{state.nl} / {state.en}" as {state}' in pages["case-states.md"]
    for state in ReleaseState:
        assert f'state "{state.nl} / {state.en}" as {state}' in pages["release-states.md"]
    for row in TRANSITIONS:
        for source in row.sources:
            assert f"    {source} --> {row.target}: {row.name}\n" in pages["case-states.md"]
