"""The page on which a physician or coordinator asks for a case of another region."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from register.access import emergency
from register.access.errors import Fault, InvalidError
from register.audit import Event
from register.web import fields, notes, saves
from register.web.account import confirming
from register.web.door import allowed, person
from register.web.emergency import lines
from register.web.fields import FieldView
from register.web.language import active, sentence
from register.workflow.verbs import Verb

NUMBER, REASON, TEXT = "number", "reason_code", "text"
# What was asked of the register and not given is noted, each with its code.
NOTED = {emergency.UNKNOWN: "unknown_number", emergency.TOO_MANY: "too_many"}


@allowed(Verb.OPEN_ELSEWHERE)
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and what this person opened lately. The register is asked when the form is whole, and it is confirmed
    who asks; from then on a try counts, also when it opens nothing."""
    if request.method != "POST":
        return _page(request)
    typed = {name: request.POST.get(name, "") for name in (NUMBER, REASON, TEXT)}
    faults = emergency.faults_of(**typed, today=timezone.localdate())
    if faults:
        return _page(request, faults)
    if asked := confirming.ask(request):
        return asked
    try:
        access = emergency.ask(**typed, by=person(request))
    except InvalidError as invalid:
        for fault in invalid.faults:
            if fault in NOTED:
                notes.refused(request, NOTED[fault])
        saves.keep(request, 0)
        return _page(request, invalid.faults)
    return redirect("physician:case", case_id=access.case_id)


def _page(request: HttpRequest, faults: Iterable[Fault] = ()) -> HttpResponse:
    told = {fault.field: sentence(fault) for fault in faults}
    form = _fields(request, told)
    mine = emergency.of_person(person(request), now=timezone.now())
    notes.looked(request, Event.CASE_LIST, {one.case_id for one in mine}, filters={"list": "emergency"})
    context = {
        "form": form,
        "errors": fields.error_lines(form),
        "lines": [lines.line(one, person(request)) for one in mine],
        "sees_others": person(request).role in lines.SEE_OTHERS,
    }
    return render(request, "emergency/ask.html", context, status=422 if told else 200)


def _fields(request: HttpRequest, told: dict[str, str]) -> list[FieldView]:
    typed = request.POST
    options = [(value.code, value.label(active())) for value in emergency.reasons(timezone.localdate())]
    return [
        fields.plain(
            NUMBER,
            _("Case number"),
            value=typed.get(NUMBER, ""),
            error=told.get(NUMBER, ""),
            maximum=40,
        ),
        fields.plain(
            REASON,
            _("Why do you need this case?"),
            widget="radios",
            value=typed.get(REASON, ""),
            options=options,
            error=told.get(REASON, ""),
        ),
        fields.plain(
            TEXT,
            _("In your own words"),
            widget="lines",
            value=typed.get(TEXT, ""),
            hint=_("No names. The register and the privacy officer read this."),
            error=told.get(TEXT, ""),
            maximum=emergency.LONGEST_TEXT,
        ),
    ]
