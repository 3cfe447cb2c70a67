"""The actor of a transaction, in Python and in the database session at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.db import connection, transaction

from register.models import User
from register.models.actor import EVERYWHERE, Actor, Machine, Where, current, here, require
from register.models.planned import planned_cursor
from register.workflow.roles import EMERGENCY, PURPOSES, SEES_EVERY_REGION, SEES_ITS_REGION, Role
from register.workflow.verbs import Verb

SYSTEM_ROLE = "system"
MAINTENANCE = "onderhoud"
SETTINGS = (
    "actor",
    "role",
    "trace",
    "reason_code",
    "reason_text",
    "scope",
    "regions",
    "purpose",
    "emergency",
    "origin",
    "login",
    "agent",
)


def columns_that_tell(places: Mapping[str, str]) -> str:
    """Columns of a statement that tell the session who acts; ``places`` says where each setting is given."""
    return ", ".join(f"set_config('app.{name}', {places[name]}, true)" for name in SETTINGS)


# With what ``_settings`` gives.
TOLD = columns_that_tell({name: f"%({name})s" for name in SETTINGS})
STATE = "SELECT set_config('app.reason_code', %s, true), set_config('app.reason_text', %s, true)"
UNDER = "SELECT set_config('app.purpose', %s, true), set_config('app.emergency', %s, true)"
# Outside an actor a session is what its database says it is: in production nobody, who sees nothing and writes nothing.
FORGET = "; ".join(f"RESET app.{name}" for name in SETTINGS)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which rows an actor meets, and for what."""

    scope: str
    regions: tuple[str, ...]
    purpose: str


def current_actor() -> Actor | None:
    """Who acts now, or nobody."""
    return current.get()


@contextmanager
def acting_as(
    who: User | Machine | str,
    *,
    doing: Verb | None = None,
    reason: str = "",
    trace: UUID | None = None,
    where: Where | None = None,
) -> Iterator[Actor]:
    """Open a transaction in which ``who`` works, and meets the rows of their regions only.

    ``who`` is a user, or a machine that meets no case row, or a name such as ``system:relay`` for work without a
    person, which meets every row. ``doing``
    names the act and ``reason`` is what the person typed: a change of a submitted case needs one of them. Inside
    another ``acting_as`` the inner actor holds until its end; what is not given is taken from the outer one when the
    actor is the same. The settings are local to the transaction, so no pooled connection carries them on.
    """
    outer = current.get()
    actor = _actor(who, doing, reason, trace, where, outer)
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside or _differs(outer, actor):
            _tell_database(actor)
        token = current.set(actor)
        try:
            yield actor
            # Committing or rolling back the outermost transaction ends the settings by itself.
            if inside and not connection.needs_rollback and _differs(outer, require()):
                _tell_database(outer)
        finally:
            current.reset(token)


def doing(verb: Verb, *, reason: str = "") -> None:
    """Say what the actor does from here to the end of their ``acting_as``, and why as they typed it.

    The trail keeps both with each change; a change of a submitted case is refused without.
    """
    actor = replace(require(), doing=verb.value, doing_nl=verb.nl, reason=reason)
    current.set(actor)
    with planned_cursor() as cursor:
        cursor.execute(STATE, [actor.doing, actor.stated_reason])


def look_under(access_id: UUID) -> None:
    """From here to the end of their ``acting_as`` the actor looks under this emergency access, and every look says so.

    Whether it opens anything the database decides, at each statement anew.
    """
    actor = replace(require(), emergency=str(access_id), purpose=EMERGENCY)
    current.set(actor)
    with planned_cursor() as cursor:
        cursor.execute(UNDER, [actor.purpose, actor.emergency])


def opened_case() -> UUID | None:
    """The case that the emergency access of this session opens now; None when it is over."""
    with planned_cursor() as cursor:
        cursor.execute("SELECT audit.opened_case()")
        (found,) = cursor.fetchone()
    return found


def told_by_itself(who: Machine, *, where: Where) -> dict[str, str]:
    """What a statement with those columns tells, when a machine acts by that statement alone and in no other."""
    return _settings(_actor(who, None, "", None, where, None))


def tell_again() -> None:
    """Inside a transaction, tell the database once more who acts here, after a statement that told it of another."""
    if connection.in_atomic_block:
        _tell_database(current.get())


@contextmanager
def coming_from(where: Where) -> Iterator[None]:
    """Whoever begins to act meanwhile works from there: also a person who signs in only now."""
    token = here.set(where)
    try:
        yield
    finally:
        here.reset(token)


def _actor(
    who: User | Machine | str,
    doing: Verb | None,
    reason: str,
    trace: UUID | None,
    where: Where | None,
    outer: Actor | None,
) -> Actor:
    user: User | None
    if isinstance(who, User):
        name, role, user, reach = str(who.pk), who.role, who, _reach_of(who)
    elif isinstance(who, Machine):
        name, role, user, reach = who.name, who.role, None, _Reach("", (), who.purpose)
    else:
        name, role, user = who, SYSTEM_ROLE, outer.user if outer else None
        reach = _Reach(EVERYWHERE, (), MAINTENANCE)
    inherited = outer if outer is not None and outer.name == name else None
    return Actor(
        name=name,
        role=role,
        user=user,
        reason=reason or (inherited.reason if inherited else ""),
        trace=trace or (outer.trace if outer else uuid4()),
        doing=doing.value if doing else (inherited.doing if inherited else ""),
        doing_nl=doing.nl if doing else (inherited.doing_nl if inherited else ""),
        scope=reach.scope,
        regions=reach.regions,
        purpose=EMERGENCY if inherited and inherited.emergency else reach.purpose,
        emergency=inherited.emergency if inherited else "",
        where=where or (outer.where if outer else here.get()),
    )


def _reach_of(user: User) -> _Reach:
    role = Role(user.role)
    scope = EVERYWHERE if role in SEES_EVERY_REGION else ""
    regions = (user.region_id,) if role in SEES_ITS_REGION and user.region_id else ()
    return _Reach(scope, regions, PURPOSES[role])


def _differs(outer: Actor | None, actor: Actor) -> bool:
    """Whether the session, which was told of ``outer``, must hear of ``actor``."""
    return outer is None or _settings(outer) != _settings(actor)


def _tell_database(actor: Actor | None) -> None:
    with planned_cursor() as cursor:
        if actor is None:
            cursor.execute(FORGET)
            return
        cursor.execute(f"SELECT {TOLD}", _settings(actor))


def _settings(actor: Actor) -> dict[str, str]:
    """The settings of a session by name, as the actor has them."""
    return {
        "actor": actor.name,
        "role": actor.role,
        "trace": str(actor.trace),
        "reason_code": actor.doing,
        "reason_text": actor.stated_reason,
        "scope": actor.scope,
        "regions": ",".join(actor.regions),
        "purpose": actor.purpose,
        "emergency": actor.emergency,
        "origin": actor.where.origin,
        "login": actor.where.login,
        "agent": actor.where.agent,
    }
