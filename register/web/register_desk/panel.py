"""The right side of the review page: checks, questions, substances, conclusion, coding and the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from register.casework import choices, findings, moves, review
from register.casework.dossier import Dossier
from register.quality import dictionary, value_sets
from register.quality.dictionary import FieldSpec
from register.quality.rule import BLOCKING, Finding, Severity
from register.web import answers, fields
from register.web.fields import Extras, FieldView
from register.web.language import active, sentence
from register.web.physician.progress import answers_row
from register.web.register_desk.sheets import finding_words, reported_name
from register.workflow.case_acts import ACTS
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

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
# Where a question may be asked: the moves "ask", and a further remark while one is out.
ASKABLE = frozenset({CaseState.IN_REVIEW, CaseState.AWAITING_TOX, CaseState.QUERY_OPEN, CaseState.QUERY_ANSWERED})
SEVERITY_MARK = {True: ("problem", "is-error"), False: ("problem", "is-wait")}


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the quality rules, and the reason with which it was accepted."""

    text: str
    glyph: str
    tone: str
    says: str
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One next step as a button; ``fields`` are what it asks for first."""

    name: str
    label: str
    url: str
    fields: list[FieldView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Panel:
    """What a form on the page has typed when it comes back with mistakes: its name, its values, its problems."""

    name: str = ""
    typed: Typed = field(default_factory=dict)
    problems: Mapping[str, Any] = field(default_factory=dict)

    def values(self, name: str, stored: Typed) -> Typed:
        return self.typed if self.name == name else stored

    def problem(self, name: str, column: str) -> Any:
        return self.problems.get(column) if self.name == name else None


def url_of(case: Any, name: str) -> str:
    return reverse("register_desk:step", args=[case.pk, name])


def panel_of(case: Any, user: Any, panel: Panel) -> dict[str, Any]:
    """Everything the right side shows to ``user``. Forms are there only for what the state of the case asks for."""
    state = CaseState(case.status)
    allowed = ACTS[state]
    dossier = Dossier(case)
    shown = _moves(case, user, dossier, panel)
    lead = next((move for move in shown if move.name == "take"), None)
    views: dict[str, Any] = {
        "urls": {name.replace("-", "_"): url_of(case, name) for name in FORMS},
        "findings": _checks(dossier),
        "questions": _questions(case, allowed),
        "ask_fields": _ask(panel) if state in ASKABLE else [],
        "findings_rows": _findings(case, allowed, panel),
        "unmapped": _unmapped(case, panel) if Verb.CODE_CASE in allowed else [],
        "new_finding": _new_finding(panel) if Verb.REVIEW_CASE in allowed else [],
        "conclude_fields": _conclude(case, panel) if Verb.REVIEW_CASE in allowed else [],
        "coding": _coding(dossier, allowed),
        "code_fields": _code(dossier, panel) if Verb.CODE_CASE in allowed else [],
        "obstacles": moves.obstacles_in(dossier=dossier, move="close", by=user) if state is CaseState.IN_REVIEW else (),
        "lead": lead,
        "moves": [move for move in shown if move is not lead],
        "open_form": panel.name,
    }
    views["errors"] = _errors(views, panel)
    return views


FORMS = ("ask", "close-query", "finding", "add-finding", "map", "conclude", "code", "accept-suggestion")


def _errors(views: dict[str, Any], panel: Panel) -> list[fields.ErrorLine]:
    drawn = [
        *views["ask_fields"],
        *views["new_finding"],
        *views["conclude_fields"],
        *views["code_fields"],
        *(shown for row in views["findings_rows"] for shown in row["fields"]),
        *(row["field"] for row in views["unmapped"]),
        *(shown for move in views["moves"] for shown in move.fields),
    ]
    lines = fields.error_lines(drawn)
    named = {shown.name for shown in drawn if shown.error}
    rest = [fields.ErrorLine(sentence(problem)) for name, problem in panel.problems.items() if name not in named]
    return [*lines, *rest]


def _checks(dossier: Dossier) -> list[Check]:
    accepted = {(row.code, row.field): row.reason for row in dossier.case.acceptedfinding_rows.all()}
    return [_check(finding, accepted.get((finding.code, finding.place), "")) for finding in findings.check(dossier)]


def _check(finding: Finding, accepted: str) -> Check:
    blocking = finding.severity in BLOCKING
    if accepted:
        return Check(sentence(finding), "done", "is-done", _("Accepted"), accepted)
    if finding.severity == Severity.TASK:
        return Check(sentence(finding), "wait", "is-wait", _("Task"))
    glyph, tone = SEVERITY_MARK[blocking]
    return Check(sentence(finding), glyph, tone, _("Error") if blocking else _("Warning"))


def _questions(case: Any, allowed: frozenset[Verb]) -> list[dict[str, Any]]:
    words = {"open": _("open"), "answered": _("answered"), "closed": _("closed")}
    return [
        {
            "id": query.pk,
            "subject": _subject(query.field),
            "state": words[query.state],
            "messages": [
                {
                    "text": message.text,
                    "who": message.by.display_name if message.by else _("The register"),
                    "at": timezone.localtime(message.at),
                }
                for message in query.messages.all()
            ],
            "can_close": query.state != "closed" and Verb.CLOSE_QUERY in allowed,
        }
        for query in case.query_rows.all()
    ]


def _subject(key: str) -> str:
    spec = dictionary.find(key) if key else None
    return spec.label(active()) if spec else _("The case")


def _ask(panel: Panel) -> list[FieldView]:
    typed = panel.values("ask", {})
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
            error=_say(panel.problem("ask", "text")),
            prefix="ask",
        ),
    ]


def _findings(case: Any, allowed: frozenset[Verb], panel: Panel) -> list[dict[str, Any]]:
    rows = [row for row in case.substancefinding_rows.all() if row.removed_at is None]
    specs = [dictionary.field(f"SubstanceFinding.{name}") for name in FINDING]
    return [
        {
            "id": row.pk,
            "name": reported_name(row),
            "words": finding_words(row),
            "unmapped": row.substance is None,
            "fields": _row_fields(f"finding-{row.pk}", row, specs, panel) if Verb.REVIEW_CASE in allowed else [],
        }
        for row in rows
    ]


def _row_fields(name: str, row: Any, specs: list[FieldSpec], panel: Panel) -> list[FieldView]:
    values = panel.values(name, answers.form_values(row, specs))
    shown = [fields.view(spec, values, problem=panel.problem(name, spec.field), prefix=name) for spec in specs]
    return [*shown, _why(name, panel)]


def _why(name: str, panel: Panel) -> FieldView:
    """The reason of a change, which everything after submission asks for."""
    return fields.plain(
        "reason",
        _("Reason for this change"),
        value=_first(panel.values(name, {}), "reason"),
        error=_say(panel.problem(name, "reason")),
        maximum=500,
        prefix=name,
    )


def _unmapped(case: Any, panel: Panel) -> list[dict[str, Any]]:
    kinds = {
        "suspicion": [row for row in case.suspectedsubstance_rows.all() if row.removed_at is None],
        "finding": [row for row in case.substancefinding_rows.all() if row.removed_at is None],
        "result": list(case.toxresult_rows.all()),
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
                value=_first(panel.values(f"map-{row.pk}", {}), "substance"),
                error=_say(panel.problem(f"map-{row.pk}", "substance")),
                prefix=f"map-{row.pk}",
            ),
        }
        for kind, rows in kinds.items()
        for row in rows
        if row.substance is None and row.reported_as
    ]


def _new_finding(panel: Panel) -> list[FieldView]:
    name = "add-finding"
    typed = panel.values(name, {})
    return [
        fields.plain(
            "reported_as",
            _("Substance, in the words of the report"),
            value=_first(typed, "reported_as"),
            error=_say(panel.problem(name, "reported_as")),
            maximum=200,
            prefix=name,
        ),
        *(fields.view(dictionary.field(f"SubstanceFinding.{column}"), typed, prefix=name) for column in NEW_FINDING),
    ]


def _conclude(case: Any, panel: Panel) -> list[FieldView]:
    shown = []
    for key in CONCLUSION:
        spec = dictionary.field(key)
        stored = answers.form_values(answers_row(case, spec), [spec])
        values = panel.values("conclude", stored)
        extras = Extras(
            options=_without_excluded() if spec.field == "inclusion" else None,
            widget="radios" if spec.field in ONE_BELOW_THE_OTHER else "",
        )
        view = fields.view(
            spec, values, extras=extras, problem=panel.problem("conclude", spec.field), prefix="conclude"
        )
        shown.append(replace(view, optional=spec.field == "tox_consistent_note"))
    return shown


def _without_excluded() -> tuple[tuple[str, str], ...]:
    """Excluding is a step of its own, with its reason."""
    return tuple(
        (value.code, value.label(active())) for value in value_sets.values("VS-INCL") if value.code != "excluded"
    )


def _coding(dossier: Dossier, allowed: frozenset[Verb]) -> dict[str, Any]:
    case = dossier.case
    cause, assessment = case.causeofdeath_section, case.assessment_section
    ucod = cause.icd10_ucod or cause.icd10_ucod_suggested
    definitions = {"sel_b": _("Selection B"), "sel_d": _("Selection D"), "nl_broad": _("National, broad")}
    values = {"yes": _("yes"), "no": _("no"), "undetermined": _("undetermined")}
    results = {row.definition: row for row in case.definitionresult_rows.all()}
    return {
        "basis": _("confirmed") if assessment.coding_confirmed_by_id else _("suggestion"),
        "ucod": ucod,
        "ucod_title": choices.icd10_title(ucod, active()) if ucod else "",
        "t_codes": ", ".join(cause.icd10_t_codes or review.suggestion_of(dossier).t_codes),
        "outcomes": [
            {
                "label": label,
                "value": values[results[name].outcome],
                "rule": f"{results[name].rule_id} · {results[name].rule_version}",
                "why": results[name].explanation_nl if active() == "nl" else results[name].explanation_en,
            }
            for name, label in definitions.items()
            if name in results
        ],
        "primary": assessment.primary_group,
        "can_accept": Verb.CODE_CASE in allowed
        and bool(cause.icd10_ucod_suggested)
        and not assessment.coding_confirmed_by_id,
    }


def _code(dossier: Dossier, panel: Panel) -> list[FieldView]:
    cause = dossier.cause
    stored: Typed = {
        "ucod": [cause.icd10_ucod or cause.icd10_ucod_suggested or ""],
        "t_codes": [", ".join(cause.icd10_t_codes or review.suggestion_of(dossier).t_codes)],
        "override_reason": [cause.icd10_override_reason or ""],
    }
    typed = panel.values("code", stored)
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
            error=_say(panel.problem("code", name)),
            optional=name != "ucod",
            maximum=500 if name == "override_reason" else 120,
            prefix="code",
        )
        for name, label in words.items()
    ]


def _moves(case: Any, user: Any, dossier: Dossier, panel: Panel) -> list[Move]:
    """The steps a person may take from here; asking and settling questions have their own place on the page."""
    shown = []
    for transition in moves.moves_from(case=case, by=user):
        if transition.name in ("ask", "answer"):
            continue
        shown.append(
            Move(
                transition.name,
                sentence(transition),
                url_of(case, transition.name),
                _asked(transition, dossier, panel),
            )
        )
    return shown


def _asked(transition: Any, dossier: Dossier, panel: Panel) -> list[FieldView]:
    name = transition.name
    typed = panel.values(name, {})
    if name == "exclude":
        options = [(value.code, value.label(active())) for value in value_sets.values("VS-EXCL")]
        reason = fields.plain(
            "reason",
            _("Why this is not a case"),
            widget="select",
            options=options,
            value=_first(typed, "reason"),
            error=_say(panel.problem(name, "reason")),
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
            error=_say(panel.problem(name, "reason")),
            maximum=2000,
            prefix=name,
        )
    ]


def _first(typed: Typed, name: str) -> str:
    found = typed.get(name)
    return found[0] if found else ""


def _say(problem: Any) -> str:
    return sentence(problem) if problem else ""
