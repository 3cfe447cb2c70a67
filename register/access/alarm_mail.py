"""The mail that says that the trail is not whole: how much was found, with a link, and nothing about a case.

It goes out of the keeper's own process and reads whom to tell as the keeper, not through the outbox: whoever could
write there as the application could keep the message from leaving.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from register.access.permission import VERBS_OF, may
from register.models import User
from register.workflow.verbs import Verb

KEEPER = "keeper"  # the connection to the database
TOLD = tuple(role.value for role, verbs in VERBS_OF.items() if Verb.READ_LOG in verbs)


@dataclass(frozen=True, slots=True)
class Told:
    """How many were mailed, and why others were not."""

    people: int
    failures: tuple[Exception, ...]


def tell(*, findings: int) -> Told:
    """Send it to everybody who reads the logbook, whatever goes wrong with others; 0 findings: nothing was verified."""
    people = User.objects.using(KEEPER).filter(role__in=TOLD).exclude(email="").order_by("pk")
    told = [person for person in people if may(person, Verb.READ_LOG)]
    failures: list[Exception] = []
    for person in told:
        try:
            _mail(person, findings).send()
        except (OSError, ValueError) as error:  # the server refuses, or the address is none
            failures.append(error)
    return Told(len(told) - len(failures), tuple(failures))


def _mail(person: User, findings: int) -> EmailMessage:
    with translation.override(person.language):
        context = {
            "name": person.display_name,
            "findings": findings,
            "link": settings.PUBLIC_URL.rstrip("/") + reverse("privacy_desk:overview"),
        }
        return EmailMessage(
            subject=_("The trail of the register is not whole"),
            body=render_to_string("privacy_desk/alarm_mail.txt", context),
            to=[person.email],
        )
