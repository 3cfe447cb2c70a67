"""A table as a folder of two files: ``counts.csv`` with the counts of its leaves, ``hierarchies.csv`` with its sums."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from register.disclosure.arrays import Flags, Ints
from register.disclosure.cells import TOTAL, DisclosureInputError

COUNTS: Final = "counts.csv"
HIERARCHIES: Final = "hierarchies.csv"
MOST_CELLS: Final = 5_000_000
LARGEST: Final = 10**9
MOST_COUNTED: Final = 2**34  # in all; the verifier takes no larger number
RESERVED: Final = ("count", "value", "status")  # other columns of the files are called so

DIGITS: Final = 20
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Side:
    """One dimension: codes in the order of the file, and which codes are sums of which.

    ``sums`` holds (parent, parts) as positions in ``codes``; ``leaf_positions`` the codes that are nobody's parent;
    ``members`` is 1 where a code (row) holds a leaf (column); ``doubles`` flags a code with leaves seen before.
    """

    name: str
    codes: tuple[str, ...]
    sums: tuple[tuple[int, tuple[int, ...]], ...]
    leaf_positions: Ints = field(repr=False)
    members: Ints = field(repr=False)
    doubles: Flags = field(repr=False)

    def answers(self, group: int, but: int) -> tuple[int, ...]:
        """Return the codes of which a group of all but ``but`` may be; each code of the group's leaves but itself.

        Where nobody may be left the codes directly below are enough: what is left at a deeper level is what is left
        here and there, so it is known to be nobody only where each is.
        """
        below = [parts for parent, parts in self.sums if parent == group and len(parts) > 1]
        if not below or not but:
            return tuple(part for parts in below for part in parts)
        mine = self.members[group]
        inside = (self.members <= mine).all(axis=1) & (self.members < mine).any(axis=1)
        return tuple(np.flatnonzero(inside).tolist())


@dataclass(frozen=True, slots=True)
class Instance:
    """A table of counts: ``counts`` maps positions among each dimension's leaves to a count above nought.

    ``digests`` are the SHA-256 of the two files.
    """

    sides: tuple[Side, ...]
    counts: dict[tuple[int, ...], int] = field(repr=False)
    digests: dict[str, str] = field(repr=False)

    def tensor(self) -> Ints:
        """Return the counts of all leaves, one axis per dimension."""
        cells = np.zeros([len(side.leaf_positions) for side in self.sides], dtype=np.int64)
        for at, count in self.counts.items():
            cells[at] = count
        return cells


def read_instance(folder: Path) -> Instance:
    """Read an instance. Raises DisclosureInputError with the file and the line of the first thing that is wrong."""
    hierarchies, first = _lines(folder / HIERARCHIES)
    sides = tuple(_sides(hierarchies))
    cells = int(np.prod([len(side.codes) for side in sides], dtype=object))
    if cells > MOST_CELLS:
        raise bad(
            HIERARCHIES,
            1,
            f"de tabel heeft {cells} cellen; het zijn er ten hoogste {MOST_CELLS}",
            f"the table has {cells} cells; at most {MOST_CELLS} are allowed",
        )
    counts, second = _lines(folder / COUNTS)
    found = _counts(counts, sides)
    if (total := sum(found.values())) > MOST_COUNTED:
        raise bad(COUNTS, 0, f"de tellingen zijn samen {total}, meer dan {MOST_COUNTED}",
                   f"the counts are {total} together, above {MOST_COUNTED}")  # fmt: skip
    return Instance(sides, found, {COUNTS: second, HIERARCHIES: first})


def files_of(folder: Path) -> tuple[Path, Path]:
    """Return the two files of an instance."""
    return folder / COUNTS, folder / HIERARCHIES


def read_keys(path: Path, sides: Sequence[Side]) -> set[tuple[int, ...]]:
    """Read a list of cells, one column per dimension with a code of any level, as positions in the codes."""
    return {at for _, at, _ in read_cells(path, sides, ())}


def read_cells(
    path: Path, sides: Sequence[Side], columns: Sequence[str], *, any_code: str | None = None
) -> Iterator[tuple[int, tuple[int, ...], list[str]]]:
    """Yield line, positions and the further ``columns`` of a list of cells; ``any_code`` stands for every code (-1)."""
    lines, _ = _lines(path)
    _expect(path.name, lines[0][1], [*(side.name for side in sides), *columns])
    for number, row in _rows(path.name, lines, len(sides) + len(columns)):
        codes, rest = row[: len(sides)], row[len(sides) :]
        at = [-1 if c == any_code else _position(path.name, number, s, c) for s, c in zip(sides, codes, strict=True)]
        yield number, tuple(at), rest


def _lines(path: Path) -> tuple[list[Line], str]:
    """Return the numbered lines of a file, split at commas, and its SHA-256."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise bad(path.name, 0, "het bestand is niet te lezen", "the file cannot be read") from error
    if content.startswith(b"\xef\xbb\xbf"):
        raise bad(path.name, 1, "het bestand begint met een BOM; sla het op als UTF-8 zonder BOM",
                   "the file begins with a BOM; save it as UTF-8 without one")  # fmt: skip
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise bad(path.name, line, "dit is geen UTF-8", "this is not UTF-8") from error
    if found := CONTROL.search(text.replace("\r\n", " \n")):
        line = text[: found.start()].count("\n") + 1
        raise bad(path.name, line, "een stuurteken hoort hier niet; regels eindigen op LF of CRLF",
                   "a control character does not belong here; lines end in LF or CRLF")  # fmt: skip
    lines = [(number, line.rstrip("\r").split(",")) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise bad(path.name, 1, "het bestand is leeg", "the file is empty")
    if ";" in text.split("\n", 1)[0]:
        raise bad(path.name, 1, "kolommen zijn met puntkomma's gescheiden; gebruik komma's",
                   "columns are separated by semicolons; use commas")  # fmt: skip
    if '"' in text:
        line = text[: text.index('"')].count("\n") + 1
        raise bad(path.name, line, "aanhalingstekens horen hier niet", "quotation marks do not belong here")
    return lines, hashlib.sha256(content).hexdigest()


def _expect(name: str, header: list[str], wanted: list[str]) -> None:
    if header != wanted:
        raise bad(name, 1, f"de kopregel moet {','.join(wanted)} zijn", f"the header must be {','.join(wanted)}")


def _rows(name: str, lines: list[Line], columns: int) -> Iterator[Line]:
    for number, row in lines[1:]:
        if len(row) != columns:
            raise bad(name, number, f"{len(row)} kolommen in plaats van {columns}",
                       f"{len(row)} columns instead of {columns}")  # fmt: skip
        yield number, row


def _sides(lines: list[Line]) -> Iterator[Side]:
    _expect(HIERARCHIES, lines[0][1], ["dimension", "code", "parent"])
    parents: dict[str, dict[str, str]] = {}
    places: dict[tuple[str, str], int] = {}
    for number, (dimension, code, parent) in _rows(HIERARCHIES, lines, 3):
        if not dimension or not code:
            raise bad(HIERARCHIES, number, "dimensie of code ontbreekt", "the dimension or the code is missing")
        if (dimension, code) in places:
            raise bad(HIERARCHIES, number, f"code {code} van {dimension} staat er twee keer",
                       f"code {code} of {dimension} occurs twice")  # fmt: skip
        places[dimension, code] = number
        parents.setdefault(dimension, {})[code] = parent
    if not parents:
        raise bad(HIERARCHIES, 1, "er is geen dimensie", "there is no dimension")
    for name in (name for name in RESERVED if name in parents):
        raise bad(HIERARCHIES, places[name, next(iter(parents[name]))], f"een dimensie mag geen {name} heten",
                   f"a dimension may not be called {name}")  # fmt: skip
    for dimension, above in parents.items():
        yield _side(dimension, above, {code: places[dimension, code] for code in above})


def _side(name: str, above: dict[str, str], line: dict[str, int]) -> Side:
    roots = [code for code, parent in above.items() if not parent]
    if not roots:
        raise bad(HIERARCHIES, line[next(iter(above))], f"{name} heeft geen wortel _T", f"{name} has no root _T")
    if len(roots) > 1:
        raise bad(HIERARCHIES, line[roots[1]], f"{name} heeft twee wortels", f"{name} has two roots")
    if roots[0] != TOTAL:
        raise bad(HIERARCHIES, line[roots[0]], f"de wortel van {name} moet _T heten", f"the root of {name} must be _T")
    for code, parent in above.items():
        if parent and parent not in above:
            raise bad(HIERARCHIES, line[code], f"{name} heeft geen code {parent}", f"{name} has no code {parent}")
    for code in above:
        seen, at = {code}, above[code]
        while at:
            if at in seen:
                raise bad(
                    HIERARCHIES, line[code], f"{name} bevat een kring bij {code}", f"{name} has a cycle at {code}"
                )
            seen.add(at)
            at = above[at]
    return side(name, above)


def side(name: str, above: dict[str, str]) -> Side:
    """Make a dimension from code to parent, in the order of the codes; the root has no parent."""
    codes = tuple(above)
    place = {code: number for number, code in enumerate(codes)}
    parts: dict[int, list[int]] = {}
    for code, parent in above.items():
        if parent:
            parts.setdefault(place[parent], []).append(place[code])
    leaves = np.array([number for number in range(len(codes)) if number not in parts], dtype=np.int64)
    members = np.zeros((len(codes), len(leaves)), dtype=np.int64)
    for column, leaf in enumerate(leaves.tolist()):
        at = codes[leaf]
        while at:
            members[place[at], column] = 1
            at = above[at]
    _, firsts = np.unique(members, axis=0, return_index=True)
    doubles = np.ones(len(codes), dtype=bool)
    doubles[firsts] = False
    sums = tuple((parent, tuple(children)) for parent, children in sorted(parts.items()))
    return Side(name, codes, sums, leaves, members, doubles)


def _counts(lines: list[Line], sides: tuple[Side, ...]) -> dict[tuple[int, ...], int]:
    _expect(COUNTS, lines[0][1], [*(side.name for side in sides), "count"])
    leaf_of = [{int(code): leaf for leaf, code in enumerate(side.leaf_positions)} for side in sides]
    found: dict[tuple[int, ...], int] = {}
    totals: dict[tuple[int, ...], tuple[int, int]] = {}
    seen: set[tuple[int, ...]] = set()
    for number, row in _rows(COUNTS, lines, len(sides) + 1):
        at = tuple(_position(COUNTS, number, side, code) for side, code in zip(sides, row, strict=False))
        if at in seen:
            raise bad(COUNTS, number, f"{'/'.join(row[:-1])} staat er twee keer", f"{'/'.join(row[:-1])} occurs twice")
        seen.add(at)
        count = _whole(number, row[-1])
        if all(code in leaves for code, leaves in zip(at, leaf_of, strict=True)):
            if count:
                found[tuple(leaves[code] for code, leaves in zip(at, leaf_of, strict=True))] = count
        else:
            totals[at] = number, count
    for at, (number, count) in totals.items():
        under = [side.members[code] for side, code in zip(sides, at, strict=True)]
        total = sum(
            value for leaf, value in found.items() if all(row[place] for row, place in zip(under, leaf, strict=True))
        )
        if total != count:
            raise bad(
                COUNTS, number, "dit totaal is niet de som van zijn delen", "this total is not the sum of its parts"
            )
    return dict(sorted(found.items()))


def _position(name: str, number: int, side: Side, code: str) -> int:
    if code not in side.codes:
        raise bad(name, number, f"{side.name} heeft geen code {code or '(leeg)'}",
                   f"{side.name} has no code {code or '(empty)'}")  # fmt: skip
    return side.codes.index(code)


def _whole(number: int, text: str) -> int:
    # Thousands of digits are no number to Python either, and no sentence repeats them.
    if text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text) > LARGEST:
        raise bad(COUNTS, number, f"de telling {text} is groter dan {LARGEST}", f"the count {text} is above {LARGEST}")
    if not text.isascii() or not text.isdigit() or len(text) > DIGITS:
        told = text if len(text) <= DIGITS else f"{text[:DIGITS]}…"
        raise bad(COUNTS, number, f"de telling {told or '(leeg)'} is geen geheel getal van 0 of hoger",
                   f"the count {told or '(empty)'} is not a whole number of 0 or more")  # fmt: skip
    return int(text)


def bad(name: str, line: int, nl: str, en: str) -> DisclosureInputError:
    if not line:
        return DisclosureInputError(nl=f"{name}: {nl}.", en=f"{name}: {en}.")
    return DisclosureInputError(nl=f"{name}, regel {line}: {nl}.", en=f"{name}, line {line}: {en}.")
