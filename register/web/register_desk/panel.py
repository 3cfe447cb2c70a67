"""The right side of the review page: checks, questions, substances, conclusion, coding and the next step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.casework import analytes, findings, moves, reopening, rule_questions
from register.casework.dossier import Dossier
from register.casework.whole import named
from register.quality import dictionary
from register.quality.rule import BLOCKING, Finding, Severity
from register.web import fields
from register.web.field_shapes import ErrorLine, FieldView
from register.web.language import active, sentence
from register.web.physician.summaries import result_words
from register.web.register_desk import ageing, asking, closing, coding, forms, votes
from register.web.register_desk.asking import OpenWarning
from register.web.register_desk.forms import FINDING, Sent
from register.web.register_desk.section_rows import result_name
from register.web.register_desk.sheets import finding_words, reported_name
from register.workflow.case_acts import ACTS
from register.workflow.case_transitions import CaseState
from register.workflow.transitions import Obstacle
from register.workflow.verbs import Verb

# Where a question may be asked: the moves "ask", and a further remark while one is out.
ASKABLE = frozenset({CaseState.IN_REVIEW, CaseState.AWAITING_TOX, CaseState.QUERY_OPEN, CaseState.QUERY_ANSWERED})
ASK = "ask-reopening"
SEVERITY_MARK = {True: ("problem", "is-error"), False: ("problem", "is-wait")}


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the quality rules, and the reason with which it was accepted.

    ``before`` is what it said when it was accepted, where it says something else now. ``key`` is there for one that the
    reporter can be asked about.
    """

    text: str
    glyph: str
    tone: str
    says: str
    accepted: str = ""
    before: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One next step as a button; ``fields`` are what it asks for first."""

    name: str
    label: str
    url: str
    fields: list[FieldView] = field(default_factory=list)


def url_of(case: Any, name: str) -> str:
    return reverse("register_desk:step", args=[case.pk, name])


def panel_of(dossier: Dossier, user: Any, sent: Sent) -> dict[str, Any]:
    """Everything the right side shows to ``user``. Forms are there only for what the state of the case asks for."""
    case = dossier.case
    state = CaseState(case.status)
    allowed = ACTS[state]
    shown = _moves(dossier, user, sent)
    lead = next((move for move in shown if move.name == "take"), None)
    reviewing = Verb.REVIEW_CASE in allowed
    warnings, accept_fields = asking.accept(dossier, sent) if reviewing else ([], [])
    obstacles = moves.obstacles_in(dossier=dossier, move="close", by=user) if state is CaseState.IN_REVIEW else ()
    views: dict[str, Any] = {
        "urls": {name.replace("-", "_"): url_of(case, name) for name in FORMS},
        "findings": _checks(dossier, warnings),
        "warnings": warnings,
        "accept_fields": accept_fields,
        "questions": _questions(dossier, allowed),
        "ask_fields": asking.ask(dossier.reference.configuration.texts, sent) if state in ASKABLE else [],
        "may_ask": state in ASKABLE,
        "findings_rows": _findings(dossier, allowed, sent),
        "hints": _hints(dossier),
        "unmapped": forms.unmapped(dossier, sent) if Verb.CODE_CASE in allowed else [],
        "new_finding": forms.new_finding(sent) if reviewing else [],
        "conclude_fields": forms.conclude(case, sent) if reviewing else [],
        "coding": coding.of(dossier, allowed),
        "code_fields": forms.code(dossier, sent) if Verb.CODE_CASE in allowed else [],
        "to_do": [closing.to_do(case, obstacle) for obstacle in obstacles],
        "can_mark": reviewing,
        "asked_by": case.reopening_asked_by.display_name if case.reopening_asked_by else "",
        "asked_because": reopening.why_asked(case),
        "votes": votes.of(dossier),
        "lead": lead,
        "moves": [move for move in shown if move is not lead],
        "open_form": sent.name,
        "differences": sent.differences,
        "rest_saved": sent.rest_saved,
        "stale": sent.stale,
    }
    views["errors"] = _errors(case, views, sent)
    return views


FORMS = (
    *("ask", "close-query", "finding", "add-finding", "map", "conclude", "code", "accept-suggestion"),
    *("accept-warnings", "ask-rule", "reviewed"),
)


def _errors(case: Any, views: dict[str, Any], sent: Sent) -> list[ErrorLine]:
    drawn = [
        *views["accept_fields"],
        *views["ask_fields"],
        *views["new_finding"],
        *views["conclude_fields"],
        *views["code_fields"],
        *(shown for row in views["findings_rows"] for shown in row["fields"]),
        *(row["field"] for row in views["unmapped"]),
        *(shown for move in views["moves"] for shown in move.fields),
    ]
    lines = fields.error_lines(drawn)
    said = {shown.error for shown in drawn if shown.error}
    rest = [
        ErrorLine(sentence(problem), closing.place_of(case, problem) if isinstance(problem, Obstacle) else "")
        for problem in sent.problems.values()
        if sentence(problem) not in said
    ]
    return [*lines, *rest]


def _checks(dossier: Dossier, asked: Sequence[OpenWarning]) -> list[Check]:
    """What the rules found, but for the warnings that are asked about right below."""
    accepted = {(row.code, row.field): row for row in named(dossier, "AcceptedFinding")}
    below = {warning.key for warning in asked}
    askable = CaseState(dossier.case.status) in ASKABLE
    return [
        _check(dossier, finding, accepted.get((finding.code, finding.place)), askable)
        for finding in findings.check(dossier)
        if findings.key_of(finding) not in below
    ]


def _hints(dossier: Dossier) -> list[dict[str, Any]]:
    """The traps of post-mortem toxicology that hold here, each with the result it is about."""
    rows = {str(row.pk): row for row in named(dossier, "ToxResult")}
    report = analytes.report_in(dossier) if rows else None
    return [
        {
            "name": result_name(rows[key]),
            "words": result_words(rows[key]),
            "hints": [sentence(h.sentence) for h in found],
        }
        for key, found in (report.hints if report else {}).items()
        if found and key in rows
    ]


def _acceptance(row: Any) -> str:
    """Why somebody left an answer as it is, who that was and when."""
    moment = date_format(timezone.localtime(row.at), "j F Y, H:i")
    return f"{row.reason} ({row.by.display_name}, {moment})"


def _check(dossier: Dossier, finding: Finding, accepted: Any, askable: bool) -> Check:
    """A finding as it stands. An acceptance counts while the rule warns, and not once it was made an error."""
    text, blocking = sentence(finding), finding.severity in BLOCKING
    if accepted is not None and finding.severity in findings.WARNINGS:
        said = accepted.words_nl if active() == "nl" else accepted.words_en
        before = said if said and said != text else ""
        return Check(text, "done", "is-done", _("Accepted"), _acceptance(accepted), before)
    key = findings.key_of(finding) if askable and not rule_questions.is_asked(dossier, finding) else ""
    if finding.severity == Severity.TASK:
        return Check(text, "wait", "is-wait", _("Task"), key=key)
    glyph, tone = SEVERITY_MARK[blocking]
    return Check(text, glyph, tone, _("Error") if blocking else _("Warning"), key=key)


def _questions(dossier: Dossier, allowed: frozenset[Verb]) -> list[dict[str, Any]]:
    """The threads, what is open before what is closed, each with its age in words and colour."""
    words = {"open": _("open"), "answered": _("answered"), "closed": _("closed")}
    terms = dossier.reference.configuration.terms
    threads: dict[Any, list[Any]] = {}
    for message in named(dossier, "QueryMessage"):
        threads.setdefault(message.query_id, []).append(message)
    rows = sorted(named(dossier, "Query"), key=lambda query: (query.state == "closed", query.pk))
    return [
        {
            "id": query.pk,
            "subject": _subject(query.field),
            "rule": query.rule,
            "state": words[query.state],
            "age": ageing.of_question(query, timezone.localdate(), terms) if query.state != "closed" else None,
            "messages": [
                {
                    "text": message.text,
                    "who": message.by.display_name if message.by_id else _("The register"),
                    "at": timezone.localtime(message.at),
                }
                for message in threads.get(query.pk, [])
            ],
            "can_close": query.state != "closed" and Verb.CLOSE_QUERY in allowed,
        }
        for query in rows
    ]


def _subject(key: str) -> str:
    spec = dictionary.find(key) if key else None
    return spec.label(active()) if spec else _("The case")


def _findings(dossier: Dossier, allowed: frozenset[Verb], sent: Sent) -> list[dict[str, Any]]:
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
        for row in named(dossier, "SubstanceFinding")
    ]


def _moves(dossier: Dossier, user: Any, sent: Sent) -> list[Move]:
    """The steps a person may take from here; asking, settling questions and merging have their own place."""
    case = dossier.case
    shown = [
        Move(transition.name, sentence(transition), url_of(case, transition.name), _asked(dossier, transition, sent))
        for transition in moves.moves_from(case=case, by=user)
        if transition.name not in ("ask", "answer", "merge")
    ]
    if reopening.needs_another(dossier, by=user):
        reason = [forms.reason_of_reopening(sent)]
        shown.append(Move(ASK, _("Ask a colleague to agree"), url_of(case, ASK), reason))
    return shown


def _asked(dossier: Dossier, transition: Any, sent: Sent) -> list[FieldView]:
    return votes.ending(dossier, sent) if transition.name == votes.ENDS else forms.asked(transition, sent)
