"""Buttons that fill in an answer which is nearly always the same: today, yesterday, the place of residence.

The server says which day it is: the clock of a shared tablet is not to be trusted.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.web.field_shapes import Chip
from register.web.language import active

# Before this hour a night is still going on, and "today" alone would be read as the day before.
MORNING = 6
ABOUT_THE_PAST = frozenset(
    {
        "Death.date_of_death",
        "Death.last_seen_alive",
        "Death.found_at",
        "Case.date_examined",
        "Case.date_notified",
        "ToxRequest.requested_on",
        "ToxRequest.received_on",
        "SourceDocument.state_on",
    }
)


def days(now: datetime) -> tuple[Chip, ...]:
    """Today and yesterday; at night with the whole day, so that nobody takes one for the other."""
    today = now.date()
    named = ((_("Today"), today), (_("Yesterday"), today - timedelta(days=1)))
    return tuple(Chip(_said(word, day) if now.hour < MORNING else word, _boxes(day)) for word, day in named)


def same_municipality(case: Any) -> tuple[Chip, ...]:
    """The municipality where the deceased lived, when it was answered."""
    lived = case.decedent_section.residence_municipality
    if lived is None:
        return ()
    return (Chip(_("Same municipality: %(name)s") % {"name": lived.name}, json.dumps([lived.pk])),)


def _boxes(day: date) -> str:
    return json.dumps([str(day.day), str(day.month), str(day.year)])


def _said(word: str, day: date) -> str:
    written = date_format(day, "D j M")
    return f"{word}, {written.lower() if active() == 'nl' else written}"
