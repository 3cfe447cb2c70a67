"""The facts about a release that decide whether it may move."""

from dataclasses import dataclass

from register.workflow.transitions import Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSituation:
    """What is true of a release at the moment someone wants to move it.

    No fact has a default: a fact that nobody looked up must not let a release through. ``actor_is_author`` covers the
    maker and the one who submitted it. ``missing_terms`` are the cut-off date, period, definitions and rule versions
    that are not fixed yet. ``computable_cells`` counts suppressed cells that the attack test could compute.
    ``replaces`` is the status of the release this one names as its predecessor, empty when there is none.
    ``open_cases`` are cases of the period that are neither closed nor excluded. ``retraction_asked_by_other`` says that
    a colleague of the actor asked for the retraction. ``published_since`` names the releases of the same years that
    were published after this one was made: it was not protected beside them.
    """

    actor_is_author: bool
    missing_terms: tuple[Spot, ...]
    built: bool
    suppression_report_ready: bool
    difference_report_ready: bool
    computable_cells: int
    replaces: str
    correction_reason_given: bool
    tox_completeness_known: bool
    published_since: tuple[str, ...]
    open_cases: int
    successor_published: bool
    retraction_asked_by_other: bool
