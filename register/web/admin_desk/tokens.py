"""Tokens of organisations: issued and shown once, their last use in view, revoked from the next request on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from register.access import tokens
from register.access.errors import Fault, InvalidError
from register.access.tokens import LONGEST_ORGANISATION, MOST_DAYS, READ, USUAL_DAYS, TokenState
from register.audit import Event
from register.web import fields
from register.web.admin_desk import forms
from register.web.admin_desk.door import as_page
from register.web.admin_desk.words import TOKEN_MARKS
from register.web.door import allowed, person
from register.web.field_shapes import FieldView
from register.web.notes import looked
from register.web.sending import for_sending
from register.workflow.verbs import Verb

PAGE = 25
KIND = "token"
# What each scope opens, in words; the codes are those of the access room.
SCOPES = {READ: gettext_lazy("read published figures (aggregates:read)")}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. ``key`` is that of the token to come, so that a form sent twice makes one token."""

    organisation: str
    days: str
    scope: str
    key: UUID

    @classmethod
    def sent(cls, request: HttpRequest) -> "Typed":
        post, key = request.POST, forms.key_of(request.POST)
        return cls(post.get("organisation", ""), post.get("days", "").strip(), post.get("scope", ""), key)

    def life(self) -> timedelta:
        """How long the token lives; nothing when no whole number of days was typed."""
        readable = self.days.isascii() and self.days.isdigit() and len(self.days) <= 4
        return timedelta(days=int(self.days)) if readable else timedelta(0)


@require_safe
@allowed(Verb.MANAGE_TOKENS)
def index(request: HttpRequest) -> HttpResponse:
    """Every token, those that still open something first."""
    now = timezone.now()
    found = tokens.newest_first(tokens.tokens_for(request.user), now=now).select_related("created_by")
    page = Paginator(found, PAGE).get_page(request.GET.get("blad"))
    shown = list(page)
    looked(request, Event.TOKEN_LIST, [one.pk for one in shown], object_type=KIND)
    rows = [{"token": one, "state": tokens.state_of(one, now=now)} for one in shown]
    context = {
        "page": page,
        "rows": [
            {**row, "mark": TOKEN_MARKS[row["state"]], "is_valid": row["state"] is TokenState.VALID}  # type: ignore[index]
            for row in rows
        ],
    }
    return render(request, "admin_desk/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.MANAGE_TOKENS)
def new(request: HttpRequest) -> HttpResponse:
    """The form; the answer to it is the only page that ever shows the token."""
    if request.method != "POST":
        looked(request, Event.TOKEN_LIST, object_type=KIND, rows=0)
        return _form(request, Typed("", str(USUAL_DAYS), READ, uuid4()))
    typed = Typed.sent(request)
    try:
        token, plain = as_page(
            lambda: tokens.issue_token(
                organisation=typed.organisation,
                by=person(request),
                expires_at=timezone.now() + typed.life(),
                scope=typed.scope,
                token_id=typed.key,
            )
        )
    except InvalidError as invalid:
        looked(request, Event.TOKEN_LIST, object_type=KIND, rows=0)
        return _form(request, typed, invalid.faults)
    looked(request, Event.TOKEN_ISSUE, [token.pk], object_type=KIND)
    return render(request, "admin_desk/token_issued.html", {"token": token, "plain": plain})


@for_sending
@allowed(Verb.MANAGE_TOKENS)
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """The token opens nothing from its next use on."""
    token = as_page(lambda: tokens.revoke_token(token_id=token_id, by=person(request)))
    looked(request, Event.TOKEN_REVOKE, [token_id], object_type=KIND)
    said = _("The token of %(organisation)s was revoked.") % {"organisation": token.organisation}
    messages.success(request, said, extra_tags="done")
    return redirect("admin_desk:tokens")


def _form(request: HttpRequest, typed: Typed, faults: Sequence[Fault] = ()) -> HttpResponse:
    shown = _fields(typed, faults)
    context = {"fields": shown, "key": typed.key, "errors": fields.error_lines(shown)}
    return render(request, "admin_desk/token_new.html", context, status=422 if faults else 200)


def _fields(typed: Typed, faults: Sequence[Fault]) -> list[FieldView]:
    wrong = forms.errors_by_field(faults)

    def plain(name: str, label: str, value: str, **more: Any) -> FieldView:
        return fields.plain(name, label, value=value, error=wrong.get(name, ""), **more)

    return [
        plain("organisation", _("Organisation"), typed.organisation, maximum=LONGEST_ORGANISATION),
        plain(
            "days",
            _("Valid for how many days"),
            typed.days,
            widget="number",
            hint=_("At most %(days)d.") % {"days": MOST_DAYS},
        ),
        plain(
            "scope",
            _("What it opens"),
            typed.scope,
            widget="radios",
            options=[(code, str(words)) for code, words in SCOPES.items()],
        ),
    ]
