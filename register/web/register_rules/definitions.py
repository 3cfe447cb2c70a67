"""Versions of the case definitions: which holds, what another would change among the closed cases, and adopting it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from register.audit import Event
from register.casework import rule_versions
from register.casework.errors import InvalidError, NotFoundError, RefusedError
from register.casework.rule_versions import Change
from register.coding import rules
from register.web import fields
from register.web.account import confirming
from register.web.door import allowed, person
from register.web.field_shapes import ErrorLine
from register.web.language import sentence
from register.web.notes import looked
from register.web.register_rules import forms, words
from register.web.sending import for_sending
from register.workflow.verbs import Verb

PAGE = 25
NAMES: dict[str, Promise] = {
    "sel_b": gettext_lazy("Selection B"),
    "sel_d": gettext_lazy("Selection D"),
    "nl_broad": gettext_lazy("National, broad"),
}
OUTCOMES: dict[str, Promise] = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "undetermined": gettext_lazy("undetermined"),
    "": gettext_lazy("none"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the definitions, and since when and by whom it holds when it does."""

    number: str
    what: str
    url: str
    in_use: bool


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """One outcome of one closed case that would be another, with the sentence of the other version."""

    url: str
    number: str
    region: str
    definition: str
    before: str
    after: str
    why: str


@require_safe
@allowed(Verb.ADOPT_RULES)
def versions(request: HttpRequest) -> HttpResponse:
    """Every version that the register is delivered with, and what was adopted when and why."""
    current = rule_versions.in_use()
    page = Paginator(rule_versions.adoptions(), PAGE).get_page(request.GET.get("blad"))
    context = {
        "tabs": words.tabs(request.user, None),
        "versions": [
            Version(
                number,
                sentence(rules.load(number)),
                reverse("register_rules:comparison", args=[number]),
                number == current,
            )
            for number in rules.versions()
        ],
        "adoptions": list(page),
        "page": page,
    }
    return render(request, "register_rules/versions.html", context)


@require_safe
@allowed(Verb.ADOPT_RULES)
def comparison(request: HttpRequest, version: str) -> HttpResponse:
    """What a version would change among the closed cases."""
    return _page(request, version)


@for_sending
@allowed(Verb.ADOPT_RULES)
def compare(request: HttpRequest, version: str) -> HttpResponse:
    """Have the closed cases compared; a worker does it."""
    try:
        rule_versions.ask_comparison(version=version, by=person(request), now=timezone.now())
    except RefusedError as refused:
        return _page(request, version, refusal=refused)
    return redirect("register_rules:comparison", version=version)


@for_sending
@allowed(Verb.ADOPT_RULES)
def adopt(request: HttpRequest, version: str) -> HttpResponse:
    """Let the version hold from now on."""
    if asked := confirming.ask(request, back=reverse("register_rules:comparison", args=[version])):
        return asked
    found = rule_versions.latest(version, by=person(request))
    if found is None:
        raise NotFoundError
    reason = request.POST.get("reason", "")
    try:
        rule_versions.adopt(comparison_id=found.pk, reason=reason, by=person(request), now=timezone.now())
    except InvalidError as invalid:
        return _page(request, version, invalid=invalid)
    except RefusedError as refused:
        return _page(request, version, refusal=refused)
    done = _("Version %(version)s holds from now on. The cases follow within minutes.") % {"version": version}
    messages.success(request, done, extra_tags="done")
    return redirect("register_rules:versions")


def _page(
    request: HttpRequest, version: str, *, invalid: InvalidError | None = None, refusal: RefusedError | None = None
) -> HttpResponse:
    by = person(request)
    found = rule_versions.latest(version, by=by)
    changes = found.changes if found and found.compared_at else []
    page = Paginator(changes, PAGE).get_page(request.GET.get("blad"))
    shown = rule_versions.explained(found, list(page), by=by) if found and changes else []
    filters = {"list": "rules", "version": version}
    looked(request, Event.CASE_LIST, {change.case.pk for change in shown}, filters=filters)
    why = forms.reason(request.POST if invalid else {}, invalid.problems if invalid else {}, forms.SAVE)
    refused = [ErrorLine(sentence(refusal))] if refusal else []
    context = {
        "version": version,
        "here": reverse("register_rules:comparison", args=[version]),
        "what": sentence(rules.load(version)),
        "in_use": rule_versions.in_use() == version,
        "current": rule_versions.in_use(),
        "found": found,
        "counts": _counts(found) if found else [],
        "cases": len({change[0] for change in changes}),
        "rows": [_row(change) for change in shown],
        "page": page,
        "why": why,
        "errors": [*refused, *fields.error_lines([why])],
    }
    return render(request, "register_rules/comparison.html", context, status=422 if invalid or refusal else 200)


def _counts(found: Any) -> list[dict[str, Any]]:
    return [
        {"definition": NAMES[definition], "before": OUTCOMES[before], "after": OUTCOMES[after], "cases": count}
        for (definition, before, after), count in sorted(rule_versions.counts(found).items())
    ]


def _row(change: Change) -> ChangedCase:
    return ChangedCase(
        url=reverse("register_desk:review", args=[change.case.pk]),
        number=change.case.case_number,
        region=change.case.region.name,
        definition=str(NAMES[change.definition]),
        before=str(OUTCOMES[change.before]),
        after=str(OUTCOMES[change.after.value.value]),
        why=f"{change.after.rule_id}: {sentence(change.after)}",
    )
