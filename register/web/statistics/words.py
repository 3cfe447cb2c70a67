"""Words for codes that pages of this desk show."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.web.language import active
from register.workflow.release_transitions import ReleaseState


@dataclass(frozen=True, slots=True)
class StatusWords:
    """A status as mark and word."""

    glyph: str
    tone: str
    word: str | Promise


PUBLIC = {
    "provisional": StatusWords("busy", "", _("Provisional")),
    "further_provisional": StatusWords("busy", "", _("Further provisional")),
    "final": StatusWords("done", "is-done", _("Final")),
    "superseded": StatusWords("change", "muted", _("Superseded")),
    "retracted": StatusWords("minus", "is-error", _("Retracted")),
}
MARKS = {
    ReleaseState.DRAFT: ("busy", ""),
    ReleaseState.PENDING_APPROVAL: ("wait", "is-wait"),
    ReleaseState.PUBLISHED_PROVISIONAL: ("done", "is-done"),
    ReleaseState.PUBLISHED_FURTHER_PROVISIONAL: ("done", "is-done"),
    ReleaseState.PUBLISHED_FINAL: ("done", "is-done"),
    ReleaseState.SUPERSEDED: ("change", "muted"),
    ReleaseState.RETRACTED: ("minus", "is-error"),
}
# What happened to a release, as the panel tells it.
EVENTS = {
    "draft": _("Prepared"),
    "build": _("Tables built"),
    "build_failed": _("Building refused"),
    "choose": _("Chose how to go on beside the earlier releases"),
    "submit": _("Submitted for approval"),
    "refuse": _("Handed back"),
    "publish_provisional": _("Approved and published"),
    "publish_further_provisional": _("Approved and published"),
    "publish_final": _("Approved and published"),
    "supersede": _("Superseded by a newer release"),
    "ask_retraction": _("Retraction asked for"),
    "retract": _("Retracted"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a build: done, going on or still to come."""

    word: str | Promise
    done: bool
    current: bool


# What the worker does with a release, in order: the state of the build in which each step is to be done.
STEPS = (
    ("waiting", _("Freeze the cases")),
    ("frozen", _("Count, protect and prove")),
    ("proven", _("Write the files")),
)


def steps_of(release: Any) -> list[Step]:
    """How far the build of a release is; empty when it has ended."""
    states = [state for state, _word in STEPS]
    if release.build not in states:
        return []
    here = states.index(release.build)
    return [Step(word, place < here, place == here) for place, (_state, word) in enumerate(STEPS)]


def status_words(status: str) -> StatusWords:
    """A public status as mark and word."""
    return PUBLIC[status]


def state_words(status: str) -> StatusWords:
    """The state of a release in the making as mark and word."""
    state = ReleaseState(status)
    glyph, tone = MARKS[state]
    return StatusWords(glyph, tone, state.label(active()))
