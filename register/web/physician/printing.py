"""A case as a PDF for the physician's own file: what the page of the case says, and what was said about it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from register.audit import Event
from register.casework import findings
from register.casework.dossier import looked_at
from register.web.documents import typeset
from register.web.door import load_case, person
from register.web.language import active, sentence
from register.web.physician import lines, summaries
from register.web.physician.progress import with_progress
from register.workflow.case_transitions import CaseState
from register.workflow.roles import Role
from register.workflow.verbs import Verb

TEMPLATE = "case.typ"


@require_safe
@load_case(Verb.PRINT_CASE, read=with_progress, event=Event.CASE_EXPORT)
def pdf(request: HttpRequest, case: Any) -> HttpResponse:
    """The case as a file. Its name holds the number of the case and nothing else."""
    made = typeset(TEMPLATE, document(case, person(request).display_name))
    response = HttpResponse(made, content_type="application/pdf")
    name = _("case")
    response["Content-Disposition"] = f'attachment; filename="{name}-{case.case_number}.pdf"'
    return response


def document(case: Any, printed_by: str) -> dict[str, Any]:
    """Everything the document says, in the language of the page."""
    printed = _("Printed by %(who)s on %(moment)s") % {"who": printed_by, "moment": _moment(timezone.now())}
    return {
        "language": active(),
        "title": _("Case %(number)s") % {"number": case.case_number},
        "footer": _("Drug-death register · case %(number)s") % {"number": case.case_number},
        "page_word": _("Page"),
        "question_word": _("Question"),
        "answer_word": _("Answer"),
        "nothing": _("Nothing filled in."),
        "lines": [
            *_standing(case),
            printed,
            _("Holds personal data: keep it in your own file, and send it to nobody."),
        ],
        "sections": [_section(summary) for summary in summaries.of_case(case)],
        "accepted_title": _("Warnings that were accepted"),
        "accepted": list(_accepted(case)),
        "threads": list(_threads(case)),
    }


def _standing(case: Any) -> Iterator[str]:
    yield _("%(state)s · %(region)s · %(service)s") % {
        "state": CaseState(case.status).label(active()),
        "region": case.region.name,
        "service": case.forensic_service.name,
    }
    reporter = case.reporter.display_name
    if case.submitted_at is None:
        yield _("Entered by %(who)s, not submitted yet") % {"who": reporter}
    else:
        yield _("Entered by %(who)s, submitted on %(moment)s") % {"who": reporter, "moment": _moment(case.submitted_at)}


def _section(summary: summaries.Summary) -> dict[str, Any]:
    left = summary.unanswered
    note = (
        ngettext("%(count)d optional question left open", "%(count)d optional questions left open", left)
        % {"count": left}
        if left
        else ""
    )
    return {
        "title": str(summary.title),
        "facts": [[str(fact.label), str(fact.text)] for fact in summary.facts],
        "note": note,
    }


def _accepted(case: Any) -> Iterator[str]:
    found = {(finding.code, finding.place): finding for finding in findings.check(looked_at(case))}
    for row in case.acceptedfinding_rows.select_related("by").order_by("id"):
        finding = found.get((row.code, row.field))
        yield _("%(warning)s Reason: %(reason)s (%(who)s, %(moment)s)") % {
            "warning": sentence(finding) if finding else row.code,
            "reason": row.reason,
            "who": row.by.display_name,
            "moment": _moment(row.at),
        }


def _threads(case: Any) -> Iterator[dict[str, Any]]:
    for query in case.query_rows.prefetch_related("messages__by").order_by("id"):
        yield {
            "title": _("Question about: %(subject)s") % {"subject": lines.subject(query.field)},
            "messages": [
                {"who": f"{_said_by(message)} · {_moment(message.at)}", "text": message.text}
                for message in sorted(query.messages.all(), key=lambda message: message.at)
            ],
        }


def _said_by(message: Any) -> str:
    if message.by is None:
        return _("The register")
    return f"{message.by.display_name} ({Role(message.by.role).label(active())})"


def _moment(value: Any) -> str:
    return date_format(timezone.localtime(value), "j F Y, H:i")
