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
from django.views.decorators.http import require_http_methods, require_safe

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
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import active, sentence
from register.web.register_rules import forms, words
from register.web.register_rules.words import KINDS, LEDES, SLUGS, TITLES
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.workflow.verbs import Verb

PAGE = 25
# Digits of a number of a version, at most.
LONGEST = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One setting in the list."""

    url: str
    name: str
    text: str
    value: str
    changed: bool
    planned: str


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
        "waiting": [_row(one) for one in entries.waiting(chosen)],
        "may_add": chosen == Kind.TEXT and _may_change(request),
    }
    return render(request, "register_rules/listing.html", context)


@require_safe
@allowed(Verb.READ_SETTINGS)
def entry(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """One setting as it stands, or with one of its earlier versions to read and to put back."""
    one, asked = entries.find(_kind(kind), code), request.GET.get("versie", "")
    older = entries.version(one, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < LONGEST else None
    return _page(request, one, Sent(), older)


@for_sending
@allowed(Verb.SET_RULES)
def change(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Change a setting, let it be as it was delivered, or decide about a change that does not hold yet.

    With a mistake the page comes back as it was filled in.
    """
    chosen = _kind(kind)
    if asked := confirming.ask(request, back=reverse("register_rules:entry", args=[kind, code])):
        return asked
    form = request.POST.get("do", forms.SAVE)
    act: dict[str, Any] = {
        "kind": chosen,
        "code": code,
        "seen_version": seen_version(request),
        "by": person(request),
        "now": timezone.now(),
    }
    reason = request.POST.get("reason", "")
    try:
        match form:
            case forms.AGREE:
                made = changing.agree(**act)
            case forms.RESTORE:
                made = changing.restore(reason=reason, **act)
            case forms.WITHDRAW:
                made = changing.withdraw(reason=reason, **act)
            case _:
                form = forms.SAVE
                day = forms.day_in(request.POST)
                made = changing.change(raw=request.POST.dict(), reason=reason, day=day, **act)
    except InvalidError as invalid:
        return _page(request, entries.find(chosen, code), Sent(form, request.POST.dict(), invalid.problems))
    except RefusedError as refused:
        return _page(request, entries.find(chosen, code), Sent(form, request.POST.dict(), refusal=refused))
    messages.success(request, words.done(made), extra_tags="done")
    return redirect("register_rules:entry", kind=kind, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.SET_RULES)
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
    return bool(may(person(request), Verb.SET_RULES))


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
    return Row(url, name, text, value, one.changed, words.tag(one))


def _page(request: HttpRequest, one: Entry, sent: Sent, older: Any = None) -> HttpResponse:
    changes = _may_change(request)
    at_save = sent.form == forms.SAVE
    begun = (older.after or one.delivered) if older is not None else one.values
    shown = forms.of(one, sent.typed if at_save else begun, sent.problems if at_save else {}) if changes else []
    why, why_not = (_reason(sent, form) for form in (forms.RESTORE, forms.WITHDRAW))
    page = Paginator(entries.history(one), PAGE).get_page(request.GET.get("blad"))
    fixed = configuring.fixed_because(one.about) if one.kind == Kind.RULE else None
    drawn = {one.name for one in (*shown, why)}
    rest = [ErrorLine(sentence(problem)) for name, problem in sent.problems.items() if name not in drawn]
    refused = [ErrorLine(sentence(sent.refusal))] if sent.refusal else []
    context = {
        "entry": one,
        "here": reverse("register_rules:entry", args=[SLUGS[one.kind], one.code]),
        "title": words.name_of(one),
        "progress": words.progress(following.progress()) if one.kind == Kind.RULE else "",
        "kind": SLUGS[one.kind],
        "kind_title": TITLES[one.kind],
        "lines": [_line(one, name) for name in one.delivered if _is_shown(one, name)],
        "fixed": sentence(fixed) if fixed else "",
        "older": older,
        "older_lines": [_line(one, name, begun) for name in one.delivered if _is_shown(one, name)] if older else [],
        "planned": words.planned(one, person(request), changes=changes) if one.planned else None,
        "fields": shown,
        "asks_another": one.kind == Kind.RULE and not fixed and bool(may(person(request), Verb.REVIEW_CASE)),
        "restore_field": why,
        "withdraw_field": why_not,
        "may_restore": changes and one.changed and not (one.own and not one.values["offered"]),
        "open_form": sent.form,
        "stale": sent.refusal is not None,
        "history": words.told(page, one),
        "page": page,
        "errors": [*refused, *rest, *fields.error_lines([*shown, why, why_not])],
    }
    status = 422 if sent.problems or sent.refusal else 200
    return render(request, "register_rules/entry.html", context, status=status)


def _reason(sent: Sent, form: str) -> FieldView:
    """Why, in the form of this name: as it was sent when that is the one that comes back."""
    here = sent.form == form and bool(sent.problems)
    return forms.reason(sent.typed if here else {}, sent.problems if here else {}, form)


def _is_shown(one: Entry, name: str) -> bool:
    """Whether the register asks by itself is a question of a few rules only."""
    return name != "by_itself" or one.code in configuring.TIMED


def _line(one: Entry, name: str, values: Mapping[str, Any] | None = None) -> Line:
    """One value as it stands, or as it is in ``values``."""
    now, then = (one.values if values is None else values)[name], one.delivered[name]
    delivered = "" if one.own or now == then else words.value(name, then)
    return Line(str(words.VALUES[name]), words.value(name, now), delivered)


def _new_text(request: HttpRequest, problems: Mapping[str, Problem]) -> HttpResponse:
    shown = forms.of_a_new_text(request.POST, problems)
    context = {"fields": shown, "errors": fields.error_lines(shown), "kind": SLUGS[Kind.TEXT]}
    return render(request, "register_rules/new_text.html", context, status=422 if problems else 200)
