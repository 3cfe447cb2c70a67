"""What the panel finds in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

MENU = (Entry(_("Panel"), "panel_desk:home", frozenset({Role.PANEL_MEMBER})),)
