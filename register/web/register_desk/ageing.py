"""How long something waits, in words and in the colour of its lateness: 0-7 days, 8-14 adding up, after that late."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

GROWS_AFTER, LATE_AFTER = 7, 14


@dataclass(frozen=True, slots=True)
class Age:
    """The age in words, with the mark beside it."""

    words: str
    tone: str = ""
    glyph: str = ""


def of_days(days: int) -> Age:
    """Something that waits for this many days."""
    words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days > 0 else _("today")
    if days > LATE_AFTER:
        return Age(_("%(age)s · late") % {"age": words}, "is-error", "problem")
    if days > GROWS_AFTER:
        return Age(_("%(age)s · adding up") % {"age": words}, "is-wait", "wait")
    return Age(words)


def of_question(query: Any, today: date) -> Age:
    """A question since it was first asked."""
    return of_days((today - timezone.localtime(query.opened_at).date()).days)
