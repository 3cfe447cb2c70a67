"""The report of a laboratory (S12): pasted or typed, shown line by line as it was read, and then taken over at once.

Nothing is recorded before "Take over": the text travels in the form, so that no address holds a word of it. What was
typed is kept beside the record, for the person who typed it (``unfinished``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.casework import laboratory_report, opening
from register.casework.errors import InvalidError, StaleError
from register.casework.laboratory_report import ADD, REPLACE
from register.coding.laboratory_table import MOST_CHARACTERS
from register.quality import dictionary
from register.web import fields
from register.web.answers import form_values
from register.web.door import load_case, person, read_again
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import sentence
from register.web.physician import forms, laboratory_lines, unfinished
from register.web.physician.laboratory_lines import Mended
from register.web.physician.progress import navigation, with_progress
from register.web.physician.summaries import row_words
from register.web.physician.toxicology import PAGE, request_of
from register.web.physician.toxicology_question import only
from register.web.saves import seen_version
from register.workflow.verbs import Verb

REPORT = ("received_on", "report_reference", "panel_scope")
# The name under which this form is kept while it is not taken over.
FORM = "laboratory"
TYPED_LINES = 5
LONGEST_CELL = 200

Problems = Mapping[str, Any]
Raw = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page has to say besides what was typed."""

    problems: Problems = field(default_factory=dict)
    line_problems: Mapping[int, str] = field(default_factory=dict)
    status: int = 200
    held: forms.Values = field(default_factory=dict)


@load_case(Verb.ENTER_TOX, read=with_progress)
def laboratory(request: HttpRequest, case: Any, request_id: UUID) -> HttpResponse:
    """The results of one request: the form to paste or type them, the lines as they were read, and taking them over."""
    row = request_of(case, request_id)
    if request.method != "POST":
        return _resume(request, case, row)
    if request.POST.get("do") == unfinished.DISCARD:
        unfinished.forget(request, case, FORM, row.pk)
        return redirect(request.path)
    # Reading stores nothing, so it asks nobody else whether the case still takes results.
    opening.require(person(request), Verb.ENTER_TOX, case)
    raw = forms.typed(request.POST)
    match request.POST.get("do"):
        case "take":
            return _take(request, case, row, raw)
        case "look":
            unfinished.came_back(request, case, FORM, row.pk, raw)
            return _preview(request, case, row, raw, laboratory_lines.mended(request.POST), Told())
        case _:
            return _read(request, case, row, raw)


def _resume(request: HttpRequest, case: Any, row: Any) -> HttpResponse:
    """The form as it was left: what was typed, or the lines as they were being looked at."""
    held = unfinished.of(request, case, FORM, row.pk)
    # A script says of a box without a tick that it is empty; a form does not send it at all.
    ticked = {name: texts for name, texts in held.items() if any(texts) or not name.endswith((".leave", ".choice"))}
    lines = laboratory_lines.mended(forms.as_post(ticked))
    if lines:
        return _preview(request, case, row, held, lines, Told(held=held))
    return _entry(request, case, row, {**_prefilled(row), **held}, Told(held=held))


def _read(request: HttpRequest, case: Any, row: Any, raw: Raw) -> HttpResponse:
    """Read the text and the typed lines; what cannot be read as a whole comes back as it was typed."""
    text = request.POST.get("text", "")
    table, lines = laboratory_report.read_text(text)
    if table.refused is not None:
        unfinished.came_back(request, case, FORM, row.pk, raw)
        return _entry(request, case, row, raw, Told({"text": table.refused}, status=422))
    typed = _typed(request.POST)
    lines += [laboratory_report.read_typed(name, result) for name, result in typed]
    if not any(one.line.name or one.line.result for one in lines):
        unfinished.came_back(request, case, FORM, row.pk, raw)
        return _entry(request, case, row, raw, Told({"text": laboratory_report.NOTHING_TO_TAKE}, status=422))
    together = "\n".join([text.rstrip(), *("\t".join(pair) for pair in typed)]).strip("\n")
    raw = {name: texts for name, texts in raw.items() if not name.startswith(("line.", "typed."))}
    raw["text"] = [together]
    unfinished.came_back(request, case, FORM, row.pk, raw)
    looked_at = [Mended(one, leave=laboratory_report.tells_nothing(one)) for one in lines]
    return _preview(request, case, row, raw, looked_at, Told())


