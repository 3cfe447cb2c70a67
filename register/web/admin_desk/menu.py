"""What the administrator's desk puts in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

MENU = (Entry(_("Waiting work"), "admin_desk:waiting", frozenset({Role.ADMIN})),)
