"""Handing results in after the case was: only what changed since, and one question (S10 in its second phase)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from register.casework import merging, opening, toxicology
from register.casework.errors import RefusedError, StaleError
from register.web import fields
from register.web.door import load_case, person, read_again
from register.web.facts import Fact, fact
from register.web.field_shapes import ErrorLine
from register.web.language import sentence
from register.web.physician import summaries
from register.web.physician.pages import PAGES, UNITS
from register.web.physician.progress import answers_row, with_progress
from register.web.physician.summaries import Summary
from register.web.saves import seen_version
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

# Moves after which the register has seen what stood in the case.
HANDED_IN = ("submit", "tox_arrived", "answer", "take", "settle")
COMPLETE, MORE = "complete", "more"
ROWS: dict[str, tuple[str, ...]] = {
    "middelen": ("suspectedsubstance_rows",),
    "toxicologie": ("toxrequest_rows", "toxsample_rows", "toxresult_rows"),
    "conclusie": ("substancefinding_rows",),
}


@load_case(Verb.ENTER_TOX, read=with_progress)
def resubmit(request: HttpRequest, case: Any) -> HttpResponse:
    """What changed since the case was handed in, whether more is to come, and the button that says it is ready."""
    if case.status == CaseState.DRAFT:
        return redirect("physician:check", case_id=case.pk)
    if request.method != "POST":
        return _page(request, case, COMPLETE)
    opening.require(person(request), Verb.ENTER_TOX, case)
    answer = request.POST.get("complete", "")
    if answer not in (COMPLETE, MORE):
        return _page(request, case, answer, [ErrorLine(_("Say whether the report is complete."), "#f-complete")], 422)
    try:
        toxicology.hand_in_results(
            case_id=case.pk, complete=answer == COMPLETE, seen_version=seen_version(request), by=person(request)
        )
    except StaleError as stale:
        return _page(request, read_again(request, case, read=with_progress), answer, [ErrorLine(sentence(stale))], 409)
    except RefusedError as refused:
        if refused.code != "no_results":
            raise
        return _page(request, case, answer, [ErrorLine(sentence(refused))], 422)
    words = {"number": case.case_number}
    messages.success(request, _("The results of case %(number)s were handed in.") % words, extra_tags="done")
    return redirect("physician:case", case_id=case.pk)


def changed_since_handed_in(case: Any) -> list[Summary]:
    """The pages on which something changed after the last move that the register saw, with only what changed."""
    since = _last_handed_in(case)
    found = []
    for page in PAGES:
        facts = [*_answers(case, page.specs, since), *_rows(case, page.slug, since)]
        if facts:
            url = reverse("physician:section", args=[case.pk, page.slug])
            found.append(Summary(page.slug, page.title, url, tuple(facts)))
    return found


def _last_handed_in(case: Any) -> int:
    moves = case.statuschange_rows.filter(name__in=HANDED_IN, case_version__isnull=False)
    return moves.order_by("-case_version").values_list("case_version", flat=True).first() or 0


def _answers(case: Any, specs: Sequence[Any], since: int) -> Iterable[Fact]:
    for spec in specs:
        row = answers_row(case, spec)
        if merging.as_seen(row, since) is not None and merging.changed_since(row, [spec], since):
            yield fact(row, spec, unit=str(UNITS.get(spec.key, "")))


def _rows(case: Any, slug: str, since: int) -> list[Fact]:
    """The rows of a page, when one of them changed in its answers; derived columns are no change of a person."""
    if slug not in summaries.ROWS_OF_PAGE:
        return []
    changed = any(getattr(case, name).filter(case_version__gt=since).exists() for name in ROWS.get(slug, ()))
    return summaries.rows_of(case)[slug](case, summaries.NOTHING_BLANK) if changed else []


def _page(
    request: HttpRequest, case: Any, answer: str, errors: Sequence[ErrorLine] = (), status: int = 200
) -> HttpResponse:
    complete = fields.plain(
        "complete",
        _("Is the report complete?"),
        value=answer,
        widget="radios",
        options=[
            (COMPLETE, _("Yes, this is the final report")),
            (MORE, _("No, more results will follow")),
        ],
        error=errors[0].text if errors and errors[0].target == "#f-complete" else "",
    )
    context = {
        "case": case,
        "summaries": changed_since_handed_in(case),
        "complete": complete,
        "errors": errors,
        "stale": status == 409,
    }
    return render(request, "physician/resubmit.html", context, status=status)
