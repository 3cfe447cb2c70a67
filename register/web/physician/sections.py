"""The pages of a case with questions that have one answer: showing them, saving them, going on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.access import may
from register.casework import editing, intake, opening
from register.casework.seen import Seen
from register.quality.rule import Finding
from register.web import fields
from register.web.door import View, allowed, load_case, person, read_again
from register.web.field_shapes import FieldView
from register.web.physician import (
    checks,
    chips,
    earlier_drafts,
    forms,
    kept,
    lists,
    piecewise,
    questions,
    restoring,
    summaries,
)
from register.web.physician.merging import settled
from register.web.physician.pages import BY_SLUG, PAGES, Page
from register.web.physician.progress import CHECK, navigation, with_progress
from register.web.physician.row_kinds import Write
from register.web.physician.told import UNPROCESSABLE, Told, mistaken, to_choose
from register.web.saves import seen_version
from register.workflow import case_acts
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.verbs import Verb

# In the address of a page that was opened from the check page, and goes back there.
BACK = "terug"
CHECKING = f"?{BACK}={CHECK}"
# In the address of the first page of a case that was just begun: an answer could not be read.
MISTAKES = "fouten"
LOOK_AGAIN = f"?{MISTAKES}=1"


NOTHING_TOLD = Told()


@allowed(Verb.CREATE_CASE)
def new(request: HttpRequest) -> HttpResponse:
    """The first page of a case that does not exist yet; its row is made when this page is saved."""
    page = PAGES[0]
    if request.method != "POST":
        return _new_page(request, page, NOTHING_TOLD)
    raw = forms.typed(request.POST)
    case = intake.open_case(by=person(request))
    write = Write.begin(case.pk, person(request), Seen(case.row_version))
    _write, found = piecewise.store_page(page.slug, raw, write)
    if not found.problems:
        return after_saving(request, found.case, page, found.warnings)
    if not found.kept >= found.problems.keys():
        return _new_page(request, page, Told(raw, found.problems, status=UNPROCESSABLE))
    return redirect(reverse("physician:section", args=[case.pk, page.slug]) + LOOK_AGAIN)


@require_safe
@load_case(Verb.READ_CASE, read=with_progress)
def task_list(request: HttpRequest, case: Any) -> HttpResponse:
    """A draft as a list of tasks; a submitted case as it was handed in."""
    context = {
        "case": case,
        "nav": navigation(case),
        "wiped": restoring.notice(request, case),
        "due": tox_due(case),
        # Somebody of another region answers no question.
        "open_questions": [] if getattr(request, "emergency", None) else lists.questions_of(case),
    }
    if case.status == CaseState.DRAFT:
        return render(request, "physician/task_list.html", context)
    context.update(
        nav=None,
        summaries=summaries.of_case(case),
        may_enter_tox=may_enter_toxicology(case, request.user),
        may_print=bool(may(request.user, Verb.PRINT_CASE, case)),
        may_ask_reopening=CaseState(case.status) in LOCKED and bool(may(request.user, Verb.REQUEST_REOPENING, case)),
    )
    return render(request, "physician/case.html", context)


def tox_due(case: Any) -> Any:
    """The day before which the first result is expected that did not come yet; None when none is expected."""
    waiting = case.toxrequest_rows.filter(due_on__isnull=False, received_on=None).order_by("due_on")
    return waiting.values_list("due_on", flat=True).first()


def plain_section(page: Page) -> View:
    """The view of a page that has only questions with one answer."""

    @load_case(Verb.READ_CASE, read=with_progress)
    def view(request: HttpRequest, case: Any) -> HttpResponse:
        if not editable(case, request.user):
            return read_only(request, case, page, editing.editing_verb(person(request), case))
        if request.method != "POST":
            return _page(request, case, page, NOTHING_TOLD)
        return _save(request, case, page)

    return view


def editable(case: Any, user: Any) -> bool:
    """A draft is filled in page by page by its reporter; afterwards answers change while a question is out."""
    verb = editing.editing_verb(user, case)
    return bool(may(user, verb, case)) and case_acts.refusal(verb, CaseState(case.status)) is None


def may_enter_toxicology(case: Any, user: Any) -> bool:
    """Toxicology is entered in an own draft, and in every open state after it."""
    own = case.status != CaseState.DRAFT or case.reporter_id == user.pk
    allowed = own and bool(may(user, Verb.ENTER_TOX, case))
    return allowed and case_acts.refusal(Verb.ENTER_TOX, CaseState(case.status)) is None


def read_only(request: HttpRequest, case: Any, page: Page, verb: Verb) -> HttpResponse:
    """A page that this person cannot change now; a try to do ``verb`` with it is refused with the reason."""
    if request.method == "POST":
        opening.require(person(request), verb, case)
    context = {"case": case, "page": page, "summary": summaries.of_page(case, page), "nav": navigation(case, page.slug)}
    return render(request, "physician/section_read_only.html", context)


def page_context(request: HttpRequest, case: Any, page: Page, told: Told) -> dict[str, Any]:
    """What every page of a draft shows: its fields, errors, warnings, and the way through the case."""
    # Only looked at: what is stored, and what is kept as it was typed with what is wrong with it.
    held = kept.of_page(case, page.slug) if told.values is None else kept.NOTHING
    values = told.values if told.values is not None else {**forms.stored(case, page.specs), **held.values}
    same = {"Death.death_municipality": chips.same_municipality(case)} if page.slug == "overlijden" else {}
    groups = forms.groups(page, values, case.region_id, told.problems or held.problems, same)
    shown = [shown for group in groups for shown in group.fields]
    warnings = checks.warnings_on(case, page.slug)
    reason = _reason(request, case, told.problems)
    if reason is not None:
        shown.insert(0, reason)
    return {
        "case": case,
        "page": page,
        "groups": groups,
        "reason": reason,
        "errors": [
            *told.errors,
            *(fields.error_lines(shown) if told.values is not None or MISTAKES in request.GET else ()),
            *forms.problems_elsewhere(page, told.problems),
        ],
        "kept": held,
        "wiped": restoring.notice(request, case),
        "unsaved": told.status == UNPROCESSABLE,
        "save_url": save_url(case, page),
        "stale": told.stored,
        "differences": told.differences,
        "rest_saved": True,
        "warnings": warnings,
        "shown_warnings": " ".join(checks.keys(warnings)),
        "nav": navigation(case, page.slug),
        "saved": bool(case.last_touched),
        "asked": questions.on_page(case, page.slug),
    }


def save_url(case: Any, page: Page) -> str:
    """Where the script of the page saves while somebody types; nowhere once each change needs a reason."""
    return reverse("physician:save", args=[case.pk, page.slug]) if case.status == CaseState.DRAFT else ""


def _page(request: HttpRequest, case: Any, page: Page, told: Told) -> HttpResponse:
    return render(request, "physician/section.html", page_context(request, case, page, told), status=told.status)


def _reason(request: HttpRequest, case: Any, problems: Mapping[str, Any]) -> FieldView | None:
    """The question why a case that was handed in changes."""
    if case.submitted_at is None:
        return None
    return fields.plain(
        "reason",
        _("Reason for this change"),
        value=request.POST.get("reason", ""),
        hint=_("This case was handed in: each change is kept with its reason."),
        error=fields.sentence(problems["reason"]) if "reason" in problems else "",
        maximum=500,
    )


def _new_page(request: HttpRequest, page: Page, told: Told) -> HttpResponse:
    region = request.user.region_id  # type: ignore[union-attr]
    groups = forms.groups(page, told.values or {}, region, told.problems)
    errors = fields.error_lines(shown for group in groups for shown in group.fields)
    context = {
        "case": None,
        "page": page,
        "groups": groups,
        "errors": errors,
        "begin_url": reverse("physician:begin"),
        "unsaved": told.status == UNPROCESSABLE,
    }
    return render(request, "physician/section.html", context, status=told.status)


def _save(request: HttpRequest, case: Any, page: Page) -> HttpResponse:
    seen = seen_version(request)
    raw = settled(forms.typed(request.POST), forms.as_seen(case, page.specs, seen), page.specs)
    write = Write.begin(case.pk, person(request), seen, request.POST.get("reason", ""))
    _write, found = piecewise.store_page(page.slug, raw, write)
    if not found.problems and not found.conflicts:
        return after_saving(request, found.case, page, found.warnings)
    now = read_again(request, case, read=with_progress)
    if found.conflicts:
        return _page(request, now, page, to_choose(request, now, page, raw, found.conflicts, found.problems))
    return _page(request, now, page, mistaken(request, now, page, raw, found, seen))


def after_saving(request: HttpRequest, case: Any, page: Page, warnings: Sequence[Finding]) -> HttpResponse:
    """On to the next page; a warning that the person has not seen yet is shown first."""
    shown = set(request.POST.get("shown_warnings", "").split())
    address = onward(request, case, page)
    if set(checks.keys(warnings)) - shown:
        messages.info(request, _("This page is saved. Please look at the warning."))
        here = reverse("physician:section", args=[case.pk, page.slug])
        address = f"{here}{CHECKING if _checking(request) else ''}#waarschuwing"
    if case.status == CaseState.DRAFT:
        address = restoring.and_wiped(address, case, page.slug, seen_version(request))
    return redirect(address)


def _checking(request: HttpRequest) -> bool:
    """Whether the person came from the check page to change one answer."""
    return request.GET.get(BACK) == CHECK


def onward(request: HttpRequest, case: Any, page: Page) -> str:
    """The address of the next page; of the task list when asked for, of the check page when the person came from it."""
    if request.POST.get("do") == "list":
        return reverse("physician:case", args=[case.pk])
    if _checking(request):
        return reverse("physician:check", args=[case.pk])
    if earlier := earlier_drafts.offer(request, case, page):
        return earlier
    following = PAGES.index(page) + 1
    if following == len(PAGES):
        return reverse("physician:check", args=[case.pk])
    return reverse("physician:section", args=[case.pk, PAGES[following].slug])


PLAIN = {slug: plain_section(BY_SLUG[slug]) for slug in ("overledene", "overlijden")}
