"""The facts of a death take only codes of their value sets."""

import pytest

from register.coding.catalogue import UnknownCodeError
from register.coding.facts import CaseFacts, Contributor, contributors, possible_contributors, without_role
from register.coding.icd10 import InvalidIcd10Error
from tests.unit.coding.cases import death


@pytest.mark.parametrize(
    ("answers", "named"),
    [
        (("zelfmoord", "direct", "confirmed"), "unknown intent 'zelfmoord'"),
        (("accident", "dierct", "confirmed"), "unknown relation 'dierct'"),
        (("accident", "direct", ""), "unknown inclusion ''"),
    ],
)
def test_an_answer_outside_its_value_set_is_refused_by_name(answers: tuple[str, str, str], named: str) -> None:
    with pytest.raises(UnknownCodeError, match=named):
        CaseFacts(*answers)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (("heroin", "cause", None, None), "unknown role 'cause'"),
        (("heroin", "sole_cause", "street", None), "unknown origin 'street'"),
        (("heroin", "sole_cause", None, "sure"), "unknown certainty 'sure'"),
    ],
)
def test_a_substance_row_outside_its_value_sets_is_refused_by_name(
    row: tuple[str, str, str | None, str | None], named: str
) -> None:
    with pytest.raises(UnknownCodeError, match=named):
        Contributor(*row)


def test_icd_codes_are_kept_in_one_spelling_and_refused_when_they_are_none() -> None:
    facts = CaseFacts("accident", "direct", "confirmed", ucod="x420", t_codes=("t401", "T43.6"))
    assert (facts.ucod, facts.t_codes) == ("X42.0", ("T40.1", "T43.6"))
    with pytest.raises(InvalidIcd10Error, match="'heroin'"):
        CaseFacts("accident", "direct", "confirmed", ucod="heroin")
    with pytest.raises(InvalidIcd10Error, match="'X42'"):
        CaseFacts("accident", "direct", "confirmed", t_codes=("X42",))


def test_a_substance_counts_once_with_its_strongest_role_and_greatest_certainty() -> None:
    facts = death("heroin:joint_cause::possible heroin:sole_cause heroin:possible_contribution heroin:-")
    assert [(row.role, row.certainty) for row in contributors(facts)] == [("sole_cause", None)]
    assert possible_contributors(facts) == ()
    assert without_role(facts) == ()


def test_each_role_has_its_place() -> None:
    facts = death("mdma cocaine:possible_contribution ghb:- heroin:suspected_only ethanol:therapeutic")
    found = contributors(facts), possible_contributors(facts), without_role(facts)
    assert [[row.code for row in rows] for rows in found] == [["mdma"], ["cocaine"], ["ghb"]]
