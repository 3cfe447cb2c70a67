"""Who is acting. The value lives in a context variable beside the same value in the database session.

Only ``audit.acting_as`` sets it; models read it so that the readable history names the person.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from register.models.people import User


EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Where:
    """From where a person works: the address behind the trusted proxy, digests of the login and of the browser."""

    origin: str = ""
    login: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """A caller without a person, such as the token of an organisation. It meets no case row."""

    name: str
    role: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who works, in which role and regions, why, and in the course of which request or task.

    ``reason`` is what a person typed; ``doing`` and ``doing_nl`` name the act, so that a change of a submitted case has
    a reason also when nobody typed one. ``scope`` is ``all`` or empty: then only the rows of ``regions`` are there.
    ``emergency`` is the key of the emergency access under which they look: then one more case is there.
    """

    name: str
    role: str
    trace: UUID
    reason: str = ""
    user: "User | None" = None
    doing: str = ""
    doing_nl: str = ""
    scope: str = ""
    regions: tuple[str, ...] = ()
    purpose: str = ""
    emergency: str = ""
    where: Where = Where()

    @property
    def stated_reason(self) -> str:
        """What the trail is told: the act in words, and what was typed."""
        return ": ".join(part for part in (self.doing_nl, self.reason) if part)


class WriteWithoutActorError(Exception):
    """A write was tried outside ``audit.acting_as``."""


current: ContextVar[Actor | None] = ContextVar("register_actor", default=None)
# From where the request comes that is answered now, known before anybody is.
NOWHERE = Where()
here: ContextVar[Where] = ContextVar("register_place", default=NOWHERE)


def require() -> Actor:
    actor = current.get()
    if actor is None:
        raise WriteWithoutActorError("A write needs an actor: wrap it in audit.acting_as(...).")
    return actor


def history_user(instance: object, request: object = None, **_: object) -> "User | None":
    """The person that simple-history writes beside a row; a named system actor has no user."""
    actor = current.get()
    return actor.user if actor else None
