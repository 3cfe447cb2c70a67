"""What the panel made of a case, for its reviewer: how many voted, what they said once enough did, and ending it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from register.casework.dossier import Dossier
from register.casework.panel import Outcome, outcome_of
from register.quality import value_sets
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import active
from register.web.register_desk.forms import Sent, first, say
from register.workflow.case_transitions import CaseState

ENDS = "panel_done"


def of(dossier: Dossier) -> dict[str, Any] | None:
    """The votes; None for a case that was never before the panel."""
    found = outcome_of(dossier)
    running = dossier.case.status == CaseState.PANEL
    if not running and not found.given:
        return None
    return {
        "running": running,
        "given": found.given,
        "needed": found.needed,
        "enough": found.enough,
        "agreed": found.tally.agreed,
        "counts": [(_verdict(code), count) for code, count in found.tally.counts],
        "votes": [_vote(row) for row in found.votes],
    }


def ending(dossier: Dossier, sent: Sent) -> list[FieldView]:
    """What ending the panel asks: the verdict, beginning with the one that was given most often, and why."""
    found: Outcome = outcome_of(dossier)
    typed = sent.values(ENDS, {"inclusion": [found.tally.leading or ""]})
    verdict = fields.plain(
        "inclusion",
        _("Your verdict after the votes"),
        widget="radios",
        options=[(value.code, value.label(active())) for value in value_sets.values("VS-INCL")],
        value=first(typed, "inclusion"),
        error=say(sent.problem(ENDS, "inclusion")),
        optional=True,
        prefix=ENDS,
    )
    why = fields.plain(
        "reason",
        _("Why, when the votes point elsewhere"),
        widget="lines",
        value=first(typed, "reason"),
        error=say(sent.problem(ENDS, "reason")),
        maximum=2000,
        optional=True,
        prefix=ENDS,
    )
    return [verdict, why]


def _vote(row: Any) -> dict[str, Any]:
    return {
        "who": row.by.display_name,
        "verdict": _verdict(row.inclusion or ""),
        "role": value_sets.label("VS-ROLE", row.role, active()) if row.role else "",
        "rationale": row.rationale,
        "at": timezone.localtime(row.at),
    }


def _verdict(code: str) -> str:
    return value_sets.label("VS-INCL", code, active()) if code else "–"
