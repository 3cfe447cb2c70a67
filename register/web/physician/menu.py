"""What the physician's desk puts in the main menu."""

from django.utils.translation import gettext_lazy as _

from register.web.menu import Entry
from register.web.physician.lists import count_open_questions
from register.workflow.roles import Role

AT_THIS_DESK = frozenset({Role.PHYSICIAN, Role.COORDINATOR})


MENU = (
    Entry(_("My cases"), "physician:cases", AT_THIS_DESK),
    Entry(_("Questions"), "physician:questions", AT_THIS_DESK, count=count_open_questions),
    Entry(_("Help"), "help", AT_THIS_DESK),
)
