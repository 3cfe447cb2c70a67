"""The mail to the administrators when the register stopped posting to an address by itself."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from register.access import may
from register.audit import acting_as
from register.models import User, Webhook
from register.reporting.announcing.delivering import ACTOR
from register.workflow.roles import Role
from register.workflow.verbs import Verb


def tell_of_stop(*, webhook_id: UUID, trace: UUID | None = None) -> None:
    """Say which webhook stands still and why; nothing when somebody let it go on since."""
    with acting_as(ACTOR, trace=trace):
        webhook = Webhook.objects.get(pk=webhook_id)
        if webhook.stopped_at is None:
            return
        for person in User.objects.filter(role=Role.ADMIN, is_active=True).exclude(email="").order_by("pk"):
            if may(person, Verb.MANAGE_TOKENS):
                _mail(person, webhook).send()


def _mail(person: User, webhook: Webhook) -> EmailMessage:
    with translation.override(person.language):
        link = settings.PUBLIC_URL.rstrip("/") + reverse("webhooks:webhook", args=[webhook.pk])
        context = {
            "name": person.display_name,
            "organisation": webhook.organisation,
            "gone": webhook.stopped_why == Webhook.Stopped.GONE,
            "link": link,
        }
        return EmailMessage(
            subject=_("Messages to %(organisation)s were stopped") % {"organisation": webhook.organisation},
            body=render_to_string("webhooks/stopped_mail.txt", context),
            to=[person.email],
        )
