"""The catalogue of substances: the list with its search, and the page for a new substance."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from register.access import may
from register.casework import choices
from register.casework.catalogue import reading, requests, stewarding
from register.casework.errors import InvalidError
from register.web import fields
from register.web.door import allowed, person
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.web.register_data import substance_forms
from register.web.register_data.substance_words import STATES, State
from register.web.sending import for_sending
from register.workflow.verbs import Verb

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One substance in the list."""

    url: str
    name: str
    code: str
    group: str
    euda_group: str
    atc: str
    names: int
    early_warning: bool
    state: State


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.SEE_CATALOGUE)
def listing(request: HttpRequest) -> HttpResponse:
    """The substances by name. What is searched for travels in the body: a typed word never stands in an address."""
    wanted = {name: request.POST.get(name, "") for name in ("words", "group", "status")}
    page = Paginator(reading.listed(**wanted, language=active()), PAGE).get_page(request.POST.get("blad"))
    return _listing(request, wanted, page)


def _listing(
    request: HttpRequest, wanted: dict[str, str], page: Any, *, refused: str = "", problem: str = ""
) -> HttpResponse:
    """The list; ``refused`` is the request that comes back with a ``problem`` about the answer to it."""
    stewards = bool(may(person(request), Verb.STEWARD_CATALOGUE))
    asked = [_asked(one, request, refused, problem) for one in requests.waiting(by=person(request))] if stewards else []
    context = {
        "here": reverse("register_data:catalogue"),
        "page": page,
        "asked": asked,
        "errors": fields.error_lines([one["field"] for one in asked]),
        "rows": [_row(one) for one in reading.shown(page, today=timezone.localdate())],
        "filters": _filters(wanted),
        "narrowed": any(wanted.values()),
        "stewards": stewards,
    }
    return render(request, "register_data/catalogue.html", context, status=422 if problem else 200)


@for_sending
@allowed(Verb.STEWARD_CATALOGUE)
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Answer the desk that no substance is added, and why."""
    answer = request.POST.get("reason", "")
    try:
        requests.decline(request_id=request_id, answer=answer, by=person(request), now=timezone.now())
    except InvalidError as invalid:
        wanted = dict.fromkeys(("words", "group", "status"), "")
        page = Paginator(reading.listed(**wanted, language=active()), PAGE).get_page(1)
        return _listing(request, wanted, page, refused=str(request_id), problem=sentence(invalid.problems["reason"]))
    messages.success(request, _("The desk hears that no substance is added."), extra_tags="done")
    return redirect("register_data:catalogue")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.STEWARD_CATALOGUE)
def new(request: HttpRequest) -> HttpResponse:
    """A substance that the catalogue does not hold yet, perhaps one that the desk asked for."""
    wanted = request.GET.get("vraag", "") or request.POST.get("vraag", "")
    asked = requests.find(request_id=wanted, by=person(request))
    if request.method != "POST":
        return _new(request, asked)
    post = request.POST
    try:
        made = stewarding.add(
            code=post.get("code", "").strip(),
            raw=post.dict(),
            reason=post.get("reason", ""),
            by=person(request),
            now=timezone.now(),
            asked=asked.pk if asked else None,
        )
    except InvalidError as invalid:
        return _new(request, asked, invalid)
    messages.success(request, _("The substance is in the catalogue, provisionally."), extra_tags="done")
    return redirect("register_data:substance", code=made.code)


def _new(request: HttpRequest, asked: Any, invalid: InvalidError | None = None) -> HttpResponse:
    typed: dict[str, Any] = request.POST.dict() if request.method == "POST" else {}
    if asked and not typed:
        typed = {"name_nl": asked.words}
    shown = substance_forms.for_a_new_one(typed, invalid.problems if invalid else {})
    context = {"fields": shown, "errors": fields.error_lines(shown), "asked": asked}
    return render(request, "register_data/new_substance.html", context, status=422 if invalid else 200)


def _filters(wanted: dict[str, str]) -> list[FieldView]:
    states = [(code, str(state.word)) for code, state in STATES.items()]
    return [
        fields.plain("words", _("Name, code or number"), value=wanted["words"][:100], optional=True, maximum=100),
        fields.plain(
            "group",
            _("Group"),
            value=wanted["group"],
            options=choices.substance_groups(active()),
            widget="select",
            optional=True,
            unchosen=_("All"),
        ),
        fields.plain(
            "status",
            _("State"),
            value=wanted["status"],
            options=states,
            widget="select",
            optional=True,
            unchosen=_("All"),
        ),
    ]


def _row(one: Any) -> Row:
    name = f"name_{active()}"
    euda = one.euda_group
    return Row(
        url=reverse("register_data:substance", args=[one.code]),
        name=getattr(one, name),
        code=one.code,
        group=getattr(one.group, name),
        euda_group=getattr(euda, name) if euda else "",
        atc=one.atc,
        names=one.names,
        early_warning=one.early_warning,
        state=STATES[one.status],
    )


def _asked(one: Any, request: HttpRequest, refused: str, problem: str) -> dict[str, Any]:
    """A substance that the desk asks for, with the two answers to it."""
    here = refused == str(one.pk)
    return {
        "key": one.pk,
        "words": one.words,
        "note": one.note,
        "who": one.asked_by.display_name,
        "at": one.asked_at,
        "url": f"{reverse('register_data:new_substance')}?vraag={one.pk}",
        "refused": here,
        "field": fields.plain(
            "reason",
            _("Reason"),
            widget="lines",
            value=request.POST.get("reason", "") if here else "",
            error=problem if here else "",
            maximum=500,
            prefix=f"ask-{one.pk}",
        ),
    }
