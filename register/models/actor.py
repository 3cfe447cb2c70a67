"""Who is acting. The value lives in a context variable beside the same value in the database session.

Only ``audit.acting_as`` sets it; models read it so that the readable history names the person.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from register.models.people import User


@dataclass(frozen=True, slots=True)
class Actor:
    """Who writes, in which role, why, and in the course of which request or task."""

    name: str
    role: str
    trace: UUID
    reason: str = ""
    user: "User | None" = None


class WriteWithoutActorError(Exception):
    """A write was tried outside ``audit.acting_as``."""


current: ContextVar[Actor | None] = ContextVar("register_actor", default=None)


def require() -> Actor:
    actor = current.get()
    if actor is None:
        raise WriteWithoutActorError("A write needs an actor: wrap it in audit.acting_as(...).")
    return actor


def history_user(instance: object, request: object = None, **_: object) -> "User | None":
    """The person that simple-history writes beside a row; a named system actor has no user."""
    actor = current.get()
    return actor.user if actor else None
