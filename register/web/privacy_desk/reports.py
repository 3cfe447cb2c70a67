"""The worklist of reports on the log: who looked more than usual, and what that turned out to be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.access import Refused, log_review
from register.audit import Event, people
from register.audit.outliers import BY_NAME, WEEK, Report
from register.casework.errors import NotFoundError
from register.web import fields
from register.web.door import person
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import active, sentence
from register.web.notes import looked
from register.web.privacy_desk import noted
from register.web.privacy_desk.door import reads_log
from register.web.privacy_desk.periods import Period
from register.web.privacy_desk.presenting import moment
from register.web.saves import seen_version
from register.web.sending import for_sending


@dataclass(frozen=True, slots=True)
class Row:
    """One report as the page shows it; ``note`` and ``outcomes`` are the fields of its form, ``asks`` says whether it
    is there. ``version`` is that of the outcome shown, 0 for none.
    """

    key: str
    id: str
    what: str
    who: str
    who_url: str
    role: str
    when: str
    counted: int
    usual: str
    z: str
    settled: str
    version: int
    own: bool
    asks: bool
    outcomes: FieldView
    note: FieldView


@require_safe
@reads_log
def worklist(request: HttpRequest) -> HttpResponse:
    """The reports on the last thirty days; those without an outcome first."""
    return _page(request)


@for_sending
@reads_log
def review(request: HttpRequest) -> HttpResponse:
    """Write down what one report turned out to be."""
    key = request.POST.get("report", "")
    line = next((each for each in _lines() if key_of(each.report) == key), None)
    if line is None:
        raise NotFoundError
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    stored = log_review.review(
        report=line.report, outcome=outcome, note=note, seen_version=seen_version(request), by=person(request)
    )
    if isinstance(stored, Refused):
        return _page(request, refused=stored, status=409 if stored == log_review.REVIEWED_SINCE else 422)
    messages.success(request, _("The outcome is written down."), extra_tags="done")
    return redirect("privacy_desk:reports")


def key_of(report: Report) -> str:
    """The report in a form: what it measures, of whom, and when."""
    return f"{report.measure}.{report.span}.{report.person}.{report.day.isoformat()}"


def _lines() -> list[log_review.Line]:
    return log_review.worklist(until=timezone.now())


def _page(request: HttpRequest, *, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    looked(request, Event.LOG_READ, filters={"page": "reports"})
    lines = _lines()
    names = people.names_of(str(line.report.person) for line in lines)
    rows = [_row(request, line, names, number, refused) for number, line in enumerate(lines, start=1)]
    context = {
        "rows": rows,
        "here": reverse("privacy_desk:reports"),
        "waiting": sum(not row.settled for row in rows),
        "errors": fields.error_lines([field for row in rows for field in (row.outcomes, row.note)]),
    }
    if refused is not None and not context["errors"]:
        context["errors"] = [ErrorLine(sentence(refused))]
    return render(request, "privacy_desk/reports.html", context, status=status)


def _row(
    request: HttpRequest, line: log_review.Line, names: dict[str, str], number: int, refused: Refused | None
) -> Row:
    report, key = line.report, key_of(line.report)
    typed = request.POST if request.POST.get("report") == key else {}
    mistake = refused if typed else None
    last = report.day + timedelta(days=report.span - 1)
    own = report.person == person(request).pk
    person_url = reverse("privacy_desk:person", args=[report.person])
    day = date_format(report.day, "j F Y")
    return Row(
        key=key,
        id=f"melding-{number}",
        what=sentence(BY_NAME[report.measure]),
        who=names[str(report.person)],
        who_url=f"{person_url}?{Period(report.day, last).query}",
        role=noted.role(report.role),
        when=_("Week of %(day)s") % {"day": day} if report.span == WEEK else day,
        counted=report.counted,
        usual=f"{report.usual:g}",
        z=f"{report.z:.1f}".replace(".", "," if active() == "nl" else "."),
        settled=_settled(line),
        version=line.review.row_version if line.review else 0,
        own=own,
        asks=not own and (line.review is None or bool(typed)),
        outcomes=_outcomes(typed.get("outcome", ""), number, mistake),
        note=_note(typed.get("note", ""), number, mistake),
    )


def _settled(line: log_review.Line) -> str:
    if line.review is None:
        return ""
    nl, en = log_review.OUTCOMES[line.review.outcome]
    word = nl if active() == "nl" else en
    return f"{word} · {line.review.by.display_name}, {moment(line.review.at)} · {line.review.note}"


def _outcomes(chosen: str, number: int, refused: Refused | None) -> FieldView:
    options = tuple((code, nl if active() == "nl" else en) for code, (nl, en) in log_review.OUTCOMES.items())
    error = _said(refused, "outcome_missing")
    return fields.plain(
        "outcome", _("Outcome"), widget="select", value=chosen, options=options, error=error, prefix=f"r{number}"
    )


def _note(text: Any, number: int, refused: Refused | None) -> FieldView:
    error = _said(refused, "note_missing") or _said(refused, "note_too_long")
    maximum = log_review.LONGEST_NOTE
    return fields.plain("note", _("How you know"), value=str(text), error=error, maximum=maximum, prefix=f"r{number}")


def _said(refused: Refused | None, code: str) -> str:
    """The sentence of this refusal; a refusal counts as false, so it is asked for by name."""
    return sentence(refused) if refused is not None and refused.code == code else ""
