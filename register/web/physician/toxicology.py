"""The page Toxicologie: whether a request was made, and the requests with their specimens, results and documents.

Open to the physician long after submitting: nothing of the first night is asked again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from register.access import cases_for
from register.casework import toxicology
from register.casework.analytes import Report, report_of
from register.casework.answers import form_names
from register.casework.autosave import Unanswered
from register.casework.errors import InvalidError, NotFoundError, StaleError
from register.quality import dictionary
from register.web import fields, saves
from register.web.answers import form_values
from register.web.differences import Difference
from register.web.door import load_case, read_again
from register.web.facts import Fact
from register.web.fields import ErrorLine, FieldView
from register.web.language import sentence
from register.web.physician import checks, forms, kept, piecewise, restoring, results, row_forms, row_storing, sections
from register.web.physician.pages import BY_SLUG
from register.web.physician.progress import navigation, with_progress
from register.web.physician.resuming import TOXICOLOGY_ASKED
from register.web.physician.row_kinds import DOCUMENT, Write
from register.web.physician.summaries import answered_facts, result_words, row_words, substance_name
from register.web.saves import seen_version
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

PAGE = BY_SLUG["toxicologie"]
NOT_REQUESTED = "not_requested"
REQUEST = ("lab", "requested_on", "due_on", "panel_scope")
FIRST_SAMPLE = ("matrix", "timing")
REASON = ("not_requested_reason",)
SHOWN = ("status", "lab", "requested_on", "due_on", "received_on", "report_reference", "panel_scope")
# Filled in by the page itself, so no sign that the person answered.
PREFILLED = ("lab", "requested_on")

Raw = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page has to say besides what is stored."""

    values: Raw | None = None
    problems: Mapping[str, Any] = field(default_factory=dict)
    row_problems: row_storing.Problems = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    status: int = 200


@dataclass(frozen=True, slots=True)
class Part:
    """Questions under the condition they share."""

    title: str
    fields: list[FieldView]


@load_case(Verb.READ_CASE, read=with_progress)
def overview(request: HttpRequest, case: Any) -> HttpResponse:
    """The requests of a case; while there is none, the question whether one was made."""
    if not sections.may_enter_toxicology(case, request.user):
        return sections.read_only(request, case, PAGE, Verb.ENTER_TOX)
    if request.method != "POST":
        return _page(request, case, Told())
    return _save(request, case)


def request_fields(case: Any, names: tuple[str, ...], values: Raw, problems: Mapping[str, Any]) -> list[FieldView]:
    """Fields of a request and its first specimen, in the order of ``names``."""
    choices = forms.Choices(case.region_id)
    return [
        fields.view(spec, values, extras=choices.extras(spec), problem=problems.get(spec.field))
        for spec in specs_of(names)
    ]


def specs_of(names: tuple[str, ...]) -> tuple[dictionary.FieldSpec, ...]:
    """The lines of the dictionary for fields of a request, or of a specimen."""
    return tuple(dictionary.field(f"{'ToxSample' if name in FIRST_SAMPLE else 'ToxRequest'}.{name}") for name in names)


def question_names() -> dict[str, str]:
    """The names under which this page asks about a request, each with the question it belongs to."""
    specs = specs_of((*REQUEST, *FIRST_SAMPLE, *REASON))
    return {"asked": TOXICOLOGY_ASKED, **{name: spec.key for spec in specs for name in form_names(spec)}}


def only(raw: Raw, names: tuple[str, ...]) -> Raw:
    """The values of these fields, with their boxes and reasons."""
    return {
        name: texts
        for name, texts in raw.items()
        if any(name == wanted or name.startswith(f"{wanted}_") for wanted in names)
    }


def new_request(raw: Raw, write: Write) -> Write:
    """Store a request, and its first specimen when one was named."""
    arguments = {"case_id": write.case_id, "by": write.by}
    case = toxicology.request_toxicology(raw=only(raw, REQUEST), seen_version=write.seen_version, **arguments)
    sample = only(raw, FIRST_SAMPLE)
    if any("".join(texts) for texts in sample.values()):
        row = case.toxrequest_rows.exclude(status=NOT_REQUESTED).latest("id")
        case = toxicology.add_sample(request_id=row.pk, raw=sample, seen_version=case.row_version, **arguments)
    return write.after(case)


