"""Mijn zaken: what waits for the physician, and by whom it waits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from register.access import cases_for, may
from register.audit import Event, keyed_digest
from register.casework.configuration import current as configuration
from register.quality.terms import Terms
from register.web import fields
from register.web.door import allowed
from register.web.field_shapes import FieldView
from register.web.notes import looked
from register.web.physician import lines
from register.web.physician.progress import WAITING_FOR_RESULT, all_with_progress
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

SHOWN = 5
PAGE = 25
NEVER_SUBMITTED = (CaseState.DRAFT, CaseState.WITHDRAWN)
FINISHED = (*LOCKED, CaseState.WITHDRAWN)
PERSON = ("decedent_section__residence_municipality",)
WAITS = Q(tox_status__in=WAITING_FOR_RESULT) & ~Q(status__in=(CaseState.DRAFT, *FINISHED))
HANDED_IN = ~Q(status__in=NEVER_SUBMITTED)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of cases: which, in which order, and how each is shown."""

    title: Promise
    empty: Promise
    choose: Callable[[QuerySet[Any]], QuerySet[Any]]
    show: Callable[[Any], lines.Line]
    whole_region: bool = False


def _drafts(cases: QuerySet[Any]) -> QuerySet[Any]:
    return all_with_progress(cases.filter(status=CaseState.DRAFT)).select_related(*PERSON).order_by("-changed_at", "id")


def _expected(cases: QuerySet[Any]) -> QuerySet[Any]:
    return cases.filter(WAITS).select_related(*PERSON).order_by(F("followup_due").asc(nulls_last=True), "id")


def _submitted(cases: QuerySet[Any]) -> QuerySet[Any]:
    return cases.filter(HANDED_IN).order_by(F("submitted_at").desc(nulls_last=True), "id")


LISTS: dict[str, Listing] = {
    "concepten": Listing(gettext_lazy("Drafts"), gettext_lazy("You have no drafts."), _drafts, lines.draft),
    "toxicologie": Listing(
        gettext_lazy("Toxicology expected"),
        gettext_lazy("No case waits for a result."),
        _expected,
        lines.expected,
    ),
    "ingediend": Listing(
        gettext_lazy("Submitted"), gettext_lazy("You have not submitted a case yet."), _submitted, lines.submitted
    ),
    "regio": Listing(
        gettext_lazy("Cases of the region"),
        gettext_lazy("No case of this region has been submitted yet."),
        _submitted,
        lines.submitted,
        whole_region=True,
    ),
}


@require_safe
@allowed(Verb.READ_CASE)
def my_cases(request: HttpRequest) -> HttpResponse:
    """Drafts, questions, toxicology expected and what was submitted: the first of each, with the way to the rest."""
    return _my_cases(request)


@require_safe
@allowed(Verb.READ_CASE)
def listing(request: HttpRequest, which: str) -> HttpResponse:
    """One list in full, page by page."""
    if which not in LISTS:
        raise Http404
    chosen = LISTS[which]
    cases = cases_for(request.user) if chosen.whole_region else mine(request.user)
    page = Paginator(chosen.choose(cases), PAGE).get_page(request.GET.get("blad"))
    looked(request, Event.CASE_LIST, [case.pk for case in page], filters={"list": which})
    context = {"listing": chosen, "page": page, "lines": [chosen.show(case) for case in page]}
    return render(request, "physician/listing.html", context)


@allowed(Verb.READ_CASE)
def find(request: HttpRequest) -> HttpResponse:
    """To the case with this number. The number travels in the body: it never stands in an address."""
    if request.method != "POST":
        return redirect("physician:cases")
    number = request.POST.get("number", "").strip()
    case = cases_for(request.user).filter(case_number=number).first() if number.isprintable() else None
    digest = keyed_digest("search", number)
    looked(request, Event.CASE_SEARCH, [case.pk] if case else [], filters={"number": digest})
    if case is not None:
        return redirect("physician:case", case_id=case.pk)
    sentence = (
        _("No case with the number %(number)s is visible to you. Check the number.") % {"number": number[:40]}
        if number
        else _("Fill in a case number, such as 2026-000418.")
    )
    return _my_cases(request, fields.plain("number", _("Find a case number"), value=number, error=sentence), status=422)


