"""The forms of the review page: what each asks, with what was typed when it comes back with mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from register.casework import choices, findings, review
from register.casework.dossier import Dossier
from register.quality import dictionary, value_sets
from register.quality.dictionary import FieldSpec
from register.web import answers, fields
from register.web.differences import Difference
from register.web.fields import Extras, FieldView
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
# The panel is narrow: these answers stand below each other, whatever their number.
ONE_BELOW_THE_OTHER = frozenset({"manner_final", "case_certainty", "inclusion"})
FINDING = ("role", "certainty", "route", "origin", "evidence")
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


def ask(sent: Sent) -> list[FieldView]:
    """A question: about which answer, and its words."""
    typed = sent.values("ask", {})
    topics = [(spec.key, spec.label(active())) for spec in dictionary.all_fields() if spec.page and spec.on_case]
    return [
        fields.plain(
            "field",
            _("About"),
            widget="select",
            options=topics,
            value=_first(typed, "field"),
            hint=_("Leave this at the first line for a question about the whole case."),
            optional=True,
            prefix="ask",
        ),
        fields.plain(
            "text",
            _("Question"),
            widget="lines",
            value=_first(typed, "text"),
            maximum=2000,
            error=_say(sent.problem("ask", "text")),
            prefix="ask",
        ),
    ]


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
        value=_first(sent.values(name, {}), "reason"),
        error=_say(sent.problem(name, "reason")),
        maximum=500,
        prefix=name,
    )


def unmapped(case: Any, sent: Sent) -> list[dict[str, Any]]:
    """Every name that is not linked to a substance yet, each with the form that links it."""
    kinds = {
        "suspicion": [row for row in case.suspectedsubstance_rows.all() if row.removed_at is None],
        "finding": [row for row in case.substancefinding_rows.all() if row.removed_at is None],
        "result": [row for row in case.toxresult_rows.all() if row.removed_at is None],
    }
    names = choices.substances(active())
    return [
        {
            "kind": kind,
            "id": row.pk,
            "key": f"map-{row.pk}",
            "words": row.reported_as or "",
            "field": fields.plain(
                "substance",
                _("Substance"),
                widget="select",
                options=names,
                value=_first(sent.values(f"map-{row.pk}", {}), "substance"),
                error=_say(sent.problem(f"map-{row.pk}", "substance")),
                prefix=f"map-{row.pk}",
            ),
        }
        for kind, rows in kinds.items()
        for row in rows
        if row.substance is None and row.reported_as
    ]


def new_finding(sent: Sent) -> list[FieldView]:
    """A conclusion about one more substance."""
    name = "add-finding"
    typed = sent.values(name, {})
    return [
        fields.plain(
            "reported_as",
            _("Substance, in the words of the report"),
            value=_first(typed, "reported_as"),
            error=_say(sent.problem(name, "reported_as")),
            maximum=200,
            prefix=name,
        ),
        *(fields.view(dictionary.field(f"SubstanceFinding.{column}"), typed, prefix=name) for column in NEW_FINDING),
    ]


def conclude(case: Any, sent: Sent) -> list[FieldView]:
    """The final conclusion, as it stands or as it was typed."""
    shown = []
    for key in CONCLUSION:
        spec = dictionary.field(key)
        stored = answers.form_values(answers_row(case, spec), [spec])
        values = sent.values("conclude", stored)
        extras = Extras(
            options=_without_excluded() if spec.field == "inclusion" else None,
            widget="radios" if spec.field in ONE_BELOW_THE_OTHER else "",
        )
        view = fields.view(spec, values, extras=extras, problem=sent.problem("conclude", spec.field), prefix="conclude")
        shown.append(replace(view, optional=spec.field == "tox_consistent_note"))
    return shown


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
            value=_first(typed, name),
            error=_say(sent.problem("code", name)),
            optional=name != "ucod",
            maximum=500 if name == "override_reason" else 120,
            prefix="code",
        )
        for name, label in words.items()
    ]


def asked(transition: Any, dossier: Dossier, sent: Sent) -> list[FieldView]:
    """What a step asks before it is taken: a reason, or a reason for each warning."""
    name = transition.name
    typed = sent.values(name, {})
    if name == "exclude":
        options = [(value.code, value.label(active())) for value in value_sets.values("VS-EXCL")]
        reason = fields.plain(
            "reason",
            _("Why this is not a case"),
            widget="select",
            options=options,
            value=_first(typed, "reason"),
            error=_say(sent.problem(name, "reason")),
            prefix=name,
        )
        return [reason]
    if name == "close":
        return [
            fields.plain(
                f"accept-{findings.key_of(finding)}",
                _("Reason to accept: %(finding)s") % {"finding": sentence(finding)},
                value=_first(typed, f"accept-{findings.key_of(finding)}"),
                maximum=500,
                prefix=f"close-{place}",
            )
            for place, finding in enumerate(findings.unaccepted(dossier))
        ]
    if transition.reason is None:
        return []
    return [
        fields.plain(
            "reason",
            sentence(transition.reason),
            widget="lines",
            value=_first(typed, "reason"),
            error=_say(sent.problem(name, "reason")),
            maximum=2000,
            prefix=name,
        )
    ]


def _first(typed: Typed, name: str) -> str:
    found = typed.get(name)
    return found[0] if found else ""


def _say(problem: Any) -> str:
    return sentence(problem) if problem else ""
