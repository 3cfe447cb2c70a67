"""What reporting refuses, in one sentence in Dutch and one in English."""

from collections.abc import Sequence
from dataclasses import dataclass

from register.workflow.transitions import Obstacle


class RefusedError(Exception):
    """The person may not do this, or the release does not allow it now; ``obstacles`` name what stands in the way."""

    def __init__(self, *, code: str, nl: str, en: str, obstacles: Sequence[Obstacle] = ()) -> None:
        super().__init__(en)
        self.code = code
        self.nl = nl
        self.en = en
        self.obstacles = tuple(obstacles)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what a person asked for, at the field where it can be mended."""

    field: str
    nl: str
    en: str


class InvalidError(Exception):
    """What a person asked for cannot be; ``faults`` names everything that is wrong at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.en for fault in faults))
        self.faults = tuple(faults)


class StaleError(Exception):
    """Somebody else changed the release since the person saw it; ``current`` is its version now."""

    def __init__(self, *, current: int) -> None:
        self.nl = "Een ander heeft deze publicatie intussen gewijzigd. Bekijk haar opnieuw."
        self.en = "Somebody else has changed this release meanwhile. Look at it again."
        self.current = current
        super().__init__(self.en)


class NotFoundError(Exception):
    """There is no such release for this person."""

    nl = "Deze publicatie bestaat niet."
    en = "There is no such release."


class BuildError(Exception):
    """The release cannot be built from the cases as they are; nothing leaves."""

    def __init__(self, *, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl = nl
        self.en = en
