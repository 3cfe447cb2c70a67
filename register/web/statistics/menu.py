"""What the statistics desk puts in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

READERS = frozenset(
    {
        Role.REGISTER_STAFF,
        Role.STATISTICIAN,
        Role.EUDA_REPORTER,
        Role.EWS_ANALYST,
        Role.ADMIN,
        Role.AUDITOR,
    }
)

MENU = (
    Entry(_("Releases"), "statistics:releases", frozenset({Role.REGISTER_STAFF})),
    Entry(_("Figures"), "statistics:figures", READERS),
)
