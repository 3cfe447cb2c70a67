"""The panel of two persons: who did what with a release, and what the person who looks can do now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from register.access import may
from register.reporting import releases
from register.web import fields
from register.web.field_shapes import FieldView
from register.web.language import sentence
from register.web.statistics.words import EVENTS
from register.workflow.release_transitions import ReleaseState
from register.workflow.verbs import Verb

REFUSED = "build_failed"


@dataclass(frozen=True, slots=True)
class Happened:
    """One event in the life of the release."""

    word: str
    who: str
    at: Any
    reason: str
    went_well: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows; a step that is not offered is None or empty.

    ``why_not`` says why this person cannot approve a release that waits for approval.
    """

    happened: tuple[Happened, ...]
    submit: FieldView | None
    rebuild: bool
    approve: bool
    refuse: FieldView | None
    ask_retraction: FieldView | None
    retract: FieldView | None
    why_not: str


def panel(release: Any, *, by: Any, typed: Mapping[str, str]) -> Panel:
    """The panel of a release for this person; ``typed`` is what they sent when something was missing."""
    state = ReleaseState(release.status)
    offered = set(releases.moves_for(release, by=by))
    is_draft = state is ReleaseState.DRAFT
    waits = state is ReleaseState.PENDING_APPROVAL
    approval = may(by, Verb.APPROVE_RELEASE, release)
    reason = typed.get("reason", "")
    return Panel(
        happened=tuple(_happened(release)),
        submit=_note(release, typed) if "submit" in offered and release.build == release.Build.BUILT else None,
        rebuild=is_draft and bool(may(by, Verb.DRAFT_RELEASE)),
        approve=waits and bool(approval),
        refuse=_lines("reason", _("Reason to hand back"), reason) if "refuse" in offered else None,
        ask_retraction=_retraction(release, by=by, typed=reason, offered="retract" in offered, asked=False),
        retract=_retraction(release, by=by, typed=reason, offered="retract" in offered, asked=True),
        why_not=sentence(approval) if waits and not approval else "",
    )


def _happened(release: Any) -> list[Happened]:
    changes = release.changes.select_related("by").order_by("at")
    return [
        Happened(
            str(EVENTS[one.name]),
            one.by.display_name if one.by else _("The register"),
            one.at,
            # Why the register refused to build stands above, in the language of who reads.
            "" if one.name == REFUSED else one.reason,
            went_well=one.name != REFUSED,
        )
        for one in changes
    ]


def _note(release: Any, typed: Mapping[str, str]) -> FieldView:
    return _lines(
        "note", _("Note"), typed.get("note", release.note), hint=_("Published with the figures; say what changed.")
    )


def _retraction(release: Any, *, by: Any, typed: str, offered: bool, asked: bool) -> FieldView | None:
    """The reason for a retraction, when it is the turn of this person to ask for it or to carry it out."""
    if not offered or releases.retraction_asked(release, by=by) != asked:
        return None
    label = _("Reason for retraction (public)") if asked else _("Reason to ask for retraction")
    return _lines("reason", label, typed)


def _lines(name: str, label: str, value: str, hint: str = "") -> FieldView:
    return fields.plain(name, label, value=value, widget="lines", maximum=2000, hint=hint)
