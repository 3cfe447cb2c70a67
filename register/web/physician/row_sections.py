"""Pages of a case with rows: one form for everything on the page, so that no button loses what stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from register.casework import merging
from register.casework.editing import editing_verb
from register.casework.errors import InvalidError
from register.web import saves
from register.web.door import View, load_case, person, read_again
from register.web.field_shapes import ErrorLine
from register.web.language import sentence
from register.web.physician import forms, picker, piecewise, proposals, row_actions, row_forms, row_storing, sections
from register.web.physician.merging import given, settled
from register.web.physician.piecewise import Pieces
from register.web.physician.progress import with_progress
from register.web.physician.row_actions import ACTIONS, Press
from register.web.physician.row_kinds import FINDING, SUSPICION, Write
from register.web.physician.row_pages import ROW_PAGES, RowPage
from register.web.physician.row_storing import Problems, Stored
from register.web.physician.told import Told, mistaken, to_choose
from register.web.saves import seen_version
from register.workflow.verbs import Verb

Values = Mapping[str, Sequence[str]]

# The field of a row that the picker fills in.
TERM_PROBLEM = "reported_as"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of saving the whole page: the write to go on with, and what was not stored of it."""

    write: Write
    page: Pieces
    rows: Stored = field(default_factory=Stored)
    more_problems: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problems(self) -> dict[str, Any]:
        return {**self.page.problems, **self.more_problems}

    @property
    def warnings(self) -> Sequence[Any]:
        return self.page.warnings

    @property
    def failed(self) -> bool:
        return bool(self.problems or self.rows.problems)

    @property
    def to_choose(self) -> bool:
        return bool(self.page.conflicts or self.rows.differences or self.rows.lost)


def row_section(row_page: RowPage) -> View:
    """The view of one page with rows."""

    @load_case(Verb.READ_CASE, read=with_progress)
    def view(request: HttpRequest, case: Any) -> HttpResponse:
        if not sections.editable(case, request.user):
            return sections.read_only(request, case, row_page.page, editing_verb(person(request), case))
        if request.method != "POST":
            return _show(request, case, row_page, Told())
        press = _pressed(request)
        if press.action == "read":
            return _show(request, case, row_page, Told(values=forms.typed(request.POST)))
        if press.action == "search" or (press.term and press.action not in ACTIONS):
            return _search(request, case, row_page, press)
        return _save(request, case, row_page, press)

    return view


def _pressed(request: HttpRequest) -> Press:
    action, _colon, target = request.POST.get("do", "").partition(":")
    return Press(action, target, request.POST.get("term", "").strip(), proposals.text_in(request))


def _search(request: HttpRequest, case: Any, row_page: RowPage, press: Press) -> HttpResponse:
    """The same page with substances to choose from; nothing is stored and nothing typed is lost."""
    if not press.term:
        return _save(request, case, row_page, replace(press, action="stay"))
    found = picker.candidates(press.term, person(request))
    return _show(request, case, row_page, Told(values=forms.typed(request.POST)), found=found)


def _save(request: HttpRequest, case: Any, row_page: RowPage, press: Press) -> HttpResponse:
    """Store everything on the page, then do what the pressed button asks."""
    typed = forms.typed(request.POST)
    write = Write.begin(case.pk, request.user, seen_version(request), request.POST.get("reason", "").strip())
    case = read_again(request, case, read=with_progress)
    if press.action == "remove" and _changed_by_somebody(case, row_page, write, press):
        told = Told(typed, errors=[ErrorLine(_("Somebody else changed this row. Save the page and look at it first."))])
        return _show(request, case, row_page, replace(told, status=409))
    if row_actions.needs_reason(case, press) and not write.reason and _as_seen(case, row_page, typed, write):
        kind, key = press.kind_and_key
        return redirect("physician:remove", case_id=case.pk, kind=kind, row_id=key)
    outcome = _store(case, row_page, typed, write)
    if outcome.to_choose:
        return _to_choose(request, case, row_page, typed, outcome)
    if outcome.failed:
        return _mistaken(request, case, row_page, typed, outcome)
    try:
        row_actions.act(case, row_page, outcome.write, press)
    except InvalidError as invalid:
        return _mistaken(request, case, row_page, typed, replace(outcome, more_problems=invalid.problems))
    if press.action in ("", "next", "list"):
        return sections.after_saving(request, outcome.page.case, row_page.page, outcome.warnings)
    if press.text:
        return _with_text(request, case, row_page)
    back = row_actions.way_back(case, row_page, press)
    return redirect(reverse("physician:section", args=[case.pk, row_page.page.slug]) + back)


def _with_text(request: HttpRequest, case: Any, row_page: RowPage) -> HttpResponse:
    """The page as it is stored now, with the pasted text. That is kept nowhere, so no other request could show it."""
    now = read_again(request, case, read=with_progress)
    saves.keep(request, now.row_version)
    return _show(request, now, row_page, Told(), fresh=True)


