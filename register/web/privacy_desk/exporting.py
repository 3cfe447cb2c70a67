"""Events as a file: FHIR AuditEvent, for a case or for a person and a period."""

import json
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from register.audit import Event, fhir, people, reading
from register.audit.reading import Which
from register.web.notes import looked
from register.web.privacy_desk import overview, periods
from register.web.privacy_desk.door import reads_log

LARGEST = 20_000
MEDIA_TYPE = "application/fhir+json"


@require_safe
@reads_log
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every event about one case."""
    looked(request, Event.LOG_EXPORT, [case_id], filters={"page": "case"})
    if case_id not in reading.numbers_of([case_id]):
        raise Http404
    return _file(request, Which(case=case_id), f"zaak-{case_id}")


@require_safe
@reads_log
def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Every event of one person in a period."""
    asked = periods.asked(request.GET, periods.lately(overview.USUAL_DAYS, timezone.localdate()))
    if people.person_with(person_id) is None or asked.period is None:
        raise Http404
    looked(request, Event.LOG_EXPORT, [person_id], filters={"page": "person", **asked.period.filters})
    which = Which(actor=str(person_id), since=asked.period.since, until=asked.period.until)
    return _file(request, which, f"gebruiker-{person_id}")


def _file(request: HttpRequest, which: Which, name: str) -> HttpResponse:
    """The whole answer at once: a file that breaks off would look like a complete one."""
    found = reading.looks(which, limit=LARGEST + 1)
    if len(found) > LARGEST:
        return render(request, "privacy_desk/too_many.html", {"largest": LARGEST}, status=422)
    body = json.dumps(fhir.bundle(found, made_at=timezone.now()), ensure_ascii=False)
    response = HttpResponse(body.encode(), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="auditevents-{name}.json"'
    return response
