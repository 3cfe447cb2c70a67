"""The page Toxicologie: whether a request was made, and the requests with their specimens, results and documents.

Open to the physician long after submitting: nothing of the first night is asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from register.casework.analytes import Report, report_of
from register.casework.errors import NotFoundError, StaleError
from register.web import fields, saves
from register.web.differences import Difference
from register.web.door import load_case, read_again
from register.web.facts import Fact
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import sentence
from register.web.physician import (
    checks,
    forms,
    kept,
    piecewise,
    restoring,
    results,
    row_forms,
    row_storing,
    sections,
    toxicology_question,
)
from register.web.physician.pages import BY_SLUG
from register.web.physician.progress import navigation, with_progress
from register.web.physician.row_kinds import DOCUMENT, Write
from register.web.physician.summaries import answered_facts, result_words, row_words, substance_name
from register.web.physician.toxicology_question import NOT_REQUESTED, Raw
from register.web.saves import seen_version
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

PAGE = BY_SLUG["toxicologie"]
SHOWN = ("status", "lab", "requested_on", "due_on", "received_on", "report_reference", "panel_scope")


@dataclass(frozen=True, slots=True)
class Told:
    """What the page has to say besides what is stored."""

    values: Raw | None = None
    problems: Mapping[str, Any] = field(default_factory=dict)
    row_problems: row_storing.Problems = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    status: int = 200


@load_case(Verb.READ_CASE, read=with_progress)
def overview(request: HttpRequest, case: Any) -> HttpResponse:
    """The requests of a case; while there is none, the question whether one was made."""
    if not sections.may_enter_toxicology(case, request.user):
        return sections.read_only(request, case, PAGE, Verb.ENTER_TOX)
    if request.method != "POST":
        return _page(request, case, Told())
    return _save(request, case)


def _save(request: HttpRequest, case: Any) -> HttpResponse:
    typed = forms.typed(request.POST)
    write = Write.begin(case.pk, request.user, seen_version(request), request.POST.get("reason", ""))
    case = read_again(request, case, read=with_progress)
    problems: Mapping[str, Any] = {}
    documents = row_storing.Stored()
    if not _asked_already(case):
        write, problems = toxicology_question.answer(typed, write)
    elif write.behind and "asked" in typed:
        # Somebody else recorded a request: what was typed about another one cannot be joined with it.
        raise StaleError(case)
    if sections.editable(case, request.user):
        write, documents = row_storing.store(case, DOCUMENT, typed, write)
        if not documents.differences:
            write, added = row_storing.store_new(DOCUMENT, typed, write)
            documents = documents.with_more(added)
    unread = [*(toxicology_question.not_recorded(typed, problems) if problems else ()), *documents.unanswered]
    unread += row_storing.emptied(case, PAGE.slug, (DOCUMENT,), typed)
    write, _kept = piecewise.keep(case, PAGE.slug, unread, write)
    if documents.differences:
        return _to_choose(request, case, typed, documents)
    if problems or documents.problems:
        return _mistaken(request, case, typed, problems, documents)
    if request.POST.get("do", "").startswith("stay"):
        return redirect(reverse("physician:section", args=[case.pk, PAGE.slug]) + "#r-document")
    if case.status != CaseState.DRAFT:
        return redirect("physician:section", case_id=case.pk, page=PAGE.slug)
    return redirect(sections.onward(request, case, PAGE))


def _to_choose(request: HttpRequest, case: Any, typed: Raw, documents: row_storing.Stored) -> HttpResponse:
    """The page as it is stored now, with both answers where somebody else answered the same question meanwhile."""
    now = read_again(request, case, read=with_progress)
    saves.keep(request, now.row_version)
    question = {name: texts for name, texts in typed.items() if not name.startswith(f"{DOCUMENT.slug}.")}
    values = {**question, **row_storing.with_asked(now, (DOCUMENT,), typed, documents)}
    return _page(request, now, Told(values, differences=documents.differences, status=409))


def _mistaken(
    request: HttpRequest, case: Any, typed: Raw, problems: Mapping[str, Any], documents: row_storing.Stored
) -> HttpResponse:
    """The page with its mistakes; what else stands on it is stored."""
    now = read_again(request, case, read=with_progress)
    saves.keep(request, now.row_version)
    question = {name: texts for name, texts in typed.items() if not name.startswith(f"{DOCUMENT.slug}.")}
    rows = row_storing.with_asked(now, (DOCUMENT,), typed, documents)
    return _page(request, now, Told({**question, **rows}, problems, documents.problems, status=422))


def _page(request: HttpRequest, case: Any, told: Told) -> HttpResponse:
    held = kept.of_page(case, PAGE.slug) if told.values is None else kept.NOTHING
    rows = list(
        case.toxrequest_rows.select_related("lab").prefetch_related("samples", "results__substance").order_by("id")
    )
    asked = any(row.status != NOT_REQUESTED for row in rows)
    values = toxicology_question.values_of(request, rows, held) if told.values is None else told.values
    question = [] if asked else toxicology_question.question(case, values, told.problems)
    shown = [one for part in question for one in part.fields]
    report = report_of(case) if any(row.results.all() for row in rows) else None
    documents = None
    if sections.editable(case, request.user):
        choices = forms.Choices(case.region_id)
        documents = row_forms.shown(case, DOCUMENT, choices, told.values, told.row_problems, held)
    context = {
        "case": case,
        "page": PAGE,
        "nav": navigation(case, PAGE.slug),
        "requests": [_card(row, report) for row in rows] if asked else [],
        "to_conclude": report is not None,
        "question": question,
        "documents": documents,
        "errors": [
            *fields.error_lines(shown),
            *_elsewhere(shown, told.problems),
            *(documents.errors if documents and told.values is not None else []),
        ],
        "wiped": restoring.notice(request, case),
        "save_url": sections.save_url(case, PAGE),
        "unsaved": told.status == 422,
        "warnings": checks.warnings_on(case, PAGE.slug),
        "draft": case.status == CaseState.DRAFT,
        "differences": told.differences,
        "rest_saved": True,
        "stale": told.status != 200,
        "saved": True,
    }
    return render(request, "physician/toxicology.html", context, status=told.status)


def _elsewhere(shown: list[FieldView], problems: Mapping[str, Any]) -> list[ErrorLine]:
    names = {one.name for one in shown}
    return [ErrorLine(sentence(problem)) for name, problem in problems.items() if name not in names]


def _card(row: Any, report: Report | None) -> dict[str, Any]:
    """One request as facts, with its specimens and results; ``report`` is what the results of the case say together."""
    facts = answered_facts(row, SHOWN)
    facts += [
        Fact(_("Specimen"), row_words(sample, ("matrix", "timing", "sampled_at", "preservative")))
        for sample in row.samples.all()
    ]
    standing = [one for one in row.results.all() if one.removed_at is None]
    struck = [one for one in row.results.all() if one.removed_at is not None]
    return {
        "row": row,
        "facts": facts,
        "families": results.shown(standing, report.families, report.hints) if report else [],
        "struck": [f"{substance_name(one)}: {result_words(one)} – {one.removed_reason}" for one in struck],
    }


def request_of(case: Any, request_id: UUID) -> Any:
    """The request of this case with this key; NotFoundError when there is none."""
    row = case.toxrequest_rows.filter(pk=request_id).exclude(status=NOT_REQUESTED).first()
    if row is None:
        raise NotFoundError
    return row


def _asked_already(case: Any) -> bool:
    return bool(case.toxrequest_rows.exclude(status=NOT_REQUESTED).exists())
