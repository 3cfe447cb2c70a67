"""Each promise of the register names a test that exists."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NAMED = re.compile(r"`((?:unit|integration|journeys)/[\w/]+\.py)::(test_\w+)`")
LINES = [
    line
    for line in (ROOT / "docs/security/promises.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| P")
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split("|")[1].strip())
def test_the_test_of_a_promise_exists(line: str) -> None:
    named = NAMED.findall(line)
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"


def test_what_is_scaled_is_done_in_full_in_a_soak() -> None:
    """``make soak`` chooses by mark: a test that scales without one would never run in full. A property has it."""
    unmarked = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if "from tests.scale import" in (text := path.read_text(encoding="utf-8"))
        and re.search(r"\bscaled\(", text)
        and not re.search(r"pytest\.mark\.scaled|@given\(", text)
    ]
    assert unmarked == []
