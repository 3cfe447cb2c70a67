"""Noise by cell keys: its moments, computed from the whole weights, and that the same records always get the same."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.disclosure import CellKey, DisclosureInputError
from register.disclosure.cellkey import KEYS, Noise, noise, one_treatment, perturbed, record_key

SECRET = bytes(range(32))
TABLE = noise(largest=8, variance=6.0, threshold=5)


def moments(table: Noise, count: int) -> tuple[Fraction, Fraction]:
    pairs = list(zip(table.steps.tolist(), table.weights[count].tolist(), strict=True))
    mean = Fraction(sum(step * weight for step, weight in pairs), KEYS)
    return mean, Fraction(sum(step * step * weight for step, weight in pairs), KEYS) - mean**2


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 6), st.integers(0, 8), st.floats(0.05, 0.6))
def test_the_noise_has_mean_nought_and_no_small_outcome(threshold: int, more: int, part: float) -> None:
    largest = threshold - 1 + more
    variance = part * largest**2 / 2
    table = noise(largest=largest, variance=variance, threshold=threshold)
    for count in range(table.cap + 1):
        mean, spread = moments(table, count)
        assert table.weights[count].sum() == KEYS
        assert table.weights[count].min() >= 0
        assert abs(mean) < Fraction(2 * largest * len(table.steps), KEYS) + Fraction(1, 10**8)
        reached = {count + int(step) for step in table.steps[table.weights[count] > 0]}
        assert not reached & set(range(1, threshold))
        assert min(reached) >= 0
        if count == 0:
            assert reached == {0}
        elif count >= threshold + largest:
            assert abs(float(spread) - variance) < 1e-6


def test_a_count_of_one_becomes_nought_four_times_in_five() -> None:
    table = noise(largest=4, variance=1.0, threshold=5)
    chances = {int(s): int(w) for s, w in zip(table.steps, table.weights[1], strict=True) if w}
    assert set(chances) == {-1, 4}
    assert abs(chances[-1] / KEYS - 0.8) < 1e-9


def test_every_key_finds_its_noise_by_its_share_of_the_keys() -> None:
    row = TABLE.weights[TABLE.cap].tolist()
    start = 0
    for step, weight in zip(TABLE.steps.tolist(), row, strict=True):
        if weight:
            assert TABLE.of(TABLE.cap, start) == TABLE.of(TABLE.cap, start + weight - 1) == step
            assert TABLE.of(20_000, start) == step
        start += weight


@settings(max_examples=30, deadline=None)
@given(st.sets(st.text(min_size=1, max_size=4), max_size=12), st.randoms(use_true_random=False))
def test_the_same_records_get_the_same_number_in_any_order_table_and_query(ids: set[str], chance: Random) -> None:
    keys = [record_key(SECRET, one) for one in sorted(ids)]
    shuffled = list(keys)
    chance.shuffle(shuffled)
    one, other = CellKey("all", "deaths", (("sex", "F"),)), CellKey("all", "any", (("group", "x"),))
    found = perturbed({one: keys, other: shuffled}, TABLE)
    assert found[one] == found[other]
    assert found[one].value == 0 or found[one].value >= 5
    assert abs(found[one].value - len(keys)) <= 8
    if not ids:
        assert found[one].value == 0


def test_the_key_of_a_record_is_its_keyed_hash() -> None:
    # RFC 4231, test case 1 has a key of 20 bytes; its key padded with noughts to 32 bytes gives the same hash.
    assert record_key(b"\x0b" * 20 + b"\x00" * 12, "Hi There") == 0x2E32CFF7
    assert record_key(SECRET, "a") != record_key(bytes(32), "a")
    with pytest.raises(DisclosureInputError, match="at least 32 bytes"):
        record_key(b"short", "a")


@pytest.mark.parametrize(
    "wrong",
    [
        {"largest": 3, "variance": 2.0, "threshold": 5},
        {"largest": 8, "variance": 0.0},
        {"largest": 8, "variance": 64.0},
        {"largest": 8, "variance": 2.0, "threshold": 1},
    ],
    ids=range(4),
)
def test_parameters_that_make_no_noise_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DisclosureInputError, match="Noise takes"):
        noise(**wrong)


def test_exact_and_perturbed_numbers_of_the_same_deaths_are_not_published_together() -> None:
    total, women = CellKey("sel_d", "deaths", ()), CellKey("sel_d", "deaths", (("sex", "F"),))
    one_treatment([(total, "exact"), (women, "exact"), (CellKey("sel_b", "deaths", ()), "perturbed")])
    with pytest.raises(DisclosureInputError, match=r"Numbers of sel_d are published in two ways; choose one\."):
        one_treatment([(total, "exact"), (women, "perturbed")])
