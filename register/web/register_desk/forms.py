"""The forms of the review page: what each asks, with what was typed when it comes back with mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from register.casework import choices, review
from register.casework.dossier import Dossier
from register.casework.whole import named
from register.quality import dictionary, value_sets
from register.quality.dictionary import FieldSpec
from register.web import answers, fields
from register.web.differences import Difference
from register.web.field_shapes import FieldView
from register.web.fields import Extras
from register.web.language import active, sentence
from register.web.physician.progress import answers_row

Typed = Mapping[str, Sequence[str]]
CONCLUSION = (
    "CauseOfDeath.manner_final",
    "CauseOfDeath.intent_final",
    "Assessment.inclusion",
    "Assessment.case_certainty",
    "CauseOfDeath.tox_consistent",
    "CauseOfDeath.tox_consistent_note",
)
# Asked only while a possible duplicate waits for a decision.
DUPLICATE = "Assessment.duplicate_decision"
# The panel is narrow: these answers stand below each other, whatever their number.
ONE_BELOW_THE_OTHER = frozenset({"manner_final", "case_certainty", "inclusion"})
# A final answer that was not given yet begins with the provisional one.
PROPOSED = {"manner_final": "CauseOfDeath.manner_provisional", "intent_final": "CauseOfDeath.intent_provisional"}
FINDING = ("role", "certainty", "route", "origin", "evidence")
UNMAPPED = {"suspicion": "SuspectedSubstance", "finding": "SubstanceFinding", "result": "ToxResult"}
NEW_FINDING = ("role", "certainty", "evidence", "origin")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form on the page has typed when it comes back: its name, its values, its problems, and the questions that
    somebody else answered meanwhile. ``stale``: what it asked was not done, because the case had changed.
    """

    name: str = ""
    typed: Typed = field(default_factory=dict)
    problems: Mapping[str, Any] = field(default_factory=dict)
    differences: Sequence[Difference] = ()
    rest_saved: bool = False
    stale: bool = False
    only: frozenset[str] | None = None

    def values(self, name: str, stored: Typed) -> Typed:
        """What the form shows: what was typed in it, under the names in ``only`` when the rest is stored."""
        if self.name != name:
            return stored
        if self.only is None:
            return self.typed
        kept = {key: texts for key, texts in stored.items() if key not in self.only}
        return {**kept, **{key: texts for key, texts in self.typed.items() if key in self.only}}

    def problem(self, name: str, column: str) -> Any:
        return self.problems.get(column) if self.name == name else None


def row_fields(name: str, row: Any, specs: list[FieldSpec], sent: Sent) -> list[FieldView]:
    """The answers of one row and the reason for changing them."""
    values = sent.values(name, answers.form_values(row, specs))
    shown = [fields.view(spec, values, problem=sent.problem(name, spec.field), prefix=name) for spec in specs]
    return [*shown, why(name, sent)]


def why(name: str, sent: Sent) -> FieldView:
    """The reason of a change, which everything after submission asks for."""
    return fields.plain(
        "reason",
        _("Reason for this change"),
        value=first(sent.values(name, {}), "reason"),
        error=say(sent.problem(name, "reason")),
        maximum=500,
        prefix=name,
    )


def unmapped(dossier: Dossier, sent: Sent) -> list[dict[str, Any]]:
    """Every name that is not linked to a substance yet, each with the form that links it."""
    rows = [
        (kind, row)
        for kind, model in UNMAPPED.items()
        for row in named(dossier, model)
        if row.substance is None and row.reported_as
    ]
    names = choices.substances(active()) if rows else ()
    return [
        {
            "kind": kind,
            "id": row.pk,
            "key": f"map-{row.pk}",
            "words": row.reported_as,
            "field": fields.plain(
                "substance",
                _("Substance"),
                widget="select",
                options=names,
                value=first(sent.values(f"map-{row.pk}", {}), "substance"),
                error=say(sent.problem(f"map-{row.pk}", "substance")),
                prefix=f"map-{row.pk}",
            ),
        }
        for kind, row in rows
    ]