def _take(request: HttpRequest, case: Any, row: Any, raw: Raw) -> HttpResponse:
    lines = laboratory_lines.mended(request.POST)
    wrong = laboratory_lines.problems(lines)
    if wrong:
        unfinished.came_back(request, case, FORM, row.pk, raw)
        return _preview(request, case, row, raw, lines, Told(line_problems=wrong, status=422))
    try:
        laboratory_report.take_over(
            case_id=case.pk,
            request_id=row.pk,
            report=only(raw, REPORT),
            lines=[one.read for one in lines if not one.leave],
            sample_id=_first(raw, "sample") or None,
            stage=_first(raw, "stage"),
            again=_first(raw, "again"),
            seen_version=seen_version(request),
            by=person(request),
        )
    except InvalidError as invalid:
        unfinished.came_back(request, case, FORM, row.pk, raw)
        return _preview(request, case, row, raw, lines, Told(invalid.problems, status=422))
    except StaleError as stale:
        now = read_again(request, case, read=with_progress)
        unfinished.came_back(request, now, FORM, row.pk, raw)
        return _preview(request, now, request_of(now, row.pk), raw, lines, Told({"stale": stale}, status=409))
    count = sum(not one.leave for one in lines)
    told = ngettext("%(count)d line was taken over.", "%(count)d lines were taken over.", count) % {"count": count}
    unfinished.forget(request, case, FORM, row.pk)
    messages.success(request, told, extra_tags="done")
    return redirect("physician:tox_findings", case_id=case.pk)


def _entry(request: HttpRequest, case: Any, row: Any, values: Raw, told: Told) -> HttpResponse:
    report, more = _report_fields(case, row, values, told.problems)
    text = _text_field(values, told.problems)
    context = {
        "case": case,
        "row": row,
        "nav": navigation(case, PAGE.slug),
        "report": report,
        "more": more,
        "text": text,
        "typed": [_typed_fields(at, values) for at in range(TYPED_LINES)],
        "errors": [*fields.error_lines([*report, *more, text])],
        **unfinished.context(case, FORM, row.pk, told.held),
    }
    return render(request, "physician/laboratory.html", context, status=told.status)


def _preview(
    request: HttpRequest, case: Any, row: Any, values: Raw, lines: Sequence[Mended], told: Told
) -> HttpResponse:
    before = laboratory_report.results_of(case, row.pk)
    report, more = _report_fields(case, row, values, told.problems)
    again = _again(before, values, told.problems)
    asked = [*report, *more, *([again] if again else [])]
    names = {one.name for one in asked}
    elsewhere = [ErrorLine(sentence(problem)) for name, problem in told.problems.items() if name not in names]
    context = {
        "case": case,
        "row": row,
        "nav": navigation(case, PAGE.slug),
        "report": report,
        "more": more,
        "text": _text_field(values, {}),
        "again": again,
        "before": len(before),
        "groups": laboratory_lines.shown(lines, told.line_problems, _hints(row, values, lines)),
        "counts": laboratory_lines.counts(lines),
        "line_count": len(lines),
        "errors": [*elsewhere, *fields.error_lines(asked), *laboratory_lines.error_lines(told.line_problems)],
        "open": any(one.error for one in [*report, *more]),
        "stale": told.status == 409,
        "unsaved": True,
        **unfinished.context(case, FORM, row.pk, told.held),
    }
    return render(request, "physician/laboratory_lines.html", context, status=told.status)


