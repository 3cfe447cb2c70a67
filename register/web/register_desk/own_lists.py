"""The page on which a person keeps lists of their own and chooses the columns of every list."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from register.casework import choices, saved_lists
from register.casework.errors import InvalidError
from register.web import fields
from register.web.door import allowed, person
from register.web.field_shapes import FieldView
from register.web.language import active, sentence
from register.web.register_desk import choosing, worklists
from register.web.register_desk.choosing import COLUMNS
from register.web.sending import for_sending
from register.workflow.verbs import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Verb.TAKE_CASE)
def own(request: HttpRequest) -> HttpResponse:
    """The own lists with the form for another one. A region or a substance never stands in an address."""
    if request.method != "POST":
        return _page(request, {})
    sent = request.POST
    base = sent.get("base", "")
    try:
        kept = saved_lists.keep(
            name=sent.get("name", ""),
            base=base if base in worklists.BY_SLUG else "",
            region=sent.get("region", ""),
            substance=sent.get("substance", ""),
            assigned=sent.get("assigned", ""),
            owner=person(request),
        )
    except InvalidError as invalid:
        return _page(request, invalid.problems, 422)
    messages.success(request, _("The list is kept under “Of mine”."), extra_tags="done")
    return redirect("register_desk:worklist", which=str(kept.pk))


@for_sending
@allowed(Verb.TAKE_CASE)
def drop(request: HttpRequest, list_id: Any) -> HttpResponse:
    """Take an own list away."""
    saved_lists.drop(list_id=list_id, owner=person(request))
    messages.success(request, _("The list was taken away. Its cases are where they were."), extra_tags="done")
    return redirect("register_desk:own")


@for_sending
@allowed(Verb.TAKE_CASE)
def columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns the lists show, and whether letters walk through them."""
    post = request.POST
    saved_lists.choose_columns(
        columns=post.getlist("columns"),
        of_all=tuple(COLUMNS),
        letter_keys=post.get("letter_keys") == "yes",
        owner=person(request),
    )
    messages.success(request, _("Saved."), extra_tags="done")
    return redirect("register_desk:own")


def _page(request: HttpRequest, problems: Mapping[str, Any], status: int = 200) -> HttpResponse:
    shown = _fields(request, problems)
    context = {
        "fields": shown,
        "errors": fields.error_lines(shown),
        "lists": [one for one in worklists.of(saved_lists.of(person(request))) if one.own],
        "columns": [(name, label, name in choosing.shown(request.user)) for name, label in COLUMNS.items()],
    }
    return render(request, "register_desk/own_lists.html", context, status=status)


def _fields(request: HttpRequest, problems: Mapping[str, Any]) -> list[FieldView]:
    bases = [(one.slug, str(one.label)) for one in worklists.WORKLISTS]
    asked = (
        ("base", _("Out of which list"), bases),
        ("region", _("Region"), saved_lists.regions()),
        ("substance", _("Substance"), choices.substances(active())),
        ("assigned", _("Assigned to"), (("me", _("me")), ("nobody", _("nobody yet")))),
    )
    name = fields.plain(
        "name",
        _("Name of the list"),
        value=request.POST.get("name", ""),
        error=sentence(problems["name"]) if "name" in problems else "",
        maximum=saved_lists.LONGEST_NAME,
    )
    return [
        name,
        *(
            fields.plain(
                key,
                label,
                widget="select",
                options=options,
                value=request.POST.get(key, ""),
                error=sentence(problems[key]) if key in problems else "",
                optional=True,
                unchosen=_("All"),
            )
            for key, label, options in asked
        ),
    ]
