"""Who saw this case, and who changed it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.audit import Event, keyed_digest, reading
from register.audit.reading import Which
from register.web import fields
from register.web.notes import looked
from register.web.privacy_desk import overview, presenting
from register.web.privacy_desk.door import reads_log
from register.web.privacy_desk.paging import Page, chosen_before

CHANGES = 200


@reads_log
def find(request: HttpRequest) -> HttpResponse:
    """To the events of the case with this number. The number travels in the body: it never stands in an address."""
    if request.method != "POST":
        return redirect("privacy_desk:overview")
    number = request.POST.get("number", "").strip()
    looked(request, Event.LOG_READ, filters={"page": "find_case", "number": keyed_digest("search", number)})
    case_id = reading.case_numbered(number) if number.isprintable() else None
    if case_id is not None:
        return redirect("privacy_desk:case", case_id=case_id)
    sentence = (
        _("There is no case with the number %(number)s. Check the number.") % {"number": number[:40]}
        if number
        else _("Fill in a case number, such as 2026-000418.")
    )
    field = fields.plain("number", _("Case number"), value=number, error=sentence)
    return overview.page(request, number=field, status=422)


@require_safe
@reads_log
def who_saw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Every look at this case and every change of it, the newest first; never what stands in it."""
    looked(request, Event.LOG_READ, [case_id], filters={"page": "case"})
    number = reading.numbers_of([case_id]).get(case_id)
    if number is None:
        raise Http404
    page = Page.of(Which(case=case_id), before=chosen_before(request.GET))
    context = {
        "case_id": case_id,
        "number": number,
        "lines": presenting.lines(page.looks),
        "page": page,
        "changes": presenting.change_lines(reading.changes_of(case_id, limit=CHANGES)) if page.first else [],
    }
    return render(request, "privacy_desk/case.html", context)
