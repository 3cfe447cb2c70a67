"""Emergency access in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

MENU = (
    Entry(_("Emergency access"), "emergency:home", frozenset({Role.PHYSICIAN, Role.COORDINATOR})),
    Entry(_("Emergency access"), "emergency:given", frozenset({Role.REGISTER_STAFF})),
)
