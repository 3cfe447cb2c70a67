"""What keeps a release from being published beside the earlier ones, and the ways to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from register.access import may
from register.reporting.choices import Choices
from register.reporting.conflicts import RULES
from register.web import fields
from register.web.fields import ErrorLine, FieldView, Option
from register.web.language import active
from register.workflow.release_transitions import ReleaseState
from register.workflow.verbs import Verb

REASON = "#c-reason"
# Where on the page it is put right that a choice was refused.
TARGETS = {"reason_missing": REASON, "nothing_chosen": "#s-conflict"}
WHY: dict[str, str | Promise] = {
    "total": gettext_lazy("the total of a year changes by fewer deaths than the threshold"),
    "small": gettext_lazy("was published before, and is below the threshold of this release"),
    "forced": gettext_lazy("this count, or its change, follows from what is known already"),
    "group": gettext_lazy(
        "the group shares this answer, and shown zeros or other counts tell it whatever is suppressed"
    ),
    "dominance": gettext_lazy(
        "one forensic service examined nearly all of these deaths, and the count follows from others"
    ),
}


@dataclass(frozen=True, slots=True)
class ConflictView:
    """The cells by table and words, and the fields of the choice; no fields where this person cannot choose.

    ``of_rules``: nothing but the rules beside the threshold stands in the way, no earlier release.
    """

    cells: tuple[tuple[str, str, str], ...]
    fields: tuple[FieldView, ...]
    of_rules: bool = False


def conflict_of(release: Any, *, by: Any, typed: QueryDict, errors: Sequence[ErrorLine] = ()) -> ConflictView | None:
    """The conflict of a release whose build was stopped by one, with what this person typed and what is missing."""
    found = (release.report or {}).get("conflict")
    if release.build != release.Build.FAILED or not found:
        return None
    cells = tuple((cell["table"][active()], cell["cell"][active()], str(WHY[cell["why"]])) for cell in found["cells"])
    draft = release.status == ReleaseState.DRAFT and may(by, Verb.DRAFT_RELEASE)
    of_rules = all(cell["why"] in RULES for cell in found["cells"])
    return ConflictView(cells, tuple(_fields(found, cells, typed, errors)) if draft else (), of_rules)


@dataclass(frozen=True, slots=True)
class Beside:
    """How a built release stands beside the earlier ones; the numbers stay inside the register."""

    facts: Mapping[str, Any]
    kept: tuple[tuple[str, str], ...]
    waived: tuple[str, ...]


def beside_of(release: Any) -> Beside | None:
    """What the page tells of the earlier releases; None where there are none."""
    report = release.report or {}
    facts = report.get("over_time")
    if not facts:
        return None
    return Beside(
        facts, tuple(report.get("kept", {}).items()), tuple(words[active()] for words in facts.get("waived", ()))
    )


def chosen(release: Any, post: QueryDict) -> Choices:
    """What somebody chose on the page."""
    return Choices.among(
        (release.report or {}).get("conflict", {"cells": [], "years": []}),
        keep=post.getlist("keep"),
        hide_totals="totals" in post.getlist("hide"),
        waive=post.getlist("waive"),
        reason=post.get("reason", ""),
        rules="all" in post.getlist("rules"),
    )


def _fields(
    found: Mapping[str, Any], cells: tuple[tuple[str, str, str], ...], typed: QueryDict, errors: Sequence[ErrorLine]
) -> list[FieldView]:
    missing = next((line.text for line in errors if line.target == REASON), "")
    years = [(str(year), str(year)) for year in found["years"]]
    ruled = [cell["why"] in RULES for cell in found["cells"]]
    named = [
        (str(place), f"{cell} ({table})" if table else cell)
        for place, (table, cell, _why) in enumerate(cells)
        if not ruled[place]
    ]
    offered = [
        _checks(
            "keep",
            _("Wait: keep the published figures of these years"),
            years,
            typed,
            hint=_("The corrections are collected until they are many enough; readers are told."),
        )
        if years
        else None,
        _checks(
            "hide",
            _("Suppress more"),
            [("totals", _("Also suppress the total of a year where that is needed"))],
            typed,
            hint=_("What was published before stays known; only the new number is not told."),
        )
        if named
        else None,
        _checks(
            "rules",
            _("Accept"),
            [("all", _("Tell what the rules cannot suppress, all that is named above"))],
            typed,
            hint=_("A waiver: your name and reason are kept, and the colleague who approves sees them."),
        )
        if any(ruled)
        else None,
        _checks(
            "waive",
            _("Show nevertheless"),
            named,
            typed,
            hint=_("A waiver: your name and reason are kept, and the colleague who approves sees them."),
        )
        if named
        else None,
        fields.plain(
            "reason",
            _("Reason"),
            value=typed.get("reason", ""),
            widget="lines",
            maximum=500,
            optional=True,
            hint=_("Needed when you suppress a total or show a cell nevertheless."),
            error=missing,
            prefix="c",
        ),
    ]
    return [one for one in offered if one is not None]


def _checks(name: str, label: str, options: list[tuple[str, str]], typed: QueryDict, *, hint: str) -> FieldView:
    chosen_ones = typed.getlist(name)
    return FieldView(
        name=name,
        id=f"c-{name}",
        label=label,
        widget="checks",
        options=tuple(Option(value, words, value in chosen_ones) for value, words in options),
        hint=hint,
        optional=True,
    )
