"""Acts on the ticked cases of a worklist: assign, take a step, set the term, ask a standard question, remind."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from register.casework import bulk
from register.casework.bulk import Chosen, Done
from register.casework.errors import InvalidError
from register.web.door import allowed, person
from register.web.language import active
from register.web.register_desk import asking, lists
from register.web.register_desk.choosing import NOBODY
from register.web.saves import keep
from register.web.sending import for_sending
from register.workflow.verbs import Verb

VERSION = "version."
WRITTEN = ("%d-%m-%Y", "%Y-%m-%d")

Act = Callable[[HttpRequest, Chosen], Done]
ACTS: dict[str, Act] = {
    "assign": lambda request, chosen: bulk.assign(chosen, to=_to(request.POST.get("to", "")), by=person(request)),
    "step": lambda request, chosen: bulk.move(chosen, step=request.POST.get("step", ""), by=person(request)),
    "term": lambda request, chosen: bulk.set_term(chosen, day=_day(request.POST.get("day", "")), by=person(request)),
    "ask": lambda request, chosen: bulk.ask(
        chosen, text=asking.question({"standard": request.POST.getlist("standard")}, active()), by=person(request)
    ),
    "remind": lambda request, chosen: bulk.remind(chosen, by=person(request)),
}


@for_sending
@allowed(Verb.TAKE_CASE)
def several(request: HttpRequest, which: str) -> HttpResponse:
    """Do one thing with the ticked cases. What some of them refuse is said above the list, each with its reason."""
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return redirect("register_desk:worklist", which=which)
    try:
        done = act(request, _chosen(request))
    except InvalidError as invalid:
        return lists.page(request, which, invalid.problems, status=422)
    if done.cases:
        words = ngettext("Done for %(count)d case.", "Done for %(count)d cases.", done.cases) % {"count": done.cases}
        messages.success(request, words, extra_tags="done")
    if done.left:
        # The answer says no, and what was done for the others stands.
        keep(request, 0)
        return lists.page(request, which, left=done.left, status=409)
    return redirect("register_desk:worklist", which=which)


def _chosen(request: HttpRequest) -> dict[UUID, int]:
    """The ticked cases, each with the version that its row showed."""
    chosen: dict[UUID, int] = {}
    for text in request.POST.getlist("cases"):
        version = request.POST.get(f"{VERSION}{text}", "")
        try:
            chosen[UUID(text)] = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        except ValueError:
            continue
    return chosen


def _to(text: str) -> str | None:
    """The key of a colleague, None for nobody; what is not chosen is refused as nobody's key."""
    return None if text == NOBODY else text or "-"


def _day(text: str) -> date | None:
    """The day that was typed, None when it is none."""
    for pattern in WRITTEN:
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return None
