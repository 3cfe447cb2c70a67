"""Mail about emergency access: at once to who answers for the case, and once more when nobody says what it was.

It tells who opened a case and of which region, never which case, and nothing that was typed. Each person has a message
of their own in the outbox: an address that fails keeps it from nobody else, and nobody gets it twice.
"""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from register import outbox
from register.access.permission import VERBS_OF, may
from register.audit import acting_as
from register.models import EmergencyAccess, User
from register.workflow.roles import Role
from register.workflow.verbs import Verb

ACTOR = "system:emergency"
OPENED, OVERDUE = "opened", "overdue"
TASK = "register.send_emergency_mail"
OVERSEERS = tuple(role.value for role, verbs in VERBS_OF.items() if Verb.REVIEW_EMERGENCY in verbs)
REGISTER = tuple(role.value for role, verbs in VERBS_OF.items() if Verb.END_EMERGENCY in verbs)


def announce(access: EmergencyAccess) -> None:
    """Let a mail go at once to the coordinators of the case's region, the register and the privacy officer."""
    _to(access, OPENED, Q(role__in=REGISTER) | Q(role=Role.COORDINATOR, region=access.region_id))


def escalate(access: EmergencyAccess) -> None:
    """Let a mail go, once, to the privacy officer and the register: nobody said in time what this access was."""
    _to(access, OVERDUE, Q(role__in=REGISTER))


def deliver(*, access_id: UUID, person_id: UUID, about: str, trace: UUID | None = None) -> None:
    """Send one of these mails, unless its reader has no address or no say any more, or an outcome came meanwhile."""
    with acting_as(ACTOR, trace=trace):
        access = EmergencyAccess.objects.select_related("person", "person_region", "region").get(pk=access_id)
        reader = User.objects.get(pk=person_id)
        if about == OVERDUE and access.reviewed_at is not None:
            return
        if reader.email and _hears(reader, access):
            _mail(reader, access, about).send()


def _hears(reader: User, access: EmergencyAccess) -> bool:
    """Whether this person still answers for the case, or oversees the register."""
    elsewhere = reader.region_id is not None and reader.region_id != access.region_id
    return bool(may(reader, Verb.REVIEW_EMERGENCY)) or (not elsewhere and bool(may(reader, Verb.SEE_EMERGENCIES)))


def _to(access: EmergencyAccess, about: str, readers: Q) -> None:
    for reader in _people(readers):
        key = f"emergency-{about}:{access.pk}:{reader.pk}"
        outbox.enqueue(TASK, key=key, access_id=str(access.pk), person_id=str(reader.pk), about=about)


def _people(readers: Q) -> Iterable[User]:
    return User.objects.filter(readers, is_active=True).exclude(email="").order_by("pk")


def _mail(reader: User, access: EmergencyAccess, about: str) -> EmailMessage:
    with translation.override(reader.language):
        page = "privacy_desk:emergencies" if reader.role in OVERSEERS else "emergency:given"
        context = {
            "name": reader.display_name,
            "who": access.person.display_name,
            "role": Role(access.person_role).label(reader.language),
            "home": access.person_region.name,
            "region": access.region.name,
            "day": timezone.localtime(access.granted_at),
            "overdue": about == OVERDUE,
            "link": settings.PUBLIC_URL.rstrip("/") + reverse(page),
        }
        subject = _("Emergency access waits for an outcome") if about == OVERDUE else _("Emergency access was given")
        return EmailMessage(subject=subject, body=render_to_string("emergency/mail.txt", context), to=[reader.email])
