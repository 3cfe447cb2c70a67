"""The end of a draft: looking it over, handing it in, or taking it back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.access import may
from register.casework import moves
from register.casework.configuration import current as configuration
from register.casework.errors import RefusedError, StaleError
from register.quality import dictionary
from register.quality.standard_texts import ACCEPTANCE, Texts
from register.web import fields
from register.web.door import load_case, person, read_again
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import active, sentence
from register.web.physician import checks, restoring, summaries
from register.web.physician.pages import BY_SLUG
from register.web.physician.progress import CHECK, navigation, with_progress
from register.web.physician.resuming import fragment
from register.web.physician.sections import CHECKING, tox_due
from register.web.saves import seen_version
from register.workflow.case_transitions import CaseState
from register.workflow.transitions import Obstacle
from register.workflow.verbs import Verb

ACCEPT, BECAUSE = "accept:", "because:"
LONGEST_REASON = 500


@load_case(Verb.SUBMIT_CASE, read=with_progress)
def check(request: HttpRequest, case: Any) -> HttpResponse:
    """Every answer on one page, what is missing in words, and the button that hands the case in."""
    if case.status != CaseState.DRAFT:
        return redirect("physician:case", case_id=case.pk)
    if request.method != "POST":
        return _check_page(request, case)
    names = [name for name in request.POST if name.startswith(ACCEPT)]
    texts = configuration.current().texts
    accepted = {key: _reason_for(request, key, texts) for key in (name.removeprefix(ACCEPT) for name in names)}
    try:
        moves.submit(case_id=case.pk, seen_version=seen_version(request), by=person(request), accepted=accepted)
    except RefusedError as refused:
        if not refused.obstacles:
            raise
        return _check_page(request, case, obstacles=refused.obstacles, status=422)
    except StaleError as stale:
        now = read_again(request, case, read=with_progress)
        return _check_page(request, now, obstacles=(Obstacle("stale", stale.nl, stale.en),), status=409)
    return redirect("physician:confirmation", case_id=case.pk)


@require_safe
@load_case(Verb.READ_CASE)
def confirmation(request: HttpRequest, case: Any) -> HttpResponse:
    """The number of the case, and what happens next."""
    if case.submitted_at is None:
        return redirect("physician:case", case_id=case.pk)
    context = {
        "case": case,
        "due": tox_due(case),
        "may_print": bool(may(request.user, Verb.PRINT_CASE, case)),
        "may_create": bool(may(request.user, Verb.CREATE_CASE)),
    }
    return render(request, "physician/confirmation.html", context)


@load_case(Verb.WITHDRAW_DRAFT)
def withdraw(request: HttpRequest, case: Any) -> HttpResponse:
    """Take a draft back, with a reason. The content is kept and counted nowhere."""
    reason = request.POST.get("reason", "")
    if request.method != "POST":
        return _withdraw_page(request, case, _reason_field(reason))
    try:
        moves.withdraw(case_id=case.pk, reason=reason, seen_version=seen_version(request), by=person(request))
    except RefusedError as refused:
        if not refused.obstacles:
            raise
        return _withdraw_page(request, case, _reason_field(reason, sentence(refused)), status=422)
    messages.success(request, _("Case %(number)s was withdrawn.") % {"number": case.case_number}, extra_tags="done")
    return redirect("physician:cases")


def _check_page(
    request: HttpRequest, case: Any, *, obstacles: Sequence[Obstacle] | None = None, status: int = 200
) -> HttpResponse:
    in_the_way = checks.in_the_way(case, request.user)
    blank = {each.field: "" for each in in_the_way if each.code in checks.UNFINISHED}
    blank |= {each.field: _said_of(each) for each in in_the_way if each.code == checks.WRONG}
    pressed, texts = obstacles is not None, configuration.current().texts
    context = {
        "case": case,
        "nav": navigation(case, CHECK, checks.missing_per_page(in_the_way)),
        "summaries": summaries.of_case(case, blank),
        "change": True,
        "wiped": restoring.notice(request, case),
        "warnings": [_acceptance(request, key, finding, pressed, texts) for key, finding in checks.to_accept(case)],
        "errors": [_line(case, obstacle) for obstacle in sorted(obstacles or (), key=_place)],
        "saved": True,
        "stale": status == 409,
    }
    return render(request, "physician/check.html", context, status=status)


def _said_of(obstacle: Obstacle) -> str:
    """The sentence of an obstacle for a line that begins with the name of its question."""
    spec = dictionary.find(obstacle.field)
    return sentence(obstacle).removeprefix(f"{spec.label(active())}: ") if spec else sentence(obstacle)


def _reason_for(request: HttpRequest, key: str, texts: Texts) -> str:
    """The reason for accepting one warning: that of the list, the person's own words, or both."""
    listed = texts.words(ACCEPTANCE, request.POST.get(BECAUSE + key, ""), active())
    return " ".join(part for part in (listed, request.POST.get(ACCEPT + key, "").strip()) if part)


def _acceptance(request: HttpRequest, key: str, finding: Any, pressed: bool, texts: Texts) -> dict[str, Any]:
    """A warning with the two fields for its reason."""
    error = _("Give a reason, or change the answer.") if pressed and not _reason_for(request, key, texts) else ""
    offered = texts.of(ACCEPTANCE)
    listed = fields.plain(
        BECAUSE + key,
        _("Reason to leave it as it is"),
        value=request.POST.get(BECAUSE + key, ""),
        widget="select",
        error=error,
        options=[(text.code, text.label(active())) for text in offered],
    )
    own = fields.plain(
        ACCEPT + key,
        _("Reason in your own words"),
        value=request.POST.get(ACCEPT + key, ""),
        optional=True,
        maximum=LONGEST_REASON,
    )
    return {"finding": finding, "fields": (listed, own), "link": fragment(finding.field, finding.row)}


def _line(case: Any, obstacle: Obstacle) -> ErrorLine:
    url = reverse("physician:section", args=[case.pk, obstacle.page]) if obstacle.page in BY_SLUG else ""
    return ErrorLine(sentence(obstacle), f"{url}{CHECKING}{fragment(obstacle.field)}" if url else "")


def _place(obstacle: Obstacle) -> tuple[int, int]:
    """Obstacles stand in the order in which a physician meets them: by page, and by question on the page."""
    slugs = list(BY_SLUG)
    if obstacle.page not in slugs:
        return len(slugs), 0
    keys = [spec.key for spec in BY_SLUG[obstacle.page].specs]
    return slugs.index(obstacle.page), keys.index(obstacle.field) if obstacle.field in keys else len(keys)


def _reason_field(reason: str, error: str = "") -> FieldView:
    return fields.plain(
        "reason", _("Why do you withdraw this draft?"), value=reason, widget="lines", error=error, maximum=2000
    )


def _withdraw_page(request: HttpRequest, case: Any, reason: FieldView, status: int = 200) -> HttpResponse:
    context = {"case": case, "field": reason, "errors": fields.error_lines([reason])}
    return render(request, "physician/withdraw.html", context, status=status)
