"""What a person saw when they wrote, and where somebody else wrote the same answer in the meantime."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from register.models import User
from register.quality.answers import Answer


class Seen(int):
    """The version of the case that a form showed, which is a number like any other.

    ``older`` holds the answers for which the person still has to choose, with the version at which they gave theirs;
    ``theirs`` those for which they chose the answer of somebody else; both by the name of a conflict. ``only_changed``
    says that the form sent only answers that the person changed.
    """

    older: Mapping[str, int]
    theirs: frozenset[str]
    only_changed: bool

    def __new__(
        cls,
        version: int,
        *,
        older: Mapping[str, int] | None = None,
        theirs: Iterable[str] = (),
        only_changed: bool = False,
    ) -> Self:
        seen = super().__new__(cls, version)
        seen.older, seen.theirs, seen.only_changed = older or {}, frozenset(theirs), only_changed
        return seen

    @classmethod
    def of(cls, version: int) -> "Seen":
        return version if isinstance(version, Seen) else cls(version)

    def at(self, version: int) -> "Seen":
        """The same choices at another version."""
        return Seen(version, older=self.older, theirs=self.theirs, only_changed=self.only_changed)

    def of_answer(self, name: str) -> int:
        """The version that the person saw when they gave this answer."""
        return min(self, self.older.get(name, self))


@dataclass(frozen=True, slots=True)
class Conflict:
    """One question to which two people gave another answer: ``mine`` was not stored, ``theirs`` is.

    ``row`` is the key of the row, empty for a question that is asked once. ``by`` None: the register itself.
    """

    key: str
    row: str
    mine: Answer
    theirs: Answer
    seen: int
    by: User | None
    at: datetime | None

    @property
    def name(self) -> str:
        return conflict_name(self.key, self.row)


def conflict_name(key: str, row: str) -> str:
    """The name under which a form sends the choice."""
    return f"{key}@{row}" if row else key
