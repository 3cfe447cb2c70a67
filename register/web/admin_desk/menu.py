"""What the administrator's desk puts in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

ADMINS = frozenset({Role.ADMIN})

MENU = (
    Entry(_("Users"), "admin_desk:users", ADMINS),
    Entry(_("Access review"), "admin_desk:review", ADMINS),
    Entry(_("Tokens"), "admin_desk:tokens", ADMINS),
    Entry(_("Waiting work"), "admin_desk:waiting", ADMINS),
)
