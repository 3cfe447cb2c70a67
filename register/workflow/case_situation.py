"""The facts about a case that decide whether it may move."""

from dataclasses import dataclass

from register.workflow.transitions import Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSituation:
    """What is true of a case at the moment someone wants to move it.

    No fact has a default: a fact that nobody looked up must not let a case through. ``tox_status`` is a code of
    VS-TOXSTAT and ``inclusion`` one of VS-INCL, both empty when not set. ``unanswered_threads`` wait for an answer,
    ``answered_threads`` are answered and not yet closed. ``blocking_errors`` and ``unaccepted_warnings`` are named by
    the whole sentence of the finding, the other places by the label of a field or the words of a row.
    ``pending_answers`` are answers with the reason PEND, ``overrides_without_reason`` are computed proposals that were
    replaced without saying why. ``panel_votes_by_others`` counts votes of persons other than the reviewer.
    ``second_person`` says that someone other than the actor asked for or agreed to the reopening.
    """

    actor_is_reporter: bool
    missing_core: tuple[Spot, ...]
    blocking_errors: tuple[Spot, ...]
    unaccepted_warnings: tuple[Spot, ...]
    unanswered_threads: int
    answered_threads: int
    pending_answers: tuple[Spot, ...]
    unmapped_terms: tuple[Spot, ...]
    findings_without_role: tuple[Spot, ...]
    missing_conclusions: tuple[Spot, ...]
    overrides_without_reason: tuple[Spot, ...]
    tox_status: str
    no_tox_reason_given: bool
    tox_due_date_known: bool
    inclusion: str
    exclusion_reason_given: bool
    coding_confirmed: bool
    undecided_duplicates: int
    doubtful: bool
    panel_votes_by_others: int
    in_final_release: bool
    second_person: bool