def _store(case: Any, row_page: RowPage, typed: Values, write: Write) -> Outcome:
    """Store what stands on the page, each answer that can be, and keep the others in a draft as they were typed."""
    page, seen = row_page.page, write.seen_version
    raw = settled(typed, forms.as_seen(case, page.specs, seen), page.specs)
    write, found = piecewise.store_page(page.slug, raw, write)
    if found.nothing:
        return Outcome(write, found)
    rows = Stored()
    for kind in row_page.kinds:
        write, more = row_storing.store(case, kind, typed, write)
        rows = rows.with_more(more)
    if not (found.conflicts or rows.differences or rows.lost):
        # Otherwise an empty row that was filled in stays on the page until the choice is made.
        for kind in row_page.kinds:
            write, more = row_storing.store_new(kind, typed, write)
            rows = rows.with_more(more)
    let_go = row_storing.emptied(case, page.slug, row_page.kinds, typed)
    write, _kept = piecewise.keep(case, page.slug, [*rows.unanswered, *let_go], write)
    return Outcome(write, found, rows)


def _as_seen(case: Any, row_page: RowPage, typed: Values, write: Write) -> bool:
    """Whether the person left all answers of the page as they saw them."""
    specs, seen = row_page.page.specs, write.seen_version
    same = given(typed, specs) == given(forms.as_seen(case, specs, seen), specs)
    return same and not any(row_storing.changed(case, kind, typed, seen) for kind in row_page.kinds)


def _changed_by_somebody(case: Any, row_page: RowPage, write: Write, press: Press) -> bool:
    """Whether the row that is to go is another one than the person saw."""
    slug, key = press.kind_and_key
    found = [row for kind in row_page.kinds if kind.slug == slug for row in kind.read(case) if str(row.pk) == key]
    return write.behind and any(merging.as_seen(row, write.seen_version) is not row for row in found)


def _mistaken(request: HttpRequest, case: Any, row_page: RowPage, typed: Values, outcome: Outcome) -> HttpResponse:
    """The page with its mistakes; everything else on it is stored."""
    now, seen = read_again(request, case, read=with_progress), seen_version(request)
    told = mistaken(request, now, row_page.page, typed, replace(outcome.page, problems=outcome.problems), seen)
    rows = typed if outcome.page.nothing else row_storing.with_asked(now, row_page.kinds, typed, outcome.rows)
    return _show(request, now, row_page, told, row_values=rows, row_problems=outcome.rows.problems)


def _to_choose(request: HttpRequest, case: Any, row_page: RowPage, typed: Values, outcome: Outcome) -> HttpResponse:
    """The page as it is stored now, with both answers where somebody else answered the same question meanwhile."""
    now = read_again(request, case, read=with_progress)
    told = to_choose(request, now, row_page.page, typed, outcome.page.conflicts, outcome.problems)
    told = replace(
        told,
        differences=[*told.differences, *outcome.rows.differences],
        errors=[*(told.errors if outcome.page.conflicts or outcome.rows.differences else ()), *outcome.rows.lost],
    )
    values = row_storing.with_asked(now, row_page.kinds, typed, outcome.rows)
    return _show(request, now, row_page, told, row_values=values, row_problems=outcome.rows.problems)


def _show(
    request: HttpRequest,
    case: Any,
    row_page: RowPage,
    told: Told,
    *,
    row_values: Values | None = None,
    row_problems: Problems | None = None,
    found: Sequence[Any] | None = None,
    fresh: bool = False,
) -> HttpResponse:
    """The page. ``fresh``: it shows the case as it is now, and nothing of what the form sent but the pasted text."""
    at_picker = told.problems.get(TERM_PROBLEM) if row_page.picked else None
    elsewhere = {name: problem for name, problem in told.problems.items() if problem is not at_picker}
    context = sections.page_context(request, case, row_page.page, replace(told, problems=elsewhere))
    choices = forms.Choices(case.region_id)
    typed = row_values if row_values is not None else told.values
    rows = {
        under: tuple(row_forms.shown(case, kind, choices, typed, row_problems, context["kept"]) for kind in kinds)
        for under, kinds in row_page.under.items()
    }
    row_errors = [line for shown in rows.values() for one in shown for line in one.errors if typed is not None]
    context.update(
        rows_above=rows.get("", ()),
        groups=[forms.with_rows(group, rows.get(group.slug, ())) for group in context["groups"]],
        errors=[*context["errors"], *_at_picker(at_picker), *row_errors],
        stale=context["stale"] or fresh,
        picker=row_page.picked,
        term="" if fresh else request.POST.get("term", "").strip(),
        term_error=sentence(at_picker) if at_picker else "",
        found=found,
        pasted=proposals.pasted(proposals.text_in(request), row_page.picked.read(case)) if row_page.picked else None,
        taken_away=row_actions.taken_away(case, row_page, request.GET.get("verwijderd", "")),
        to_take=_to_take(case) if row_page.picked is FINDING else (),
    )
    return render(request, "physician/section_with_rows.html", context, status=told.status)


def _at_picker(problem: Any) -> list[ErrorLine]:
    return [ErrorLine(sentence(problem), "#f-term")] if problem else []


def _to_take(case: Any) -> list[Any]:
    """Suspected substances about which nothing was concluded yet."""
    concluded = {row.suspicion_id for row in FINDING.read(case)}
    return [row for row in SUSPICION.read(case) if row.pk not in concluded]


WITH_ROWS = {row_page.page.slug: row_section(row_page) for row_page in ROW_PAGES}
