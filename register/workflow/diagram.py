"""State diagrams and tables for the documentation, generated from the tables that the register runs on.

``python -m register.workflow.diagram`` writes ``docs/generated/case-states.md`` and ``release-states.md``;
with ``--check`` it writes nothing and ends with status 1 when a page differs from the tables.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from register.workflow.case_transitions import CASE_FLOW, CaseState
from register.workflow.case_transitions import OWNERS as CASE_OWNERS
from register.workflow.labels import Labelled
from register.workflow.release_transitions import OWNERS as RELEASE_OWNERS
from register.workflow.release_transitions import RELEASE_FLOW, ReleaseState
from register.workflow.roles import Role
from register.workflow.transitions import Flow, Transition

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "generated"
COMMAND = "python -m register.workflow.diagram"

State = TypeVar("State", bound=Labelled)
Facts = TypeVar("Facts")


def page(
    title: str, flow: Flow[State, Facts], states: Iterable[State], owners: Mapping[State, tuple[Role, ...]]
) -> str:
    """One page of Markdown: the diagram, the states with their owners, and the moves with their guards."""
    return "\n".join(
        (
            f"# {title}",
            "",
            f"Generated from the transition table by `{COMMAND}`; do not edit.",
            "",
            "```mermaid",
            *_diagram(flow, states),
            "```",
            "",
            "## States",
            "",
            "| Code | Dutch | English | Acts next |",
            "|---|---|---|---|",
            *(f"| `{state}` | {state.nl} | {state.en} | {_owners(owners[state])} |" for state in states),
            "",
            "## Moves",
            "",
            "| Move | From | To | Verb | Asked of the actor | Guards | Why |",
            "|---|---|---|---|---|---|---|",
            *(_row(transition) for transition in flow.table),
            "",
        )
    )


def _diagram(flow: Flow[State, Facts], states: Iterable[State]) -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in states:
        yield f'    state "{state.nl} / {state.en}" as {state}'
    yield f"    [*] --> {flow.initial}: start"
    for transition in flow.table:
        for source in transition.sources:
            yield f"    {source} --> {transition.target}: {transition.name}"
    for state in states:
        if not flow.possible(state):
            yield f"    {state} --> [*]"


def _row(transition: Transition[State, Facts]) -> str:
    cells = (
        f"`{transition.name}`",
        ", ".join(f"`{source}`" for source in transition.sources),
        f"`{transition.target}`",
        f"`{transition.by}`" if transition.by else "automatic",
        transition.reason.en if transition.reason else "–",
        " ".join(_sentence(guard) for guard in transition.guards) or "–",
        transition.why,
    )
    return f"| {' | '.join(cells)} |"


def _sentence(guard: Callable[..., object]) -> str:
    return (guard.__doc__ or guard.__name__).splitlines()[0]


def _owners(roles: tuple[Role, ...]) -> str:
    return ", ".join(role.en for role in roles) or "nobody: finished"


def pages() -> Mapping[str, str]:
    """File name -> text of every generated page."""
    return {
        "case-states.md": page("States of a case", CASE_FLOW, tuple(CaseState), CASE_OWNERS),
        "release-states.md": page("States of a release", RELEASE_FLOW, tuple(ReleaseState), RELEASE_OWNERS),
    }


def stale(folder: Path) -> list[Path]:
    """The pages in ``folder`` that are missing or differ from the tables."""
    return [
        folder / name
        for name, text in pages().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def write(folder: Path) -> None:
    """Write every page into ``folder``, made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    parser = argparse.ArgumentParser(prog=COMMAND, description="State diagrams from the transition tables.")
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 when a page is out of date")
    if not parser.parse_args(arguments).check:
        write(folder)
        return 0
    outdated = stale(folder)
    for path in outdated:
        sys.stderr.write(f"{path} differs from the transition tables; run `{COMMAND}`.\n")
    return 1 if outdated else 0


if __name__ == "__main__":
    raise SystemExit(main())
