"""What a test leaves behind in its process for whatever runs after it, named at the end of the run.

A test that fails only after another one is hard to find; this says which other one it was. It fails no test, because a
library that is imported for the first time may change such a thing for good.
"""

import csv
import locale
import os
import signal
import socket
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

LEFT = "left behind"
# What pytest itself changes at every step.
OF_PYTEST = {"PYTEST_CURRENT_TEST"}


def _state() -> dict[str, Any]:
    return {
        "the limit of a csv cell": csv.field_size_limit(),
        "the locale": locale.setlocale(locale.LC_ALL),
        "the working folder": os.getcwd(),  # noqa: PTH109 - compared, not used
        "the patience of sockets": socket.getdefaulttimeout(),
        "the number of filters for warnings": len(warnings.filters),
        **{
            f"the answer to {one.name}": signal.getsignal(one)
            for one in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)
        },
        **{f"the variable {name}": value for name, value in os.environ.items() if name not in OF_PYTEST},
    }


@pytest.fixture(autouse=True)
def left_behind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Compare the process before and after; what differs goes with the report of the test."""
    before = _state()
    yield
    monkeypatch.undo()  # what a test set for its own time alone is not left behind
    after = _state()
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if changed:
        request.node.user_properties.append((LEFT, ", ".join(changed)))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each test that left something behind."""
    ended = [
        report
        for kind in terminalreporter.stats.values()
        for report in kind
        if getattr(report, "when", "") == "teardown"
    ]
    found = [(report.nodeid, value) for report in ended for name, value in report.user_properties if name == LEFT]
    if found:
        terminalreporter.section("left behind in the process")
    for nodeid, changed in found:
        terminalreporter.line(f"{nodeid} changed {changed}")
