"""Work that waits: how much, what is stuck since when, and whether worker and clock are alive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from register import outbox
from register.audit import Event
from register.web.door import allowed
from register.web.notes import looked
from register.workflow.verbs import Verb

WORK = {"register.build_release": gettext_lazy("Building the tables of a release")}
PROGRAMS = {
    outbox.Program.WORKER: gettext_lazy("The worker"),
    outbox.Program.CLOCK: gettext_lazy("The clock of the worker"),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life of a program, in words."""

    program: Any
    at: datetime | None
    tone: str
    glyph: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work that is stuck. ``reason`` is the kind of the last error, or empty."""

    work: Any
    since: datetime
    attempts: int
    reason: str
    tone: str
    glyph: str
    word: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.MANAGE_SETTINGS)
def page(request: HttpRequest) -> HttpResponse:
    """How the work stands; the button tries parked work again."""
    if request.method == "POST":
        return _try_again(request)
    now = timezone.now()
    found = outbox.standing(now=now)
    looked(request, Event.WORK_READ, [each.id for each in found.stuck], object_type="work")
    context = {
        "standing": found,
        "facts": _facts(found),
        "signs": [_sign(pulse) for pulse in found.pulses],
        "lines": [_line(each) for each in found.stuck],
        "now": now,
    }
    return render(request, "admin_desk/waiting.html", context)


def _try_again(request: HttpRequest) -> HttpResponse:
    again = outbox.try_again()
    looked(request, Event.WORK_RETRY, again, object_type="work")
    words = ngettext("%(number)d task is tried again.", "%(number)d tasks are tried again.", len(again))
    messages.success(request, words % {"number": len(again)}, extra_tags="done")
    return redirect("admin_desk:waiting")


def _facts(found: outbox.Standing) -> list[dict[str, Any]]:
    return [
        {"label": _("Waiting"), "text": found.waiting},
        {"label": _("Parked after five tries"), "text": found.parked},
        {"label": _("Done today"), "text": found.done_today},
    ]


def _sign(pulse: Any) -> Sign:
    if pulse.silent:
        return Sign(PROGRAMS[pulse.program], pulse.at, "is-error", "problem", _("silent"))
    return Sign(PROGRAMS[pulse.program], pulse.at, "is-done", "done", _("alive"))


def _line(each: Any) -> Line:
    tone, glyph, word = ("is-error", "problem", _("parked")) if each.parked else ("is-wait", "wait", _("late"))
    return Line(WORK.get(each.task, each.task), each.since, each.attempts, each.reason, tone, glyph, word)
