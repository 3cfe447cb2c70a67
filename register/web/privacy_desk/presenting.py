"""Events of the log as lines of a table, in the page's language."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.audit import people, reading
from register.audit.reading import Change, Look
from register.web.privacy_desk import noted
from register.web.privacy_desk.periods import Period
from register.workflow.roles import EMERGENCY

SHOWN_NUMBERS = 3
OUTCOME_MARKS = {"ok": ("done", "is-done"), "denied": ("problem", "is-error"), "error": ("problem", "is-wait")}


@dataclass(frozen=True, slots=True)
class Line:
    """One event."""

    at: str
    who: str
    who_url: str
    role: str
    what: str
    about: str
    tone: str
    glyph: str
    outcome: str
    origin: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What one request or task changed."""

    at: str
    who: str
    role: str
    rows: str


def lines(looks: Sequence[Look], period: Period | None = None) -> list[Line]:
    """The events with the names of people and the numbers of cases, each read once."""
    names = people.names_of(look.actor for look in looks)
    shown = {key for look in looks if look.object_type == "case" for key in look.objects[:SHOWN_NUMBERS]}
    numbers = reading.numbers_of(shown)
    return [_line(look, names, numbers, period) for look in looks]


def change_lines(changes: Sequence[Change]) -> list[ChangeLine]:
    names = people.names_of(change.actor for change in changes)
    return [
        ChangeLine(moment(each.at), names[each.actor], noted.role(each.role), ", ".join(map(noted.row, each.rows)))
        for each in changes
    ]


def moment(at: datetime) -> str:
    """A moment in the zone of the register, to the second: two looks may lie in one minute."""
    return date_format(timezone.localtime(at), "j N Y, H:i:s")


def _line(look: Look, names: dict[str, str], numbers: dict[UUID, str], period: Period | None) -> Line:
    glyph, tone = OUTCOME_MARKS.get(look.outcome, ("change", ""))
    return Line(
        at=moment(look.at),
        who=names[look.actor],
        who_url=_person_url(look.actor, period),
        role=noted.role(look.role),
        what=_what(look),
        about=_about(look, numbers),
        tone=tone,
        glyph=glyph,
        outcome=" · ".join(part for part in (noted.outcome(look.outcome), noted.why(look.detail)) if part),
        origin=look.origin or "–",
    )


def _what(look: Look) -> str:
    """The kind of event, and that it was under an emergency access, where its own words do not say so."""
    word = noted.event(look.code)
    told = look.purpose == EMERGENCY and not look.code.startswith("breakglass.")
    return _("%(event)s (emergency access)") % {"event": word} if told else word


def _person_url(actor: str, period: Period | None) -> str:
    """The page of a person; empty for an actor that is none."""
    try:
        url = reverse("privacy_desk:person", args=[UUID(actor)])
    except ValueError:
        return ""
    return f"{url}?{period.query}" if period else url


def _about(look: Look, numbers: dict[UUID, str]) -> str:
    known = [numbers[key] for key in look.objects[:SHOWN_NUMBERS] if key in numbers]
    more = len(look.objects) - len(known)
    parts = [", ".join(known)] if known else []
    if more > 0:
        parts.append(ngettext("%(number)d more", "%(number)d more", more) % {"number": more} if known else str(more))
    parts += noted.filters_in_words(json.loads(look.filters))
    return " · ".join(parts) or "–"
