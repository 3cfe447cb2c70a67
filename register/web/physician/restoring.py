"""What the skip rules wiped when a page was saved, named on the page that comes next with a button that restores it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from register.casework import opening, wiping
from register.web.door import load_case, person
from register.web.language import active
from register.web.physician.pages import BY_SLUG
from register.web.physician.progress import with_progress
from register.web.physician.row_kinds import IN_FORMS, RowKind
from register.web.saves import seen_version
from register.web.sending import for_sending
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

# In an address: the page that was saved and the version of the case before it; nothing of the case itself.
WIPED = "gewist"


@for_sending
@load_case(Verb.EDIT_CASE, read=with_progress)
def restore(request: HttpRequest, case: Any, page: str) -> HttpResponse:
    """Bring back what was wiped, and go to the page it stands on."""
    opening.require(person(request), Verb.EDIT_CASE, case)
    before = _version(request.POST.get("before", ""))
    wiping.restore(case_id=case.pk, page=page, before=before, seen_version=seen_version(request), by=person(request))
    return redirect("physician:section", case_id=case.pk, page=page)


def and_wiped(address: str, case: Any, page: str, before: int) -> str:
    """The same address, saying that answers were wiped when this page was saved."""
    if not _wiped(case, page, before):
        return address
    path, hash_mark, fragment = address.partition("#")
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}{urlencode({WIPED: f'{page}.{before}'})}{hash_mark}{fragment}"


def notice(request: HttpRequest, case: Any) -> dict[str, Any] | None:
    """What the page says about wiped answers; None when there is nothing to say."""
    page, _dot, version = request.GET.get(WIPED, "").partition(".")
    if page not in BY_SLUG or case.status != CaseState.DRAFT:
        return None
    before = _version(version)
    labels = [_label(case, wiped) for wiped in _wiped(case, page, before)]
    url = reverse("physician:restore", args=[case.pk, page])
    return {"labels": labels, "url": url, "before": before} if labels else None


def _version(text: str) -> int:
    """A version of a case as an address or a form says it; 0, which no case has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _wiped(case: Any, page: str, before: int) -> list[wiping.Wiped]:
    rows = [case if model == "Case" else getattr(case, f"{model.lower()}_section") for model in wiping.models_of(page)]
    for kind in _row_kinds(page):
        rows += kind.read(case)
    return wiping.wiped_since(rows, before)


def _row_kinds(page: str) -> list[RowKind]:
    models = {model.__name__ for model in wiping.row_models_of(page)}
    return [kind for kind in IN_FORMS if kind.model in models]


def _label(case: Any, wiped: wiping.Wiped) -> str:
    """The question; in a row with the row it stands in."""
    question = wiped.spec.label(active())
    kind = next((kind for kind in IN_FORMS if kind.model == wiped.spec.model), None)
    if kind is None:
        return question
    number = [row.pk for row in kind.read(case)].index(wiped.row.pk) + 1
    return f"{kind.title} {kind.heading(wiped.row, number)}: {question}"
