"""How often somebody may try. Counted in the database, so that every process counts alike and none forgets.

A try is taken before the password is looked at, and tries at one thing wait for each other: a hundred at the same
moment are no more than a hundred in a row. When the database cannot count, nobody signs in.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from register.models import SignInTry


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries at one thing within a window of time."""

    name: str
    tries: int
    window: timedelta = timedelta(minutes=5)


PASSWORDS_OF_ACCOUNT = Limit("account", 5)
FACTORS_OF_ACCOUNT = Limit("factor", 5)
# A hospital or a GGD goes out through one address, so this one is wide: it stops a list of names, not a morning shift.
PASSWORDS_FROM_ADDRESS = Limit("address", 50)
# Numbers of cases follow each other: whoever tries them learns little, and not for long.
EMERGENCIES_OF_PERSON = Limit("emergency", 5, timedelta(hours=1))
SHORTEST = min(limit.window for limit in (PASSWORDS_OF_ACCOUNT, FACTORS_OF_ACCOUNT, PASSWORDS_FROM_ADDRESS))


def take(limit: Limit, subject: str) -> bool:
    """Use up one try at ``subject``; False when there is none left, and then nothing is used up."""
    key = _key(limit, subject)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
            cursor.execute(
                "DELETE FROM register_signintry WHERE id IN (SELECT id FROM register_signintry"
                " WHERE at < now() - make_interval(secs => %s) AND at < now() - make_interval(secs => seconds)"
                " FOR UPDATE SKIP LOCKED)",
                [SHORTEST.total_seconds()],
            )
        if SignInTry.objects.filter(key=key, at__gt=Now() - limit.window).count() >= limit.tries:
            return False
        SignInTry.objects.create(key=key, seconds=int(limit.window.total_seconds()))
        return True


def forget(limit: Limit, subject: str) -> None:
    """Give back every try at ``subject``: it was the right person."""
    SignInTry.objects.filter(key=_key(limit, subject)).delete()


def _key(limit: Limit, subject: str) -> str:
    return salted_hmac("register.access.limits", f"{limit.name}:{subject.strip().casefold()}").hexdigest()