def prefilled(request: HttpRequest) -> Raw:
    """The laboratory that this region used last, and today: seen on the page, changed in one step."""
    today = timezone.localdate()
    values = {"requested_on_day": [str(today.day)], "requested_on_month": [str(today.month)]}
    values["requested_on_year"] = [str(today.year)]
    used = cases_for(request.user).exclude(toxrequest_rows__lab=None).order_by("-toxrequest_rows__id")
    lab = used.values_list("toxrequest_rows__lab", flat=True).first()
    return {**values, "lab": [lab]} if lab else values


def _save(request: HttpRequest, case: Any) -> HttpResponse:
    typed = forms.typed(request.POST)
    write = Write.begin(case.pk, request.user, seen_version(request), request.POST.get("reason", ""))
    case = read_again(request, case, read=with_progress)
    problems: Mapping[str, Any] = {}
    documents = row_storing.Stored()
    if not _asked_already(case):
        write, problems = _answer(typed, write)
    elif write.behind and "asked" in typed:
        # Somebody else recorded a request: what was typed about another one cannot be joined with it.
        raise StaleError(case)
    if sections.editable(case, request.user):
        write, documents = row_storing.store(case, DOCUMENT, typed, write)
        if not documents.differences:
            write, added = row_storing.store_new(DOCUMENT, typed, write)
            documents = documents.with_more(added)
    unread = [*(_not_recorded(typed, problems) if problems else ()), *documents.unanswered]
    unread += row_storing.emptied(case, PAGE.slug, (DOCUMENT,), typed)
    write, _kept = piecewise.keep(case, PAGE.slug, unread, write)
    if documents.differences:
        return _to_choose(request, case, typed, documents)
    if problems or documents.problems:
        return _mistaken(request, case, typed, problems, documents)
    if request.POST.get("do", "").startswith("stay"):
        return redirect(reverse("physician:section", args=[case.pk, PAGE.slug]) + "#r-document")
    if case.status != CaseState.DRAFT:
        return redirect("physician:section", case_id=case.pk, page=PAGE.slug)
    return redirect(sections.onward(request, case, PAGE))


def _to_choose(request: HttpRequest, case: Any, typed: Raw, documents: row_storing.Stored) -> HttpResponse:
    """The page as it is stored now, with both answers where somebody else answered the same question meanwhile."""
    now = read_again(request, case, read=with_progress)
    saves.keep(request, now.row_version)
    question = {name: texts for name, texts in typed.items() if not name.startswith(f"{DOCUMENT.slug}.")}
    values = {**question, **row_storing.with_asked(now, (DOCUMENT,), typed, documents)}
    return _page(request, now, Told(values, differences=documents.differences, status=409))


def _mistaken(
    request: HttpRequest, case: Any, typed: Raw, problems: Mapping[str, Any], documents: row_storing.Stored
) -> HttpResponse:
    """The page with its mistakes; what else stands on it is stored."""
    now = read_again(request, case, read=with_progress)
    saves.keep(request, now.row_version)
    question = {name: texts for name, texts in typed.items() if not name.startswith(f"{DOCUMENT.slug}.")}
    rows = row_storing.with_asked(now, (DOCUMENT,), typed, documents)
    return _page(request, now, Told({**question, **rows}, problems, documents.problems, status=422))


def _not_recorded(typed: Raw, problems: Mapping[str, Any]) -> list[Unanswered]:
    """What was typed about a request that cannot be recorded, by question."""
    found: dict[str, Raw] = {}
    for name, key in question_names().items():
        if name in typed:
            found.setdefault(key, {})[name] = typed[name]
    return [Unanswered(key, "", raw, problems.get(key.partition(".")[2])) for key, raw in found.items()]


def _answer(typed: Raw, write: Write) -> tuple[Write, Mapping[str, Any]]:
    """Store the answer to "was toxicology requested?"; no answer is an answer for later, unless more was filled in."""
    match "".join(typed.get("asked", ())[:1]):
        case "yes":
            try:
                return new_request(typed, write), {}
            except InvalidError as invalid:
                return write, invalid.problems
        case "no":
            reason = "".join(typed.get("not_requested_reason", ())[:1])
            arguments = {"case_id": write.case_id, "by": write.by, "seen_version": write.seen_version}
            try:
                return write.after(toxicology.no_toxicology(reason=reason, **arguments)), {}
            except InvalidError as invalid:
                return write, invalid.problems
        case _:
            names = tuple(name for name in (*REQUEST, *FIRST_SAMPLE, *REASON) if name not in PREFILLED)
            filled = any("".join(texts) for texts in only(typed, names).values())
            return write, {"asked": toxicology.UNKNOWN_STATE} if filled else {}


