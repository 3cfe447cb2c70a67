"""The mail with the link. It is written when it leaves, so that the link stands nowhere before."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from register.access.invitations import ACTOR, InvitationState, state_of, token_of
from register.audit import acting_as
from register.models import Invitation
from register.workflow.roles import Role


def deliver(*, invitation_id: UUID, sending: int, now: datetime, trace: UUID | None = None) -> None:
    """Mail the link of this sending. Nothing is sent when it left already, or when its link would not work."""
    with acting_as(ACTOR, trace=trace):
        waits = Invitation.objects.select_for_update(no_key=True).filter(pk=invitation_id, sending=sending)
        invitation = waits.filter(sent_at__isnull=True).first()
        if invitation is None or state_of(invitation, now=now) is not InvitationState.INVITED:
            return
        invitation.change(sent_at=now)
        _mail(invitation).send()


def link_of(invitation: Invitation) -> str:
    """The whole address; its host is a setting, because a header of a request can say anything."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("admin_desk:open_invitation", args=[token_of(invitation)])


def _mail(invitation: Invitation) -> EmailMessage:
    with translation.override(invitation.language):
        context = {
            "name": invitation.name,
            "role": Role(invitation.role).label(invitation.language),
            "link": link_of(invitation),
            "expires_at": timezone.localtime(invitation.expires_at),
        }
        return EmailMessage(
            subject=_("Invitation for the register of drug-related deaths"),
            body=render_to_string("admin_desk/invitation_mail.txt", context),
            to=[invitation.email],
        )
