"""The settings as pages: what there is, one of them with its history, and changing it with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from register.access import may
from register.casework.configuration import changing, entries, following
from register.casework.configuration.current import Kind
from register.casework.configuration.entries import Entry
from register.casework.errors import InvalidError, RefusedError
from register.quality import configuring
from register.quality.problems import Problem
from register.web import fields
from register.web.account import confirming
from register.web.door import allowed, person
from register.web.fields import ErrorLine
from register.web.language import active, sentence
from register.web.register_rules import forms, words
from register.web.register_rules.words import KINDS, LEDES, SLUGS, TITLES
from register.web.saves import seen_version
from register.workflow.verbs import Verb

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One setting in the list."""

    url: str
    name: str
    text: str
    value: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a setting; ``delivered`` is empty where it is as it was delivered."""

    label: str
    value: str
    delivered: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent that comes back, which of the forms it was, and what is wrong with it."""

    form: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    refusal: RefusedError | None = None


@require_safe
@allowed(Verb.READ_SETTINGS)
def home(request: HttpRequest) -> HttpResponse:
    """The first kind."""
    return redirect("register_rules:listing", kind=next(iter(KINDS)))


@require_safe
@allowed(Verb.READ_SETTINGS)
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    """Every setting of a kind."""
    chosen = _kind(kind)
    page = Paginator(entries.entries(chosen), PAGE).get_page(request.GET.get("blad"))
    context = {
        "title": TITLES[chosen],
        "lede": LEDES[chosen],
        "tabs": words.tabs(request.user, chosen),
        "rows": [_row(entry) for entry in page],
        "page": page,
        "is_rule": chosen == Kind.RULE,
        "progress": words.progress(following.progress()) if chosen == Kind.RULE else "",
        "is_term": chosen == Kind.TERM,
        "may_add": chosen == Kind.TEXT and _may_change(request),
    }
    return render(request, "register_rules/listing.html", context)


@require_safe
@allowed(Verb.READ_SETTINGS)
def entry(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One setting."""
    return _page(request, entries.find(_kind(kind), code), Sent())


@require_POST
@allowed(Verb.MANAGE_SETTINGS)
def change(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Change a setting, or let it be as it was delivered; with a mistake the page comes back as it was filled in."""
    chosen = _kind(kind)
    if asked := confirming.ask(request):
        return asked
    form = forms.RESTORE if request.POST.get("do") == forms.RESTORE else forms.SAVE
    act: dict[str, Any] = {
        "kind": chosen,
        "code": code,
        "reason": request.POST.get("reason", ""),
        "seen_version": seen_version(request),
        "by": person(request),
        "now": timezone.now(),
    }
    try:
        if form == forms.RESTORE:
            changing.restore(**act)
        else:
            changing.change(raw=request.POST.dict(), **act)
    except InvalidError as invalid:
        return _page(request, entries.find(chosen, code), Sent(form, request.POST.dict(), invalid.problems))
    except RefusedError as refused:
        return _page(request, entries.find(chosen, code), Sent(form, request.POST.dict(), refusal=refused))
    messages.success(request, _("The setting holds from now on."), extra_tags="done")
    return redirect("register_rules:entry", kind=kind, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.MANAGE_SETTINGS)
def new_text(request: HttpRequest) -> HttpResponse:
    """A standard text of the register's own."""
    if request.method != "POST":
        return _new_text(request, {})
    if asked := confirming.ask(request):
        return asked
    post = request.POST
    try:
        made = changing.add_text(
            use=post.get("use", ""),
            raw=post.dict(),
            reason=post.get("reason", ""),
            by=person(request),
            now=timezone.now(),
        )
    except InvalidError as invalid:
        return _new_text(request, invalid.problems)
    messages.success(request, _("The text is offered from now on."), extra_tags="done")
    return redirect("register_rules:entry", kind=SLUGS[Kind.TEXT], code=made.code)


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _may_change(request: HttpRequest) -> bool:
    return bool(may(person(request), Verb.MANAGE_SETTINGS))


def _row(one: Entry) -> Row:
    said = one.values
    text = "" if one.kind == Kind.TERM else str(said[active()])
    match one.kind:
        case Kind.RULE:
            name, value = one.code, words.severity(said["severity"])
        case Kind.TEXT:
            name, value = words.name_of(one), words.value("offered", said["offered"])
        case Kind.TERM:
            name, value = words.name_of(one), words.value("days", said["days"])
    url = reverse("register_rules:entry", args=[SLUGS[one.kind], one.code])
    return Row(url, name, text, value, one.changed)


def _page(request: HttpRequest, one: Entry, sent: Sent) -> HttpResponse:
    changes = _may_change(request)
    at_save = sent.form == forms.SAVE
    shown = forms.of(one, sent.typed if at_save else one.values, sent.problems if at_save else {}) if changes else []
    at_restore = {} if sent.form != forms.RESTORE else sent.problems
    why = forms.reason(sent.typed if at_restore else {}, at_restore, forms.RESTORE)
    page = Paginator(entries.history(one), PAGE).get_page(request.GET.get("blad"))
    fixed = configuring.fixed_because(one.about) if one.kind == Kind.RULE else None
    drawn = {one.name for one in (*shown, why)}
    rest = [ErrorLine(sentence(problem)) for name, problem in sent.problems.items() if name not in drawn]
    refused = [ErrorLine(sentence(sent.refusal))] if sent.refusal else []
    context = {
        "entry": one,
        "title": words.name_of(one),
        "progress": words.progress(following.progress()) if one.kind == Kind.RULE else "",
        "kind": SLUGS[one.kind],
        "kind_title": TITLES[one.kind],
        "lines": [_line(one, name) for name in one.values if _is_shown(one, name)],
        "fixed": sentence(fixed) if fixed else "",
        "fields": shown,
        "restore_field": why,
        "may_restore": changes and one.changed and not (one.own and not one.values["offered"]),
        "open_form": sent.form,
        "stale": sent.refusal is not None,
        "history": words.told(page, one),
        "page": page,
        "errors": [*refused, *rest, *fields.error_lines([*shown, why])],
    }
    status = 422 if sent.problems or sent.refusal else 200
    return render(request, "register_rules/entry.html", context, status=status)


def _is_shown(one: Entry, name: str) -> bool:
    """Whether the register asks by itself is a question of a few rules only."""
    return name != "by_itself" or one.code in configuring.TIMED


def _line(one: Entry, name: str) -> Line:
    now, then = one.values[name], one.delivered[name]
    delivered = "" if one.own or now == then else words.value(name, then)
    return Line(str(words.VALUES[name]), words.value(name, now), delivered)


def _new_text(request: HttpRequest, problems: Mapping[str, Problem]) -> HttpResponse:
    shown = forms.of_a_new_text(request.POST, problems)
    context = {"fields": shown, "errors": fields.error_lines(shown), "kind": SLUGS[Kind.TEXT]}
    return render(request, "register_rules/new_text.html", context, status=422 if problems else 200)
