"""What the votes of a panel come to. They advise; the reviewer decides."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each verdict was given, the most frequent first."""

    counts: tuple[tuple[str, int], ...]

    @property
    def agreed(self) -> bool:
        """Everybody gave the same verdict."""
        return len(self.counts) == 1

    @property
    def leading(self) -> str | None:
        """The verdict that was given most often; None when two were, or nobody voted."""
        match self.counts:
            case ():
                return None
            case ((verdict, most), (_, second), *_) if most > second:
                return verdict
            case ((verdict, _),):
                return verdict
            case _:
                return None


def tally(verdicts: Sequence[str]) -> Tally:
    """Count the verdicts; of those that were given equally often the one that was given first comes first."""
    return Tally(tuple(Counter(verdicts).most_common()))
