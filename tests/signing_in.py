"""Signed in as production does it, without walking the pages: password and second factor, both just now."""

import time

from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client

from register.access import sessions
from register.audit import acting_as
from register.models import User


def sign_in(client: Client, person: User, *, methods: tuple[str, ...] = ("password", "mfa")) -> Client:
    """Give ``client`` a session of ``person`` that went through ``methods``."""
    with acting_as(person):
        client.force_login(person)
    request = HttpRequest()
    request.session = client.session  # type: ignore[assignment]
    for method in methods:
        record_authentication(request, person, method)
    now = time.time()
    request.session.update({sessions.BEGUN: now, sessions.SEEN: now, sessions.AGENT: ""})
    request.session.save()
    return client