@require_safe
@allowed(Verb.ANSWER_QUERY)
def questions(request: HttpRequest) -> HttpResponse:
    """Every open question of the register about one's own cases, the oldest first."""
    page = Paginator(_open_questions(request.user), PAGE).get_page(request.GET.get("blad"))
    looked(request, Event.CASE_LIST, {case.pk for case in page}, filters={"list": "questions"})
    return render(request, "physician/questions.html", {"page": page, "lines": _question_lines(page)})


def mine(user: Any) -> QuerySet[Any]:
    """A physician's own cases; all cases of the region for its coordinator."""
    cases = cases_for(user)
    return cases.filter(reporter=user) if user.role == Role.PHYSICIAN else cases


def count_open_questions(user: Any) -> int:
    """How many questions wait for an answer."""
    return mine(user).filter(query_rows__state="open").count()


def _open_questions(user: Any) -> QuerySet[Any]:
    """The cases with an open question, once for each question; the row of the join carries the question's key."""
    asked = mine(user).filter(query_rows__state="open").annotate(question=F("query_rows__id"))
    return asked.order_by("query_rows__opened_at", "query_rows__id").prefetch_related("query_rows__messages")


def questions_of(case: Any) -> list[lines.Line]:
    """The open questions about one case, in the order in which they were asked."""
    asked = list(case.query_rows.filter(state="open").order_by("id"))
    terms = configuration.current().terms if asked else Terms()
    return [lines.question(case, query, terms) for query in asked]


def _question_lines(cases: Any) -> list[lines.Line]:
    shown = []
    terms = configuration.current().terms if cases else Terms()
    for case in cases:
        query = next(query for query in case.query_rows.all() if query.pk == case.question)
        shown.append(lines.question(case, query, terms))
    return shown


def _counts(cases: QuerySet[Any]) -> dict[str, int]:
    """How many cases stand behind each card, in one query."""
    quiet_since = timezone.now() - timedelta(days=lines.REMIND_AFTER)
    is_draft = Q(status=CaseState.DRAFT)
    counted: dict[str, int] = cases.aggregate(
        drafts=Count("pk", filter=is_draft),
        quiet=Count("pk", filter=is_draft & Q(changed_at__lte=quiet_since)),
        expected=Count("pk", filter=WAITS),
        late=Count("pk", filter=WAITS & Q(followup_due__lt=timezone.localdate())),
        submitted=Count("pk", filter=HANDED_IN),
    )
    return counted


def _my_cases(request: HttpRequest, search: FieldView | None = None, status: int = 200) -> HttpResponse:
    cases = mine(request.user)
    drafts = list(_drafts(cases)[:SHOWN])
    asked = list(_open_questions(request.user)[:SHOWN])
    expected = list(_expected(cases)[:SHOWN])
    submitted = list(_submitted(cases)[:SHOWN])
    looked(request, Event.CASE_LIST, {case.pk for part in (drafts, asked, expected, submitted) for case in part})
    search = search or fields.plain("number", _("Find a case number"))
    context = {
        "now": timezone.localtime(),
        "search": search,
        "errors": fields.error_lines([search]),
        "may_create": request.user.role == Role.PHYSICIAN,  # type: ignore[union-attr]
        "may_report_nil": bool(may(request.user, Verb.REPORT_NIL)),
        "may_open_elsewhere": bool(may(request.user, Verb.OPEN_ELSEWHERE)),
        "shown": SHOWN,
        "counts": _counts(cases),
        "question_count": len(asked) if len(asked) < SHOWN else count_open_questions(request.user),
        "drafts": [lines.draft(case) for case in drafts],
        "questions": _question_lines(asked),
        "expected": [lines.expected(case) for case in expected],
        "submitted": [lines.submitted(case) for case in submitted],
    }
    return render(request, "physician/my_cases.html", context, status=status)
