"""What a person chooses at a worklist: the columns, and what to do with several cases at once."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.casework import bulk
from register.casework.desk import Desk
from register.quality.standard_texts import QUESTION
from register.web import fields
from register.web.field_shapes import ErrorLine
from register.web.language import active, sentence
from register.workflow.case_transitions import TRANSITIONS

COLUMNS = {
    "region": gettext_lazy("Region"),
    "died": gettext_lazy("Died"),
    "substances": gettext_lazy("Suspected substances"),
    "status": gettext_lazy("State"),
    "assigned": gettext_lazy("Assigned to"),
}
NOBODY = "nobody"


def shown(user: Any) -> frozenset[str]:
    """The columns that this person sees beside the number and the waiting."""
    chosen = user.worklist_columns.split()
    return frozenset(COLUMNS) if not chosen else frozenset(COLUMNS) & frozenset(chosen)


def bulk_forms(request: HttpRequest, problems: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """What can be done with the ticked cases, with what was typed when the list comes back."""
    sent = request.POST

    def say(name: str) -> str:
        return sentence(problems[name]) if name in problems else ""

    to = fields.plain(
        "to",
        _("Assign to"),
        widget="select",
        options=(*desk.colleagues, (NOBODY, _("nobody"))),
        value=sent.get("to", ""),
        error=say("to"),
        prefix="bulk",
    )
    step = fields.plain(
        "step",
        _("Next step"),
        widget="select",
        options=[(row.name, sentence(row)) for row in TRANSITIONS if row.name in bulk.STEPS],
        value=sent.get("step", ""),
        error=say("step"),
        prefix="bulk",
    )
    day = fields.plain(
        "day",
        _("Expect the result on"),
        hint=_("Day, month and year, such as 31-12-2026."),
        value=sent.get("day", ""),
        error=say("day"),
        maximum=10,
        prefix="bulk",
    )
    standard = fields.plain(
        "standard",
        _("Standard question"),
        widget="select",
        options=[(one.code, one.label(active())) for one in desk.settings.texts.of(QUESTION)],
        value=sent.get("standard", ""),
        error=say("text"),
        prefix="bulk",
    )
    rest = [ErrorLine(sentence(problems["cases"]), "#list")] if "cases" in problems else []
    return {
        "bulk_to": to,
        "bulk_step": step,
        "bulk_day": day,
        "bulk_standard": standard,
        "errors": [*rest, *fields.error_lines([to, step, day, standard])],
        "ticked": frozenset(sent.getlist("cases")),
    }
