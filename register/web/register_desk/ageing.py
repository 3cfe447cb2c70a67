"""How long something waits, in words and in the colour of its lateness, by the days that are set."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register.quality.terms import ADDING_UP, LATE, Terms


@dataclass(frozen=True, slots=True)
class Age:
    """The age in words, with the mark beside it."""

    words: str
    tone: str = ""
    glyph: str = ""


def of_days(days: int, terms: Terms) -> Age:
    """Something that waits for this many days."""
    words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days > 0 else _("today")
    if days > terms.days(LATE):
        return Age(_("%(age)s · late") % {"age": words}, "is-error", "problem")
    if days > terms.days(ADDING_UP):
        return Age(_("%(age)s · adding up") % {"age": words}, "is-wait", "wait")
    return Age(words)


def of_question(query: Any, today: date, terms: Terms) -> Age:
    """A question since it was first asked."""
    return of_days((today - timezone.localtime(query.opened_at).date()).days, terms)
