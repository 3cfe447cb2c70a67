"""What the settings put in the main menu: of who sets them."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

RULES = Entry(_("Rules"), "register_rules:home", frozenset({Role.REGISTER_STAFF, Role.ADMIN}))