def _hints(row: Any, values: Raw, lines: Sequence[Mended]) -> laboratory_lines.Hints:
    """What is easily read wrong in these lines, given the chosen specimen and the scope of the panel."""
    samples = {str(one.pk): one.matrix or "" for one in row.samples.all()}
    kept = {at for at, one in enumerate(lines) if not one.leave}
    found = laboratory_report.hints_in(
        [one.read for one in lines],
        matrix=samples.get(_first(values, "sample"), ""),
        scope=[code for code in values.get("panel_scope", ()) if code],
    )
    return {at: hints for at, hints in found.items() if at in kept}


def _report_fields(case: Any, row: Any, values: Raw, problems: Problems) -> tuple[list[FieldView], list[FieldView]]:
    """When the report came and its number; and what is asked only of some reports: specimen, kind of test, scope."""
    choices = forms.Choices(case.region_id)

    def view(key: str) -> FieldView:
        spec = dictionary.field(key)
        shown = fields.view(spec, values, extras=choices.extras(spec), problem=problems.get(spec.field))
        return replace(shown, condition="")

    samples = [(str(one.pk), row_words(one, ("matrix", "timing"))) for one in row.samples.order_by("id")]
    more = [view("ToxResult.stage"), view("ToxRequest.panel_scope")]
    if samples:
        chosen = _first(values, "sample")
        error = sentence(problems["sample"]) if "sample" in problems else ""
        sample = fields.plain(
            "sample", _("Specimen"), value=chosen, widget="select", optional=True, options=samples, error=error
        )
        more.insert(0, sample)
    return [view("ToxRequest.received_on"), view("ToxRequest.report_reference")], more


def _prefilled(row: Any) -> Raw:
    """What the request says already; a report that came today is not asked for its date."""
    specs = [dictionary.field(f"ToxRequest.{name}") for name in REPORT]
    values = form_values(row, specs)
    if row.received_on is None and row.received_on_missing is None:
        today = timezone.localdate()
        parts = {"day": today.day, "month": today.month, "year": today.year}
        values = {**values, **{f"received_on_{name}": [str(part)] for name, part in parts.items()}}
    samples = list(row.samples.values_list("pk", flat=True)[:2])
    return {**values, "sample": [str(samples[0])]} if len(samples) == 1 else dict(values)


def _text_field(values: Raw, problems: Problems) -> FieldView:
    return fields.plain(
        "text",
        _("Table of the laboratory"),
        value=_first(values, "text"),
        widget="lines",
        hint=_("Paste it as it is: with tabs, semicolons or columns of spaces, with or without a header."),
        error=sentence(problems["text"]) if "text" in problems else "",
        maximum=MOST_CHARACTERS,
    )


def _again(before: Sequence[Any], values: Raw, problems: Problems) -> FieldView | None:
    """Results that stand there already are never doubled or replaced unasked."""
    if not before:
        return None
    told = ngettext(
        "This request has %(count)d result already. What about these lines?",
        "This request has %(count)d results already. What about these lines?",
        len(before),
    ) % {"count": len(before)}
    return fields.plain(
        "again",
        told,
        value=_first(values, "again"),
        widget="radios",
        options=[
            (REPLACE, _("They take the place of what stands there: the same report, mended or complete")),
            (ADD, _("They are added: another part of the report")),
        ],
        error=sentence(problems["again"]) if "again" in problems else "",
    )


def _typed(post: QueryDict) -> list[tuple[str, str]]:
    """The lines that were typed by hand, without those left empty."""
    pairs = [
        tuple(" ".join(post.get(f"typed.{at}.{name}", "").split()) for name in ("name", "result"))
        for at in range(TYPED_LINES)
    ]
    return [(name, result) for name, result in pairs if name or result]


def _typed_fields(at: int, values: Raw) -> dict[str, FieldView]:
    number = {"number": at + 1}
    return {
        name: fields.plain(
            f"typed.{at}.{name}", label % number, value=_first(values, f"typed.{at}.{name}"), maximum=LONGEST_CELL
        )
        for name, label in (("name", _("Substance %(number)d")), ("result", _("Result %(number)d")))
    }


def _first(values: Mapping[str, Sequence[str]], name: str) -> str:
    return "".join(values.get(name, ())[:1])
