"""How much of a long test runs: a small number in ``make test``, the whole in ``make soak``."""

import os
from typing import Any

import pytest


def in_full() -> bool:
    """Whether this is a soak."""
    return bool(os.environ.get("REGISTER_SOAK"))


def scaled(name: str, *, small: int, full: int) -> int:
    """``REGISTER_SOAK_<NAME>`` when it is set, the whole in a soak, else the small number."""
    given = os.environ.get(f"REGISTER_SOAK_{name.upper()}", "")
    if given.isdigit():
        return int(given)
    return full if in_full() else small


def in_a_soak(*values: Any) -> Any:
    """One more way of a test that ``make test`` walks in another way already: only ``make soak`` walks it too."""
    return pytest.param(*values, marks=pytest.mark.soak)
