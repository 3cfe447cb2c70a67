"""The review of access: who has what since when, by whom, and which accounts nobody needs any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from register.access.accounts import AccountState, state_of
from register.models import AccountChange, User

UNUSED_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Holding:
    """What one account may do. ``granted_by`` is None for an account that a command of the operator made."""

    user: User
    state: AccountState
    since: datetime
    granted_by: User | None
    unused: bool


def holdings(users: Iterable[User], *, today: date, now: datetime) -> list[Holding]:
    """A line for each of these accounts, in two queries at most."""
    people = list(users)
    lines: dict[object, list[AccountChange]] = {user.pk: [] for user in people}
    for change in AccountChange.objects.filter(user__in=people).select_related("by").order_by("at"):
        lines[change.user_id].append(change)
    return [_holding(user, lines[user.pk], today, now) for user in people]


def _holding(user: User, changes: Sequence[AccountChange], today: date, now: datetime) -> Holding:
    granted = _grant_of_now(changes)
    state = state_of(user, today=today)
    return Holding(
        user=user,
        state=state,
        since=granted.at if granted else user.date_joined,
        granted_by=granted.by if granted else None,
        unused=state is AccountState.ACTIVE and (user.last_login or user.date_joined) < now - UNUSED_AFTER,
    )


def _grant_of_now(changes: Sequence[AccountChange]) -> AccountChange | None:
    """The change since which role, region and service are what they are."""
    found = None
    for change in reversed(changes):
        if found is not None and _work(change) != _work(found):
            break
        found = change
    return found


def _work(change: AccountChange) -> tuple[str, str | None, str | None]:
    return change.role, change.region_id, change.forensic_service_id
