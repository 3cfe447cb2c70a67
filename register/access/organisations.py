"""The login of a hospital or GGD that leads to an account here. Nobody gets an account by having such a login."""

from collections.abc import Sequence

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import QuerySet

from register.audit import Event, log_access
from register.models import User


def links_of(person: User) -> QuerySet[SocialAccount]:
    """The logins of organisations that lead to ``person``."""
    return SocialAccount.objects.filter(user_id=person.pk).order_by("provider")


@transaction.atomic
def link(*, provider: str, subject: str, person: User) -> SocialAccount:
    """Let ``subject`` of ``provider`` sign in as ``person`` from now on; who let them is noted with the account."""
    made = SocialAccount.objects.create(provider=provider, uid=subject, user=person)
    log_access(Event.AUTHZ_CHANGE, object_type="user", objects=[person.pk], filters={"organisation": provider})
    return made


def link_by_address(*, provider: str, subject: str, address: str, domains: Sequence[str]) -> SocialAccount | None:
    """Link to the one account with this address, when ``provider`` may vouch for its domain; else None.

    An account that was linked to another subject of the same provider stays with that one.
    """
    if not address or address.rpartition("@")[2].lower() not in domains:
        return None
    found = list(User.objects.filter(email__iexact=address, is_active=True)[:2])
    if len(found) != 1 or links_of(found[0]).filter(provider=provider).exists():
        return None
    return link(provider=provider, subject=subject, person=found[0])