def _page(request: HttpRequest, case: Any, told: Told) -> HttpResponse:
    held = kept.of_page(case, PAGE.slug) if told.values is None else kept.NOTHING
    rows = list(
        case.toxrequest_rows.select_related("lab").prefetch_related("samples", "results__substance").order_by("id")
    )
    asked = any(row.status != NOT_REQUESTED for row in rows)
    question = [] if asked else _question(request, case, rows, told, held)
    shown = [one for part in question for one in part.fields]
    report = report_of(case) if any(row.results.all() for row in rows) else None
    documents = None
    if sections.editable(case, request.user):
        choices = forms.Choices(case.region_id)
        documents = row_forms.shown(case, DOCUMENT, choices, told.values, told.row_problems, held)
    context = {
        "case": case,
        "page": PAGE,
        "nav": navigation(case, PAGE.slug),
        "requests": [_card(row, report) for row in rows] if asked else [],
        "to_conclude": report is not None,
        "question": question,
        "documents": documents,
        "errors": [
            *fields.error_lines(shown),
            *_elsewhere(shown, told.problems),
            *(documents.errors if documents and told.values is not None else []),
        ],
        "wiped": restoring.notice(request, case),
        "save_url": sections.save_url(case, PAGE),
        "unsaved": told.status == 422,
        "warnings": checks.warnings_on(case, PAGE.slug),
        "draft": case.status == CaseState.DRAFT,
        "differences": told.differences,
        "rest_saved": True,
        "stale": told.status != 200,
        "saved": True,
    }
    return render(request, "physician/toxicology.html", context, status=told.status)


def _question(request: HttpRequest, case: Any, rows: list[Any], told: Told, held: kept.Kept) -> list[Part]:
    values = told.values
    if values is None:
        values = prefilled(request)
        if rows:
            values = {**values, "asked": ["no"], **form_values(rows[0], specs_of(REASON))}
        values = {**values, **held.values}
    asked = fields.plain(
        "asked",
        _("Was toxicology requested?"),
        value="".join(values.get("asked", ())[:1]),
        widget="segment",
        options=[("yes", _("Yes")), ("no", _("No"))],
        error=_("Choose yes or no.") if "asked" in told.problems else "",
    )
    yes = request_fields(case, (*REQUEST[:2], *FIRST_SAMPLE, *REQUEST[2:]), values, told.problems)
    no = request_fields(case, REASON, values, told.problems)
    # Each part stands under its own condition; the same words behind every question would be noise.
    return [
        Part("", [asked]),
        Part(_("If it was requested"), [_asked_if("yes", one, asked) for one in yes]),
        Part(_("If it was not requested"), [_asked_if("no", one, asked) for one in no]),
    ]


def _asked_if(answer: str, shown: FieldView, asked: FieldView) -> FieldView:
    return replace(shown, condition="", asks=asked.name, asks_if=answer, applies=asked.value in ("", answer))


def _elsewhere(shown: list[FieldView], problems: Mapping[str, Any]) -> list[ErrorLine]:
    names = {one.name for one in shown}
    return [ErrorLine(sentence(problem)) for name, problem in problems.items() if name not in names]


def _card(row: Any, report: Report | None) -> dict[str, Any]:
    """One request as facts, with its specimens and results; ``report`` is what the results of the case say together."""
    facts = answered_facts(row, SHOWN)
    facts += [
        Fact(_("Specimen"), row_words(sample, ("matrix", "timing", "sampled_at", "preservative")))
        for sample in row.samples.all()
    ]
    standing = [one for one in row.results.all() if one.removed_at is None]
    struck = [one for one in row.results.all() if one.removed_at is not None]
    return {
        "row": row,
        "facts": facts,
        "families": results.shown(standing, report.families, report.hints) if report else [],
        "struck": [f"{substance_name(one)}: {result_words(one)} – {one.removed_reason}" for one in struck],
    }


def request_of(case: Any, request_id: UUID) -> Any:
    """The request of this case with this key; NotFoundError when there is none."""
    row = case.toxrequest_rows.filter(pk=request_id).exclude(status=NOT_REQUESTED).first()
    if row is None:
        raise NotFoundError
    return row


def _asked_already(case: Any) -> bool:
    return bool(case.toxrequest_rows.exclude(status=NOT_REQUESTED).exists())
