"""What others opened of the cases of one's region, or of the country; and ending an access before its hour is over."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from register.access import emergency, may
from register.access.errors import NotFoundError, RefusedError
from register.audit import Event
from register.casework import errors as common
from register.web.door import allowed, person, require
from register.web.emergency import lines
from register.web.notes import looked
from register.web.sending import for_sending
from register.workflow.roles import Role
from register.workflow.verbs import Verb

# Where somebody is after ending an access.
BACK = {Role.AUDITOR: "privacy_desk:emergencies", Role.REGISTER_STAFF: "emergency:given"}


@require_safe
@allowed(Verb.SEE_EMERGENCIES)
def given(request: HttpRequest) -> HttpResponse:
    """Who opened which case in the last thirty days, and why."""
    found = emergency.of_others(person(request), now=timezone.now())
    looked(request, Event.CASE_LIST, {one.case_id for one in found}, filters={"list": "emergencies"})
    context = {
        "lines": [lines.line(one, person(request)) for one in found],
        "asks": bool(may(request.user, Verb.OPEN_ELSEWHERE)),
    }
    return render(request, "emergency/given.html", context)


@for_sending
@login_required
def end(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """End one access: whoever asked for it, the register, or the privacy officer."""
    if not may(request.user, Verb.OPEN_ELSEWHERE):
        require(request, Verb.END_EMERGENCY)
    try:
        ended = emergency.end(access_id=access_id, by=person(request))
    except NotFoundError:
        raise common.NotFoundError from None
    except RefusedError as refused:
        raise common.RefusedError(refused.code, refused.nl, refused.en) from None
    said = _("The emergency access is ended.") if ended else _("This emergency access was over already.")
    messages.success(request, said, extra_tags="done")
    return redirect(BACK.get(Role(person(request).role), "emergency:home"))
