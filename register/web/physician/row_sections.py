"""Pages of a case with rows: one form for everything on the page, so that no button loses what stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from register.casework import intake
from register.casework.errors import InvalidError, NotFoundError, StaleError
from register.web.door import View, load_case, seen_version
from register.web.physician import forms, picker, row_forms, sections
from register.web.physician.merging import settled
from register.web.physician.pages import BY_SLUG, Page
from register.web.physician.progress import with_progress
from register.web.physician.row_kinds import FINDING, KNOWN_USE, NALOXONE, SUSPICION, RowKind, Write
from register.web.physician.sections import Told
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
    """What came of saving the whole page: the version for a further write, or the problems."""

    write: Write
    problems: Mapping[str, Any] = field(default_factory=dict)
    row_problems: row_forms.Problems = field(default_factory=dict)
    warnings: Sequence[Any] = ()
    case: Any = None

    @property
    def failed(self) -> bool:
        return bool(self.problems or self.row_problems)


def row_section(row_page: RowPage) -> View:
    """The view of one page with rows."""

    @load_case(Verb.READ_CASE, prepare=with_progress)
    def view(request: HttpRequest, case: Any) -> HttpResponse:
        if not sections.editable(case, request.user):
            return sections.read_only(request, case, row_page.page)
        if request.method != "POST":
            return _show(request, case, row_page, Told())
        action, _, target = request.POST.get("do", "").partition(":")
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
    try:
        outcome = _store(request, case, row_page, typed)
        if not outcome.failed:
            _act(case, row_page, outcome.write, action, target, term)
    except StaleError:
        told = sections.stale(case, row_page.page, typed, seen_version(request))
        return _show(request, case, row_page, told, row_values=typed)
    except InvalidError as invalid:
        return _show(request, case, row_page, Told(typed, invalid.problems, status=422))
    if outcome.failed:
        told = Told(typed, outcome.problems, status=422)
        return _show(request, case, row_page, told, row_problems=outcome.row_problems)
    if action == "remove" and _reason_page_needed(case, target):
        kind, _, key = target.partition(":")
        return redirect("physician:remove", case_id=case.pk, kind=kind, row_id=key)
    if action in ("", "next", "list"):
        return sections.after_saving(request, outcome.case, row_page.page, outcome.warnings)
    anchor = "#f-term" if action in ("add", "take") else f"#r-{target.partition(':')[0]}" if target else ""
    return redirect(reverse("physician:section", args=[case.pk, row_page.page.slug]) + anchor)


def _store(request: HttpRequest, case: Any, row_page: RowPage, typed: Values) -> Outcome:
    specs = row_page.page.specs
    raw = settled(typed, forms.stored(case, specs), specs)
    write = Write(case.pk, request.user, seen_version(request), request.POST.get("reason", "").strip())
    saved = intake.save_page(page=row_page.page.slug, raw=raw, **write.arguments)
    if not saved.problems:
        write = write.after(saved.case)
    row_problems: dict[tuple[str, str], Any] = {}
    for kind in row_page.kinds:
        write, found = row_forms.store(case, kind, typed, write)
        row_problems.update(found)
    return Outcome(write, saved.problems, row_problems, saved.warnings, saved.case)


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
            slug, _, key = target.partition(":")
            kind = next((kind for kind in row_page.kinds if kind.slug == slug), None)
            if kind is None or kind.remove is None:
                raise NotFoundError
            kind.remove(write, key)
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
        under: tuple(row_forms.shown(case, kind, choices, typed, row_problems) for kind in kinds)
        for under, kinds in row_page.under.items()
    }
    row_errors = [line for shown in rows.values() for one in shown for line in one.errors]
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
