"""Names that the catalogue does not know: the list, one name with its candidates, and what was linked lately."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from register.audit import Event
from register.casework import choices, unknown_names
from register.casework.catalogue import requests
from register.casework.errors import InvalidError
from register.casework.unknown_names import UnknownName
from register.coding.lookup import Match
from register.quality import value_sets
from register.quality.problems import Problem
from register.web import fields
from register.web.door import allowed, person
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.web.notes import looked
from register.web.sending import for_sending
from register.workflow.verbs import Verb

PAGE, LATELY = 25, 10
KINDS: dict[str, Promise] = {
    "suspicion": gettext_lazy("suspected"),
    "finding": gettext_lazy("conclusion"),
    "result": gettext_lazy("result"),
}


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name in the list, with where it stands and nothing that tells of a person."""

    url: str
    words: str
    cases: int
    context: str
    candidate: str
    asked: bool


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in which the name was reported, what was reported beside it, and whether linking changes it."""

    url: str
    number: str
    status: str
    beside: str
    changes: bool


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A decision that was made lately."""

    key: UUID
    text: str
    when: str
    undone: bool


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A substance that a steward was asked for, and what came of it."""

    key: UUID
    text: str
    when: str
    state: str
    answer: str
    waits: bool


@require_safe
@allowed(Verb.REVIEW_CASE)
def listing(request: HttpRequest) -> HttpResponse:
    """Every name that waits, the one that stands in most cases first, and the latest decisions."""
    page = Paginator(unknown_names.waiting(by=person(request)), PAGE).get_page(request.GET.get("blad"))
    looked(request, Event.CASE_LIST, {case.pk for name in page for case in name.cases}, filters={"list": "names"})
    asked = requests.asked_for(by=person(request))
    context = {
        "rows": [_row(name, asked) for name in page],
        "page": page,
        "requests": [_request(made) for made in requests.latest(by=person(request), limit=LATELY)],
        "links": [_link(made) for made in unknown_names.latest(by=person(request), limit=LATELY)],
    }
    return render(request, "register_data/names.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.REVIEW_CASE)
def name(request: HttpRequest, key: str) -> HttpResponse:
    """One name: where it stands, what it may mean, and the choice that holds for all its cases."""
    if request.method != "POST":
        return _page(request, key)
    return ACTS.get(request.POST.get("do", ""), _link_all)(request, key)


@for_sending
@allowed(Verb.REVIEW_CASE)
def undo(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Take a decision back; the name waits again."""
    unknown_names.undo(link_id=link_id, by=person(request), now=timezone.now())
    messages.success(request, _("The decision is undone where it still stood."), extra_tags="done")
    return redirect("register_data:names")


