"""What this user saw, between two days."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.audit import Event, keyed_digest, reading
from register.audit import people as directory
from register.audit.reading import Which
from register.web import fields
from register.web.notes import looked
from register.web.privacy_desk import noted, overview, periods, presenting
from register.web.privacy_desk.door import reads_log
from register.web.privacy_desk.paging import Page, chosen_before

CHOICE = 20


@reads_log
def find(request: HttpRequest) -> HttpResponse:
    """To the events of the person with this name; several people of one name are offered to choose from."""
    if request.method != "POST":
        return redirect("privacy_desk:overview")
    words = request.POST.get("person", "").strip()[:150]
    looked(request, Event.LOG_READ, filters={"page": "find_person", "words": keyed_digest("search", words)})
    asked = periods.asked(request.POST, periods.lately(overview.USUAL_DAYS, timezone.localdate()))
    found = directory.people_called(words, limit=CHOICE) if words.isprintable() else []
    if asked.period is not None and len(found) == 1:
        return redirect(f"{reverse('privacy_desk:person', args=[found[0].pk])}?{asked.period.query}")
    field = fields.plain("person", _("User name or name"), value=words, error="" if found else _missing(words))
    offered = [_choice(person, asked.period) for person in found] if asked.period and found else None
    return overview.page(request, person=field, days=asked.fields, found=offered, status=200 if offered else 422)


@require_safe
@reads_log
def what_saw(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The events of one person in a period, and the cases that they touched."""
    person = directory.person_with(person_id)
    asked = periods.asked(request.GET, periods.lately(overview.USUAL_DAYS, timezone.localdate()))
    told = asked.period.filters if asked.period else {}
    looked(request, Event.LOG_READ, [person_id], filters={"page": "person", **told})
    if person is None:
        raise Http404
    context: dict[str, Any] = {
        "person": person,
        "role": noted.role(person.role),
        "days": asked.fields,
        "period": asked.period,
        "errors": fields.error_lines(asked.fields),
    }
    if asked.period is not None:
        which = Which(actor=str(person_id), since=asked.period.since, until=asked.period.until)
        page = Page.of(which, before=chosen_before(request.GET))
        touched = reading.count_touched(which.actor, since=asked.period.since, until=asked.period.until)
        context |= {"page": page, "lines": presenting.lines(page.looks), "cases": touched}
    return render(request, "privacy_desk/person.html", context, status=200 if asked.period else 422)


def _choice(person: Any, period: periods.Period) -> dict[str, str]:
    url = f"{reverse('privacy_desk:person', args=[person.pk])}?{period.query}"
    return {"url": url, "name": person.display_name, "role": noted.role(person.role)}


def _missing(words: str) -> str:
    if not words:
        return _("Fill in a user name or a part of a name.")
    return _("Nobody is called %(words)s. Check the name.") % {"words": words[:40]}
