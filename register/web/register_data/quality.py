"""The quality board: what is missing and what waits, by region, and the cases behind each figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from register.access import may
from register.audit import Event
from register.casework import choices, quality_board
from register.casework.errors import NotFoundError
from register.casework.quality_board import REASONS, WORK, Share
from register.quality import dictionary, value_sets
from register.quality.dictionary import FieldSpec
from register.web.door import allowed, person
from register.web.language import active
from register.web.notes import looked
from register.web.physician.lines import subject
from register.web.physician.pages import BY_SLUG
from register.workflow.roles import Role
from register.workflow.verbs import Verb

PAGE = 25
# From here a share asks for attention, in per cents.
HIGH = 20
WORK_LABELS: dict[str, Promise] = {
    "tox_late": gettext_lazy("Toxicology late"),
    "warning_accepted": gettext_lazy("Warning accepted"),
    "name_unknown": gettext_lazy("Name not in the catalogue"),
    "question_open": gettext_lazy("Question open"),
}
# What the cases behind a figure say of themselves: the head of its column, and where on the review page it is settled.
WHY: dict[str, Promise] = {
    "tox_late": gettext_lazy("Expected on"),
    "warning_accepted": gettext_lazy("What was accepted, and why"),
    "name_unknown": gettext_lazy("Reported as"),
    "question_open": gettext_lazy("Question about"),
}
PLACES = {"warning_accepted": "#p-checks", "name_unknown": "#p-substances", "question_open": "#p-questions"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure; ``url`` leads to its cases and is empty for none."""

    text: str
    of: str
    url: str
    high: bool


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one page of the form."""

    title: str
    lines: tuple[Line, ...]


@require_safe
@allowed(Verb.READ_QUALITY)
def board(request: HttpRequest) -> HttpResponse:
    """Fields by region for one reason for missing, and above them the work that waits."""
    asked = request.GET.get("reden", "")
    reason = asked if asked in REASONS else REASONS[0]
    looked(request, Event.CASE_LIST, filters={"list": "quality", "reason": reason})
    found = quality_board.board(by=person(request), reason=reason, today=timezone.localdate())
    codes = [*found.regions, *([""] if len(found.regions) > 1 else [])]
    home = reverse("register_data:quality")
    context = {
        "cases": found.cases[""],
        "columns": [_name(found.regions, code) for code in codes],
        "work": [str(WORK_LABELS[line]) for line in WORK],
        "regions": [
            Line(
                _name(found.regions, code),
                (
                    Cell(str(found.cases[code]), "", "", high=False),
                    *(_cell(found.work[line][code], line, reason, code) for line in WORK),
                ),
            )
            for code in codes
        ],
        "parts": [
            Part(_part(page), tuple(_field(found.fields[spec.key], spec, reason, codes) for spec in specs))
            for page, specs in groupby(quality_board.fields_shown(), key=lambda spec: spec.page)
        ],
        "tabs": [
            {"url": f"{home}?reden={code}", "label": _reason(code), "current": code == reason, "count": None}
            for code in REASONS
        ],
        "reason": _reason(reason),
        "rules_url": reverse("register_rules:home") if may(person(request), Verb.READ_SETTINGS) else "",
    }
    return render(request, "register_data/quality.html", context)


@require_safe
@allowed(Verb.READ_QUALITY)
def behind(request: HttpRequest) -> HttpResponse:
    """The cases of one figure of the board; the board itself for an address that names none of its figures."""
    line, reason, region = (request.GET.get(name, "") for name in ("wat", "reden", "regio"))
    user = person(request)
    try:
        cases = quality_board.cases_behind(by=user, line=line, reason=reason, region=region, today=timezone.localdate())
    except NotFoundError:
        return redirect("register_data:quality")
    page = Paginator(cases.select_related("region", "assigned_to"), PAGE).get_page(request.GET.get("blad"))
    rows = list(page)
    filters = {"list": "quality", "line": line, "reason": reason, "region": region}
    looked(request, Event.CASE_LIST, [case.pk for case in rows], filters=filters)
    why = quality_board.rows_behind(line=line, cases=rows)
    spec = dictionary.find(line)
    context = {
        "title": str(WORK_LABELS[line]) if spec is None else f"{spec.label(active())}: {_reason(reason).lower()}",
        "part": "" if spec is None else _part(spec.page),
        "share": quality_board.share_behind(by=user, count=page.paginator.count, region=region),
        "region": choices.name_of("region", region, active()) if region else _("all regions"),
        "why": WHY.get(line, ""),
        "rows": [_row(case, user, line, why.get(case.pk, ())) for case in rows],
        "page": page,
        "prefix": urlencode({"wat": line, "reden": reason, "regio": region}) + "&",
        "board": f"{reverse('register_data:quality')}?{urlencode({'reden': reason})}",
    }
    return render(request, "register_data/quality_cases.html", context)


def _row(case: Any, user: Any, line: str, why: Iterable[Any]) -> dict[str, Any]:
    staff = user.role == Role.REGISTER_STAFF
    url = reverse("register_desk:review" if staff else "physician:case", args=[case.pk])
    late = line == "tox_late"
    return {
        "url": url + (PLACES.get(line, "") if staff else ""),
        "number": case.case_number,
        "region": case.region.name.removeprefix("GGD "),
        "status": case.status,
        "handed_in": date_format(timezone.localtime(case.submitted_at), "j N Y") if case.submitted_at else "–",
        "assigned": case.assigned_to.display_name if case.assigned_to else "",
        "why": [_lateness(case.followup_due)] if late else list(dict.fromkeys(_said(line, row) for row in why)),
    }


def _lateness(due: date) -> str:
    days = (timezone.localdate() - due).days
    late = ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    return f"{date_format(due, 'j N Y')} · {late}"


def _said(line: str, row: Any) -> str:
    """Why a case is in a line of work, by the row that put it there."""
    match line:
        case "question_open":
            return subject(row.field)
        case "warning_accepted":
            words = row.words_nl if active() == "nl" else row.words_en
            return " – ".join(filter(None, (words or row.code, row.reason)))
        case _:
            return f"‘{row.reported_as}’"


def _field(shares: Mapping[str, Share], spec: FieldSpec, reason: str, codes: list[str]) -> Line:
    return Line(spec.label(active()), tuple(_cell(shares[code], spec.key, reason, code) for code in codes))


def _cell(share: Share, line: str, reason: str, region: str) -> Cell:
    address = reverse("register_data:behind")
    url = f"{address}?{urlencode({'wat': line, 'reden': reason, 'regio': region})}" if share.count else ""
    text = "–" if share.percent is None else f"{share.percent}%"
    of = _("%(count)d of %(cases)d") % {"count": share.count, "cases": share.cases}
    return Cell(text, of, url, (share.percent or 0) >= HIGH)


def _name(regions: Mapping[str, str], code: str) -> str:
    return regions[code].removeprefix("GGD ") if code else _("All regions")


def _part(page: str) -> str:
    return str(BY_SLUG[page].title) if page in BY_SLUG else _("At the register")


def _reason(code: str) -> str:
    return value_sets.label(value_sets.MISSING, code, active())
