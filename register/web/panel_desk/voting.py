"""The pages of the panel: the cases that wait for a vote, and one of them with the form to vote."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from register.audit import Event
from register.casework import panel
from register.casework.configuration import current as configuration
from register.casework.errors import InvalidError, RefusedError
from register.casework.whole import whole
from register.quality import dictionary
from register.web import answers, fields
from register.web.door import allowed, person, require
from register.web.field_shapes import ErrorLine, FieldView
from register.web.fields import Extras
from register.web.language import sentence
from register.web.notes import looked
from register.web.panel_desk import sheet
from register.web.register_desk import ageing
from register.web.saves import seen_version
from register.workflow.verbs import Verb

PAGE = 25
Typed = Mapping[str, list[str]]


@require_safe
@allowed(Verb.READ_PANEL_CASE)
def listing(request: HttpRequest) -> HttpResponse:
    """The cases in the panel, those without a vote of one's own first."""
    page = Paginator(panel.waiting(by=person(request)), PAGE).get_page(request.GET.get("blad"))
    cases: list[Any] = list(page)
    looked(request, Event.CASE_LIST, [case.pk for case in cases], filters={"list": "panel"})
    terms, today = configuration.current().terms, timezone.localdate()
    rows = [
        {
            "key": case.pk,
            "number": case.case_number,
            "age": ageing.of_days((today - timezone.localdate(case.state_since)).days, terms)
            if case.state_since
            else ageing.Age("–"),
            "voted": case.voted,
        }
        for case in cases
    ]
    return render(request, "panel_desk/cases.html", {"rows": rows, "page": page, "prefix": ""})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.READ_PANEL_CASE)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case without what points at a person, and the vote of the person who looks."""
    shown = panel.read(case_id=case_id, by=person(request))
    require(request, Verb.READ_PANEL_CASE, shown)
    looked(request, Event.CASE_READ, [shown.pk])
    if request.method != "POST":
        return _page(request, shown)
    typed = {name: [str(text) for text in request.POST.getlist(name)] for name in ("inclusion", "role", "rationale")}
    try:
        panel.vote(
            case_id=shown.pk,
            **{name: "".join(texts[:1]) for name, texts in typed.items()},
            seen_version=seen_version(request),
            by=person(request),
        )
    except InvalidError as invalid:
        return _page(request, shown, typed, invalid.problems)
    except RefusedError as refused:
        return _page(request, shown, typed, {"": refused})
    messages.success(request, _("Your vote is kept. You can change it until the panel ends."), extra_tags="done")
    return redirect("panel_desk:home")


def _page(
    request: HttpRequest, shown: Any, typed: Typed | None = None, problems: Mapping[str, Any] | None = None
) -> HttpResponse:
    own, wrong = panel.own_vote(case=shown, by=person(request)), problems or {}
    form = _form(own, typed, wrong)
    rest = [ErrorLine(sentence(problem)) for name, problem in wrong.items() if not name]
    context = {
        "case": shown,
        "sections": sheet.of(whole(shown)),
        "fields": form,
        "voted": own is not None,
        "errors": [*rest, *fields.error_lines(form)],
    }
    return render(request, "panel_desk/case.html", context, status=422 if wrong else 200)


def _form(own: Any, typed: Typed | None, problems: Mapping[str, Any]) -> list[FieldView]:
    """The three answers of a vote, as they stand or as they were typed."""
    specs = {spec.field: spec for spec in dictionary.fields_of("PanelVote")}
    values = typed if typed is not None else answers.form_values(own, specs.values()) if own is not None else {}
    extras = {
        "inclusion": Extras(label=_("Your verdict on the inclusion"), widget="radios"),
        "role": Extras(label=_("Role of the drugs, as you see it")),
        "rationale": Extras(
            label=_("Grounds"), hint=_("What decides it for you. Name no person, place or date."), widget="lines"
        ),
    }
    shown = [fields.view(specs[name], values, extras=more, problem=problems.get(name)) for name, more in extras.items()]
    return [replace(one, optional=one.name == "role") for one in shown]
