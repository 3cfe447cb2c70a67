"""An emergency access as a line of a list."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.access import VERBS_OF, may
from register.access.emergency import REASONS
from register.quality import value_sets
from register.web.language import active
from register.workflow.roles import Role
from register.workflow.verbs import Verb

SEE_OTHERS = frozenset(role.value for role, verbs in VERBS_OF.items() if Verb.SEE_EMERGENCIES in verbs)


@dataclass(frozen=True, slots=True)
class Line:
    """One access. ``url`` leads to the case while this person has it open; ``end_url`` ends it, where they may."""

    number: str
    who: str
    reason: str
    text: str
    when: str
    state: str
    open: bool
    url: str
    end_url: str


def line(access: Any, reader: Any) -> Line:
    """The access as ``reader`` sees it."""
    running, own = not access.is_over(timezone.now()), access.person_id == reader.pk
    ends = running and (own or bool(may(reader, Verb.END_EMERGENCY)))
    return Line(
        number=access.case_number,
        who=who(access),
        reason=reason(access),
        text=access.text,
        when=moment(access.granted_at),
        state=state(access),
        open=running,
        url=reverse("physician:case", args=[access.case_id]) if running and own else "",
        end_url=reverse("emergency:end", args=[access.pk]) if ends else "",
    )


def who(access: Any) -> str:
    """The person with the role and region that they had then."""
    role = Role(access.person_role).label(active())
    return f"{access.person.display_name} ({role}, {access.person_region.name})"


def reason(access: Any) -> str:
    return value_sets.label(REASONS, access.reason_code, active())


def state(access: Any) -> str:
    """Until when it is open, or how it ended."""
    if access.ended_at is not None:
        at = {"at": moment(access.ended_at), "who": access.ended_by.display_name}
        return _("ended on %(at)s by %(who)s") % at
    at = {"at": moment(access.expires_at)}
    return (_("over since %(at)s") if access.is_over(timezone.now()) else _("open until %(at)s")) % at


def moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")
