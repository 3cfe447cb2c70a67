"""The second factors of a person: an app that counts time, passkeys, and recovery codes for when both are lost.

The rows are django-allauth's. Its own check of a code remembers used ones in a cache for one period, which forgets a
code that its tolerance still accepts; here the last counter stands in the row, under a lock, so a code works once.
"""

import base64
import hashlib
import secrets
from hmac import compare_digest
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from register.access import seeds
from register.models import User

APP, PASSKEY, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
RECOVERY_CODES = 10
GROUPS_OF_FOUR = 4


class LastFactorError(Exception):
    """Without this factor the person could not sign in any more."""


def factors_of(person: User) -> QuerySet[Authenticator]:
    """The app and the passkeys of ``person``, oldest first. Recovery codes are no factor of their own."""
    return Authenticator.objects.filter(user_id=person.pk, type__in=(APP, PASSKEY)).order_by("created_at")


def kinds_of(person: User) -> frozenset[str]:
    """Which kinds of second factor ``person`` has."""
    return frozenset(factors_of(person).values_list("type", flat=True))


def new_seed() -> str:
    """A seed for an app, 160 random bits in base 32."""
    return totp.generate_totp_secret()


@transaction.atomic
def add_app(*, person: User, seed: str, code: str) -> bool:
    """Add an app when ``code`` comes from ``seed``. One app for each person: a second one is not added."""
    counter = _counter(seed, code, after=-1)
    if counter is None or factors_of(person).filter(type=APP).exists():
        return False
    Authenticator.objects.create(user=person, type=APP, data={"secret": seeds.seal(seed), "counter": counter})
    return True


@transaction.atomic
def use_code(*, person: User, code: str) -> Authenticator | None:
    """The factor that ``code`` comes from, which is then used up; None when it comes from none."""
    # Two requests with the same code wait here for each other.
    own = Authenticator.objects.select_for_update().filter(user_id=person.pk).order_by("pk")
    for factor in own.filter(type__in=(APP, RECOVERY)):
        if _use_app(factor, code) if factor.type == APP else _use_recovery_code(factor, code):
            factor.user = person
            factor.record_usage()
            return factor
    return None


@transaction.atomic
def new_recovery_codes(*, person: User) -> list[str]:
    """Ten codes of 80 random bits in place of the older ones. Only their digests are kept: show them now or never."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    data = {"digests": [_digest(code) for code in codes]}
    Authenticator.objects.update_or_create(
        user=person, type=RECOVERY, defaults={"data": data, "created_at": timezone.now()}
    )
    return codes


def recovery_codes_left(person: User) -> int:
    """How many recovery codes still work."""
    row = Authenticator.objects.filter(user_id=person.pk, type=RECOVERY).first()
    return len(row.data["digests"]) if row else 0


@transaction.atomic
def remove(*, person: User, factor_id: int) -> bool:
    """Remove one factor of ``person``; False when they have no such factor. Raises LastFactorError."""
    own = list(factors_of(person).select_for_update())
    found = next((factor for factor in own if factor.pk == factor_id), None)
    if found is None:
        return False
    if len(own) == 1:
        raise LastFactorError
    found.delete()
    return True


def reset(*, person: User) -> None:
    """Take every factor and recovery code away: the person enrols again at the next sign-in."""
    Authenticator.objects.filter(user_id=person.pk).delete()


def _use_app(factor: Authenticator, code: str) -> bool:
    seed = seeds.unseal(factor.data["secret"])
    counter = _counter(seed, code, after=factor.data.get("counter", -1))
    if counter is None:
        return False
    sealed = factor.data["secret"]
    _store(factor, secret=sealed if seeds.is_current(sealed) else seeds.seal(seed), counter=counter)
    return True


def _counter(seed: str, code: str, *, after: int) -> int | None:
    """The period whose code this is, when it lies behind the last one used."""
    typed = code.replace(" ", "")
    if not (typed.isascii() and typed.isdigit()):
        return None
    for counter in totp.yield_hotp_counters_from_time():
        wanted = totp.format_hotp_value(totp.hotp_value(seed, counter))
        if compare_digest(typed, wanted) and counter > after:
            return counter
    return None


def _use_recovery_code(factor: Authenticator, code: str) -> bool:
    given = _digest(code)
    kept = [digest for digest in factor.data["digests"] if not compare_digest(digest, given)]
    if len(kept) == len(factor.data["digests"]):
        return False
    _store(factor, digests=kept)
    return True


def _store(factor: Authenticator, **data: Any) -> None:
    factor.data = {**factor.data, **data}
    factor.save(update_fields=["data"])


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[at : at + GROUPS_OF_FOUR] for at in range(0, len(letters), GROUPS_OF_FOUR))


def _digest(code: str) -> str:
    """80 random bits need no slow hash. Spaces, hyphens and capitals make no difference."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
