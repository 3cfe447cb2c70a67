"""The verifier: checks a claim of protection from its own text, in whole numbers, without a solver.

It imports nothing of this room and repeats none of its shortcuts. A claim holds every cell with its true value, so
it is as secret as the register.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Row = tuple[tuple[int, int], ...]
Sentences = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """That no unsafe cell can be computed, with the evidence.

    Per cell: ``values`` (true counts), ``printed`` (published or suppressed somewhere), ``guarded`` (the threshold
    applies), ``impossible`` (known to be empty), ``hidden`` (of the printed ones, those suppressed), ``sensitive``
    (unsafe whatever its count; nothing at all where no cell is).
    ``equations`` and ``inequalities``: rows of (cell, coefficient) that add up to nought, and to nought or more, in
    every register. ``witnesses``: other registers, each as (cell, change) pairs.
    """

    threshold: int
    zeros: str
    attacker: str
    values: tuple[int, ...] = field(repr=False)
    printed: tuple[bool, ...] = field(repr=False)
    guarded: tuple[bool, ...] = field(repr=False)
    impossible: tuple[bool, ...] = field(repr=False)
    hidden: tuple[bool, ...] = field(repr=False)
    equations: tuple[Row, ...] = field(repr=False)
    inequalities: tuple[Row, ...] = field(repr=False)
    witnesses: tuple[Row, ...] = field(repr=False)
    sensitive: tuple[bool, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome; ``reasons`` are (Dutch, English) sentences without any count, empty when the claim holds."""

    holds: bool
    reasons: Sentences


def verify(claim: Claim) -> Verdict:
    """Check a claim; it holds only when every unsafe cell is hidden and differs in at least one proven witness."""
    reasons = list(_shape(claim))
    if not reasons:
        reasons = [*_truth(claim), *_publication(claim), *_fates(claim), *_witnesses(claim)]
    return Verdict(holds=not reasons, reasons=tuple(dict.fromkeys(reasons)))


def _shape(claim: Claim) -> Iterator[tuple[str, str]]:
    size = len(claim.values)
    flags = (claim.printed, claim.guarded, claim.impossible, claim.hidden)
    if any(len(flag) != size for flag in flags) or len(claim.sensitive) not in (0, size):
        yield "De bewering is onvolledig: niet elke cel is beschreven.", "The claim does not describe every cell."
    rows = (*claim.equations, *claim.inequalities, *claim.witnesses)
    if any(not 0 <= cell < size for row in rows for cell, _ in row):
        yield "Een regel of tabel noemt een cel die er niet is.", "A rule or table names a cell that does not exist."
    numbers = (*claim.values, *(factor for row in rows for _, factor in row))
    if any(type(number) is not int for number in numbers):
        yield "De bewering bevat een getal dat niet geheel is.", "The claim contains a number that is not whole."
    if any(len({cell for cell, _ in row}) < len(row) for row in rows):
        yield "Een regel of tabel noemt een cel twee keer.", "A rule or table names a cell twice."
    known = claim.zeros in ("visible", "hidden") and claim.attacker in ("A1", "A2") and claim.threshold >= 2
    if not known:
        yield "Dit beleid is onbekend of beschermt niets.", "This policy is unknown or protects nothing."


def _truth(claim: Claim) -> Iterator[tuple[str, str]]:
    """The counts themselves must obey every rule."""
    if any(value < 0 for value in claim.values):
        yield "Een telling is negatief.", "A count is negative."
    if any(value and empty for value, empty in zip(claim.values, claim.impossible, strict=True)):
        yield "Een onmogelijke cel is niet leeg.", "An impossible cell is not empty."
    if any(_sum(row, claim.values) != 0 for row in claim.equations):
        yield "De tellingen tellen niet op.", "The counts do not add up."
    if any(_sum(row, claim.values) < 0 for row in claim.inequalities):
        yield "De tellingen overtreden een ongelijkheid.", "The counts break an inequality."


