"""One account: what it may do, what it could do before, and the changes that an administrator makes."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from register.access import accounts
from register.access.accounts import AccountState
from register.access.errors import Fault, InvalidError, StaleError
from register.audit import Event
from register.casework.errors import NotFoundError
from register.web import fields
from register.web.admin_desk import forms
from register.web.admin_desk.door import as_page
from register.web.admin_desk.words import ACTS, MARKS
from register.web.door import allowed, person
from register.web.field_shapes import ErrorLine
from register.web.language import active, sentence
from register.web.notes import looked
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.workflow.roles import Role
from register.workflow.verbs import Verb

KIND = "user"
SHOWN_CHANGES = 50
CHANGE, SWITCH, ANEW = "change", "switch", "anew"


@require_safe
@allowed(Verb.MANAGE_USERS)
def page(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """What the account may do, and the forms to change it."""
    user = _user(request, user_id)
    looked(request, Event.USER_READ, [user.pk], object_type=KIND)
    return _page(request, user)


@for_sending
@allowed(Verb.MANAGE_USERS)
def change(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Another role, region, service or end date; every session of the person ends when their work changes."""
    typed = forms.Typed.sent(request.POST)
    return _write(
        request,
        user_id,
        lambda: accounts.change(
            grant=typed.grant(), unread=typed.unread(), today=timezone.localdate(), **_act(request, user_id)
        ),
        form=CHANGE,
        done=gettext_lazy("The account was changed."),
    )


@for_sending
@allowed(Verb.MANAGE_USERS)
def switch_off(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The account does nothing any more; every session of the person is dead."""
    return _write(
        request,
        user_id,
        lambda: accounts.switch_off(**_act(request, user_id)),
        form=SWITCH,
        done=gettext_lazy("The account was switched off. The person is signed out everywhere."),
    )


@for_sending
@allowed(Verb.MANAGE_USERS)
def switch_on(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The account works again."""
    return _write(
        request,
        user_id,
        lambda: accounts.switch_on(**_act(request, user_id)),
        form=SWITCH,
        done=gettext_lazy("The account was switched on."),
    )


@for_sending
@allowed(Verb.MANAGE_USERS)
def start_anew(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The person lost what they sign in with: a mail lets them begin again."""
    return _write(
        request,
        user_id,
        lambda: accounts.start_anew(**_act(request, user_id)),
        form=ANEW,
        done=gettext_lazy(
            "A mail with a link is on its way. Until the person chose a password, none opens the account."
        ),
    )


def _act(request: HttpRequest, user_id: UUID) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "reason": request.POST.get("reason", ""),
        "seen_version": seen_version(request),
        "by": person(request),
    }


def _write(request: HttpRequest, user_id: UUID, call: Callable[[], Any], *, form: str, done: Promise) -> HttpResponse:
    """Make the change; what stands in the way comes back on the page, with everything that was typed."""
    try:
        as_page(call)
    except InvalidError as invalid:
        return _again(request, user_id, form=form, faults=invalid.faults, status=422)
    except StaleError as stale:
        return _again(request, user_id, form=form, errors=[ErrorLine(sentence(stale))], status=409)
    looked(request, Event.AUTHZ_CHANGE, [user_id], object_type=KIND)
    messages.success(request, str(done), extra_tags="done")
    return redirect("admin_desk:user", user_id)


def _again(request: HttpRequest, user_id: UUID, **mistakes: Any) -> HttpResponse:
    user = _user(request, user_id)
    looked(request, Event.USER_READ, [user.pk], object_type=KIND)
    return _page(request, user, **mistakes)


def _user(request: HttpRequest, user_id: UUID) -> Any:
    found = accounts.users_for(request.user).select_related("region", "forensic_service").filter(pk=user_id).first()
    if found is None:
        raise NotFoundError
    return found


def _page(
    request: HttpRequest,
    user: Any,
    *,
    form: str = "",
    faults: Sequence[Fault] = (),
    errors: Sequence[ErrorLine] = (),
    status: int = 200,
) -> HttpResponse:
    """``form`` names the form that came back with mistakes; the others stand as for a first look."""
    sent, nothing = forms.Typed.sent(request.POST), forms.Typed()
    typed = {name: sent if form == name else nothing for name in (CHANGE, SWITCH, ANEW)}
    wrong = {name: faults if form == name else () for name in typed}
    change_fields = [
        *forms.grant_fields(sent if form == CHANGE else forms.Typed.of(accounts.grant_of(user)), wrong[CHANGE]),
        forms.reason_field(typed[CHANGE], wrong[CHANGE], prefix="f"),
    ]
    switch_field = forms.reason_field(typed[SWITCH], wrong[SWITCH], prefix="s")
    anew_field = forms.reason_field(typed[ANEW], wrong[ANEW], prefix="a")
    state = accounts.state_of(user, today=timezone.localdate())
    context = {
        "person": user,
        "here": reverse("admin_desk:user", args=[user.pk]),
        "mark": MARKS[state],
        "facts": _facts(user),
        "own": user.pk == person(request).pk,
        "change_fields": change_fields,
        "switch_field": switch_field,
        "may_start_anew": state is AccountState.ACTIVE,
        "anew_field": anew_field,
        "changes": [_line(one) for one in _changes(user)],
        "errors": [*errors, *fields.error_lines([*change_fields, switch_field, anew_field])],
    }
    return render(request, "admin_desk/user.html", context, status=status)


def _facts(user: Any) -> list[dict[str, Any]]:
    last = date_format(timezone.localtime(user.last_login), "j F Y, H:i") if user.last_login else _("never")
    return [
        {"label": _("User name"), "text": user.get_username()},
        {"label": _("E-mail address"), "text": user.email or _("none"), "quiet": not user.email},
        {"label": _("Role"), "text": Role(user.role).label(active())},
        {"label": _("GGD region"), "text": user.region.name if user.region else _("The whole country")},
        {
            "label": _("Forensic service"),
            "text": user.forensic_service.name if user.forensic_service else _("none"),
            "quiet": user.forensic_service is None,
        },
        {
            "label": _("End date"),
            "text": date_format(user.ends_on, "j F Y") if user.ends_on else _("none"),
            "quiet": user.ends_on is None,
        },
        {"label": _("Last sign-in"), "text": last, "quiet": user.last_login is None},
        {"label": _("Account since"), "text": date_format(timezone.localtime(user.date_joined), "j F Y")},
    ]


def _changes(user: Any) -> Any:
    return user.changes.select_related("by", "region", "forensic_service").order_by("-at")[:SHOWN_CHANGES]


def _line(one: Any) -> dict[str, Any]:
    """One change as a line: what happened, what the account may do since, by whom and why."""
    work = [Role(one.role).label(active())]
    if one.region:
        work.append(one.region.name)
    if one.ends_on:
        work.append(_("until %(day)s") % {"day": date_format(one.ends_on, "j F Y")})
    return {
        "what": ACTS[one.name],
        "work": " · ".join(work),
        "at": one.at,
        "who": one.by.display_name if one.by else _("the operator"),
        "reason": one.reason,
    }
