"""The small forms behind the page Toxicologie: a further request, a specimen, a report, a result by hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.casework import merging, toxicology
from register.casework.answers import form_names
from register.casework.errors import ConflictError, InvalidError, NotFoundError
from register.quality import dictionary, value_sets
from register.web import fields, saves
from register.web.answers import form_values
from register.web.differences import Difference, differences
from register.web.door import load_case, read_again
from register.web.field_shapes import ErrorLine, FieldView
from register.web.fields import Extras
from register.web.language import active, sentence
from register.web.physician import forms, unfinished
from register.web.physician.merging import settled
from register.web.physician.progress import navigation, with_progress
from register.web.physician.row_kinds import Write
from register.web.physician.row_storing import complete
from register.web.physician.substance_names import name_of
from register.web.physician.summaries import row_words
from register.web.physician.toxicology import PAGE, request_of
from register.web.physician.toxicology_question import REQUEST, new_request, only, prefilled
from register.web.saves import seen_version
from register.workflow.verbs import Verb

SAMPLE = ("matrix", "timing", "sampled_at", "hours_post_mortem", "preservative")
REPORT = ("received_on", "report_reference", "panel_scope")
RESULT = (
    *("reported_as", "substance", "outcome", "qualifier", "value", "unit"),
    *("lod", "loq", "method", "stage", "interpretation"),
)

Raw = dict[str, list[str]]
# Set by choosing in the list below the name, so it has no field of its own.
CHOSEN = "ToxResult.substance"
NOTHING_HELD: forms.Values = {}
Problems = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """One small form: its name and title, the model and fields it asks, whether it asks a reason, and its write."""

    slug: str
    title: Promise
    model: str
    names: tuple[str, ...]
    store: Callable[[Any, Raw, dict[str, Any]], Any]
    with_reason: bool = False
    another: bool = False
    first: Callable[[Any, Raw, Problems], list[FieldView]] = lambda row, values, problems: []

    @property
    def specs(self) -> tuple[dictionary.FieldSpec, ...]:
        return tuple(dictionary.field(f"{self.model}.{name}") for name in self.names)


def _state_field(row: Any, values: Raw, problems: Problems) -> list[FieldView]:
    """What came back, of the states a report can bring."""
    spec = dictionary.field("ToxRequest.status")
    options = tuple(
        (value.code, value.label(active()))
        for value in value_sets.values(spec.value_set)
        if value.code in toxicology.REPORTED
    )
    extras = Extras(options=options, label=_("What came back?"), widget="radios")
    return [fields.view(spec, values, extras=extras, problem=problems.get("status"))]


def _sample_field(row: Any, values: Raw, problems: Problems) -> list[FieldView]:
    """The specimen a result belongs to; the only one is chosen already."""
    samples = [(str(sample.pk), row_words(sample, ("matrix", "timing"))) for sample in row.samples.order_by("id")]
    if not samples:
        return []
    chosen = "".join(values.get("sample", ())[:1]) or (samples[0][0] if len(samples) == 1 else "")
    return [fields.plain("sample", _("Specimen"), value=chosen, widget="select", optional=True, options=samples)]


def _reason_field(row: Any, values: Raw, problems: Problems) -> list[FieldView]:
    error = sentence(problems["reason"]) if "reason" in problems else ""
    value = "".join(values.get("reason", ())[:1])
    return [fields.plain("reason", _("Reason for this change"), value=value, error=error, maximum=500)]


def _store_request(row: Any, raw: Raw, arguments: dict[str, Any]) -> Any:
    return new_request(raw, Write.begin(arguments["case_id"], arguments["by"], arguments["seen_version"]))


def _store_report(row: Any, raw: Raw, arguments: dict[str, Any]) -> Any:
    if "".join(raw.get("status", ())) not in toxicology.REPORTED:
        raise InvalidError({"status": toxicology.UNKNOWN_STATE})
    return toxicology.receive_report(request_id=row.pk, raw=only(raw, ("status", *REPORT)), **arguments)


def _store_result(row: Any, raw: Raw, arguments: dict[str, Any]) -> Any:
    sample = "".join(raw.get("sample", ())[:1])
    return toxicology.add_result(request_id=row.pk, raw=only(raw, RESULT), sample_id=sample or None, **arguments)


def _mend_result(row: Any, raw: Raw, arguments: dict[str, Any]) -> Any:
    """Another name is another substance, unless one was chosen with it."""
    named = "".join(raw.get("reported_as", ())[:1]).strip()
    if named != row.reported_as and raw.get("substance") == [row.substance_id]:
        raw = {**raw, "substance": [""]}
    return toxicology.change_result(row_id=row.pk, raw=only(raw, RESULT), reason=_reason_in(raw), **arguments)


CHANGE_REQUEST = Form(
    "request",
    gettext_lazy("Change the request"),
    "ToxRequest",
    REQUEST,
    lambda row, raw, arguments: toxicology.change_request(
        request_id=row.pk, raw=only(raw, REQUEST), reason=_reason_in(raw), **arguments
    ),
    with_reason=True,
)
FURTHER_REQUEST = Form("further_request", gettext_lazy("Further request"), "ToxRequest", REQUEST, _store_request)
ADD_SAMPLE = Form(
    "sample",
    gettext_lazy("Add a specimen"),
    "ToxSample",
    SAMPLE,
    lambda row, raw, arguments: toxicology.add_sample(request_id=row.pk, raw=only(raw, SAMPLE), **arguments),
)
RECEIVE_REPORT = Form(
    "report", gettext_lazy("Report received"), "ToxRequest", REPORT, _store_report, first=_state_field
)
ADD_RESULT = Form(
    "result", gettext_lazy("Add a result"), "ToxResult", RESULT, _store_result, another=True, first=_sample_field
)
CHANGE_RESULT = Form(
    "change_result",
    gettext_lazy("Change the result"),
    "ToxResult",
    RESULT,
    _mend_result,
    with_reason=True,
)


@load_case(Verb.ENTER_TOX, read=with_progress)
def further_request(request: HttpRequest, case: Any) -> HttpResponse:
    """One more request, with another laboratory or for other substances."""
    return _handle(request, case, FURTHER_REQUEST, None, prefilled(request))


@load_case(Verb.ENTER_TOX, read=with_progress)
def change_request(request: HttpRequest, case: Any, request_id: UUID) -> HttpResponse:
    """Mend what a request says."""
    row = request_of(case, request_id)
    return _handle(request, case, CHANGE_REQUEST, row, form_values(row, CHANGE_REQUEST.specs))


@load_case(Verb.ENTER_TOX, read=with_progress)
def add_sample(request: HttpRequest, case: Any, request_id: UUID) -> HttpResponse:
    """Add a specimen to a request."""
    return _handle(request, case, ADD_SAMPLE, request_of(case, request_id), {})


@load_case(Verb.ENTER_TOX, read=with_progress)
def report(request: HttpRequest, case: Any, request_id: UUID) -> HttpResponse:
    """What came back: a partial or final report, a refusal, or unsuitable material."""
    row = request_of(case, request_id)
    before = {**form_values(row, RECEIVE_REPORT.specs), "status": [row.status]}
    return _handle(request, case, RECEIVE_REPORT, row, before)


@load_case(Verb.ENTER_TOX, read=with_progress)
def add_result(request: HttpRequest, case: Any, request_id: UUID) -> HttpResponse:
    """Add one analyte of a report, exactly as reported."""
    return _handle(request, case, ADD_RESULT, request_of(case, request_id), {})


@load_case(Verb.ENTER_TOX, read=with_progress)
def change_result(request: HttpRequest, case: Any, request_id: UUID, result_id: UUID) -> HttpResponse:
    """Mend a result; what was reported before stays in the history."""
    result = request_of(case, request_id).results.filter(pk=result_id, removed_at=None).first()
    if result is None:
        raise NotFoundError
    return _handle(request, case, CHANGE_RESULT, result, form_values(result, CHANGE_RESULT.specs))


def _handle(request: HttpRequest, case: Any, form: Form, row: Any, before: Raw) -> HttpResponse:
    """Show the form, or store what was typed and go back to the page Toxicologie."""
    place = (request, case, form.slug, row.pk if row else case.pk)
    if request.method != "POST":
        held = unfinished.of(*place)
        return _page(request, case, form, row, {**before, **held}, held=held)
    if request.POST.get("do") == unfinished.DISCARD:
        unfinished.forget(*place)
        return redirect(request.path)
    seen = seen_version(request)
    past = form_values(merging.as_seen(row, seen) or row, form.specs) if before and row else {}
    raw = settled(forms.typed(request.POST), past, form.specs)
    arguments = {"case_id": case.pk, "seen_version": seen, "by": request.user}
    try:
        form.store(row, raw, arguments)
    except InvalidError as invalid:
        unfinished.came_back(*place, complete(raw, form.specs))
        return _page(request, case, form, row, raw, invalid.problems)
    except ConflictError as conflict:
        return _to_choose(request, case, form, row, raw, conflict)
    unfinished.forget(*place)
    return redirect(request.path) if request.POST.get("do") == "another" else _back(case)


def _to_choose(
    request: HttpRequest, case: Any, form: Form, row: Any, raw: Raw, conflict: ConflictError
) -> HttpResponse:
    """The form as it is stored now, with what was typed where somebody else gave another answer meanwhile."""
    saves.keep(request, conflict.current.row_version)
    row.refresh_from_db()
    asked = {text for one in conflict.conflicts for text in form_names(dictionary.field(one.key))}
    now = {**form_values(row, form.specs), **({"status": [row.status]} if form is RECEIVE_REPORT else {})}
    values = {name: texts for name, texts in now.items() if name not in asked}
    values.update({name: texts for name, texts in raw.items() if name in asked or name == "reason"})
    asks = differences(conflict.conflicts)
    return _page(request, read_again(request, case, read=with_progress), form, row, values, asks=asks)


def _page(
    request: HttpRequest,
    case: Any,
    form: Form,
    row: Any,
    values: Raw,
    problems: Problems | None = None,
    asks: Sequence[Difference] = (),
    held: forms.Values = NOTHING_HELD,
) -> HttpResponse:
    problems = problems or {}
    choices = forms.Choices(case.region_id)
    shown = [
        *(_reason_field(row, values, problems) if form.with_reason and case.submitted_at is not None else ()),
        *form.first(row, values, problems),
        *(
            fields.view(spec, values, extras=choices.extras(spec), problem=problems.get(spec.field))
            for spec in form.specs
            if spec.key != CHOSEN
        ),
    ]
    substance = "".join(values.get("substance", ())[:1])
    names = {one.name for one in shown}
    elsewhere = [ErrorLine(sentence(problem)) for name, problem in problems.items() if name not in names]
    context = {
        "case": case,
        "title": form.title,
        "fields": shown,
        "substance": substance,
        "linked": name_of(substance) if substance else "",
        "errors": [*fields.error_lines(shown), *elsewhere],
        "nav": navigation(case, PAGE.slug),
        "another": form.another,
        "differences": asks,
        "rest_saved": True,
        **unfinished.context(case, form.slug, row.pk if row else case.pk, held),
    }
    status = 422 if problems else 409 if asks else 200
    return render(request, "physician/toxicology_form.html", context, status=status)


def _reason_in(raw: Raw) -> str:
    return "".join(raw.get("reason", ())[:1])


def _back(case: Any) -> HttpResponse:
    return redirect("physician:section", case_id=case.pk, page=PAGE.slug)
