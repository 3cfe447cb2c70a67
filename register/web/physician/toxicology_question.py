"""Whether toxicology was requested: the question on its page, and how the answer is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from register.access import cases_for
from register.casework import toxicology
from register.casework.answers import form_names
from register.casework.autosave import Unanswered
from register.casework.errors import InvalidError
from register.quality import dictionary
from register.web import fields
from register.web.answers import form_values
from register.web.field_shapes import FieldView
from register.web.physician import forms, kept
from register.web.physician.resuming import TOXICOLOGY_ASKED
from register.web.physician.row_kinds import Write

NOT_REQUESTED = "not_requested"
REQUEST = ("lab", "requested_on", "due_on", "panel_scope")
FIRST_SAMPLE = ("matrix", "timing")
REASON = ("not_requested_reason",)
# Filled in by the page itself, so no sign that the person answered.
PREFILLED = ("lab", "requested_on")

Raw = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """Questions under the condition they share."""

    title: str
    fields: list[FieldView]


def _request_fields(case: Any, names: tuple[str, ...], values: Raw, problems: Mapping[str, Any]) -> list[FieldView]:
    """Fields of a request and its first specimen, in the order of ``names``."""
    choices = forms.Choices(case.region_id)
    return [
        fields.view(spec, values, extras=choices.extras(spec), problem=problems.get(spec.field))
        for spec in _specs_of(names)
    ]


def _specs_of(names: tuple[str, ...]) -> tuple[dictionary.FieldSpec, ...]:
    """The lines of the dictionary for fields of a request, or of a specimen."""
    return tuple(dictionary.field(f"{'ToxSample' if name in FIRST_SAMPLE else 'ToxRequest'}.{name}") for name in names)


def question_names() -> dict[str, str]:
    """The names under which this page asks about a request, each with the question it belongs to."""
    specs = _specs_of((*REQUEST, *FIRST_SAMPLE, *REASON))
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


def question(case: Any, values: Raw, problems: Mapping[str, Any]) -> list[Part]:
    """The question whether it was requested, with what is asked after yes and after no."""
    asked = fields.plain(
        "asked",
        _("Was toxicology requested?"),
        value="".join(values.get("asked", ())[:1]),
        widget="segment",
        options=[("yes", _("Yes")), ("no", _("No"))],
        error=_("Choose yes or no.") if "asked" in problems else "",
    )
    yes = _request_fields(case, (*REQUEST[:2], *FIRST_SAMPLE, *REQUEST[2:]), values, problems)
    no = _request_fields(case, REASON, values, problems)
    # Each part stands under its own condition; the same words behind every question would be noise.
    return [
        Part("", [asked]),
        Part(_("If it was requested"), [_asked_if("yes", one, asked) for one in yes]),
        Part(_("If it was not requested"), [_asked_if("no", one, asked) for one in no]),
    ]


def _asked_if(answer: str, shown: FieldView, asked: FieldView) -> FieldView:
    return replace(shown, condition="", asks=asked.name, asks_if=answer, applies=asked.value in ("", answer))


def values_of(request: HttpRequest, rows: Sequence[Any], held: kept.Kept) -> Raw:
    """What stands in the question before somebody types: what was kept as typed, else the reason that was given."""
    values = prefilled(request)
    if rows:
        values = {**values, "asked": ["no"], **form_values(rows[0], _specs_of(REASON))}
    return {**values, **held.values}


def not_recorded(typed: Raw, problems: Mapping[str, Any]) -> list[Unanswered]:
    """What was typed about a request that cannot be recorded, by question."""
    found: dict[str, Raw] = {}
    for name, key in question_names().items():
        if name in typed:
            found.setdefault(key, {})[name] = typed[name]
    return [Unanswered(key, "", raw, problems.get(key.partition(".")[2])) for key, raw in found.items()]


def answer(typed: Raw, write: Write) -> tuple[Write, Mapping[str, Any]]:
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
