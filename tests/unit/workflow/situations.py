"""Situations in which nothing stands in the way, and strategies for arbitrary ones."""

from dataclasses import fields, replace
from typing import Any

from hypothesis import strategies as st

from register.workflow.case_situation import CaseSituation
from register.workflow.release_situation import ReleaseSituation
from register.workflow.transitions import Spot

SPOT = Spot("Leeftijd (jaren)", "Age (years)", field="Decedent.age_years", page="overledene")

SENTENCE = Spot("Leeftijd 9 jaar komt weinig voor.", "An age of 9 years is unusual.", field="Decedent.age_years")

CLEAR_CASE = CaseSituation(
    actor_is_reporter=False,
    missing_core=(),
    blocking_errors=(),
    unaccepted_warnings=(),
    unanswered_threads=0,
    answered_threads=0,
    pending_answers=(),
    unmapped_terms=(),
    findings_without_role=(),
    missing_conclusions=(),
    overrides_without_reason=(),
    tox_status="final",
    no_tox_reason_given=False,
    tox_due_date_known=True,
    inclusion="confirmed",
    exclusion_reason_given=True,
    coding_confirmed=True,
    undecided_duplicates=0,
    doubtful=False,
    panel_votes_by_others=2,
    in_final_release=False,
    second_person=False,
)

CLEAR_RELEASE = ReleaseSituation(
    actor_is_author=False,
    missing_terms=(),
    built=True,
    suppression_report_ready=True,
    difference_report_ready=True,
    computable_cells=0,
    replaces="published_provisional",
    correction_reason_given=True,
    tox_completeness_known=True,
    published_since=(),
    open_cases=0,
    successor_published=True,
    retraction_asked_by_other=True,
)


def case_with(**facts: Any) -> CaseSituation:
    return replace(CLEAR_CASE, **facts)


def release_with(**facts: Any) -> ReleaseSituation:
    return replace(CLEAR_RELEASE, **facts)


_SPOTS = st.lists(st.just(SPOT), max_size=2).map(tuple)
_CODES = {
    "tox_status": st.sampled_from(
        ["", "not_requested", "requested", "sampled", "partial", "final", "refused", "unsuitable"]
    ),
    "inclusion": st.sampled_from(["", "confirmed", "probable", "suspected", "excluded"]),
    "replaces": st.sampled_from(["", "published_provisional", "published_further_provisional", "published_final"]),
    "published_since": st.sampled_from([(), ("2016-nl-broad-p1",)]),
}


def _strategy(name: str, kind: Any) -> st.SearchStrategy[Any]:
    if name in _CODES:
        return _CODES[name]
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(0, 3)
    return _SPOTS


# Each fact is mostly as in the clear situation, so that allowed moves occur often enough to say something.
CASE_SITUATIONS = st.builds(
    CaseSituation,
    **{
        field.name: st.just(getattr(CLEAR_CASE, field.name)) | _strategy(field.name, field.type)
        for field in fields(CaseSituation)
    },
)
RELEASE_SITUATIONS = st.builds(
    ReleaseSituation,
    **{
        field.name: st.just(getattr(CLEAR_RELEASE, field.name)) | _strategy(field.name, field.type)
        for field in fields(ReleaseSituation)
    },
)
