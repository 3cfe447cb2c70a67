"""Every webhook, and the form for a new one, whose answer is the only page that shows its secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from register.access import webhook_addresses, webhooks
from register.access.errors import Fault, InvalidError
from register.access.tokens import LONGEST_ORGANISATION
from register.audit import Event
from register.web import fields
from register.web.admin_desk import forms
from register.web.admin_desk.door import as_page
from register.web.door import allowed, person
from register.web.field_shapes import FieldView
from register.web.notes import looked
from register.web.webhooks.words import mark_of
from register.workflow.verbs import Verb

PAGE = 25


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form. ``key`` is that of the webhook to come, so that a form sent twice makes one."""

    organisation: str
    address: str
    key: UUID

    @classmethod
    def sent(cls, request: HttpRequest) -> "Typed":
        post, key = request.POST, forms.key_of(request.POST)
        return cls(post.get("organisation", ""), post.get("address", "").strip(), key)


@require_safe
@allowed(Verb.MANAGE_TOKENS)
def index(request: HttpRequest) -> HttpResponse:
    """Every webhook, those that work first."""
    found = webhooks.working_first(webhooks.webhooks_for(request.user))
    page = Paginator(found, PAGE).get_page(request.GET.get("blad"))
    shown = list(page)
    looked(request, Event.WEBHOOK_LIST, [one.pk for one in shown])
    context = {"page": page, "rows": [{"webhook": one, "mark": mark_of(one)} for one in shown]}
    return render(request, "webhooks/webhooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.MANAGE_TOKENS)
def new(request: HttpRequest) -> HttpResponse:
    """The form; a webhook that can be is made, and its secret shown once."""
    if request.method != "POST":
        looked(request, Event.WEBHOOK_LIST, rows=0)
        return _form(request, Typed("", "", uuid4()))
    typed = Typed.sent(request)
    try:
        webhook, secret = as_page(
            lambda: webhooks.register_webhook(
                organisation=typed.organisation,
                address=typed.address,
                by=person(request),
                now=timezone.now(),
                webhook_id=typed.key,
            )
        )
    except InvalidError as invalid:
        looked(request, Event.WEBHOOK_LIST, rows=0)
        return _form(request, typed, invalid.faults)
    looked(request, Event.WEBHOOK_REGISTER, [webhook.pk])
    return secret_page(request, webhook, secret)


def secret_page(request: HttpRequest, webhook: Any, secret: str) -> HttpResponse:
    """The secret, once."""
    here = reverse("webhooks:webhook", args=[webhook.pk])
    return render(request, "webhooks/secret.html", {"webhook": webhook, "secret": secret, "here": here})


def _form(request: HttpRequest, typed: Typed, faults: Sequence[Fault] = ()) -> HttpResponse:
    shown = _fields(typed, faults)
    context = {"fields": shown, "key": typed.key, "errors": fields.error_lines(shown)}
    return render(request, "webhooks/new.html", context, status=422 if faults else 200)


def _fields(typed: Typed, faults: Sequence[Fault]) -> list[FieldView]:
    wrong = forms.errors_by_field(faults)

    def plain(name: str, label: str, value: str, **more: Any) -> FieldView:
        return fields.plain(name, label, value=value, error=wrong.get(name, ""), **more)

    return [
        plain("organisation", _("Organisation"), typed.organisation, maximum=LONGEST_ORGANISATION),
        plain(
            "address",
            _("Address"),
            typed.address,
            hint=_("Begins with https:// and can be reached from the internet."),
            maximum=webhook_addresses.LONGEST,
        ),
    ]
