"""Every emergency access with what was looked at under it, and what it turned out to be."""

from dataclasses import dataclass
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
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from register.access import Refused, emergency_review, log_review
from register.access.emergency_review import Line
from register.audit import Event
from register.casework.errors import NotFoundError
from register.web import fields
from register.web.door import person
from register.web.emergency import lines
from register.web.fields import FieldView
from register.web.language import active, sentence
from register.web.notes import looked
from register.web.privacy_desk import presenting
from register.web.privacy_desk.door import reads_log
from register.web.sending import for_sending

LATE = (emergency_review.REVIEWED_ALREADY, emergency_review.STILL_OPEN)


@dataclass(frozen=True, slots=True)
class Row:
    """One access as the page shows it. ``asks`` says whether its form for an outcome is there."""

    id: str
    line: lines.Line
    case_url: str
    who_url: str
    review_url: str
    times: str
    due: str
    overdue: bool
    settled: str
    looks: list[presenting.Line]
    asks: bool
    own: bool
    outcomes: FieldView
    note: FieldView


@require_safe
@reads_log
def emergencies(request: HttpRequest) -> HttpResponse:
    """Those without an outcome first, the oldest of them on top; then the others of the last ninety days."""
    return _page(request)


@for_sending
@reads_log
def review(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Write down what one access turned out to be."""
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    stored = emergency_review.review(access_id=access_id, outcome=outcome, note=note, by=person(request))
    if stored == emergency_review.UNKNOWN_ACCESS:
        raise NotFoundError
    if isinstance(stored, Refused):
        return _page(request, about=access_id, refused=stored, status=409 if stored in LATE else 422)
    messages.success(request, _("The outcome is written down."), extra_tags="done")
    return redirect("privacy_desk:emergencies")


def _page(
    request: HttpRequest, *, about: UUID | None = None, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    looked(request, Event.LOG_READ, filters={"page": "emergencies"})
    found = emergency_review.worklist(now=timezone.now())
    rows = [_row(request, one, number, refused, about) for number, one in enumerate(found, start=1)]
    context: dict[str, Any] = {
        "rows": rows,
        "here": reverse("privacy_desk:emergencies"),
        "waiting": sum(one.access.reviewed_at is None for one in found),
        "overdue": sum(one.overdue for one in found),
        "errors": fields.error_lines([field for row in rows for field in (row.outcomes, row.note)]),
    }
    if refused is not None and not context["errors"]:
        context["errors"] = [fields.ErrorLine(sentence(refused))]
    return render(request, "privacy_desk/emergencies.html", context, status=status)


def _row(request: HttpRequest, one: Line, number: int, refused: Refused | None, about: UUID | None) -> Row:
    access, typed = one.access, about == one.access.pk
    post: Any = request.POST if typed else {}
    own = access.person_id == person(request).pk
    return Row(
        id=f"noodtoegang-{number}",
        line=lines.line(access, person(request)),
        case_url=reverse("privacy_desk:case", args=[access.case_id]),
        who_url=reverse("privacy_desk:person", args=[access.person_id]),
        review_url=reverse("privacy_desk:review_emergency", args=[access.pk]),
        times=_times(one.time),
        due=_day(one.due),
        overdue=one.overdue,
        settled=_settled(access),
        looks=presenting.lines(one.looks),
        asks=one.over and not own and (access.reviewed_at is None or typed),
        own=own,
        outcomes=_outcomes(post.get("outcome", ""), number, refused if typed else None),
        note=_note(post.get("note", ""), number, refused if typed else None),
    )


def _times(time: int) -> str:
    """How often, where it was more than once."""
    said = ngettext(
        "This person has opened this case %(count)d time.", "This person has opened this case %(count)d times.", time
    )
    return said % {"count": time} if time > 1 else ""


def _settled(access: Any) -> str:
    if access.reviewed_at is None:
        return ""
    nl, en = log_review.OUTCOMES[access.outcome]
    word = nl if active() == "nl" else en
    return f"{word} · {access.reviewed_by.display_name}, {presenting.moment(access.reviewed_at)} · {access.note}"


def _outcomes(chosen: str, number: int, refused: Refused | None) -> FieldView:
    options = tuple((code, nl if active() == "nl" else en) for code, (nl, en) in log_review.OUTCOMES.items())
    error = _said(refused, log_review.OUTCOME_MISSING)
    return fields.plain(
        "outcome", _("Outcome"), widget="select", value=chosen, options=options, error=error, prefix=f"n{number}"
    )


def _note(text: str, number: int, refused: Refused | None) -> FieldView:
    error = _said(refused, log_review.NOTE_MISSING) or _said(refused, log_review.NOTE_TOO_LONG)
    maximum = log_review.LONGEST_NOTE
    return fields.plain("note", _("How you know"), value=text, error=error, maximum=maximum, prefix=f"n{number}")


def _said(refused: Refused | None, which: Refused) -> str:
    return sentence(refused) if refused is not None and refused == which else ""


def _day(day: date) -> str:
    return date_format(day, "j F Y")
