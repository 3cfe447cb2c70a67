"""Suspected and found beside each other: proposals with one button, and the role of each substance.

A suspicion is linked to what was found and never overwritten. Hints stand beside the results; no hint sets a role.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from register.casework import analytes, opening, toxicology_findings
from register.casework.analytes import Report
from register.coding.finding_proposals import Proposal
from register.web import fields, saves
from register.web.door import load_case, person, read_again
from register.web.field_shapes import ErrorLine, FieldView, Option
from register.web.physician import forms, results, row_forms, row_storing, sections
from register.web.physician.progress import navigation, with_progress
from register.web.physician.row_kinds import FINDING, SUSPICION, RowKind, Write
from register.web.physician.sections import NOTHING_TOLD, Told
from register.web.physician.substance_names import heading_of
from register.web.physician.summaries import outcome_words, result_words, substance_name
from register.web.physician.toxicology import PAGE
from register.web.saves import seen_version
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

# The roles that most conclusions need, in the order of the row (experience.md 4.2); the others stand under "more".
FIRST_ROLES = ("sole_cause", "joint_cause", "present_no_contribution", "undeterminable", "suspected_only")
OUTCOME_MARKS = {"confirmed": ("done", "is-done"), "not_detected": ("minus", "muted"), "not_tested": ("todo", "muted")}
UNKNOWN_MARK = ("wait", "is-wait")

ROLES: RowKind = replace(
    FINDING,
    names=toxicology_findings.ASKED,
    change=lambda write, key, raw: toxicology_findings.conclude(row_id=key, raw=raw, **write.arguments),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A suspicion and what was found; ``found`` is empty when nothing was, ``suspected`` when nobody thought of it."""

    suspected: str
    found: str
    glyph: str
    tone: str
    outcome: str
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A conclusion with its role as radio buttons: the usual ones, and the others under "more"."""

    key: str
    name: str
    words: str
    role: FieldView
    usual: tuple[Option, ...]
    more: tuple[Option, ...]
    more_chosen: bool
    others: tuple[FieldView, ...]
    errors: tuple[ErrorLine, ...]


@load_case(Verb.ENTER_TOX, read=with_progress)
def findings(request: HttpRequest, case: Any) -> HttpResponse:
    """What was suspected and what was found, and what each substance did."""
    if request.method != "POST":
        return _page(request, case, NOTHING_TOLD)
    opening.require(person(request), Verb.ENTER_TOX, case)
    typed = forms.typed(request.POST)
    write = Write.begin(case.pk, person(request), seen_version(request), request.POST.get("reason", ""))
    case = read_again(request, case, read=with_progress)
    write, stored = row_storing.store(case, ROLES, typed, write)
    if stored.differences:
        return _to_choose(request, case, typed, stored)
    if stored.problems:
        return _mistaken(request, case, typed, stored)
    if request.POST.get("do") == "take":
        keys = request.POST.getlist("proposal")
        toxicology_findings.take_proposals(
            case_id=case.pk, keys=keys, seen_version=write.seen_version, by=person(request)
        )
        return redirect(reverse("physician:tox_findings", args=[case.pk]) + "#rollen")
    if case.status == CaseState.DRAFT:
        return redirect(sections.onward(request, case, PAGE))
    return redirect("physician:resubmit", case_id=case.pk)


def _to_choose(request: HttpRequest, case: Any, typed: forms.Values, stored: row_storing.Stored) -> HttpResponse:
    """The page as it is stored now, with both roles where somebody else chose another one meanwhile."""
    now = read_again(request, case, read=with_progress)
    saves.keep(request, now.row_version)
    values = row_storing.with_asked(now, (ROLES,), typed, stored)
    told = ErrorLine(_("Choose for each question which answer stands."), "#verschil")
    return _page(request, now, Told(values, differences=stored.differences, errors=[told], status=409))


def _mistaken(request: HttpRequest, case: Any, typed: forms.Values, stored: row_storing.Stored) -> HttpResponse:
    """The page with its mistakes; the other roles are stored."""
    now = read_again(request, case, read=with_progress)
    saves.keep(request, now.row_version)
    values = row_storing.with_asked(now, (ROLES,), typed, stored)
    return _page(request, now, Told(values, status=422), stored.problems)


def _page(request: HttpRequest, case: Any, told: Told, problems: row_storing.Problems | None = None) -> HttpResponse:
    report = analytes.report_of(case)
    rows = _rows(case, told, problems)
    reason = _reason(request, case, problems or {})
    context = {
        "case": case,
        "nav": navigation(case, PAGE.slug),
        "families": results.shown(_standing(case), report.families, report.hints),
        "links": _links(case, report),
        "proposals": report.proposals,
        "rows": rows,
        "reason": reason,
        "draft": case.status == CaseState.DRAFT,
        "errors": [
            *told.errors,
            *fields.error_lines([reason] if reason else []),
            *(line for row in rows for line in row.errors),
        ],
        "differences": told.differences,
        "rest_saved": True,
        "stale": told.status in (409, 422),
    }
    return render(request, "physician/toxicology_findings.html", context, status=told.status)


def _standing(case: Any) -> list[Any]:
    return list(case.toxresult_rows.filter(removed_at=None).select_related("substance").order_by("id"))


def _links(case: Any, report: Report) -> list[Link]:
    """Each suspicion with what was found about it, and after them what was found without a suspicion."""
    by_key = {str(row.pk): row for row in _standing(case)}
    concluded = {str(row.suspicion_id): row for row in FINDING.read(case) if row.suspicion_id}
    proposed = {one.suspicion.key: one for one in report.proposals if one.suspicion}
    links = []
    for row in SUSPICION.read(case):
        key = str(row.pk)
        outcome = report.outcomes.get(key)
        glyph, tone = OUTCOME_MARKS.get(outcome or "", UNKNOWN_MARK)
        found = ""
        if key in proposed:
            found = _found(proposed[key], by_key)
        elif key in concluded:
            found = substance_name(concluded[key])
        links.append(Link(_suspected(row), found, glyph, tone, outcome_words(outcome), proposed=key in proposed))
    links += [
        Link("", _found(one, by_key), "plus", "", _("found without a suspicion"), proposed=True)
        for one in report.proposals
        if one.suspicion is None and one.finding is None
    ]
    return links


def _suspected(row: Any) -> str:
    name = substance_name(row)
    return f"{row.reported_as} ({name})" if row.substance_id and row.reported_as not in ("", None, name) else name


def _found(proposal: Proposal, rows: dict[str, Any]) -> str:
    """The substance with its value, or by which analyte it was found."""
    members = proposal.family.members
    name = heading_of(proposal.family)
    first = rows[members[0].analyte.key]
    if members[0].why is None:
        return f"{name}: {result_words(first)}"
    return _("%(name)s, by %(analyte)s") % {"name": name, "analyte": first.reported_as}


def _rows(case: Any, told: Told, problems: row_storing.Problems | None) -> list[RoleRow]:
    shown = row_forms.shown(case, ROLES, forms.Choices(case.region_id), told.values, problems)
    found = {str(row.pk): row for row in FINDING.read(case)}
    return [_role_row(one, found[one.key]) for one in shown.rows]


def _role_row(one: row_forms.ShownRow, row: Any) -> RoleRow:
    role, *others = one.fields
    usual = tuple(option for code in FIRST_ROLES for option in role.options if option.value == code)
    more = tuple(option for option in role.options if option.value not in FIRST_ROLES)
    return RoleRow(
        key=one.key,
        name=substance_name(row),
        words=_("suspected as ‘%(word)s’") % {"word": row.suspicion.reported_as} if row.suspicion_id else "",
        role=role,
        usual=usual,
        more=more,
        more_chosen=any(option.chosen for option in more),
        others=tuple(others),
        errors=(*one.others, *fields.error_lines(one.fields)),
    )


def _reason(request: HttpRequest, case: Any, problems: row_storing.Problems) -> FieldView | None:
    """Asked when a role that was set may change after the case was handed in."""
    if case.submitted_at is None or not any(row.role for row in FINDING.read(case)):
        return None
    wrong: Sequence[Any] = [found["reason"] for found in problems.values() if "reason" in found]
    return fields.plain(
        "reason",
        _("Reason for this change"),
        value=request.POST.get("reason", ""),
        hint=_("Only when you change a role that was chosen before."),
        error=fields.sentence(wrong[0]) if wrong else "",
        optional=True,
        maximum=500,
    )