@for_sending
@allowed(Verb.REVIEW_CASE)
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask the steward no more."""
    requests.withdraw(request_id=request_id, by=person(request), now=timezone.now())
    messages.success(request, _("The steward is asked no more."), extra_tags="done")
    return redirect("register_data:names")


def _link_all(request: HttpRequest, key: str) -> HttpResponse:
    typed = request.POST.get("other", "") or request.POST.get("substance", "")
    try:
        made = unknown_names.link_all(key=key, substance=typed, by=person(request), now=timezone.now())
    except InvalidError as invalid:
        return _page(request, key, problems=invalid.problems)
    count = _cases(made)
    done = ngettext("Linked in %(count)d case.", "Linked in %(count)d cases.", count) % {"count": count}
    messages.success(request, done, extra_tags="done")
    return redirect("register_data:names")


def _strike_all(request: HttpRequest, key: str) -> HttpResponse:
    made = unknown_names.strike_all(key=key, by=person(request), now=timezone.now())
    count = _cases(made)
    done = ngettext("Struck out in %(count)d case.", "Struck out in %(count)d cases.", count) % {"count": count}
    messages.success(request, done, extra_tags="done")
    return redirect("register_data:names")


def _ask(request: HttpRequest, key: str) -> HttpResponse:
    name, note = request.POST.get("name", ""), request.POST.get("note", "")
    try:
        requests.ask(key=key, name=name, note=note, by=person(request), now=timezone.now())
    except InvalidError as invalid:
        return _page(request, key, problems=invalid.problems)
    messages.success(
        request, _("The steward was asked to add the substance. The name keeps waiting."), extra_tags="done"
    )
    return redirect("register_data:names")


ACTS = {"none": _strike_all, "new": _ask}


def _page(request: HttpRequest, key: str, *, problems: Mapping[str, Problem] | None = None) -> HttpResponse:
    by, wrong = person(request), problems or {}
    found = unknown_names.find(key=key, by=by)
    looked(request, Event.CASE_LIST, [case.pk for case in found.cases], filters={"list": "name"})
    reported = unknown_names.beside(found)
    lines = [
        CaseLine(
            reverse("register_desk:review", args=[case.pk]),
            case.case_number,
            case.status,
            ", ".join(getattr(substance, f"name_{active()}") for substance in reported[case.pk]),
            unknown_names.changeable(case, by),
        )
        for case in found.cases
    ]
    candidates = unknown_names.candidates(found)
    other = fields.plain(
        "other",
        _("Another substance") if candidates else _("Substance"),
        widget="select",
        value=request.POST.get("other", ""),
        options=choices.substances(active()),
        error=sentence(wrong["substance"]) if "substance" in wrong else "",
        optional=bool(candidates),
    )
    new = _new(request, found, wrong)
    context = {
        "name": found,
        "context": _context(found),
        "lines": lines,
        "changing": sum(line.changes for line in lines),
        "candidates": [_candidate(match, request.POST.get("substance", "")) for match in candidates],
        "other": other,
        "new": new,
        "open_form": request.POST.get("do", ""),
        "errors": fields.error_lines([other, *new]),
    }
    return render(request, "register_data/name.html", context, status=422 if problems else 200)


def _new(request: HttpRequest, found: UnknownName, wrong: Mapping[str, Problem]) -> list[FieldView]:
    """What the steward hears: a name, which may be written better here, and what is known of the substance."""
    return [
        fields.plain(
            "name",
            _("Name for the catalogue"),
            value=request.POST.get("name", found.words),
            hint=_("The steward sees this and no case. Write nothing about a person."),
            error=sentence(wrong["name"]) if "name" in wrong else "",
            maximum=120,
            prefix="new",
        ),
        fields.plain(
            "note",
            _("What is known of the substance"),
            widget="lines",
            value=request.POST.get("note", ""),
            error=sentence(wrong["note"]) if "note" in wrong else "",
            optional=True,
            maximum=300,
            prefix="new",
        ),
    ]


def _row(found: UnknownName, asked: frozenset[str]) -> NameRow:
    best = next(iter(unknown_names.candidates(found)), None)
    return NameRow(
        url=reverse("register_data:name", args=[found.key]),
        words=found.words,
        cases=len(found.cases),
        context=_context(found),
        candidate=_named(best) if best else "",
        asked=found.key in asked,
    )


def _context(found: UnknownName) -> str:
    """In which layers the name stands and which roles it was given, in one line."""
    layers = [f"{KINDS[kind]} {count}" for kind, count in found.kinds.items()]
    roles = [f"{value_sets.label('VS-ROLE', role, active())} {count}" for role, count in found.roles.items()]
    return " · ".join([*layers, *roles])


def _named(match: Match) -> str:
    return match.name_nl if active() == "nl" else match.name_en


def _candidate(match: Match, chosen: str) -> dict[str, Any]:
    return {
        "code": match.code,
        "name": _named(match),
        "reason": sentence(match.reason),
        "chosen": match.code == chosen,
    }


def _link(made: Any) -> LinkRow:
    cases = _cases(made)
    if made.substance is None:
        words = ngettext(
            "‘%(words)s’ is no substance, in %(count)d case", "‘%(words)s’ is no substance, in %(count)d cases", cases
        ) % {"words": made.words, "count": cases}
    else:
        words = ngettext(
            "‘%(words)s’ is %(substance)s, in %(count)d case", "‘%(words)s’ is %(substance)s, in %(count)d cases", cases
        ) % {"words": made.words, "substance": getattr(made.substance, f"name_{active()}"), "count": cases}
    moment = date_format(timezone.localtime(made.at), "j F Y, H:i")
    return LinkRow(made.pk, words, f"{made.by.display_name}, {moment}", made.undone_at is not None)


def _cases(made: Any) -> int:
    return len({case for _kind, _row, case in made.rows})


def _request(made: Any) -> RequestRow:
    states = {"open": _("waits"), "added": _("added"), "declined": _("declined"), "withdrawn": _("asked no more")}
    moment = date_format(timezone.localtime(made.asked_at), "j F Y, H:i")
    name = getattr(made.substance, f"name_{active()}") if made.substance else ""
    return RequestRow(
        key=made.pk,
        text=made.words,
        when=f"{made.asked_by.display_name}, {moment}",
        state=states[made.state],
        answer=name or made.answer,
        waits=made.state == "open",
    )
