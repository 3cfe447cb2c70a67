"""Two people, one question: what I typed beside what somebody else saved in the meantime, for the person to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register.casework.seen import Conflict
from register.quality import dictionary
from register.web.facts import said
from register.web.language import active


@dataclass(frozen=True, slots=True)
class Difference:
    """One question with two answers. ``name`` is that of the conflict, ``seen`` the version at which mine was given."""

    name: str
    seen: int
    label: str
    target: str
    mine: str
    theirs: str
    who: str
    when: str


def differences(conflicts: Sequence[Conflict], *, prefix: str = "f", heading: str = "") -> list[Difference]:
    """The questions of which the person must choose the answer. ``prefix`` is that of the ids of the fields."""
    return [difference(conflict, prefix=prefix, heading=heading) for conflict in conflicts]


def difference(conflict: Conflict, *, prefix: str = "f", heading: str = "") -> Difference:
    """One question; ``heading`` names the row it is about."""
    spec = dictionary.field(conflict.key)
    label = spec.label(active())
    return Difference(
        name=conflict.name,
        seen=conflict.seen,
        label=f"{heading}: {label}" if heading else label,
        target=f"#{prefix}-{spec.field}",
        mine=said(conflict.mine, spec) or "–",
        theirs=said(conflict.theirs, spec) or "–",
        who=who(conflict.by),
        when=when(conflict.at),
    )


def who(person: Any) -> str:
    """The name of a person, or the register itself."""
    return str(person.display_name) if person else _("The register")


def when(moment: Any) -> str:
    """A moment in words; empty when it is not known."""
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else ""
