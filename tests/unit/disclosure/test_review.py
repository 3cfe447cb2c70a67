"""Counts that are not small and still tell something are named: an answer all share, a source that gives nearly all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import DisclosureInputError
from register.disclosure.instances import Instance, side
from register.disclosure.review import Alike, Dominated, Review, alike, dominated
from tests.unit.disclosure.test_single import instances

REGION = {"_T": "", "north": "_T", "n1": "north", "n2": "north", "s1": "_T"}
SUBSTANCE = {"_T": "", "opioid": "_T", "cocaine": "_T", "other": "_T"}


def table(**counts: tuple[int, int, int]) -> Instance:
    """Regions by substance; each region with its opioid, cocaine and other deaths."""
    sides = side("region", REGION), side("substance", SUBSTANCE)
    places = {"n1": 0, "n2": 1, "s1": 2}
    told = {(places[region], column): n for region, row in counts.items() for column, n in enumerate(row) if n}
    return Instance(sides, told, {})


@pytest.mark.parametrize(
    ("but", "named"),
    [
        (0, [("n1", "opioid", 0)]),
        (1, [("n1", "opioid", 0), ("s1", "cocaine", 1)]),
        (2, [("n1", "opioid", 0), ("s1", "cocaine", 1), ("north", "opioid", 2)]),
    ],
)
def test_a_group_in_which_all_but_a_few_share_an_answer_is_named(but: int, named: list[tuple[str, str, int]]) -> None:
    found = alike(table(n1=(7, 0, 0), n2=(2, 2, 0), s1=(1, 9, 0)), Review(("substance",), but), threshold=5)
    expected = {Alike((region, "_T"), "substance", code, others) for region, code, others in named}
    assert set(found) == expected


def test_small_groups_and_tables_without_a_sensitive_dimension_name_nothing() -> None:
    assert alike(table(n1=(4, 0, 0), n2=(9, 9, 9), s1=(8, 8, 8)), Review(("substance",)), threshold=5) == []
    assert alike(table(n1=(7, 0, 0)), Review(), threshold=5) == []


def test_a_source_that_provides_nearly_all_of_a_count_is_named() -> None:
    found = dominated(table(n1=(95, 0, 0), n2=(5, 9, 0), s1=(0, 9, 0)), Review(contributor="region"), threshold=5)
    assert Dominated(("_T", "opioid"), "n1", 95) in found
    assert Dominated(("north", "opioid"), "n1", 95) in found
    assert Dominated(("north", "cocaine"), "n2", 100) in found
    assert all(one.at != ("_T", "cocaine") for one in found)  # two regions with nine each


@settings(max_examples=40, deadline=None)
@given(instances(), st.integers(2, 6), st.integers(0, 2))
def test_what_is_named_is_true_and_nothing_is_left_out(instance: Instance, threshold: int, but: int) -> None:
    """By adding up the leaves one by one, for the total over the other dimensions."""
    name = instance.sides[0].name
    found = alike(instance, Review((name,), but), threshold)
    whole = tuple("_T" for _ in instance.sides)
    total = sum(instance.counts.values())
    one = instance.sides[0]
    parts = next(parts for parent, parts in one.sums if not parent)
    for part in parts if len(parts) > 1 else ():
        mine = sum(n for at, n in instance.counts.items() if one.members[part, at[0]])
        named = [hit for hit in found if hit.at == whole and hit.code == one.codes[part]]
        assert bool(named) == (total >= threshold and total - mine <= but)
        assert all(hit.others == total - mine for hit in named)


@pytest.mark.parametrize(
    ("review", "sentence"),
    [
        (Review(("manner",)), "The table has no dimension manner."),
        (Review(contributor="hospital"), "The table has no dimension hospital."),
        (Review(but=3), "'All but so many' is 0 to 2, and the share of one source 50 to 100 per cent."),
    ],
)
def test_a_review_that_makes_no_sense_is_told_in_a_sentence(review: Review, sentence: str) -> None:
    with pytest.raises(DisclosureInputError) as refusal:
        review.checked(table(n1=(7, 0, 0)).sides)
    assert str(refusal.value) == sentence
