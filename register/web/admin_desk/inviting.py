"""Invitations: the form, and one invitation that waits, was used, or came to its end."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from register.access import invitations
from register.access.errors import ClosedError, Fault, InvalidError, StaleError
from register.access.grants import Grant
from register.access.invitations import InvitationState
from register.access.invitees import LONGEST_NAME, LONGEST_USERNAME, Invitee
from register.audit import Event
from register.casework.errors import NotFoundError
from register.web import fields
from register.web.admin_desk import forms
from register.web.admin_desk.door import as_page
from register.web.admin_desk.words import MARKS
from register.web.door import allowed, person
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import LANGUAGES, active, sentence
from register.web.notes import looked
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.workflow.roles import Role
from register.workflow.verbs import Verb

KIND = "invitation"
LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.MANAGE_USERS)
def new(request: HttpRequest) -> HttpResponse:
    """The form; the mail leaves as soon as the invitation is stored."""
    if request.method != "POST":
        looked(request, Event.USER_LIST, object_type=KIND, rows=0)
        return _form(request, _proposed(timezone.localdate()))
    typed = forms.Typed.sent(request.POST)
    act = {"by": person(request), "now": timezone.now(), "unread": typed.unread()}
    try:
        invitation = as_page(lambda: invitations.invite(invitee=_invitee(typed), **act))
    except InvalidError as invalid:
        looked(request, Event.USER_LIST, object_type=KIND, rows=0)
        return _form(request, typed, invalid.faults)
    looked(request, Event.AUTHZ_CHANGE, [invitation.pk], object_type=KIND)
    said = _("The invitation is on its way to %(email)s.") % {"email": invitation.email}
    messages.success(request, said, extra_tags="done")
    return redirect("admin_desk:invitation", invitation.pk)


@require_safe
@allowed(Verb.MANAGE_USERS)
def page(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """One invitation and what can be done with it."""
    return _page(request, invitation_id)


@for_sending
@allowed(Verb.MANAGE_USERS)
def send_anew(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """A new link by mail; the old one is dead."""
    return _take_step(
        request, invitation_id, invitations.send_anew, _("A new link is on its way. The old one is dead.")
    )


@for_sending
@allowed(Verb.MANAGE_USERS)
def revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The link opens nothing any more."""
    done = _("The invitation was revoked. Its link is dead.")
    return _take_step(request, invitation_id, invitations.revoke, done)


def _take_step(request: HttpRequest, invitation_id: UUID, call: Any, done: str) -> HttpResponse:
    act = {"seen_version": seen_version(request), "by": person(request), "now": timezone.now()}
    try:
        as_page(lambda: call(invitation_id=invitation_id, **act))
    except StaleError as stale:
        return _page(request, invitation_id, errors=[ErrorLine(sentence(stale))], status=409)
    except ClosedError:
        closed = _("This invitation is closed: it was accepted or revoked, or its end date is over. Invite again.")
        return _page(request, invitation_id, errors=[ErrorLine(closed)], status=422)
    looked(request, Event.AUTHZ_CHANGE, [invitation_id], object_type=KIND)
    messages.success(request, done, extra_tags="done")
    return redirect("admin_desk:invitation", invitation_id)


def _proposed(today: date) -> forms.Typed:
    """An account that ends in a year: one without end is a choice, not a default."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    grant = Grant("", ends_on=date(today.year + 1, today.month, day))
    return forms.Typed({**forms.Typed.of(grant).values, "language": "nl"})


def _invitee(typed: forms.Typed) -> Invitee:
    return Invitee(
        name=typed.get("name"),
        email=typed.get("email"),
        grant=typed.grant(),
        username=typed.get("username"),
        language=typed.get("language"),
    )


def _form(request: HttpRequest, typed: forms.Typed, faults: Sequence[Fault] = ()) -> HttpResponse:
    shown = _fields(typed, faults)
    context = {"fields": shown, "errors": fields.error_lines(shown)}
    return render(request, "admin_desk/invite.html", context, status=422 if faults else 200)


def _fields(typed: forms.Typed, faults: Sequence[Fault]) -> list[FieldView]:
    wrong = forms.errors_by_field(faults)

    def plain(name: str, label: str, **more: Any) -> FieldView:
        return fields.plain(name, label, value=typed.get(name), error=wrong.get(name, ""), **more)

    return [
        plain("email", _("E-mail address"), hint=_("The link is sent here and nowhere else.")),
        plain("name", _("Name"), maximum=LONGEST_NAME, hint=_("As colleagues will see it.")),
        *forms.grant_fields(typed, faults),
        plain(
            "username",
            _("User name"),
            maximum=LONGEST_USERNAME,
            optional=True,
            hint=_("Empty means: made from the e-mail address."),
        ),
        plain(
            "language",
            _("Language of the mail"),
            widget="segment",
            options=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        ),
    ]


def _page(
    request: HttpRequest, invitation_id: UUID, *, errors: Sequence[ErrorLine] = (), status: int = 200
) -> HttpResponse:
    found = invitations.invitations_for(request.user).select_related("region", "forensic_service", "created_by")
    invitation = found.filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFoundError
    looked(request, Event.USER_READ, [invitation.pk], object_type=KIND)
    state = invitations.state_of(invitation, now=timezone.now())
    context = {
        "invitation": invitation,
        "here": reverse("admin_desk:invitation", args=[invitation.pk]),
        "mark": MARKS[state],
        "facts": _facts(invitation),
        "is_open": state in (InvitationState.INVITED, InvitationState.EXPIRED),
        "errors": errors,
    }
    return render(request, "admin_desk/invitation.html", context, status=status)


def _facts(invitation: Any) -> list[dict[str, Any]]:
    def moment(at: Any, otherwise: str) -> dict[str, Any]:
        text = date_format(timezone.localtime(at), "j F Y, H:i") if at else otherwise
        return {"text": text, "quiet": at is None}

    region, service = invitation.region, invitation.forensic_service
    return [
        {"label": _("User name"), "text": invitation.username},
        {"label": _("E-mail address"), "text": invitation.email},
        {"label": _("Role"), "text": Role(invitation.role).label(active())},
        {"label": _("GGD region"), "text": region.name if region else _("The whole country")},
        {"label": _("Forensic service"), "text": service.name if service else _("none"), "quiet": service is None},
        {
            "label": _("End date"),
            "text": date_format(invitation.ends_on, "j F Y") if invitation.ends_on else _("none"),
            "quiet": invitation.ends_on is None,
        },
        {"label": _("Invited by"), "text": invitation.created_by.display_name},
        {"label": _("Mail sent"), **moment(invitation.sent_at, _("waits for the worker"))},
        {"label": _("Link works until"), **moment(invitation.expires_at, "")},
    ]