def new_finding(sent: Sent) -> list[FieldView]:
    """A conclusion about one more substance."""
    name = "add-finding"
    typed = sent.values(name, {})
    return [
        fields.plain(
            "reported_as",
            _("Substance, in the words of the report"),
            value=first(typed, "reported_as"),
            error=say(sent.problem(name, "reported_as")),
            maximum=200,
            prefix=name,
        ),
        *(fields.view(dictionary.field(f"SubstanceFinding.{column}"), typed, prefix=name) for column in NEW_FINDING),
    ]


def conclude(case: Any, sent: Sent) -> list[FieldView]:
    """The final conclusion, as it stands or as it was typed."""
    shown = []
    waits = case.assessment_section.duplicate_decision == "open"
    for key in (*CONCLUSION, *((DUPLICATE,) if waits else ())):
        spec = dictionary.field(key)
        stored: Typed = answers.form_values(answers_row(case, spec), [spec])
        if spec.field in PROPOSED and not any("".join(texts) for texts in stored.values()):
            stored = _proposed(case, spec)
        values = sent.values("conclude", stored)
        extras = Extras(
            options=_without_excluded() if spec.field == "inclusion" else None,
            widget="radios" if spec.field in ONE_BELOW_THE_OTHER else "",
        )
        view = fields.view(spec, values, extras=extras, problem=sent.problem("conclude", spec.field), prefix="conclude")
        shown.append(replace(view, optional=spec.field == "tox_consistent_note"))
    return shown


def _proposed(case: Any, spec: FieldSpec) -> Typed:
    """What the physician held for likely, under the name of the final answer: to be confirmed, never set by itself."""
    before = dictionary.field(PROPOSED[spec.field])
    values = answers.form_values(answers_row(case, before), [before])
    return {name.replace(before.field, spec.field): texts for name, texts in values.items()}


def _without_excluded() -> tuple[tuple[str, str], ...]:
    """Excluding is a step of its own, with its reason."""
    return tuple(
        (value.code, value.label(active())) for value in value_sets.values("VS-INCL") if value.code != "excluded"
    )


def code(dossier: Dossier, sent: Sent) -> list[FieldView]:
    """The ICD-10 codes, beginning with the suggestion."""
    cause = dossier.cause
    stored: Typed = {
        "ucod": [cause.icd10_ucod or cause.icd10_ucod_suggested or ""],
        "t_codes": [", ".join(cause.icd10_t_codes or review.suggestion_of(dossier).t_codes)],
        "override_reason": [cause.icd10_override_reason or ""],
    }
    typed = sent.values("code", stored)
    words = {
        "ucod": _("ICD-10 underlying cause"),
        "t_codes": _("ICD-10 T codes, with commas between"),
        "override_reason": _("Reason, when it differs from the suggestion"),
    }
    return [
        fields.plain(
            name,
            label,
            value=first(typed, name),
            error=say(sent.problem("code", name)),
            optional=name != "ucod",
            maximum=500 if name == "override_reason" else 120,
            prefix="code",
        )
        for name, label in words.items()
    ]


def asked(transition: Any, sent: Sent) -> list[FieldView]:
    """What a step asks before it is taken: a reason."""
    name = transition.name
    typed = sent.values(name, {})
    if name == "exclude":
        options = [(value.code, value.label(active())) for value in value_sets.values("VS-EXCL")]
        reason = fields.plain(
            "reason",
            _("Why this is not a case"),
            widget="select",
            options=options,
            value=first(typed, "reason"),
            error=say(sent.problem(name, "reason")),
            prefix=name,
        )
        return [reason]
    if transition.reason is None:
        return []
    return [
        fields.plain(
            "reason",
            sentence(transition.reason),
            widget="lines",
            value=first(typed, "reason"),
            error=say(sent.problem(name, "reason")),
            maximum=2000,
            prefix=name,
        )
    ]


def reason_of_reopening(sent: Sent) -> FieldView:
    """Why a decided case should be opened again."""
    name = "ask-reopening"
    return fields.plain(
        "reason",
        _("Reason for reopening"),
        widget="lines",
        value=first(sent.values(name, {}), "reason"),
        error=say(sent.problem(name, "reason")),
        maximum=500,
        prefix=name,
    )


def first(typed: Typed, name: str) -> str:
    """The text under this name, empty when there is none."""
    found = typed.get(name)
    return found[0] if found else ""


def say(problem: Any) -> str:
    """A problem in words, empty for none."""
    return sentence(problem) if problem else ""
