"""Who has a case open now, so that two people do not do the same work unknowingly. Nothing is locked by it.

A row holds a key of a case and a key of a person, no word of either. It is gone a minute after the last beat.
"""

from datetime import datetime, timedelta

from register.models import Case, Presence, User

# Seconds between two beats of a page, and after which somebody is no longer there.
EVERY, GONE_AFTER = 20, 60


def beat(*, case: Case, by: User, now: datetime) -> list[str]:
    """Say that ``by`` is looking at the case, and hear the names of the others who are."""
    Presence.objects.filter(at__lt=now - timedelta(seconds=GONE_AFTER)).delete()
    Presence.objects.update_or_create(case=case, person=by, defaults={"at": now})
    return others(case=case, than=by, now=now)


def others(*, case: Case, than: User, now: datetime) -> list[str]:
    """The names of the others who have the case open, in the order of their names."""
    here = Presence.objects.filter(case=case, at__gte=now - timedelta(seconds=GONE_AFTER)).exclude(person=than)
    return sorted((one.person.display_name for one in here.select_related("person")), key=str.casefold)


def leave(*, case: Case, by: User) -> None:
    """Say that ``by`` closed the page."""
    Presence.objects.filter(case=case, person=by).delete()
