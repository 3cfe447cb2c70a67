"""Importing rows: what a row becomes, what happens when a file is read twice, and when a run is stopped."""

import itertools
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from register.casework.importing import importer
from register.models import Case, StatusChange, SubstanceFinding, ToxResult, User
from tests.integration.casework.deaths import Run, rejects
from tests.trail import looks

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_submitted_case_of_the_importer_with_history_and_access_events(
    run: Run, reviewer: User
) -> None:
    assert "1 imported" in run([{}])
    case = Case.objects.get()
    assert (case.status, case.reporter, case.region_id, case.version) == ("submitted", reviewer, "GG3406", 1)
    assert (case.decedent_section.sex, case.decedent_section.age_years) == ("male", 34)
    assert case.death_section.date_of_death_from == date(2018, 12, 31)
    assert case.causeofdeath_section.icd10_ucod_suggested == "X42"
    assert case.external_reference_missing == "WTHD"
    kept = case.history.get()
    assert (kept.history_type, kept.history_user, kept.history_change_reason) == ("+", reviewer, "import connecticut")
    assert case.decedent_section.history.get().age_years == 34
    move = StatusChange.objects.get(case=case)
    assert (move.name, move.by, move.from_status, move.to_status) == ("submit", reviewer, "draft", "submitted")
    events = Counter(look.code for look in looks(actor=str(reviewer.pk)))
    assert events == {"import.run": 1, "case.create": 1, "case.submit": 1}
    assert [look.objects for look in looks(code="case.submit")] == [[case.pk]]


def test_substances_become_suspicion_finding_and_result(run: Run) -> None:
    run([{}])
    findings = {row.substance_id: row for row in SubstanceFinding.objects.all()}
    assert {code: (row.role, row.certainty, row.evidence) for code, row in findings.items()} == {
        "heroin": ("joint_cause", "certain", ["tox_lab"]),
        "cocaine": ("joint_cause", "certain", ["tox_lab"]),
    }
    assert findings["heroin"].suspicion.reported_as == "Heroin"
    assert set(ToxResult.objects.values_list("substance_id", "outcome", "stage")) == {
        ("heroin", "detected", "confirmed"),
        ("cocaine", "detected", "confirmed"),
    }
    assert Case.objects.get().tox_status == "final"


@pytest.mark.parametrize(
    ("text", "ticked", "roles"),
    [
        ("Acute Heroin Intoxication", {"Heroin": "Y"}, {"heroin": "sole_cause"}),
        ("Fentanyl Toxicity", {"Fentanyl": "Y (PTCH)"}, {"fentanyl": "sole_cause"}),
        ("Fentanyl Toxicity", {"Ethanol": "P"}, {"fentanyl": "sole_cause"}),
        ("Multiple Drug Toxicity", {"Oxycodone": "Y"}, {"oxycodone": "sole_cause"}),
        ("Multiple Drug Toxicity", {}, {"substance-unknown": "sole_cause"}),
        ("Alprazolam Toxicity", {"Benzodiazepine": "Y"}, {"alprazolam": "sole_cause"}),
        (
            "Heroin and Morphine",
            {"Heroin": "Y"},
            {"heroin": "sole_cause", "morphine": "metabolite_or_adulterant"},
        ),
        (
            "Heroin and Morphine",
            {"Heroin": "Y", "Morphine (Not Heroin)": "Y"},
            {"heroin": "joint_cause", "morphine": "joint_cause"},
        ),
        ("Acute Intoxication", {"Other": "PCP"}, {"3-meo-pcp-pcp": "sole_cause"}),
    ],
)
def test_text_and_ticks_together_say_what_contributed(
    run: Run, text: str, ticked: dict[str, str], roles: dict[str, str]
) -> None:
    run([{"Cause of Death": text, "Heroin": "", "Cocaine": "", **ticked}])
    assert dict(SubstanceFinding.objects.values_list("substance_id", "role")) == roles


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"Manner of Death": "accident"}, "causeofdeath_section.manner_provisional", "non_natural"),
        ({"Manner of Death": "ACCIDENT"}, "causeofdeath_section.intent_provisional", "accident"),
        ({"Manner of Death": "Pending"}, "causeofdeath_section.intent_provisional_missing", "PEND"),
        ({"Manner of Death": ""}, "causeofdeath_section.manner_provisional_missing", "UNK"),
        ({"Sex": ""}, "decedent_section.sex_missing", "UNK"),
        ({"Sex": " female "}, "decedent_section.sex", "female"),
        ({"Age": "0"}, "decedent_section.age_years", 0),
        ({"Age": ""}, "decedent_section.age_years_missing", "UNK"),
        ({"Date Type": "Date reported"}, "death_section.date_of_death_precision", "estimated"),
        ({"Death County": "", "Injury County": "MNEW LONDON"}, "region_id", "GG2514"),
        ({"Death County": "USA"}, "region_id", "GG0111"),
        ({"Residence State": "NY"}, "decedent_section.non_resident", True),
        ({"Location": "Other", "Location if Other": "Decedent\u2019s Home"}, "death_section.place_type", "own_home"),
        ({"Location": "Other", "Location if Other": "Friend's Residence"}, "death_section.place_type", "other_home"),
        ({"Description of Injury": "Injection"}, "circumstances_section.routes", ["injected"]),
    ],
)
def test_dirt_is_read_as_it_is_meant(run: Run, change: dict[str, str], field: str, value: object) -> None:
    run([change])
    found: Any = Case.objects.get()
    for name in field.split("."):
        found = getattr(found, name)
    assert found == value


def test_running_a_file_twice_adds_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    rows = [{"Age": str(age)} for age in (20, 21, 21)]
    assert "3 imported" in run(rows, file=file)
    before = Counter(Case.history.values_list("history_type", flat=True))
    assert "0 imported, 3 imported before" in run(rows, file=file)
    assert Case.objects.count() == 3
    assert Counter(Case.history.values_list("history_type", flat=True)) == before


def test_a_longer_version_of_a_file_adds_only_its_new_rows(run: Run, tmp_path: Path) -> None:
    run([{"Age": "20"}], file=tmp_path / "may.csv")
    assert "1 imported, 1 imported before" in run([{"Age": "20"}, {"Age": "30"}], file=tmp_path / "june.csv")


def test_a_run_that_was_killed_is_continued(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "killed.csv"
    rows = [{"Age": str(age)} for age in range(20, 30)]
    monkeypatch.setattr(importer, "BATCH", 4)
    stored = itertools.count()

    def killed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "register_case"') and next(stored) == 1:
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(killed):
        run(rows, file=file)
    assert Case.objects.count() == 4
    assert "6 imported, 4 imported before" in run(rows, file=file)
    assert sorted(Case.objects.values_list("decedent_section__age_years", flat=True)) == list(range(20, 30))
    assert StatusChange.objects.count() == 10


def test_a_dry_run_checks_everything_and_stores_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dry.csv"
    said = run([{}, {"Age": "-1"}], file=file, dry_run=True)
    assert "1 would be imported, 0 imported before, 1 rejected" in said
    assert rejects(file)[0][:2] == ["2", "Decedent.age_years"]
    assert not Case.objects.exists()
    assert not looks()
