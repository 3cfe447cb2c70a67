"""The actor of a write, in the transaction and in Python at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.db import connection, transaction

from register.models import User
from register.models.actor import Actor, current

SYSTEM_ROLE = "system"


def current_actor() -> Actor | None:
    """Who acts now, or nobody."""
    return current.get()


@contextmanager
def acting_as(who: User | str, *, reason: str = "", trace: UUID | None = None) -> Iterator[Actor]:
    """Open a transaction in which ``who`` writes.

    ``who`` is a user, or a name such as ``system:relay`` or ``import:connecticut`` for work without a person. Inside
    another ``acting_as`` the inner actor holds until its end; a reason or trace not given is taken from the outer one
    when the actor is the same. The setting is local to the transaction, so no pooled connection carries it on.
    """
    outer = current.get()
    actor = _actor(who, reason, trace, outer)
    inside = connection.in_atomic_block
    with transaction.atomic():
        _tell_database(actor)
        token = current.set(actor)
        try:
            yield actor
            # Committing or rolling back the outermost transaction ends the setting by itself.
            if inside and not connection.needs_rollback:
                _tell_database(outer)
        finally:
            current.reset(token)


def _actor(who: User | str, reason: str, trace: UUID | None, outer: Actor | None) -> Actor:
    user: User | None
    if isinstance(who, User):
        name, role, user = str(who.pk), who.role, who
    else:
        name, role, user = who, SYSTEM_ROLE, outer.user if outer else None
    inherited = outer if outer is not None and outer.name == name else None
    return Actor(
        name=name,
        role=role,
        user=user,
        reason=reason or (inherited.reason if inherited else ""),
        trace=trace or (outer.trace if outer else uuid4()),
    )


def _tell_database(actor: Actor | None) -> None:
    values = (actor.name, actor.role, str(actor.trace), actor.reason) if actor else ("", "", "", "")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.actor', %s, true), set_config('app.role', %s, true),"
            " set_config('app.trace', %s, true), set_config('app.reason_text', %s, true)",
            values,
        )