def _publication(claim: Claim) -> Iterator[tuple[str, str]]:
    """No unsafe cell is published; what everyone knows to be nought is not called hidden."""
    for cell, value in enumerate(claim.values):
        shown = claim.printed[cell] and not claim.hidden[cell]
        if shown and _sensitive(claim, cell):
            yield "Een cel die een regel beschermt, wordt gepubliceerd.", "A cell that a rule protects is published."
        if shown and claim.guarded[cell] and 0 < value < claim.threshold:
            yield "Een te klein aantal wordt gepubliceerd.", "A count that is too small is published."
        if claim.hidden[cell] and not claim.printed[cell]:
            yield "Een cel die nergens staat, heet onderdrukt.", "A cell that is printed nowhere is called suppressed."
        if claim.hidden[cell] and _public_zero(claim, cell):
            yield "Een zichtbare nul heet onderdrukt.", "A zero that everyone sees is called suppressed."


def _fates(claim: Claim) -> Iterator[tuple[str, str]]:
    """Two printed cells that are equal to every reader are both hidden or both published."""
    for row in claim.equations:
        left = [(cell, factor) for cell, factor in row if not _public_zero(claim, cell)]
        equal = len(left) == 2 and left[0][1] == -left[1][1] and all(claim.printed[cell] for cell, _ in left)
        if equal and claim.hidden[left[0][0]] != claim.hidden[left[1][0]]:
            yield "Van twee gelijke cellen is er een verborgen.", "Of two equal cells one is hidden."


def _witnesses(claim: Claim) -> Iterator[tuple[str, str]]:
    """Every witness is a register that fits all that is published, and together they move every unsafe cell."""
    equations, inequalities = _by_cell(claim.equations), _by_cell(claim.inequalities)
    moved: set[int] = set()
    for witness in claim.witnesses:
        change = {cell: step for cell, step in witness if step}
        moved.update(change)
        for cell, step in change.items():
            fixed = _public_zero(claim, cell) or (claim.printed[cell] and not claim.hidden[cell])
            if fixed:
                yield "Een getuige verandert een gepubliceerde cel.", "A witness changes a published cell."
            elif claim.values[cell] + step < _least(claim, cell):
                yield "Een getuige daalt onder de ondergrens.", "A witness falls below the attacker's bound."
        if any(_change(claim.equations[row], change) for row in _touched(equations, change)):
            yield "Een getuige telt niet op.", "A witness does not add up."
        for row in _touched(inequalities, change):
            terms = claim.inequalities[row]
            if _sum(terms, claim.values) + _change(terms, change) < 0:
                yield "Een getuige overtreedt een ongelijkheid.", "A witness breaks an inequality."
    for cell, value in enumerate(claim.values):
        if claim.guarded[cell] and 0 < value < claim.threshold and cell not in moved:
            yield "Een te klein aantal heeft geen getuige.", "A count that is too small has no witness."
        if _sensitive(claim, cell) and cell not in moved:
            yield "Een cel die een regel beschermt, heeft geen getuige.", "A cell that a rule protects has no witness."


def _sensitive(claim: Claim, cell: int) -> bool:
    return bool(claim.sensitive) and claim.sensitive[cell]


def _public_zero(claim: Claim, cell: int) -> bool:
    visible = claim.zeros == "visible" and claim.printed[cell] and claim.values[cell] == 0
    return claim.impossible[cell] or visible


def _least(claim: Claim, cell: int) -> int:
    return 1 if claim.attacker == "A2" and claim.printed[cell] and claim.values[cell] > 0 else 0


def _sum(row: Row, values: tuple[int, ...]) -> int:
    return sum(factor * values[cell] for cell, factor in row)


def _change(row: Row, change: dict[int, int]) -> int:
    return sum(factor * change.get(cell, 0) for cell, factor in row)


def _by_cell(rows: Iterable[Row]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        for cell, _ in row:
            places.setdefault(cell, []).append(number)
    return places


def _touched(places: dict[int, list[int]], change: dict[int, int]) -> list[int]:
    return sorted({row for cell in change for row in places.get(cell, ())})
