"""What a release decides about counting, as one value that is printed with its figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices that the field left open.

    ``count_possible``: possible contributions count in the measure ``any``. ``alcohol_ignored``: alcohol beside one
    other substance does not stop that substance from being the sole one. ``selection_d`` and ``nl_broad``: group code
    -> whether a group that is still to be confirmed is on the list; a group left out stays undetermined.
    """

    count_possible: bool = False
    alcohol_ignored: bool = False
    selection_d: Mapping[str, bool] = field(default_factory=dict)
    nl_broad: Mapping[str, bool] = field(default_factory=dict)


DEFAULT = Settings()
