"""No search for garbage while a step of a release makes millions of small things and keeps nearly all of them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let nobody look for circles of garbage in here; it took a tenth of a build and found next to nothing.

    Things that nobody holds go at once, as always, and what a step holds goes when it ends.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
