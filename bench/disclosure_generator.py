"""Larger tables of the family of the reference instances: E, F and G, made with a seed into a folder.

Deaths are drawn one by one, each dimension by itself: regions by shares from a Dirichlet distribution, sex 72 to 28,
years evenly, the others skewed. The hierarchies are those of the reference instances B and D; G has years as well.
"""

from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np

SEED: Final = 1
SHAPES: Final = {  # deaths, dimensions
    "E": (3_000, ("region", "age", "substance", "manner")),
    "F": (8_000, ("region", "age", "substance", "manner", "sex")),
    "G": (20_000, ("region", "age", "substance", "manner", "sex", "year")),
}
YEARS: Final = {"_T": "", **{f"y{number}": "_T" for number in range(1, 6)}}


def write(name: str, reference: Path, place: Path) -> Path:
    """Write one of the tables as an instance below ``place``; hierarchies are read from the ``reference`` instances."""
    deaths, dimensions = SHAPES[name]
    trees = {**_trees(reference / "B"), **_trees(reference / "D"), "year": YEARS}
    random = np.random.default_rng(SEED)
    drawn = []
    for dimension in dimensions:
        above = trees[dimension]
        leaves = [code for code in above if code not in above.values()]
        drawn.append(random.choice(leaves, size=deaths, p=_shares(dimension, len(leaves), random)))
    counts = Counter(zip(*(column.tolist() for column in drawn), strict=True))
    folder = place / name
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{dimension},{code},{above}" for dimension in dimensions for code, above in trees[dimension].items()]
    _lines(folder / "hierarchies.csv", ["dimension,code,parent", *rows])
    _lines(folder / "counts.csv", [",".join((*dimensions, "count")), *_counted(counts)])
    return folder


def _counted(counts: Counter[tuple[str, ...]]) -> list[str]:
    return [",".join((*codes, str(count))) for codes, count in sorted(counts.items())]


def _shares(dimension: str, size: int, random: np.random.Generator) -> np.ndarray:
    match dimension:
        case "sex":
            return np.array([0.72, 0.28])
        case "region":
            return random.dirichlet(np.full(size, 2.0))
        case "year":
            return np.full(size, 1 / size)
    skewed = 1 / np.arange(1, size + 1)
    return skewed / skewed.sum()


def _trees(folder: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in (folder / "hierarchies.csv").read_text(encoding="utf-8").splitlines()[1:]:
        dimension, code, above = line.split(",")
        found.setdefault(dimension, {})[code] = above
    return found


def _lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
