"""Requests, results in one unit, and the state of a case's toxicology."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from register.casework import moves, toxicology
from register.casework.errors import InvalidError, RefusedError
from register.models import Substance, ToxResult, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value", "unit", "normalised", "normalised_unit"),
    [
        ("MDMA", "1,2", "mg_l", "1200", "ug_l"),
        ("alcohol", "1,9", "promille", "1.9", "g_l"),
        ("ethanol", "21,7", "mmol_l", "0.999719", "g_l"),
        ("cocaïne", "0,4", "mg_kg", "400", "ug_kg"),
        ("cocaïne", "12", "pct_cohb", None, None),
    ],
)
def test_a_value_is_kept_as_reported_and_in_the_unit_of_the_register(
    physician: User, name: str, value: str, unit: str, normalised: str | None, normalised_unit: str | None
) -> None:
    case = factories.submitted(physician)
    factories.add_result(case, physician, reported_as=name, value=value, unit=unit)
    row = ToxResult.objects.get(case=case)
    assert (row.reported_as, row.value, row.unit) == (name, Decimal(value.replace(",", ".")), unit)
    assert row.substance_id is not None
    assert (row.normalised_value, row.normalised_unit) == (normalised and Decimal(normalised), normalised_unit)


def test_millimoles_use_the_molar_mass_of_the_catalogue(physician: User) -> None:
    Substance.objects.filter(pk="cocaine").update(molar_mass=Decimal("303.353"))
    case = factories.submitted(physician)
    factories.add_result(case, physician, reported_as="cocaïne", value="0,01", unit="mmol_l")
    assert ToxResult.objects.get(case=case).normalised_value == Decimal("3033.53")


def test_a_value_needs_its_unit(physician: User) -> None:
    case = factories.submitted(physician)
    with pytest.raises(InvalidError) as invalid:
        factories.add_result(case, physician, reported_as="MDMA", value="1,2")
    assert set(invalid.value.problems) == {"unit"}


def test_the_due_date_is_the_request_and_the_term_of_the_laboratory(physician: User) -> None:
    case = factories.filled(physician)
    assert case.toxrequest_rows.get().due_on == timezone.localdate() + timedelta(days=42)
    assert case.followup_due == timezone.localdate() + timedelta(days=42)


def test_the_toxicology_of_a_case_is_that_of_its_least_advanced_open_request(physician: User) -> None:
    case = factories.submitted(physician)
    case = factories.with_result(case, physician)
    assert case.tox_status == "final"
    case = toxicology.request_toxicology(
        case_id=case.pk, raw={"lab": "erasmus-mc"}, seen_version=case.row_version, by=physician
    )
    assert case.tox_status == "requested"
    second = case.toxrequest_rows.order_by("id").last().pk
    case = toxicology.add_sample(
        case_id=case.pk, request_id=second, raw={"matrix": "urine"}, seen_version=case.row_version, by=physician
    )
    assert case.tox_status == "sampled"


def test_no_toxicology_is_recorded_with_a_reason_and_gives_way_to_a_request(physician: User) -> None:
    case = factories.draft(physician)
    with pytest.raises(InvalidError):
        toxicology.no_toxicology(case_id=case.pk, reason="", seen_version=case.row_version, by=physician)
    case = toxicology.no_toxicology(case_id=case.pk, reason="cost", seen_version=case.row_version, by=physician)
    assert case.tox_status == "not_requested"
    case = toxicology.request_toxicology(
        case_id=case.pk, raw={"lab": "nfi"}, seen_version=case.row_version, by=physician
    )
    row = case.toxrequest_rows.get()
    assert (case.tox_status, row.status, row.not_requested_reason) == ("requested", "requested", None)
    with pytest.raises(RefusedError, match="requested already"):
        toxicology.no_toxicology(case_id=case.pk, reason="cost", seen_version=case.row_version, by=physician)


def test_a_final_report_ends_the_waiting_by_itself(physician: User, reviewer: User) -> None:
    case = factories.in_review(physician, reviewer)
    case = moves.await_toxicology(case_id=case.pk, seen_version=case.row_version, by=reviewer)
    assert case.status == "awaiting_tox"
    case = factories.with_result(case, physician)
    assert case.status == "in_review"
    last = case.statuschange_rows.order_by("at").last()
    assert (last.name, last.by, last.role) == ("tox_arrived", None, "system")
