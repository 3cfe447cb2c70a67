"""Counting substances among the deaths whose toxicology is known, and among the others.

Both add up to all deaths, so what a reader finds by taking one from the other is a cell like any other.
"""

from collections import Counter
from collections.abc import Iterator

from register.coding.attribution import Attribution
from register.disclosure import Dimension, Table
from register.disclosure.cube import Codes
from register.reporting import codelists as codes
from register.reporting.codelists import FINAL, NOT_FINAL, PRIMARY_GROUPS, TOTAL, UNKNOWN
from register.reporting.extract import Death

Counted = list[tuple[Death, Attribution]]
# The one main group that stands beside the groups of the agency: opioids together.
BESIDE = PRIMARY_GROUPS[0].code
STATES = Dimension.flat("tox", (FINAL, NOT_FINAL))


def known(death: Death) -> str:
    """Whether the toxicology of a death is known: there is a final result."""
    return FINAL if death.tox == FINAL else NOT_FINAL


def tabulated(
    counted: Counted, groups: dict[str, frozenset[str]], *, definition: str, periods: Dimension
) -> Iterator[Table]:
    """By group of the agency, by number of substances, and opioids together; ``groups`` are those of the agency."""
    rows = [(str(death.year), known(death), where) for death, where in counted]
    numbers = Dimension.flat("number", [one.code for one in codes.numbers() if one.code != TOTAL])
    by_number: Counter[Codes] = Counter(
        (year, state, codes.number_of(len(where.any_substances))) for year, state, where in rows
    )
    yield Table("T13 tox", definition, (periods, STATES, numbers), by_number)
    of_substance = {substance: code for code, members in groups.items() for substance in members}
    listed = Dimension.listed("euda_group", tuple(groups))
    by_group: Counter[Codes] = Counter(
        (year, state, code)
        for year, state, where in rows
        for code in {of_substance[one] for one in where.any_substances if one in of_substance}
    )
    yield Table("T5 EUDA tox", definition, (periods, STATES, listed), by_group, "any", "euda_group")
    main = Dimension.listed("group", (BESIDE, UNKNOWN))
    with_any: Counter[Codes] = Counter(
        (year, state, code)
        for year, state, where in rows
        for code in ((BESIDE,) if BESIDE in where.any_primary else () if where.any_substances else (UNKNOWN,))
    )
    yield Table("T4 tox", definition, (periods, STATES, main), with_any, "any", "group")
    alone: Counter[Codes] = Counter(
        (year, state, BESIDE) for year, state, where in rows if where.sole_primary == BESIDE
    )
    yield Table("T4 tox", definition, (periods, STATES, Dimension.listed("group", (BESIDE,))), alone, "sole", "group")
