"""The first page: the two questions, and the state of the log and the trail."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.audit import Event, reading
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.notes import looked
from register.web.privacy_desk import periods
from register.web.privacy_desk.door import reads_log
from register.web.privacy_desk.presenting import moment

USUAL_DAYS = 30


@require_safe
@reads_log
def overview(request: HttpRequest) -> HttpResponse:
    """Ask who saw a case or what a person saw; see whether the trail is whole."""
    return page(request)


def page(
    request: HttpRequest,
    *,
    number: FieldView | None = None,
    person: FieldView | None = None,
    days: tuple[FieldView, ...] = (),
    found: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with what was typed and what was wrong with it."""
    looked(request, Event.LOG_READ, filters={"page": "overview"})
    number = number or fields.plain("number", _("Case number"))
    person = person or fields.plain("person", _("User name or name"))
    usual = periods.lately(USUAL_DAYS, timezone.localdate())
    days = days or periods.asked({}, usual).fields
    context = {
        "number": number,
        "person": person,
        "days": days,
        "found": found,
        "errors": fields.error_lines([number, person, *days]),
        **_trail(),
    }
    return render(request, "privacy_desk/overview.html", context, status=status)


def _trail() -> dict[str, Any]:
    trail = reading.trail()
    words = {None: _("not yet"), True: _("Whole"), False: _("Not whole")}
    facts = [
        {"label": _("Events in the access log"), "text": number_format(trail.looks, force_grouping=True)},
        {"label": _("Changes in the trail"), "text": number_format(trail.changes, force_grouping=True)},
        {"label": _("Last sealed"), "text": _when(trail.sealed_at)},
        {"label": _("Last verified"), "text": _when(trail.verified_at)},
        {"label": _("Outcome"), "text": words[trail.whole], "missing": trail.whole is False},
    ]
    return {"facts": facts, "findings": trail.findings}


def _when(at: datetime | None) -> str:
    return moment(at) if at else _("not yet")
