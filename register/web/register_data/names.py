"""Names that the catalogue does not know: the list, one name with its candidates, and what was linked lately."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from register.audit import Event
from register.casework import choices, unknown_names
from register.casework.errors import InvalidError
from register.casework.unknown_names import UnknownName
from register.coding.lookup import Match
from register.quality import value_sets
from register.web import fields
from register.web.door import allowed, person
from register.web.language import active, sentence
from register.web.notes import looked
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


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in which the name was reported, and whether linking changes it."""

    url: str
    number: str
    status: str
    changes: bool


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A decision that was made lately."""

    key: UUID
    text: str
    when: str
    undone: bool


@require_safe
@allowed(Verb.REVIEW_CASE)
def listing(request: HttpRequest) -> HttpResponse:
    """Every name that waits, the one that stands in most cases first, and the latest decisions."""
    page = Paginator(unknown_names.waiting(by=person(request)), PAGE).get_page(request.GET.get("blad"))
    looked(request, Event.CASE_LIST, {case.pk for name in page for case in name.cases}, filters={"list": "names"})
    context = {
        "rows": [_row(name) for name in page],
        "page": page,
        "links": [_link(made) for made in unknown_names.latest(by=person(request), limit=LATELY)],
    }
    return render(request, "register_data/names.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.REVIEW_CASE)
def name(request: HttpRequest, key: str) -> HttpResponse:
    """One name: where it stands, what it may mean, and the choice that holds for all its cases."""
    if request.method != "POST":
        return _page(request, key)
    typed = request.POST.get("other", "") or request.POST.get("substance", "")
    try:
        made = unknown_names.link_all(key=key, substance=typed, by=person(request), now=timezone.now())
    except InvalidError as invalid:
        return _page(request, key, error=sentence(invalid.problems["substance"]), status=422)
    count = len({case for _kind, _row, case in made.rows})
    done = ngettext("Linked in %(count)d case.", "Linked in %(count)d cases.", count) % {"count": count}
    messages.success(request, done, extra_tags="done")
    return redirect("register_data:names")


@require_POST
@allowed(Verb.REVIEW_CASE)
def undo(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Take a decision back; the name waits again."""
    unknown_names.undo(link_id=link_id, by=person(request), now=timezone.now())
    messages.success(request, _("The link is undone where it still stood."), extra_tags="done")
    return redirect("register_data:names")


def _page(request: HttpRequest, key: str, *, error: str = "", status: int = 200) -> HttpResponse:
    by = person(request)
    found = unknown_names.find(key=key, by=by)
    looked(request, Event.CASE_LIST, [case.pk for case in found.cases], filters={"list": "name"})
    lines = [
        CaseLine(
            reverse("register_desk:review", args=[case.pk]),
            case.case_number,
            case.status,
            unknown_names.changeable(case, by),
        )
        for case in found.cases
    ]
    other = fields.plain(
        "other",
        _("Another substance"),
        widget="select",
        value=request.POST.get("other", ""),
        options=choices.substances(active()),
        error=error,
        optional=True,
    )
    context = {
        "name": found,
        "context": _context(found),
        "lines": lines,
        "changing": sum(line.changes for line in lines),
        "candidates": [
            _candidate(match, request.POST.get("substance", "")) for match in unknown_names.candidates(found)
        ],
        "other": other,
        "errors": fields.error_lines([other]),
    }
    return render(request, "register_data/name.html", context, status=status)


def _row(found: UnknownName) -> NameRow:
    best = next(iter(unknown_names.candidates(found)), None)
    return NameRow(
        url=reverse("register_data:name", args=[found.key]),
        words=found.words,
        cases=len(found.cases),
        context=_context(found),
        candidate=_named(best) if best else "",
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
    cases = len({case for _kind, _row, case in made.rows})
    words = ngettext(
        "‘%(words)s’ is %(substance)s, in %(count)d case", "‘%(words)s’ is %(substance)s, in %(count)d cases", cases
    ) % {"words": made.words, "substance": getattr(made.substance, f"name_{active()}"), "count": cases}
    moment = date_format(timezone.localtime(made.at), "j F Y, H:i")
    return LinkRow(made.pk, words, f"{made.by.display_name}, {moment}", made.undone_at is not None)
