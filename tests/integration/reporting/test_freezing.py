"""Which cases count, and in which year."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from register.audit import acting_as
from register.models import (
    Case,
    Circumstances,
    ForensicService,
    History,
    NaloxoneGiven,
    NilReport,
    StatusChange,
    ToxRequest,
)
from register.reporting import freezing, shares
from register.reporting.errors import BuildError
from register.reporting.extract import Extract
from register.reporting.freezing import Standing
from register.workflow.case_transitions import CaseState
from tests.integration.reporting.closed_cases import AMSTERDAM, Closed, people, store

pytestmark = pytest.mark.django_db
YEARS = range(2016, 2018)


def _freeze() -> Extract:
    return freezing.freeze(years=YEARS, cut_off=timezone.now(), rule_version="1")


def test_closed_confirmed_and_probable_cases_count_and_no_others() -> None:
    store(
        [
            Closed(),
            Closed(inclusion="probable"),
            Closed(inclusion="suspected"),
            *(Closed(status=state) for state in CaseState if state is not CaseState.CLOSED),
        ]
    )
    assert [death.inclusion for death in _freeze().deaths] == ["confirmed", "probable"]


def test_a_case_closed_after_the_cut_off_does_not_count() -> None:
    store([Closed(closed_on=timezone.now() + timedelta(hours=1)), Closed()])
    assert len(_freeze().deaths) == 1


def test_a_death_counts_in_the_year_that_is_known_and_nowhere_when_it_is_not() -> None:
    store(
        [
            Closed(day=date(2015, 12, 31)),
            Closed(day=date(2016, 1, 1)),
            Closed(day=date(2017, 1, 1), until=date(2017, 12, 31)),
            Closed(day=date(2016, 12, 31), until=date(2017, 1, 1)),
            Closed(day=None),
            Closed(day=date(2018, 1, 1)),
        ]
    )
    assert [death.year for death in _freeze().deaths] == [2016, 2017]
    assert freezing.standing(years=YEARS, cut_off=timezone.now()) == Standing(decided=2, open=0, year_unknown=2)


def test_completeness_counts_decided_against_open_cases_and_leaves_drafts_out() -> None:
    store([Closed(status=state) for state in CaseState])
    found = freezing.standing(years=YEARS, cut_off=timezone.now())
    assert found == Standing(decided=2, open=len(CaseState) - 4, year_unknown=0)


def test_missing_answers_become_unknown_and_struck_rows_and_other_roles_do_not_count() -> None:
    roles = [("heroin", "joint_cause"), ("cocaine", "present_no_contribution"), ("diazepam", "possible_contribution")]
    store([Closed(sex=None, age=None, substances=roles)])
    (death,) = _freeze().deaths
    assert (death.sex, death.age_known) == ("_U", None)
    assert death.substances == (("diazepam", "possible_contribution"), ("heroin", "joint_cause"))


def test_what_no_table_crosses_is_frozen_as_counts_of_a_year() -> None:
    one, _ = store(
        [
            Closed(day=date(2016, 3, 4), cbs="found", autopsy=("ct", "forensic")),
            Closed(day=date(2016, 1, 1), until=date(2016, 12, 31), autopsy=("external", "ct")),
        ]
    )
    with acting_as(people()[1]):
        Circumstances.objects.create(case=one, used_alone="yes", routes=["oral", "nasal"])
        History.objects.create(case=one, mental_health=["diagnosis", "none"])
        for helper in ("police", "no"):
            NaloxoneGiven.objects.create(case=one, given_by=helper)
        request = {"status": "final", "requested_on": date(2016, 3, 10), "received_on": date(2016, 4, 9)}
        ToxRequest.objects.create(case=one, panel_scope=["alcohol"], **request)
        service = ForensicService.objects.filter(region_id=AMSTERDAM).first()
        NilReport.objects.create(service=service, month=date(2016, 2, 1), by=people()[0])
    told = {(tally.subject, tally.code): tally.count for tally in _freeze().tallies if tally.population == "nl_broad"}
    assert told == {
        ("used_alone", "yes"): 1,
        ("routes", "known"): 1,
        ("routes", "oral"): 1,
        ("routes", "nasal"): 1,
        ("mental_health", "known"): 1,
        ("mental_health", "diagnosis"): 1,
        ("given_by", "known"): 1,
        ("given_by", "police"): 1,
        ("panel_scope", "known"): 1,
        ("panel_scope", "alcohol"): 1,
        ("tox_days", "known"): 1,
        ("tox_days.days", "30"): 1,
        ("autopsy", "yes"): 1,
        ("autopsy", "no"): 1,
        ("month", "M03"): 1,
        ("cbs", "found"): 1,
    }
    assert [tally.code for tally in _freeze().tallies if tally.population == "services"] == ["M02"]


def test_every_report_of_a_year_is_counted_by_what_became_of_it_and_drafts_are_not() -> None:
    store([Closed(status=state) for state in CaseState])
    store([Closed(inclusion="suspected"), Closed(day=None, status=CaseState.IN_REVIEW)])
    told = {(tally.subject, tally.code): tally.count for tally in _freeze().tallies if tally.population == "notified"}
    open_ = len(CaseState) - 4
    assert told == {
        ("decision", "suspected"): 1,
        ("decision", "excluded._U"): 1,
        ("decision", "open"): open_,
        ("completeness", f"{AMSTERDAM}.decided"): 3,
        ("completeness", f"{AMSTERDAM}.open"): open_,
        ("undated", "open"): 1,
    }


def test_a_case_defined_by_another_version_of_the_rules_stops_the_build() -> None:
    store([Closed(), Closed(rule_version="0"), Closed(rule_version="0")])
    with pytest.raises(BuildError, match="The definitions of 2 closed cases were not computed by rule version 1"):
        _freeze()


def test_the_number_of_queries_does_not_grow_with_the_number_of_cases(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    store([Closed()])
    with django_assert_num_queries(11):
        _freeze()
    store([Closed() for _ in range(40)])
    with django_assert_num_queries(11):
        assert len(_freeze().deaths) == 41


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (961, 961, 100), (960, 961, 99), (99, 100, 95), (9, 10, 50), (10, 10, 100), (3, 4, 0), (4, 4, 100)],
)
def test_a_published_share_never_gives_a_small_number_away(part: int, whole: int, expected: int | None) -> None:
    assert shares.share(part, whole, threshold=5) == expected


def test_cases_of_the_period_that_were_opened_again_since_a_moment_are_counted_once() -> None:
    twice, before, elsewhere, _ = store([Closed(), Closed(), Closed(day=date(2011, 1, 1)), Closed()])
    _reopened(before)
    cut_off = timezone.now()
    for case in (twice, twice, elsewhere):
        _reopened(case)
    assert freezing.reopened_since(years=YEARS, since=cut_off) == 1


def _reopened(case: Case) -> None:
    _, staff, _ = people()
    with acting_as(staff):
        StatusChange.objects.create(
            case=case,
            name="reopen",
            from_status="closed",
            to_status="reopened",
            by=staff,
            role=staff.role,
            reason="Late uitslag.",
            at=timezone.now(),
            version=2,
        )
