"""What the privacy officer's desk puts in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.access import emergency_review
from register.web.menu import Entry
from register.workflow.roles import Role


def _waiting(_person: object) -> int:
    return emergency_review.count_waiting()


OVERSEERS = frozenset({Role.AUDITOR})
MENU = (
    Entry(_("Oversight"), "privacy_desk:overview", OVERSEERS),
    Entry(_("Reports"), "privacy_desk:reports", OVERSEERS),
    Entry(_("Emergency access"), "privacy_desk:emergencies", OVERSEERS, count=_waiting),
    Entry(_("Log"), "privacy_desk:logbook", OVERSEERS),
)
