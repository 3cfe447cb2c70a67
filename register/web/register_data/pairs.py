"""Two cases side by side, and what a person decides about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from register.audit import Event
from register.casework.duplicates import deciding
from register.casework.duplicates.comparing import Comparison
from register.casework.duplicates.copies import RowOffer
from register.casework.duplicates.deciding import SideBySide
from register.casework.errors import InvalidError, RefusedError
from register.quality.answers import Answer
from register.quality.dictionary import FieldSpec
from register.web import fields
from register.web.account import confirming
from register.web.door import allowed, person
from register.web.facts import said
from register.web.field_shapes import ErrorLine
from register.web.language import active, sentence
from register.web.notes import looked
from register.web.physician.summaries import NOT_ASKED
from register.web.register_data.duplicates import decision_of, is_probable
from register.web.register_desk.section_rows import row_fact
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.workflow.case_transitions import LOCKED, CaseState
from register.workflow.verbs import Verb

TAKE, SECOND = "take.", "second"
EVIDENCE: dict[str, Promise] = {
    "sex": gettext_lazy("Sex"),
    "age": gettext_lazy("Age"),
    "place": gettext_lazy("Place"),
    "reference": gettext_lazy("Reference"),
    "substances": gettext_lazy("Substances"),
}
KINDS: dict[str, Promise] = {
    "SuspectedSubstance": gettext_lazy("Suspected"),
    "SubstanceFinding": gettext_lazy("Conclusion"),
    "ToxSample": gettext_lazy("Specimen"),
    "ToxResult": gettext_lazy("Result"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One question with both answers; ``takes_second`` says which of two different ones is chosen."""

    name: str
    label: str
    first: str
    second: str
    takes_second: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A row of the second case that the first lacks; ``detail`` says what comes along with it."""

    key: str
    text: str
    detail: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent that comes back with mistakes, and which of the forms it was."""

    form: str = ""
    typed: Mapping[str, Any] | None = None
    problems: tuple[Any, ...] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        return self.typed or {}


