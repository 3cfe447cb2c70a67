"""Why a change of an account, an invitation or a token did not happen; nothing was stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from register.access.permission import Allowed, Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what a person asked for, at the field where it can be mended."""

    field: str
    nl: str
    en: str


class RefusedError(Exception):
    """The person may not do this."""

    def __init__(self, *, code: str, nl: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.nl = nl
        self.en = en

    @classmethod
    def of(cls, refused: Refused) -> Self:
        return cls(code=refused.code, nl=refused.nl, en=refused.en)


def refuse_unless(verdict: Allowed | Refused) -> None:
    """Go on when the person may; else raise RefusedError with the sentence."""
    if isinstance(verdict, Refused):
        raise RefusedError.of(verdict)


class InvalidError(Exception):
    """What a person asked for cannot be; ``faults`` names everything that is wrong at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.en for fault in faults))
        self.faults = tuple(faults)


class StaleError(Exception):
    """Somebody else changed the account or the invitation since the person saw it."""

    nl = "Een ander heeft dit intussen gewijzigd. Bekijk het opnieuw; wat u typte, staat er nog."
    en = "Somebody else has changed this meanwhile. Look at it again; what you typed is still here."


class NotFoundError(Exception):
    """There is no such account, invitation or token."""


class ClosedError(Exception):
    """The invitation cannot be accepted any more: it was used, revoked, sent again, or came to its end."""
