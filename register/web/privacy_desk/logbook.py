"""The log with filters."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.audit import Event, catalogue
from register.audit.reading import Which
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.notes import looked
from register.web.privacy_desk import noted, periods, presenting
from register.web.privacy_desk.door import reads_log
from register.web.privacy_desk.paging import Page, chosen_before
from register.workflow.roles import Role

USUAL_DAYS = 7


@require_safe
@reads_log
def logbook(request: HttpRequest) -> HttpResponse:
    """The events of a period, by kind, outcome and role, the newest first."""
    asked = periods.asked(request.GET, periods.lately(USUAL_DAYS, timezone.localdate()))
    chosen = {name: _one_of(request.GET.get(name, ""), values) for name, values in _choices().items()}
    told = {name: value for name, value in chosen.items() if value}
    looked(request, Event.LOG_READ, filters={"page": "log", **told, **(asked.period.filters if asked.period else {})})
    context: dict[str, Any] = {
        "filters": [*_fields(chosen), *asked.fields],
        "errors": fields.error_lines(asked.fields),
        "period": asked.period,
    }
    if asked.period is not None:
        which = Which(
            code=chosen["gebeurtenis"],
            outcome=chosen["uitkomst"],
            role=chosen["rol"],
            since=asked.period.since,
            until=asked.period.until,
        )
        page = Page.of(which, before=chosen_before(request.GET))
        query = f"{urlencode(told)}&{asked.period.query}" if told else asked.period.query
        context |= {"page": page, "query": query, "lines": presenting.lines(page.looks, asked.period)}
    return render(request, "privacy_desk/logbook.html", context, status=200 if asked.period else 422)


def _choices() -> dict[str, dict[str, str]]:
    """What can be chosen, each with its words."""
    return {
        "gebeurtenis": {code: noted.event(code) for code in catalogue.KINDS},
        "uitkomst": {outcome: noted.outcome(outcome) for outcome in catalogue.OUTCOMES},
        "rol": {role.value: noted.role(role.value) for role in Role},
    }


def _fields(chosen: dict[str, str]) -> list[FieldView]:
    labels = {"gebeurtenis": _("Event"), "uitkomst": _("Outcome"), "rol": _("Role")}
    return [
        fields.plain(
            name,
            labels[name],
            widget="select",
            value=chosen[name],
            options=values.items(),
            optional=True,
            unchosen=_("All"),
        )
        for name, values in _choices().items()
    ]


def _one_of(text: str, values: dict[str, str]) -> str:
    return text if text in values else ""