@require_safe
@allowed(Verb.DECIDE_DUPLICATE)
def pair(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Both cases beside each other, the differing answers first."""
    return _page(request, pair_id, Sent())


@for_sending
@allowed(Verb.DECIDE_DUPLICATE)
def decide(request: HttpRequest, pair_id: UUID, act: str) -> HttpResponse:
    """Decide about the pair, or take a decision back; with a mistake the page comes back as it was filled in."""
    if act not in ACTS:
        raise Http404
    if act in WEIGHTY and (asked := confirming.ask(request, back=reverse("register_data:pair", args=[pair_id]))):
        return asked
    try:
        ACTS[act](request, pair_id)
    except InvalidError as invalid:
        named = {name for name in invalid.problems if name == "reason"}
        rest = tuple(problem for name, problem in invalid.problems.items() if name not in named)
        return _page(request, pair_id, Sent(act, request.POST, rest), invalid=invalid, status=422)
    except RefusedError as refused:
        return _page(request, pair_id, Sent(act, request.POST, refused.obstacles or (refused,)), status=422)
    messages.success(request, str(DONE[act]), extra_tags="done")
    return redirect("register_data:pair", pair_id=pair_id)


def _merge(request: HttpRequest, pair_id: UUID) -> None:
    post = request.POST
    deciding.merge(
        pair_id=pair_id,
        take=[name.removeprefix(TAKE) for name in post if name.startswith(TAKE) and post[name] == SECOND],
        rows=[str(key) for key in post.getlist("row")],
        seen_version=seen_version(request),
        first_version=_number(post.get("first_version", "")),
        second_version=_number(post.get("second_version", "")),
        reason=str(post.get("reason", "")),
        by=person(request),
        now=timezone.now(),
    )


def _tell_apart(request: HttpRequest, pair_id: UUID) -> None:
    deciding.not_the_same(pair_id=pair_id, **_with_a_reason(request))


def _undo(request: HttpRequest, pair_id: UUID) -> None:
    deciding.undo(pair_id=pair_id, **_with_a_reason(request))


def _with_a_reason(request: HttpRequest) -> dict[str, Any]:
    return {
        "reason": str(request.POST.get("reason", "")),
        "seen_version": seen_version(request),
        "by": person(request),
        "now": timezone.now(),
    }


ACTS: dict[str, Callable[[HttpRequest, UUID], None]] = {
    "samenvoegen": _merge,
    "geen-dubbel": _tell_apart,
    "ongedaan-maken": _undo,
}
# What takes a case out of the count or puts it back: who does it has just shown who they are.
WEIGHTY = frozenset({"samenvoegen", "ongedaan-maken"})
DONE: dict[str, Promise] = {
    "samenvoegen": gettext_lazy("The two cases are one. The older one leads, both numbers stay."),
    "geen-dubbel": gettext_lazy("Written down: not the same death. This pair is not proposed again."),
    "ongedaan-maken": gettext_lazy("The decision is undone; the pair waits again."),
}


def _page(
    request: HttpRequest, pair_id: UUID, sent: Sent, *, invalid: InvalidError | None = None, status: int = 200
) -> HttpResponse:
    shown = deciding.side_by_side(pair_id=pair_id, by=person(request))
    couple = shown.pair
    looked(request, Event.CASE_READ, [couple.first_id, couple.second_id])
    lines = [_line(comparison, sent) for comparison in shown.comparisons if comparison.differs]
    reasons = {
        form: fields.plain(
            "reason",
            _("Reason"),
            value=str(sent.values.get("reason", ""))[:500] if sent.form == form else "",
            error=sentence(invalid.problems["reason"])
            if invalid and sent.form == form and "reason" in invalid.problems
            else "",
            maximum=500,
            optional=form == "samenvoegen",
            prefix=form,
        )
        for form in ACTS
    }
    leads_closed = CaseState(couple.first.status) in LOCKED
    context = {
        "pair": couple,
        "here": reverse("register_data:pair", args=[couple.pk]),
        "first": couple.first,
        "second": couple.second,
        "probable": is_probable(couple),
        "decision": decision_of(couple),
        "waits": couple.state == "open",
        "evidence": _evidence(couple.evidence),
        "lines": lines,
        "same": [_line(comparison, sent) for comparison in shown.comparisons if _tells_the_same(comparison)],
        "offers": [_offered(offer, sent) for offer in shown.rows],
        "leads_closed": leads_closed,
        "chooses": couple.state == "open" and not leads_closed,
        "obstacles": deciding.obstacles(couple),
        "taken": _taken(shown),
        "copied": [_named(row) for row in shown.copied],
        "reasons": {form.replace("-", "_"): field for form, field in reasons.items()},
        "open_form": sent.form,
        "errors": [
            *fields.error_lines(reasons.values()),
            *(ErrorLine(sentence(problem)) for problem in sent.problems),
        ],
    }
    return render(request, "register_data/pair.html", context, status=status)


def _line(comparison: Comparison, sent: Sent) -> Line:
    spec = comparison.spec
    chosen = sent.values.get(f"{TAKE}{spec.key}")
    only_second = comparison.first.blank and not comparison.second.blank
    return Line(
        name=f"{TAKE}{spec.key}",
        label=spec.label(active()),
        first=_words(comparison.first, spec),
        second=_words(comparison.second, spec),
        takes_second=chosen == SECOND if chosen else only_second,
    )


def _tells_the_same(comparison: Comparison) -> bool:
    """Whether both cases give one answer; a question that neither asked tells nothing."""
    return not comparison.differs and comparison.first.missing != NOT_ASKED


def _words(answer: Answer, spec: FieldSpec) -> str:
    return said(answer, spec) or "–"


def _offered(offer: RowOffer, sent: Sent) -> Offered:
    key = str(offer.row.pk)
    # Nothing of the case that goes is lost unless somebody leaves it out.
    chosen = key in sent.typed.getlist("row") if sent.typed is not None else True  # type: ignore[attr-defined]
    specimens = ngettext("%(count)d specimen", "%(count)d specimens", len(offer.samples)) % {
        "count": len(offer.samples)
    }
    results = ", ".join(row_fact(type(row).__name__, row).label for row in offer.results)
    detail = " · ".join(filter(None, (specimens if offer.samples else "", results)))
    return Offered(key, _named(offer.row), detail, chosen)


def _named(row: Any) -> str:
    """A row with its kind before it, in one line."""
    said, kind = row_fact(type(row).__name__, row), KINDS.get(type(row).__name__)
    text = said.text if said.text not in ("", "–") else ""
    head = f"{kind}: {said.label}" if kind and said.label != str(kind) else said.label
    return f"{head} · {text}" if text else head


def _evidence(evidence: Mapping[str, float]) -> list[tuple[Promise, str]]:
    """What each answer says, in words: for one death, against, or nothing."""
    words = [(3.0, _("speaks strongly for one death")), (0.3, _("speaks for one death")), (-0.3, _("says little"))]
    return [
        (label, next((text for least, text in words if evidence[name] >= least), _("speaks against")))
        for name, label in EVIDENCE.items()
        if name in evidence
    ]


def _taken(shown: SideBySide) -> list[str]:
    """Which answers the older case took from the other."""
    keys = set(shown.pair.taken)
    return [one.spec.label(active()) for one in shown.comparisons if one.spec.key in keys]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
