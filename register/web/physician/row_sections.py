"""Pages of a case with rows: one form for everything on the page, so that no button loses what stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from register.casework import intake, merging
from register.casework.answers import form_names
from register.casework.editing import editing_verb
from register.casework.errors import ConflictError, InvalidError, NotFoundError
from register.casework.seen import Conflict
from register.web.door import View, load_case, person, read_again
from register.web.fields import ErrorLine
from register.web.physician import forms, picker, row_forms, sections
from register.web.physician.merging import merged, settled
from register.web.physician.pages import BY_SLUG, Page
from register.web.physician.progress import with_progress
from register.web.physician.row_kinds import FINDING, KNOWN_USE, NALOXONE, SUSPICION, RowKind, Write
from register.web.physician.sections import Told
from register.web.saves import seen_version
from register.workflow.verbs import Verb

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page with rows. ``under`` says below which group of questions each kind stands; "" is above all.

    ``picked`` is the kind that choosing a substance adds to.
    """

    page: Page
    under: Mapping[str, tuple[RowKind, ...]]
    picked: RowKind | None = None

    @property
    def kinds(self) -> tuple[RowKind, ...]:
        return tuple(kind for kinds in self.under.values() for kind in kinds)


ROW_PAGES = (
    RowPage(BY_SLUG["omstandigheden"], {"anderen": (NALOXONE,), "voorgeschiedenis": (KNOWN_USE,)}),
    RowPage(BY_SLUG["middelen"], {"": (SUSPICION,)}, picked=SUSPICION),
    RowPage(BY_SLUG["conclusie"], {"oorzaak": (FINDING,)}, picked=FINDING),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of saving the whole page: the write to go on with, and what was not stored."""

    write: Write
    problems: Mapping[str, Any] = field(default_factory=dict)
    rows: row_forms.Stored = field(default_factory=row_forms.Stored)
    conflicts: Sequence[Conflict] = ()
    warnings: Sequence[Any] = ()
    case: Any = None

    @property
    def failed(self) -> bool:
        return bool(self.problems or self.rows.problems)

    @property
    def to_choose(self) -> bool:
        return bool(self.conflicts or self.rows.differences or self.rows.lost)


def row_section(row_page: RowPage) -> View:
    """The view of one page with rows."""

    @load_case(Verb.READ_CASE, prepare=with_progress)
    def view(request: HttpRequest, case: Any) -> HttpResponse:
        if not sections.editable(case, request.user):
            return sections.read_only(request, case, row_page.page, editing_verb(person(request), case))
        if request.method != "POST":
            return _show(request, case, row_page, Told())
        action, _colon, target = request.POST.get("do", "").partition(":")
        term = request.POST.get("term", "").strip()
        if action == "search" or (term and action not in ("add", "remove", "take")):
            return _search(request, case, row_page, term)
        return _save(request, case, row_page, action, target, term)

    return view


def _search(request: HttpRequest, case: Any, row_page: RowPage, term: str) -> HttpResponse:
    """The same page with substances to choose from; nothing is stored and nothing typed is lost."""
    if not term:
        return _save(request, case, row_page, "stay", "", "")
    return _show(request, case, row_page, Told(values=forms.typed(request.POST)), found=picker.candidates(term))


def _save(request: HttpRequest, case: Any, row_page: RowPage, action: str, target: str, term: str) -> HttpResponse:
    """Store everything on the page, then do what the pressed button asks."""
    typed = forms.typed(request.POST)
    write = Write.begin(case.pk, request.user, seen_version(request), request.POST.get("reason", "").strip())
    case = read_again(request, case, with_progress)
    if action == "remove" and _changed_by_somebody(case, row_page, write, target):
        told = Told(typed, errors=[ErrorLine(_("Somebody else changed this row. Save the page and look at it first."))])
        return _show(request, case, row_page, replace(told, status=409))
    try:
        outcome = _store(case, row_page, typed, write)
        if not outcome.failed and not outcome.to_choose:
            _act(case, row_page, outcome.write, action, target, term)
    except InvalidError as invalid:
        return _show(request, case, row_page, Told(typed, invalid.problems, status=422))
    if outcome.failed:
        told = Told(_not_yet(case, row_page, typed, write), outcome.problems, status=422)
        return _show(request, case, row_page, told, row_problems=outcome.rows.problems)
    if outcome.to_choose:
        return _to_choose(request, case, row_page, typed, outcome)
    if action == "remove" and _reason_page_needed(case, target):
        kind, _colon, key = target.partition(":")
        return redirect("physician:remove", case_id=case.pk, kind=kind, row_id=key)
    if action in ("", "next", "list"):
        return sections.after_saving(request, outcome.case, row_page.page, outcome.warnings)
    anchor = "#f-term" if action in ("add", "take") else f"#r-{target.partition(':')[0]}" if target else ""
    return redirect(reverse("physician:section", args=[case.pk, row_page.page.slug]) + anchor)


def _store(case: Any, row_page: RowPage, typed: Values, write: Write) -> Outcome:
    specs, seen = row_page.page.specs, write.seen_version
    raw = settled(typed, forms.as_seen(case, specs, seen), specs)
    saved: intake.Saved | None = None
    conflicts: tuple[Conflict, ...] = ()
    try:
        saved = intake.save_page(page=row_page.page.slug, raw=raw, **write.arguments)
        if not saved.problems:
            write = write.after(saved.case)
    except ConflictError as conflict:
        write, conflicts = write.after(conflict.current), conflict.conflicts
    rows = row_forms.Stored()
    for kind in row_page.kinds:
        write, found = row_forms.store(case, kind, typed, write)
        rows = rows.with_more(found)
    if saved is None or rows.differences or rows.lost:
        # An empty row that was filled in stays on the page until the choice is made.
        return Outcome(write, saved.problems if saved else {}, rows, conflicts)
    for kind in row_page.kinds:
        write, found = row_forms.store_new(kind, typed, write)
        rows = rows.with_more(found)
    return Outcome(write, saved.problems, rows, warnings=saved.warnings, case=saved.case)


def _changed_by_somebody(case: Any, row_page: RowPage, write: Write, target: str) -> bool:
    """Whether the row that is to go is another one than the person saw."""
    slug, _colon, key = target.partition(":")
    found = [row for kind in row_page.kinds if kind.slug == slug for row in kind.read(case) if str(row.pk) == key]
    return write.behind and any(merging.as_seen(row, write.seen_version) is not row for row in found)


def _not_yet(case: Any, row_page: RowPage, typed: Values, write: Write) -> Values:
    """What was typed, with what is stored now where the person left the page as they saw it."""
    specs = row_page.page.specs
    now = merged(typed, forms.as_seen(case, specs, write.seen_version), forms.stored(case, specs), specs)
    own = {name for spec in specs for name in form_names(spec)}
    return {**{name: texts for name, texts in typed.items() if name not in own}, **now}


def _to_choose(request: HttpRequest, case: Any, row_page: RowPage, typed: Values, outcome: Outcome) -> HttpResponse:
    """The page as it is stored now, with both answers where somebody else answered the same question meanwhile."""
    now = read_again(request, case, with_progress)
    told = sections.to_choose(request, now, row_page.page, typed, outcome.conflicts)
    told = replace(
        told,
        differences=[*told.differences, *outcome.rows.differences],
        errors=[*(told.errors if outcome.conflicts or outcome.rows.differences else ()), *outcome.rows.lost],
    )
    values = row_forms.with_asked(now, row_page.kinds, typed, outcome.rows.asked)
    return _show(request, now, row_page, told, row_values=values)


def _act(case: Any, row_page: RowPage, write: Write, action: str, target: str, term: str) -> None:
    """The write behind a button of its own: add a substance, take one over, take a row away."""
    match action:
        case "add" if row_page.picked:
            row_page.picked.add(write, {"reported_as": [term], "substance": [target]})
        case "take" if row_page.picked is FINDING:
            suspicion = next((row for row in SUSPICION.read(case) if str(row.pk) == target), None)
            if suspicion is None:
                raise NotFoundError
            raw = {
                "reported_as": [suspicion.reported_as],
                "substance": [suspicion.substance_id or ""],
                "suspicion": [str(suspicion.pk)],
            }
            FINDING.add(write, raw)
        case "remove" if not _reason_page_needed(case, target):
            slug, _colon, key = target.partition(":")
            kind = next((kind for kind in row_page.kinds if kind.slug == slug), None)
            if kind is None or kind.remove is None:
                raise NotFoundError
            kind.remove(write.knowing, key)
        case _:
            pass


def _reason_page_needed(case: Any, target: str) -> bool:
    """A conclusion, and a suspicion of a case that was handed in, is struck out with a reason."""
    kind = target.partition(":")[0]
    return kind == FINDING.slug or (kind == SUSPICION.slug and case.submitted_at is not None)


def _show(
    request: HttpRequest,
    case: Any,
    row_page: RowPage,
    told: Told,
    *,
    row_values: Values | None = None,
    row_problems: row_forms.Problems | None = None,
    found: Sequence[Any] | None = None,
) -> HttpResponse:
    context = sections.page_context(request, case, row_page.page, told)
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
        errors=[*context["errors"], *row_errors],
        picker=row_page.picked,
        term=request.POST.get("term", "").strip() if found is not None else "",
        found=found,
        to_take=_to_take(case) if row_page.picked is FINDING else (),
    )
    return render(request, "physician/section_with_rows.html", context, status=told.status)


def _to_take(case: Any) -> list[Any]:
    """Suspected substances about which nothing was concluded yet."""
    concluded = {row.suspicion_id for row in FINDING.read(case)}
    return [row for row in SUSPICION.read(case) if row.pk not in concluded]


WITH_ROWS = {row_page.page.slug: row_section(row_page) for row_page in ROW_PAGES}
