"""A case as a physician hands it in, through the same writes as the pages."""

from typing import Any

from register.casework import intake, moves, substances, toxicology
from register.models import Case, User

AMSTERDAM = "GG3406"
PAGES: dict[str, dict[str, str]] = {
    "overledene": {
        "sex": "female",
        "age_years": "41",
        "residence_kind": "municipality",
        "residence_municipality": "GM0362",
    },
    "overlijden": {
        "date_of_death_day": "30",
        "date_of_death_month": "9",
        "date_of_death_year": "2026",
        "date_of_death_precision": "exact",
        "place_type": "own_home",
        "death_municipality": "GM0363",
        "date_examined_day": "1",
        "date_examined_month": "10",
        "date_examined_year": "2026",
        "manner_provisional": "non_natural",
    },
    "omstandigheden": {"intent_provisional": "accident", "used_alone": "yes"},
    "conclusie": {"relation_to_drugs": "direct", "cause_line_a": "intoxicatie met heroïne"},
}


def hand_in(
    physician: User, found: tuple[str, str | None] = ("heroïne", "sole_cause"), code: str | None = None, **answers: str
) -> Case:
    case = intake.open_case(by=physician)
    for page, usual in PAGES.items():
        given = {name: value for name, value in answers.items() if name in usual}
        saved = intake.save_page(
            case_id=case.pk, page=page, raw={**usual, **given}, seen_version=version(case), by=physician
        )
        assert saved.problems == {}
    name, role = found
    substance = code or {"heroïne": "heroin"}.get(name)
    act: dict[str, Any] = {"case_id": case.pk, "by": physician}
    substances.add_suspicion(
        reported_as=name, substance=substance, evidence=["scene"], seen_version=version(case), **act
    )
    toxicology.no_toxicology(reason="prosecutor", seen_version=version(case), **act)
    substances.add_finding(
        reported_as=name,
        substance=substance,
        role=role,
        evidence=["scene"],
        origin="illicit",
        seen_version=version(case),
        **act,
    )
    moves.submit(seen_version=version(case), **act)
    return Case.objects.get(pk=case.pk)


def version(case: Case) -> int:
    """The version of the case as it is now."""
    return Case.objects.values_list("row_version", flat=True).get(pk=case.pk)
