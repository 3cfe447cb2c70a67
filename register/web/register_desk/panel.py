"""The right side of the review page: checks, questions, substances, conclusion, coding and the next step."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.casework import choices, findings, moves, review
from register.casework.dossier import Dossier
from register.quality import dictionary
from register.quality.rule import BLOCKING, Finding, Severity
from register.web import fields
from register.web.fields import FieldView
from register.web.language import active, sentence
from register.web.register_desk import forms
from register.web.register_desk.forms import FINDING, Sent
from register.web.register_desk.sheets import finding_words, reported_name
from register.workflow.case_acts import ACTS
from register.workflow.case_transitions import CaseState
from register.workflow.verbs import Verb

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


def url_of(case: Any, name: str) -> str:
    return reverse("register_desk:step", args=[case.pk, name])


def panel_of(case: Any, user: Any, sent: Sent) -> dict[str, Any]:
    """Everything the right side shows to ``user``. Forms are there only for what the state of the case asks for."""
    state = CaseState(case.status)
    allowed = ACTS[state]
    dossier = Dossier(case)
    shown = _moves(case, user, dossier, sent)
    lead = next((move for move in shown if move.name == "take"), None)
    views: dict[str, Any] = {
        "urls": {name.replace("-", "_"): url_of(case, name) for name in FORMS},
        "findings": _checks(dossier),
        "questions": _questions(case, allowed),
        "ask_fields": forms.ask(sent) if state in ASKABLE else [],
        "findings_rows": _findings(case, allowed, sent),
        "unmapped": forms.unmapped(case, sent) if Verb.CODE_CASE in allowed else [],
        "new_finding": forms.new_finding(sent) if Verb.REVIEW_CASE in allowed else [],
        "conclude_fields": forms.conclude(case, sent) if Verb.REVIEW_CASE in allowed else [],
        "coding": _coding(dossier, allowed),
        "code_fields": forms.code(dossier, sent) if Verb.CODE_CASE in allowed else [],
        "obstacles": moves.obstacles_in(dossier=dossier, move="close", by=user) if state is CaseState.IN_REVIEW else (),
        "lead": lead,
        "moves": [move for move in shown if move is not lead],
        "open_form": sent.name,
        "differences": sent.differences,
        "rest_saved": sent.rest_saved,
        "stale": sent.stale,
    }
    views["errors"] = _errors(views, sent)
    return views


FORMS = ("ask", "close-query", "finding", "add-finding", "map", "conclude", "code", "accept-suggestion")


def _errors(views: dict[str, Any], sent: Sent) -> list[fields.ErrorLine]:
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
    rest = [fields.ErrorLine(sentence(problem)) for name, problem in sent.problems.items() if name not in named]
    return [*lines, *rest]


def _checks(dossier: Dossier) -> list[Check]:
    accepted = {(row.code, row.field): _acceptance(row) for row in dossier.case.acceptedfinding_rows.all()}
    return [_check(finding, accepted.get((finding.code, finding.place), "")) for finding in findings.check(dossier)]


def _acceptance(row: Any) -> str:
    """Why somebody left an answer as it is, who that was and when."""
    moment = date_format(timezone.localtime(row.at), "j F Y, H:i")
    return f"{row.reason} ({row.by.display_name}, {moment})"


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


def _findings(case: Any, allowed: frozenset[Verb], sent: Sent) -> list[dict[str, Any]]:
    rows = [row for row in case.substancefinding_rows.all() if row.removed_at is None]
    specs = [dictionary.field(f"SubstanceFinding.{name}") for name in FINDING]
    return [
        {
            "id": row.pk,
            "form": f"finding-{row.pk}",
            "name": reported_name(row),
            "words": finding_words(row),
            "unmapped": row.substance is None,
            "fields": forms.row_fields(f"finding-{row.pk}", row, specs, sent) if Verb.REVIEW_CASE in allowed else [],
        }
        for row in rows
    ]


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


def _moves(case: Any, user: Any, dossier: Dossier, sent: Sent) -> list[Move]:
    """The steps a person may take from here; asking, answering and merging have their own place."""
    shown = []
    for transition in moves.moves_from(case=case, by=user):
        if transition.name in ("ask", "answer", "merge"):
            continue
        shown.append(
            Move(
                transition.name,
                sentence(transition),
                url_of(case, transition.name),
                forms.asked(transition, dossier, sent),
            )
        )
    return shown
