"""Reviewing imported cases in bulk, and real and published figures through both."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from register.casework.importing.synthetic import write_cases
from register.models import Case, DefinitionResult, StatusChange, SubstanceFinding, SuspectedSubstance, User
from tests.integration.casework.deaths import Run, lines_of, review_in_bulk
from tests.trail import looks

pytestmark = pytest.mark.django_db


def test_the_bulk_review_closes_what_the_guards_allow_and_lists_the_rest(
    run: Run, tmp_path: Path, reviewer: User, second_reviewer: User
) -> None:
    run([{}, {"Manner of Death": "Pending"}, {"Manner of Death": "Natural", "Age": "50"}, {"Manner of Death": ""}])
    refused = tmp_path / "refused.csv"
    assert "4 cases: 1 closed, 1 excluded, 2 refused." in review_in_bulk(second_reviewer, refused=refused)
    closed = Case.objects.get(status="closed")
    assert closed.decided_by == second_reviewer
    section = closed.causeofdeath_section
    assert (section.manner_final, section.intent_final, section.icd10_ucod) == ("non_natural", "accident", "X42")
    assert list(closed.statuschange_rows.order_by("id").values_list("name", flat=True)) == ["submit", "take", "close"]
    assert set(closed.history.values_list("history_user__username", flat=True)) == {
        reviewer.username,
        second_reviewer.username,
    }
    assert dict(DefinitionResult.objects.filter(case=closed).values_list("definition", "basis"))["sel_b"] == "coded"
    assert Case.objects.get(status="excluded").assessment_section.exclusion_reason == "natural"
    lines = lines_of(refused)
    pending = Case.objects.get(causeofdeath_section__intent_provisional_missing="PEND")
    assert pending.status == "submitted" and pending.history.count() == 1
    assert any(number == pending.case_number and "Not known yet" in reason for number, reason, _ in lines)
    listed = looks(code="case.list", actor=str(second_reviewer.pk))
    assert [pending.pk in look.objects for look in listed] == [True]
    assert "2 cases: 0 closed, 0 excluded, 2 refused." in review_in_bulk(second_reviewer)


def test_nobody_reviews_an_own_import_in_bulk(run: Run, reviewer: User, physician: User) -> None:
    run([{}])
    assert "0 closed, 0 excluded, 1 refused." in review_in_bulk(reviewer)
    assert Case.objects.get().status == "submitted"
    with pytest.raises(CommandError, match="may not"):
        review_in_bulk(physician)


def test_a_dry_run_of_the_bulk_review_stores_nothing(run: Run, second_reviewer: User) -> None:
    run([{}])
    assert "1 would be closed" in review_in_bulk(second_reviewer, dry_run=True)
    assert Case.objects.get().status == "submitted"
    assert StatusChange.objects.count() == 1


def test_the_bulk_review_takes_the_year_and_the_number_it_is_given(run: Run, second_reviewer: User) -> None:
    run([{}, {"Age": "40"}, {"Date": "01/01/2017"}])
    assert "2 cases" in review_in_bulk(second_reviewer, year=2018, dry_run=True)
    assert "1 cases" in review_in_bulk(second_reviewer, limit=1, dry_run=True)


def test_120_real_rows_are_imported_and_closed(
    run: Run, reference_dir: Path, tmp_path: Path, second_reviewer: User
) -> None:
    source = (reference_dir / "connecticut_drug_deaths_2012_2019.csv").read_bytes().splitlines(keepends=True)
    step = len(source) // 120
    sample = b"".join([source[0], *source[1 : 120 * step : step]])
    said = run(sample, file=tmp_path / "sample.csv")
    assert said.startswith("120 rows: 120 imported, 0 imported before, 0 rejected.")
    assert "120 cases:" in (reviewed := review_in_bulk(second_reviewer))
    closed = Case.objects.filter(status="closed").count()
    assert closed >= 118, reviewed
    rows = list(csv.DictReader(io.StringIO(sample.decode())))
    heroin = SubstanceFinding.objects.filter(substance="heroin", role__in=["sole_cause", "joint_cause"])
    ticked = sum(row["Heroin"].startswith("Y") for row in rows)
    assert 0 <= heroin.values("case").distinct().count() - ticked <= 2
    assert SuspectedSubstance.objects.exclude(outcome="confirmed").count() <= 20


@pytest.mark.soak
def test_961_made_up_dutch_deaths_have_the_published_margins(
    reference_dir: Path, tmp_path: Path, reviewer: User
) -> None:
    file = tmp_path / "nl.csv"
    margins = reference_dir / "nl_deaths_2013_2017.csv"
    assert write_cases(margins, file) == 961
    call_command("import_cases", str(file), mapping="nl_margins", by=reviewer.username, stdout=io.StringIO())
    in_b = DefinitionResult.objects.filter(definition="sel_b", outcome="yes").values("case")
    counted = Case.objects.filter(pk__in=in_b).values_list(
        "death_section__date_of_death_from__year", "decedent_section__sex", "decedent_section__age_years"
    )
    found = list(counted)
    assert len(found) == 961
    for row in csv.DictReader(io.StringIO(margins.read_text(encoding="utf-8"))):
        year, deaths = int(row["year"]), int(row["deaths"])
        of_year = [(sex, age) for when, sex, age in found if when == year]
        if row["sex"] != "_T":
            sex = {"M": "male", "F": "female"}[row["sex"]]
            assert sum(one == sex for one, _ in of_year) == deaths
        elif row["age_band"] == "_T":
            assert len(of_year) == deaths
        else:
            low, high = (int(part) for part in (row["age_band"].replace("+", "-120")).split("-"))
            assert sum(low <= age <= high for _, age in of_year) == deaths
