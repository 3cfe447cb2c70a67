"""The accounts of people: who has one, and what an administrator changes about it. Nobody is ever deleted."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from register import outbox
from register.access import factors
from register.access.errors import Fault, InvalidError, NotFoundError, RefusedError, StaleError
from register.access.grants import Grant, readable, reason_faults, settled
from register.access.permission import Refused, may
from register.audit import Event, acting_as, log_access
from register.models import AccountChange, User
from register.workflow.verbs import Verb

LONGEST_SEARCH = 100
NEW_START = "register.send_new_start"
NOTHING_CHANGED = Fault("role", "U hebt niets gewijzigd.", "You have not changed anything.")
UNREACHABLE = Fault(
    "reason",
    "Dit account werkt niet meer, of het heeft geen e-mailadres: er kan geen link heen.",
    "This account does not work any more, or has no e-mail address: no link can be sent.",
)
OWN_ACCOUNT = Refused(
    "own_account",
    "Uw eigen rechten wijzigt u niet zelf. Een andere beheerder doet dat.",
    "You do not change your own rights. Another administrator does.",
)


class AccountState(StrEnum):
    """Whether an account works."""

    ACTIVE = "active"
    ENDED = "ended"
    SWITCHED_OFF = "switched_off"


def users_for(user: User | AnonymousUser) -> QuerySet[User]:
    """Every account, for who manages them; none for anybody else."""
    users: QuerySet[User] = User.objects.all()
    return users if may(user, Verb.MANAGE_USERS) else users.none()


def state_of(user: User, *, today: date) -> AccountState:
    if not user.is_active:
        return AccountState.SWITCHED_OFF
    return AccountState.ENDED if user.ends_on is not None and user.ends_on < today else AccountState.ACTIVE


def in_state(state: AccountState, *, today: date) -> Q:
    """The condition on accounts that ``state_of`` says of one."""
    match state:
        case AccountState.ACTIVE:
            return Q(is_active=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        case AccountState.ENDED:
            return Q(is_active=True, ends_on__lt=today)
        case AccountState.SWITCHED_OFF:
            return Q(is_active=False)


def counts(users: QuerySet[User], *, today: date) -> dict[str, int]:
    """How many of these accounts are in each state, by its code, in one query."""
    filters = {state.value: Count("pk", filter=in_state(state, today=today)) for state in AccountState}
    found = users.aggregate(**filters)
    return {state.value: found[state.value] for state in AccountState}


def named(words: str) -> Q:
    """The condition on accounts that each of the words stands in the name, the user name or the e-mail address."""
    condition = Q()
    for word in words[:LONGEST_SEARCH].split():
        if not word.isprintable():
            return Q(pk__in=[])
        condition &= (
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
        )
    return condition


def grant_of(user: User) -> Grant:
    """What the account has now."""
    return Grant(user.role, user.region_id or "", user.forensic_service_id or "", user.ends_on)


def change(
    *,
    user_id: UUID,
    grant: Grant,
    reason: str,
    seen_version: int,
    by: User,
    today: date,
    unread: Sequence[Fault] = (),
) -> User:
    """Give the account another role, region, service or end date. ``unread`` is what a form could not read of it.

    :raises InvalidError: when the grant or the reason cannot be.
    :raises RefusedError: when ``by`` may not, as for the own account.
    :raises StaleError: when the account is not as the form showed it.
    """
    with acting_as(by, reason=readable(reason)):
        user = _opened(user_id, seen_version, by)
        before = grant_of(user)
        asked = settled(grant, today=today, kept_until=user.ends_on)
        faults = [*unread, *(asked if isinstance(asked, list) else []), *reason_faults(reason)]
        if not faults and asked == before:
            faults = [NOTHING_CHANGED]
        if faults or isinstance(asked, list):
            raise InvalidError(faults)
        _remember_the_start(user)
        give(user, asked)
        if (asked.role, asked.region) != (before.role, before.region):
            user.session_epoch += 1
        return _stored(user, AccountChange.Name.CHANGED, by, reason)


def switch_off(*, user_id: UUID, reason: str, seen_version: int, by: User) -> User:
    """Let the account do nothing any more, from the next request of every session on."""
    return _switch(user_id, reason, seen_version, by, active=False)


def switch_on(*, user_id: UUID, reason: str, seen_version: int, by: User) -> User:
    """Let the account work again, as far as its end date allows. Sessions of before stay dead."""
    return _switch(user_id, reason, seen_version, by, active=True)


def start_anew(*, user_id: UUID, reason: str, seen_version: int, by: User) -> User:
    """Take away what the person signs in with, because they lost it, and mail them a link to begin again with
    (``new_start``). Whoever asks for this hears no password, and whoever reads the mail could not ask for it.

    :raises InvalidError: when the reason cannot be, or no mail would reach a person who may sign in.
    """
    with acting_as(by, reason=readable(reason)):
        user = _opened(user_id, seen_version, by)
        unreachable = not user.email or state_of(user, today=timezone.localdate()) is not AccountState.ACTIVE
        if faults := [*reason_faults(reason), *([UNREACHABLE] if unreachable else [])]:
            raise InvalidError(faults)
        _remember_the_start(user)
        factors.reset(person=user)
        user.set_unusable_password()
        user.session_epoch += 1
        log_access(Event.FACTOR_REMOVED, object_type="session", objects=[user.pk])
        outbox.enqueue(
            NEW_START,
            key=f"{NEW_START}:{user.pk}:{user.session_epoch}",
            user_id=str(user.pk),
            epoch=str(user.session_epoch),
        )
        return _stored(user, AccountChange.Name.START_ANEW, by, reason)


def give(user: User, grant: Grant) -> None:
    """Write the grant in the columns of the account, which is not stored by this."""
    user.role = grant.role
    user.region_id = grant.region or None
    user.forensic_service_id = grant.service or None
    user.ends_on = grant.ends_on


def remember(user: User, name: AccountChange.Name, *, by: User | None, reason: str = "") -> None:
    """Keep what the account may do from now on, as a line that people can read."""
    AccountChange.objects.create(user=user, name=name, by=by, reason=reason.strip(), **_snapshot(user))


def _switch(user_id: UUID, reason: str, seen_version: int, by: User, *, active: bool) -> User:
    with acting_as(by, reason=readable(reason)):
        user = _opened(user_id, seen_version, by)
        if faults := reason_faults(reason):
            raise InvalidError(faults)
        if user.is_active == active:
            return user
        _remember_the_start(user)
        user.is_active = active
        user.session_epoch += 1
        name = AccountChange.Name.SWITCHED_ON if active else AccountChange.Name.SWITCHED_OFF
        return _stored(user, name, by, reason)


def _opened(user_id: UUID, seen_version: int, by: User) -> User:
    """The account, locked together with that of who changes it: of two administrators who switch each other off at
    the same moment, the second is told that they may not any more."""
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=[user_id, by.pk]).order_by("pk")
    people = {user.pk: user for user in locked}
    verdict = may(people.get(by.pk, AnonymousUser()), Verb.MANAGE_USERS)
    if isinstance(verdict, Refused):
        raise RefusedError.of(verdict)
    if user_id not in people:
        raise NotFoundError
    if user_id == by.pk:
        raise RefusedError.of(OWN_ACCOUNT)
    if people[user_id].grant_version != seen_version:
        raise StaleError
    return people[user_id]


def _stored(user: User, name: AccountChange.Name, by: User, reason: str) -> User:
    user.grant_version += 1
    user.save()
    remember(user, name, by=by, reason=reason)
    return user


def _remember_the_start(user: User) -> None:
    """An account made by a command has no line yet: keep what it was given at its start."""
    if not user.changes.exists():
        AccountChange.objects.create(
            user=user, name=AccountChange.Name.CREATED, at=user.date_joined, by=None, **_snapshot(user)
        )


def _snapshot(user: User) -> dict[str, object]:
    return {
        "role": user.role,
        "region_id": user.region_id,
        "forensic_service_id": user.forensic_service_id,
        "ends_on": user.ends_on,
        "is_active": user.is_active,
    }
