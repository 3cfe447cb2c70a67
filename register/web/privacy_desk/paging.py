"""Pages of events by key: the next page begins after the last event of this one, however many came meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass

from register.audit import reading
from register.audit.reading import Look, Which

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some events; ``older`` is the number after which the next page begins, None on the last page."""

    looks: list[Look]
    older: int | None
    first: bool

    @classmethod
    def of(cls, which: Which, *, before: int | None) -> "Page":
        found = reading.looks(which, before=before, limit=SHOWN + 1)
        shown = found[:SHOWN]
        return cls(shown, shown[-1].id if len(found) > SHOWN else None, before is None)


def chosen_before(values: Mapping[str, str]) -> int | None:
    """The number of the event before which a page was asked for."""
    text = values.get("voor", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
