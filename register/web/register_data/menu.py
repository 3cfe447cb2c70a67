"""What the care for the data puts in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.workflow.roles import Role

STAFF = frozenset({Role.REGISTER_STAFF})
MENU = (
    Entry(_("Duplicates"), "register_data:duplicates", STAFF),
    Entry(_("Unknown names"), "register_data:names", STAFF),
    Entry(_("Data quality"), "register_data:quality", STAFF | {Role.COORDINATOR}),
)
# Behind the desks of these roles: nobody but a steward begins the day here.
CATALOGUE = Entry(_("Catalogue"), "register_data:catalogue", STAFF | {Role.CATALOGUE_STEWARD, Role.EWS_ANALYST})
