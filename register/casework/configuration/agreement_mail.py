"""The mail that says that a rule waits for a second person: which rule, with a link, and nothing about a case."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from register import outbox
from register.access import VERBS_OF, may
from register.audit import acting_as
from register.casework.configuration.current import Kind
from register.casework.configuration.entries import find
from register.models import ConfigurationChange, User
from register.workflow.verbs import Verb

ACTOR = "system:settings"
TASK = "register.send_agreement_mail"
SET_BY = tuple(role.value for role, verbs in VERBS_OF.items() if Verb.SET_RULES in verbs)


def announce(change: ConfigurationChange) -> None:
    """Let a mail go to everybody who may agree to this change, once, when this transaction commits."""
    outbox.enqueue(TASK, key=f"{TASK}:{change.pk}", change_id=str(change.pk))


def deliver(*, change_id: UUID, trace: UUID | None = None) -> None:
    """Send the mail, unless somebody agreed meanwhile, or another change took the place of this one."""
    with acting_as(ACTOR, trace=trace):
        change = ConfigurationChange.objects.get(pk=change_id)
        planned = find(Kind(change.kind), change.code).planned
        if planned is None or not planned.asks or planned.number != change.number:
            return
        people = User.objects.filter(role__in=SET_BY).exclude(pk=change.by_id).exclude(email="").order_by("pk")
        for person in people:
            if may(person, Verb.SET_RULES):
                _mail(person, change.code).send()


def _mail(person: User, code: str) -> EmailMessage:
    with translation.override(person.language):
        # The list of rules, on which what waits stands first.
        link = settings.PUBLIC_URL.rstrip("/") + reverse("register_rules:home")
        context = {"name": person.display_name, "code": code, "link": link}
        return EmailMessage(
            subject=_("Rule %(code)s waits for a second person") % {"code": code},
            body=render_to_string("register_rules/agreement_mail.txt", context),
            to=[person.email],
        )
