"""What the privacy officer's desk puts in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

OVERSEERS = frozenset({Role.AUDITOR})
MENU = (
    Entry(_("Oversight"), "privacy_desk:overview", OVERSEERS),
    Entry(_("Reports"), "privacy_desk:reports", OVERSEERS),
    Entry(_("Log"), "privacy_desk:logbook", OVERSEERS),
)
