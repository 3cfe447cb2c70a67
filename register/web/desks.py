"""The desks of the register: one line for each package that brings pages and menu entries."""

from register.web import menu
from register.web.admin_desk.menu import MENU as ADMIN_DESK
from register.web.emergency.menu import MENU as EMERGENCY
from register.web.panel_desk.menu import MENU as PANEL_DESK
from register.web.physician.menu import MENU as PHYSICIAN
from register.web.privacy_desk.menu import MENU as PRIVACY_DESK
from register.web.register_data.menu import CATALOGUE
from register.web.register_data.menu import MENU as REGISTER_DATA
from register.web.register_desk.menu import MENU as REGISTER_DESK
from register.web.register_rules.menu import RULES
from register.web.statistics.menu import MENU as STATISTICS

MENU: tuple[menu.Entry, ...] = (
    *PHYSICIAN,
    *REGISTER_DESK,
    *REGISTER_DATA,
    *PANEL_DESK,
    *ADMIN_DESK,
    *PRIVACY_DESK,
    *STATISTICS,
    CATALOGUE,
    RULES,
    *EMERGENCY,
)
