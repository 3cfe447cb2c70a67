"""What the settings put in the main menu: of the administrator. The register's staff comes by the quality board."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

RULES = Entry(_("Rules"), "register_rules:home", frozenset({Role.ADMIN}))
