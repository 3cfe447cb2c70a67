"""What the register does with a case: each form on the review page is one call to casework."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.casework import moves, panel, queries, reopening, review, rule_questions, substances
from register.casework.answers import form_names
from register.casework.errors import ConflictError, InvalidError, RefusedError, StaleError
from register.quality import dictionary
from register.web import saves
from register.web.account import confirming
from register.web.differences import differences
from register.web.door import load_case, read_again
from register.web.language import active
from register.web.register_desk import asking, worklists
from register.web.register_desk import review as page
from register.web.register_desk.forms import CONCLUSION, DUPLICATE, FINDING, Sent
from register.web.register_desk.sheets import prepared
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.workflow.verbs import Verb

Typed = dict[str, list[str]]
Call = Callable[[UUID, Typed, dict[str, Any]], Any]
CONCLUDED = tuple(key.partition(".")[2] for key in (*CONCLUSION, DUPLICATE))
# Forms of which the answers make one decision: nothing is stored while the person has to choose.
ONE_DECISION = frozenset({"code", "map"})
SEPARATORS = str.maketrans(";,", "  ")


def _one(typed: Typed, name: str) -> str:
    return typed.get(name, [""])[0].strip()


def _or_none(typed: Typed, name: str) -> str | None:
    return _one(typed, name) or None


def _row(typed: Typed, names: tuple[str, ...]) -> dict[str, Any]:
    """The answers of a row as a form sends them: the value, its reason for missing, and evidence as a list."""
    return {name: value for name, value in typed.items() if name.removesuffix("_missing") in names}


STEPS: dict[str, Call] = {
    "take": lambda case, typed, act: moves.take(case_id=case, **act),
    "ask": lambda case, typed, act: queries.ask(
        case_id=case, field=_one(typed, "field"), text=asking.question(typed, active()), **act
    ),
    "close-query": lambda case, typed, act: queries.close_query(case_id=case, query_id=_one(typed, "query"), **act),
    "settle": lambda case, typed, act: queries.accept_answers(case_id=case, **act),
    "wait": lambda case, typed, act: moves.await_toxicology(case_id=case, **act),
    "resume": lambda case, typed, act: moves.resume(case_id=case, reason=_one(typed, "reason"), **act),
    "to_panel": lambda case, typed, act: panel.to_panel(case_id=case, **act),
    "panel_done": lambda case, typed, act: panel.from_panel(
        case_id=case, inclusion=_one(typed, "inclusion"), reason=_one(typed, "reason"), **act
    ),
    "conclude": lambda case, typed, act: review.conclude(case_id=case, **_row(typed, CONCLUDED), **act),
    "code": lambda case, typed, act: review.code(
        case_id=case,
        ucod=_one(typed, "ucod"),
        t_codes=_one(typed, "t_codes").translate(SEPARATORS).split(),
        override_reason=_one(typed, "override_reason"),
        **act,
    ),
    "accept-suggestion": lambda case, typed, act: review.accept_suggestion(case_id=case, **act),
    "finding": lambda case, typed, act: substances.change_finding(
        case_id=case, row_id=_one(typed, "row"), raw=_row(typed, FINDING), reason=_one(typed, "reason"), **act
    ),
    "add-finding": lambda case, typed, act: substances.add_finding(
        case_id=case,
        reported_as=_one(typed, "reported_as"),
        role=_or_none(typed, "role"),
        certainty=_or_none(typed, "certainty"),
        certainty_missing=_one(typed, "certainty_missing"),
        evidence=typed.get("evidence", []),
        origin=_or_none(typed, "origin"),
        origin_missing=_one(typed, "origin_missing"),
        reason=_one(typed, "reason"),
        **act,
    ),
    "map": lambda case, typed, act: substances.map_row(
        case_id=case,
        kind=_one(typed, "kind"),
        row_id=_one(typed, "row"),
        substance=_one(typed, "substance"),
        **act,
    ),
    "accept-warnings": lambda case, typed, act: review.accept_warnings(
        case_id=case, keys=typed.get("warnings", []), reason=asking.reason(typed), **act
    ),
    "ask-rule": lambda case, typed, act: rule_questions.ask(
        case_id=case, keys=typed.get("warnings", []), language=active(), **act
    ),
    "reviewed": lambda case, typed, act: review.mark_reviewed(case_id=case, **act),
    "close": lambda case, typed, act: moves.close(case_id=case, **act),
    "exclude": lambda case, typed, act: moves.exclude(case_id=case, reason=_one(typed, "reason"), **act),
    "reopen": lambda case, typed, act: moves.reopen(case_id=case, reason=_one(typed, "reason"), **act),
    "ask-reopening": lambda case, typed, act: reopening.ask(case_id=case, reason=_one(typed, "reason"), **act),
    "withdraw": lambda case, typed, act: moves.withdraw(case_id=case, reason=_one(typed, "reason"), **act),
}

# What decides a case: who does it has just shown who they are.
WEIGHTY = frozenset({"close", "exclude", "reopen"})

DONE = {
    "take": gettext_lazy("The case is yours to review."),
    "ask": gettext_lazy("The question was sent."),
    "ask-rule": gettext_lazy("The question was sent, in the words of the rule."),
    "to_panel": gettext_lazy("The panel votes on the case now, without seeing who it was."),
    "panel_done": gettext_lazy("The panel has ended; its votes stay with the case."),
    "reviewed": gettext_lazy("The case is marked as reviewed."),
    "close": gettext_lazy("The case is closed."),
    "exclude": gettext_lazy("The case was excluded, with its reason."),
    "reopen": gettext_lazy("The case is open again."),
    "ask-reopening": gettext_lazy("Your request stands with the case. A colleague who agrees opens it again."),
    "withdraw": gettext_lazy("The case was withdrawn."),
}


@for_sending
@load_case(Verb.TAKE_CASE, prepare=prepared)
def step(request: HttpRequest, case: Any, name: str) -> HttpResponse:
    """Take the step ``name``; with a mistake the page comes back with everything that was typed.

    So it does when somebody else changed the case in the meantime: a question that both answered asks to choose.
    """
    if name not in STEPS:
        raise Http404
    if name in WEIGHTY and (asked := confirming.ask(request, back=reverse("register_desk:review", args=[case.pk]))):
        return asked
    typed: Typed = {key: [str(value) for value in request.POST.getlist(key)] for key in request.POST}
    try:
        STEPS[name](case.pk, typed, {"seen_version": seen_version(request), "by": request.user})
    except InvalidError as invalid:
        return page.page(request, case, Sent(_form(name, typed), typed, invalid.problems), status=422)
    except RefusedError as refused:
        return page.page(request, case, Sent(_form(name, typed), typed, _obstacles(refused)), status=422)
    except StaleError as stale:
        now, back = read_again(request, case, prepared), Sent(_form(name, typed), typed, {"": stale}, stale=True)
        return page.page(request, now, back, status=409)
    except ConflictError as conflict:
        return _choose(request, case, name, typed, conflict)
    messages.success(request, DONE.get(name, _("Saved.")), extra_tags="done")
    listed = worklists.find(request.POST.get("lijst", ""), request.user)
    query = f"?lijst={listed.slug}" if listed else ""
    return redirect(reverse("register_desk:review", args=[case.pk]) + query)


def _choose(request: HttpRequest, case: Any, name: str, typed: Typed, conflict: ConflictError) -> HttpResponse:
    """The page again with both answers to choose from. Of a form that is no single decision the rest is stored."""
    form, rest_saved = _form(name, typed), name not in ONE_DECISION
    if rest_saved:
        saves.keep(request, conflict.current.row_version)
    asked = {text for one in conflict.conflicts for text in form_names(dictionary.field(one.key))}
    sent = Sent(
        form,
        typed,
        {"": conflict},
        differences=differences(conflict.conflicts, prefix=form),
        rest_saved=rest_saved,
        only=frozenset({*asked, "reason"}) if rest_saved else None,
    )
    return page.page(request, read_again(request, case, prepared), sent, status=409)


def _form(name: str, typed: Typed) -> str:
    """The form that comes back: forms of rows are told apart by their row, and warnings are ticked in one form."""
    if name == "ask-rule":
        return "accept-warnings"
    return f"{name}-{_one(typed, 'row')}" if name in ("finding", "map") else name


def _obstacles(refused: RefusedError) -> dict[str, Any]:
    """Each obstacle under a name of its own, so that the summary shows all; the refusal itself when it has none."""
    named: dict[str, Any] = {
        "reason" if obstacle.field == "reason" else f"obstacle-{place}": obstacle
        for place, obstacle in enumerate(refused.obstacles)
    }
    return named or {"": refused}
