"""Releases in the making: prepare, look at what protection costs, hand over, approve, retract."""

import json
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from register.access import releases_for
from register.audit import Event
from register.reporting import releases, situation
from register.reporting.errors import Fault, InvalidError, RefusedError, StaleError
from register.reporting.headings import place_of
from register.web import fields
from register.web.account import confirming
from register.web.door import allowed
from register.web.field_shapes import ErrorLine
from register.web.language import active, sentence
from register.web.notes import looked
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.web.statistics import conflict, cost, forms, sheet
from register.web.statistics.conflict import beside_of, chosen, conflict_of
from register.web.statistics.door import as_page, load_release
from register.web.statistics.panel import panel
from register.web.statistics.words import state_words, steps_of
from register.workflow.verbs import Verb

Call = Callable[[HttpRequest, dict[str, Any]], Any]

STEPS: dict[str, tuple[Call, Any]] = {
    "opnieuw": (
        lambda request, act: releases.rebuild(**act),
        gettext_lazy("The tables are being built again."),
    ),
    "kiezen": (
        lambda request, act: releases.choose(**act),
        gettext_lazy("The tables are being built again in the way you chose."),
    ),
    "indienen": (
        lambda request, act: releases.submit(note=request.POST.get("note", ""), **act),
        gettext_lazy("The release waits for the approval of a colleague."),
    ),
    "goedkeuren": (
        lambda request, act: releases.approve(now=timezone.now(), **act),
        gettext_lazy("The release is published."),
    ),
    "teruggeven": (
        lambda request, act: releases.refuse(reason=request.POST.get("reason", ""), **act),
        gettext_lazy("The release was handed back."),
    ),
    "intrekking-vragen": (
        lambda request, act: releases.ask_retraction(reason=request.POST.get("reason", ""), **act),
        gettext_lazy("A colleague can now retract the release."),
    ),
    "intrekken": (
        lambda request, act: releases.retract(reason=request.POST.get("reason", ""), **act),
        gettext_lazy("The release was retracted."),
    ),
}
# What changes the published figures: who does it has just shown who they are.
WEIGHTY = frozenset({"goedkeuren", "intrekken"})
# What the second person says to have looked at.
LOOKED_AT = {
    "seen_difference": gettext_lazy("Say that you looked at the difference with the release before."),
    "seen_attack": gettext_lazy("Say that you looked at the attack test."),
}


@require_safe
@allowed(Verb.READ_RELEASE_PREVIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Every release, newest first."""
    found = list(releases_for(request.user).select_related("created_by").order_by("-created_at"))
    looked(request, Event.RELEASE_READ, [one.pk for one in found])
    rows = [{"release": one, "state": state_words(one.status)} for one in found]
    return render(request, "statistics/releases.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.DRAFT_RELEASE)
def new(request: HttpRequest) -> HttpResponse:
    """The form for a new release; a release that can be made goes to the worker at once."""
    now, person = timezone.now(), cast("Any", request.user)
    if request.method != "POST":
        return _form(request, forms.Typed.proposed(timezone.localdate(now)))
    typed = forms.Typed.sent(request.POST)
    plan = typed.plan(now=now)
    if isinstance(plan, list):
        return _form(request, typed, plan)
    try:
        release = as_page(lambda: releases.draft(plan=plan, by=person, now=now))
    except InvalidError as invalid:
        return _form(request, typed, invalid.faults)
    return redirect("statistics:release", release.pk)


@require_safe
@load_release
def page(request: HttpRequest, release: Any) -> HttpResponse:
    """One release: what it will say, what is hidden, what changed, and what this person can do with it."""
    return _page(request, release)


@for_sending
@load_release
def take_step(request: HttpRequest, release: Any, step: str) -> HttpResponse:
    """One step in the life of the release; what stands in the way comes back on its page."""
    if step not in STEPS:
        raise Http404
    if step in WEIGHTY and (asked := confirming.ask(request, back=reverse("statistics:release", args=[release.pk]))):
        return asked
    missing = [ErrorLine(str(words), f"#{name}") for name, words in LOOKED_AT.items() if name not in request.POST]
    if step == "goedkeuren" and missing:
        return _page(request, release, errors=missing, status=422)
    call, done = STEPS[step]
    act = {"release_id": release.pk, "seen_version": seen_version(request), "by": request.user}
    if step == "kiezen":
        act["choices"] = chosen(release, request.POST)
    try:
        moved = as_page(lambda: call(request, act))
    except StaleError as stale:
        return _page(request, release, errors=[ErrorLine(sentence(stale))], status=409)
    except RefusedError as refused:
        told = refused.obstacles or (refused,)
        lines = [ErrorLine(sentence(one), conflict.TARGETS.get(one.code, "")) for one in told]
        return _page(request, release, errors=lines, status=422)
    if step == "goedkeuren" and moved.published_at > timezone.now():
        done = _("The release is approved and appears when its embargo ends.")
    messages.success(request, str(done), extra_tags="done")
    return redirect("statistics:release", release.pk)


def _form(request: HttpRequest, typed: forms.Typed, faults: Sequence[Fault] = ()) -> HttpResponse:
    replaceable = releases.replaceable(by=request.user)  # type: ignore[arg-type]
    looked(request, Event.RELEASE_READ, [one.pk for one in replaceable])
    shown = forms.shown(typed, replaceable=replaceable, faults=faults)
    context = {"fields": shown, "errors": fields.error_lines(shown)}
    return render(request, "statistics/new.html", context, status=422 if faults else 200)


def _page(request: HttpRequest, release: Any, *, errors: Sequence[ErrorLine] = (), status: int = 200) -> HttpResponse:
    release.refresh_from_db()
    tables = sorted(release.tables.all(), key=lambda table: place_of(table.name))
    context = {
        "release": release,
        "here": reverse("statistics:release", args=[release.pk]),
        "state": state_words(release.status),
        "embargo": release.embargo_until if release.embargo_until and _still_to_come(release) else None,
        "steps": steps_of(release),
        "report": release.report,
        "reopened": situation.reopened_since_cut_off(release),
        "failure": release.build_message_nl if active() == "nl" else release.build_message_en,
        "conflict": conflict_of(
            release,
            by=request.user,
            asked=request.POST.get(conflict.PART) or request.GET.get(conflict.PART, ""),
            typed=request.POST,
            errors=errors,
        ),
        "beside": beside_of(release),
        "rules": (release.report or {}).get("rules"),
        "sheet": _sheet(request, tables),
        "tables": [_table_row(table, release) for table in tables],
        "panel": panel(release, by=request.user, typed=request.POST),
        "errors": list(errors),
        "stale": status == 409,
    }
    return render(request, "statistics/release.html", context, status=status)


def _still_to_come(release: Any) -> bool:
    return bool((release.published_at or release.embargo_until) > timezone.now())


def _sheet(request: HttpRequest, tables: Sequence[Any]) -> sheet.Sheet | None:
    """The table that was chosen, as its file will hold it."""
    if not tables:
        return None
    wanted = request.GET.get("tabel", "")
    table = next((one for one in tables if one.name == wanted), tables[0])
    return sheet.sheet(
        json.loads(table.files["json"]),
        year=request.GET.get("jaar", ""),
        measure=request.GET.get("telling", ""),
        everything=bool(request.GET.get("alles")),
    )


def _table_row(table: Any, release: Any) -> dict[str, Any]:
    """What protection costs one table; the split of hidden cells stays inside the register."""
    report = release.report["tables"][table.name]
    return {
        "name": table.name,
        "number": table.summary["number"],
        "title": table.summary["title"][active()],
        **report,
        **cost.told(report),
    }
