"""One substance of the catalogue: what is known of it, what was done to it and why, and the forms of a steward."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.access import may
from register.casework.catalogue import reading, stewarding
from register.casework.errors import InvalidError, RefusedError
from register.quality.problems import Problem
from register.web import fields
from register.web.door import allowed, person
from register.web.field_shapes import ErrorLine
from register.web.language import active, sentence
from register.web.register_data import substance_forms as forms
from register.web.register_data.substance_words import KINDS, LANGUAGES, STATES, day, told
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.workflow.verbs import Verb

PAGE = 25
MOVES = {
    forms.CONFIRM: stewarding.Act.CONFIRMED,
    forms.RETIRE: stewarding.Act.RETIRED,
    forms.RESTORE: stewarding.Act.RESTORED,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent that comes back, which of the forms it was, and what is wrong with it."""

    act: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    refusal: RefusedError | None = None


@require_safe
@allowed(Verb.SEE_CATALOGUE)
def substance(request: HttpRequest, code: str) -> HttpResponse:
    """One substance."""
    return _page(request, code, Sent())


@for_sending
@allowed(Verb.STEWARD_CATALOGUE)
def steward(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Change the substance; with a mistake the page comes back as the form was filled in."""
    if act not in forms.TITLES:
        raise Http404
    try:
        ACTS.get(act, _move)(request, code, act)
    except InvalidError as invalid:
        return _page(request, code, Sent(act, request.POST, invalid.problems))
    except RefusedError as refused:
        return _page(request, code, Sent(act, request.POST, refusal=refused))
    messages.success(request, _("The catalogue is changed, from now on."), extra_tags="done")
    return redirect("register_data:substance", code=code)


def _name(request: HttpRequest, code: str, act: str) -> None:
    stewarding.name(code=code, raw=request.POST.dict(), **_seen(request))


def _end_name(request: HttpRequest, code: str, act: str) -> None:
    ends = forms.day_in(request.POST)
    stewarding.end_name(code=code, name=request.POST.get("name", ""), day=ends, **_seen(request))


def _change(request: HttpRequest, code: str, act: str) -> None:
    stewarding.change(code=code, raw=request.POST.dict(), **_seen(request))


def _move(request: HttpRequest, code: str, act: str) -> None:
    stewarding.move(code=code, act=MOVES[act], **_seen(request))


ACTS: dict[str, Callable[[HttpRequest, str, str], None]] = {
    forms.NAME: _name,
    forms.END_NAME: _end_name,
    forms.CHANGE: _change,
}


def _seen(request: HttpRequest) -> dict[str, Any]:
    return {
        "reason": request.POST.get("reason", ""),
        "seen_version": seen_version(request),
        "by": person(request),
        "now": timezone.now(),
    }


def _page(request: HttpRequest, code: str, sent: Sent) -> HttpResponse:
    one = reading.find(code)
    names = reading.names_of(one)
    stewards = bool(may(person(request), Verb.STEWARD_CATALOGUE))
    shown = forms.offered(one, names, sent.act, sent.typed, sent.problems) if stewards else []
    page = Paginator(reading.changes_of(one), PAGE).get_page(request.GET.get("blad"))
    context = {
        "substance": one,
        "here": reverse("register_data:substance", args=[code]),
        "name": getattr(one, f"name_{active()}"),
        "state": STATES[one.status],
        "facts": _facts(one),
        "names": [
            (name.text, KINDS.get(name.kind, name.kind), LANGUAGES.get(name.language, name.language), name.valid_to)
            for name in names
        ],
        "metabolites": _metabolites(one),
        "parents": [_link(parent) for parent in reading.parents_of(one)],
        "page": page,
        "changes": told(page),
        "forms": shown,
        "open_form": sent.act,
        "stale": sent.refusal is not None,
        "errors": [
            *([ErrorLine(sentence(sent.refusal))] if sent.refusal else []),
            *fields.error_lines(field for form in shown for field in form.fields),
        ],
    }
    return render(request, "register_data/substance.html", context, status=422 if sent.act else 200)


def _facts(one: Any) -> list[dict[str, Any]]:
    name = f"name_{active()}"
    days = [(_("In use since"), one.valid_from), (_("Retired since"), one.valid_to)]
    lines = [
        (_("Code"), one.code),
        (_("Dutch name"), one.name_nl),
        (_("English name"), one.name_en),
        (_("Group"), getattr(one.group, name)),
        (_("EUDA group"), getattr(one.euda_group, name) if one.euda_group else ""),
        (_("ATC code"), one.atc),
        (_("CAS number"), one.cas),
        (_("ICD-10 code"), " · ".join(code for code in (one.icd10_t, one.icd10_f) if code)),
        (_("Early warning"), _("Yes") if one.early_warning else _("No")),
        *((label, day(value)) for label, value in days if value),
    ]
    return [{"label": label, "text": text or _("none"), "quiet": not text} for label, text in lines]


def _metabolites(one: Any) -> list[tuple[str, str]]:
    """Name and address of each; a metabolite that is no substance of the catalogue has no address."""
    known = reading.members(one.metabolites)
    return [_link(known[text]) if text in known else (text, "") for text in one.metabolites]


def _link(one: Any) -> tuple[str, str]:
    return getattr(one, f"name_{active()}"), reverse("register_data:substance", args=[one.code])
