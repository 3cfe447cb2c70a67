"""How much a test does: a little in each run of the suite, all of it in a soak."""

import os

SOAK_EDITS = "REGISTER_SOAK_EDITS"


def scaled(name: str, small: int, full: int) -> int:
    """``small``, or in a soak ``full``; the variable ``name`` in the environment asks for a number of its own.

    A soak is a run in which REGISTER_SOAK_EDITS is set: its number holds for the edits, and the rest is done in full.
    """
    if asked := os.environ.get(name):
        return int(asked)
    return full if os.environ.get(SOAK_EDITS) else small
