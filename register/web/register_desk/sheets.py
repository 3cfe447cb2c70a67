"""The left side of the review page: everything that was recorded, section by section, and the moves of the case."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.casework.dossier import Dossier
from register.casework.whole import named
from register.quality import dictionary
from register.web.facts import Fact, fact
from register.web.language import active
from register.web.physician.progress import answers_row
from register.web.physician.summaries import row_words, substance_name
from register.workflow.case_transitions import TRANSITIONS, CaseState
from register.workflow.roles import Role

SECTIONS = (
    "decedent_section__residence_municipality",
    "death_section__death_municipality",
    "death_section__use_municipality",
    "causeofdeath_section",
    "circumstances_section",
    "history_section",
    "assessment_section",
    "assigned_to",
    "reviewed_by",
    "reopening_asked_by",
)
RECENT = 8
CONCLUSION = (
    "CauseOfDeath.manner_final",
    "CauseOfDeath.intent_final",
    "Assessment.inclusion",
    "Assessment.case_certainty",
)
WORDS = ("role", "certainty", "route", "origin")


@dataclass(frozen=True, slots=True)
class Change:
    """One move of the case, in a sentence."""

    what: str
    detail: str
    when: str


def prepared(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Read along the sections of the case; its rows come at once (``whole``)."""
    return cases.select_related(*SECTIONS)


def conclusion_of(case: Any) -> list[Fact]:
    """The final conclusion as it stands."""
    specs = [dictionary.field(key) for key in CONCLUSION]
    return [fact(answers_row(case, spec), spec) for spec in specs]


def decided(dossier: Dossier, change: Any) -> dict[str, Any]:
    """The case as it stood when it was closed or excluded: when that was, and the conclusion of then."""
    moment = date_format(timezone.localtime(change.at), "j F Y, H:i")
    words = _("As it stood in version %(version)d, decided on %(moment)s by %(who)s.")
    said = words % {"version": change.version, "moment": moment, "who": _who(change)}
    return {"said": said, "conclusion": conclusion_of(dossier.case)}


def reported_name(row: Any) -> str:
    """The catalogue name with the reported words behind it, or the reported words alone."""
    name, reported = substance_name(row), row.reported_as or ""
    differs = row.substance is not None and reported and reported.casefold() != name.casefold()
    return f"{name} (‘{reported}’)" if differs else name


def finding_words(row: Any) -> str:
    """Role, certainty, route and origin of a conclusion, in one line."""
    words = row_words(row, WORDS)
    return words if row.role else " · ".join(filter(None, (_("role not set"), words)))


def moves_of(dossier: Dossier) -> list[Change]:
    """The last moves of the case, newest first; the history has them all."""
    buttons = {row.name: row.nl if active() == "nl" else row.en for row in TRANSITIONS}
    rows = sorted(named(dossier, "StatusChange"), key=lambda row: (row.at, row.pk), reverse=True)
    return [
        Change(
            _("%(who)s: %(move)s → %(state)s")
            % {
                "who": _who(row),
                "move": buttons.get(row.name, row.name),
                "state": CaseState(row.to_status).label(active()),
            },
            row.reason,
            date_format(timezone.localtime(row.at), "j F Y, H:i"),
        )
        for row in rows[:RECENT]
    ]


def _who(row: Any) -> str:
    if row.by is None:
        return _("The register")
    return f"{row.by.display_name} ({Role(row.role).label(active())})"
