"""Why a write did not happen, or not whole. Each carries its sentence in both languages."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from register.access import Allowed, Refused
from register.casework.seen import Conflict
from register.models import Case
from register.quality.problems import Problem
from register.workflow.transitions import Obstacle


class SaidNo(Protocol):
    """What a refusal of the access room and one of the workflow room have in common."""

    @property
    def code(self) -> str: ...
    @property
    def nl(self) -> str: ...
    @property
    def en(self) -> str: ...


class CaseworkError(Exception):
    """A write that did not happen, with the sentence that says why."""

    def __init__(self, code: str, nl: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.nl = nl
        self.en = en


class RefusedError(CaseworkError):
    """The person may not, or the case cannot be moved; ``obstacles`` name every thing in the way."""

    def __init__(self, code: str, nl: str, en: str, obstacles: Sequence[Obstacle] = ()) -> None:
        super().__init__(code, nl, en)
        self.obstacles = tuple(obstacles)

    @classmethod
    def of(cls, refused: SaidNo) -> "RefusedError":
        return cls(refused.code, refused.nl, refused.en, getattr(refused, "obstacles", ()))


def refuse_unless(verdict: Allowed | Refused) -> None:
    """Go on when the person may; else raise RefusedError with the sentence."""
    if isinstance(verdict, Refused):
        raise RefusedError.of(verdict)


class NotFoundError(CaseworkError):
    """There is no such row, or the person may not know of it."""

    def __init__(self) -> None:
        super().__init__("not_found", "Deze zaak is niet gevonden.", "This case was not found.")


class StaleError(CaseworkError):
    """Somebody changed the case since the person saw it. ``current`` is the case as it is now."""

    def __init__(self, current: Case) -> None:
        super().__init__(
            "stale",
            "Deze zaak is intussen gewijzigd. Bekijk de wijziging en sla opnieuw op.",
            "This case was changed in the meantime. Look at the change and save again.",
        )
        self.current = current


class ConflictError(CaseworkError):
    """Somebody else answered the same question since the person saw it. What did not conflict is stored.

    ``current`` is the case as it is now.
    """

    def __init__(self, current: Case, conflicts: Sequence[Conflict]) -> None:
        super().__init__(
            "conflict",
            "Een ander heeft intussen een ander antwoord gegeven. Kies welk antwoord blijft staan.",
            "Somebody else gave another answer in the meantime. Choose which answer stands.",
        )
        self.current = current
        self.conflicts = tuple(conflicts)


class InvalidError(CaseworkError):
    """Answers that cannot be read; ``problems`` holds one sentence for each field."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        first = next(iter(problems.values()))
        super().__init__("invalid", first.nl, first.en)
        self.problems = dict(problems)
