"""One webhook: what it is, what became of each message, and what its administrator can do."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from register.access import webhooks
from register.access.errors import StaleError
from register.audit import Event
from register.casework.errors import NotFoundError
from register.reporting import announcing
from register.web.admin_desk.door import as_page
from register.web.door import allowed, person
from register.web.field_shapes import ErrorLine
from register.web.language import sentence
from register.web.notes import looked
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.web.webhooks.listing import secret_page
from register.web.webhooks.words import KINDS, MESSAGES, OUTCOMES, mark_of
from register.workflow.verbs import Verb

PAGE = 25
SECRET = "geheim"  # noqa: S105 - the name of a step
Act = dict[str, Any]


def _test(request: HttpRequest, act: Act) -> None:
    announcing.send_test(webhook_id=act["webhook_id"], message_id=_key(request), by=act["by"], now=timezone.now())


STEPS: dict[str, tuple[Callable[[HttpRequest, Act], Any], Any]] = {
    SECRET: (lambda request, act: webhooks.new_secret(now=timezone.now(), **act), ""),
    "stoppen": (
        lambda request, act: webhooks.stop(now=timezone.now(), **act),
        gettext_lazy("Nothing is sent to this address any more."),
    ),
    "hervatten": (
        lambda request, act: webhooks.resume(**act),
        gettext_lazy("Messages are sent to this address again."),
    ),
    "proef": (_test, gettext_lazy("A test message is on its way.")),
}


@require_safe
@allowed(Verb.MANAGE_TOKENS)
def page(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """The webhook with its messages, newest first."""
    webhook = _webhook(request, webhook_id)
    looked(request, Event.WEBHOOK_READ, [webhook.pk])
    return _page(request, webhook)


@for_sending
@allowed(Verb.MANAGE_TOKENS)
def take_step(request: HttpRequest, webhook_id: UUID, step: str) -> HttpResponse:
    """Another secret, stop, go on, or a test message."""
    if step not in STEPS:
        raise Http404
    call, done = STEPS[step]
    act: Act = {"webhook_id": webhook_id, "by": person(request), "seen_version": seen_version(request)}
    return _write(request, webhook_id, lambda: call(request, act), done)


@for_sending
@allowed(Verb.MANAGE_TOKENS)
def send_again(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """The same message once more, at once."""
    act: Act = {"webhook_id": webhook_id, "delivery_id": delivery_id, "seen_round": seen_version(request)}
    return _write(
        request,
        webhook_id,
        lambda: announcing.send_again(by=person(request), now=timezone.now(), **act),
        gettext_lazy("The message is on its way again."),
    )


def _write(request: HttpRequest, webhook_id: UUID, call: Callable[[], Any], done: Any) -> HttpResponse:
    webhook = _webhook(request, webhook_id)
    try:
        made = as_page(call)
    except StaleError as stale:
        looked(request, Event.WEBHOOK_READ, [webhook.pk])
        return _page(request, webhook, errors=[ErrorLine(sentence(stale))], status=409)
    looked(request, Event.WEBHOOK_CHANGE, [webhook.pk])
    if not done:
        return secret_page(request, *made)
    messages.success(request, str(done), extra_tags="done")
    return redirect("webhooks:webhook", webhook_id)


def _webhook(request: HttpRequest, webhook_id: UUID) -> Any:
    webhook = webhooks.webhooks_for(request.user).select_related("created_by").filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFoundError
    return webhook


def _page(request: HttpRequest, webhook: Any, *, errors: Sequence[ErrorLine] = (), status: int = 200) -> HttpResponse:
    webhook.refresh_from_db()
    listed = Paginator(announcing.log_of(webhook), PAGE).get_page(request.GET.get("blad"))
    context = {
        "webhook": webhook,
        "here": reverse("webhooks:webhook", args=[webhook.pk]),
        "mark": mark_of(webhook),
        "facts": _facts(webhook),
        "page": listed,
        "rows": [_row(announcing.Line.of(one)) for one in listed],
        "key": uuid4(),
        "errors": list(errors),
    }
    return render(request, "webhooks/webhook.html", context, status=status)


def _facts(webhook: Any) -> list[dict[str, Any]]:
    made = {"day": date_format(webhook.created_at, "j F Y"), "who": webhook.created_by.display_name}
    facts = [
        {"label": _("Address"), "text": webhook.address},
        {"label": _("Registered"), "text": _("%(day)s by %(who)s") % made},
        {"label": _("Secret since"), "text": date_format(webhook.secret_since, "j F Y, H:i")},
    ]
    if webhook.stopped_at:
        facts.append({"label": _("Stopped on"), "text": date_format(webhook.stopped_at, "j F Y, H:i")})
    return facts


def _row(line: announcing.Line) -> dict[str, Any]:
    delivery = line.delivery
    return {
        "delivery": delivery,
        "kind": KINDS[delivery.kind],
        "about": line.about,
        "mark": MESSAGES[delivery.state],
        "attempts": [{"at": one.at, "status": one.status, "outcome": OUTCOMES[one.outcome]} for one in line.attempts],
    }


def _key(request: HttpRequest) -> UUID:
    """The key that the form carries for the message to come; one of its own when it carries none that can be read."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
