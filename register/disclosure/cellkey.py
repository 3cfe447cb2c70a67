"""Cell-key perturbation (experimental): noise that depends on the records in a cell, and on nothing else.

Every record has a key that nobody can compute without the secret. The keys of the records in a cell add up to the
cell's key, which picks the noise from a table. The same set of records always gets the same noise, in whatever table
or query it stands, so asking again, or asking for it under another name, does not average the noise away.

Perturbed tables do not add up: say so on the page. Keep the secret apart from the database; a new secret makes a new
product. Exact and perturbed numbers of the same deaths must never both be published: see ``one_treatment``.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from register.disclosure.arrays import Floats, Ints
from register.disclosure.cells import CellKey, DisclosureInputError

KEYS: Final = 2**32
SECRET: Final = 32  # bytes
TURNS: Final = 500  # of Newton's method
EXACT: Final = 1e-10  # how far the moments may lie from what is asked, in parts of D and its square
ROUNDING: Final = 1e-14  # of the height of the function that is brought down

Treatment = Literal["exact", "rounded", "perturbed"]


@dataclass(frozen=True, slots=True)
class Perturbed:
    """A published number with noise. It is no ``Count``: exact and perturbed cells do not fit in one table."""

    value: int


@dataclass(frozen=True, slots=True)
class Noise:
    """The table of noise. ``steps`` are the changes, -D to D.

    ``weights`` has a row per count from 0 to ``cap`` (larger counts use the last) and says for how many of the 2**32
    keys each change is made. The mean is nought to within D in 2**32, no count from 1 to threshold - 1 comes out, and
    nought stays nought. The variance is V, or the nearest to V that these rules allow for a small count.
    """

    threshold: int
    steps: Ints = field(repr=False)
    weights: Ints = field(repr=False)

    @property
    def cap(self) -> int:
        """Return the count from which on all counts get the same noise."""
        return len(self.weights) - 1

    def of(self, count: int, key: int) -> int:
        """Return the change of a count whose cell has this key."""
        row = np.cumsum(self.weights[min(count, self.cap)])
        return int(self.steps[np.searchsorted(row, key, side="right")])


def noise(*, largest: int, variance: float, threshold: int = 5) -> Noise:
    """Make the table of noise with the largest entropy, for D = ``largest`` and V = ``variance``.

    Raises DisclosureInputError when D is too small to bring every small count to nought or the threshold, or V is
    not between nought and D squared.
    """
    if threshold < 2 or largest < threshold - 1 or not 0 < variance < largest**2:
        raise DisclosureInputError(
            nl="Ruis vraagt een drempel van ten minste 2, een grootste afwijking van ten minste de drempel min 1, en "
            "een variantie tussen 0 en het kwadraat van die afwijking.",
            en="Noise takes a threshold of at least 2, a largest change of at least the threshold less 1, and a "
            "variance between 0 and the square of that change.",
        )
    steps = np.arange(-largest, largest + 1, dtype=np.int64)
    weights = [_row(count, steps, variance, threshold) for count in range(largest + threshold + 1)]
    return Noise(threshold, steps, np.array(weights, dtype=np.int64))


def record_key(secret: bytes, record: str) -> int:
    """Return the key of a record, 0 to 2**32 - 1: HMAC-SHA256 of its id under the secret."""
    if len(secret) < SECRET:
        raise DisclosureInputError(
            nl=f"Het geheim moet ten minste {SECRET} bytes lang zijn.",
            en=f"The secret must be at least {SECRET} bytes long.",
        )
    return int.from_bytes(hmac.digest(secret, record.encode(), hashlib.sha256), "big") % KEYS


def perturbed(cells: Mapping[CellKey, Collection[int]], table: Noise) -> dict[CellKey, Perturbed]:
    """Return the published number of every cell, from the keys of the records in it, each record once."""
    return {
        cell: Perturbed(len(keys) + table.of(len(keys), sum(keys) % KEYS) if keys else 0)
        for cell, keys in cells.items()
    }


def one_treatment(published: Iterable[tuple[CellKey, Treatment]]) -> None:
    """Refuse numbers of one population that are published in more than one way, whatever table they stand in.

    Tables of one population count the same deaths, so they overlap even where they share no cell. Raises
    DisclosureInputError with the population.
    """
    seen: dict[str, Treatment] = {}
    for cell, treatment in published:
        if seen.setdefault(cell.population, treatment) != treatment:
            raise DisclosureInputError(
                nl=f"Van {cell.population} worden getallen op twee manieren gepubliceerd; kies er een.",
                en=f"Numbers of {cell.population} are published in two ways; choose one.",
            )


def _row(count: int, steps: Ints, variance: float, threshold: int) -> Ints:
    """Return for how many keys each change is made of this count."""
    weights = np.zeros(len(steps), dtype=np.int64)
    if count == 0:
        weights[steps == 0] = KEYS
        return weights
    after = count + steps
    allowed = np.flatnonzero((after == 0) | (after >= threshold))
    weights[allowed] = _whole(_chances(steps[allowed], variance))
    return weights


def _chances(steps: Ints, variance: float) -> Floats:
    """Return the chances with mean nought, this variance or the nearest possible, and the largest entropy."""
    near = int(steps[steps <= 0].max()), int(steps[steps >= 0].min())
    far = int(steps.min()), int(steps.max())
    if -near[0] * near[1] >= variance:
        return _two(steps, *near)
    if -far[0] * far[1] <= variance:
        return _two(steps, *far)
    return _balanced(steps.astype(float), variance)


def _two(steps: Ints, low: int, high: int) -> Floats:
    """Return the chances of two changes that balance each other."""
    chances = np.zeros(len(steps))
    chances[steps == low] = high / (high - low)
    chances[steps == high] = -low / (high - low)
    return chances


def _balanced(steps: Floats, variance: float) -> Floats:
    """Solve for exp(a x + b x^2) with these moments: Newton's method on a convex function, with shorter steps."""
    size = float(np.abs(steps).max())
    features = np.stack([steps / size, (steps**2 - variance) / size**2])
    slopes = np.zeros(2)

    def height(at: Floats) -> float:
        powers = at @ features
        return float(powers.max() + np.log(np.exp(powers - powers.max()).sum()))

    for _ in range(TURNS):
        powers = slopes @ features
        chances = np.exp(powers - powers.max())
        chances /= chances.sum()
        moments = features @ chances
        if np.abs(moments).max() < EXACT:
            return np.asarray(chances, dtype=np.float64)
        curve = (features * chances) @ features.T - np.outer(moments, moments)
        turn = np.linalg.solve(curve + 1e-14 * np.eye(2), moments)
        length, low = 1.0, height(slopes) + ROUNDING
        while length > 1e-6 and height(slopes - length * turn) > low - length * (moments @ turn) / 4:
            length /= 2
        slopes = slopes - length * turn
    raise DisclosureInputError(
        nl="Bij deze afwijking en variantie is geen ruis te maken; kies een variantie verder van haar grenzen.",
        en="No noise can be made for this change and variance; choose a variance farther from its limits.",
    )


def _whole(chances: Floats) -> Ints:
    """Return whole weights that add up to 2**32, nearest to the chances; ties go to the first."""
    exact = chances * KEYS
    weights = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - weights), kind="stable")
    weights[order[: KEYS - int(weights.sum())]] += 1
    return weights
