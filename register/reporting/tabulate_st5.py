"""Counting what ST5 asks: substances among the deaths whose toxicology is known, and intent and toxicology by sex.

Known and unknown toxicology add up to all deaths, so what a reader finds by taking one from the other is a cell like
any other. What is told two by two is also counted together, which nobody prints, so that no alternative is taken for
possible which no register could have.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from register.coding.attribution import Attribution
from register.disclosure import Dimension, Table
from register.disclosure.cube import Codes
from register.reporting import codelists as codes
from register.reporting.codelists import FINAL, NOT_FINAL, PRIMARY_GROUPS, TOTAL, UNKNOWN
from register.reporting.extract import Death

Counted = Sequence[tuple[Death, Attribution]]
Groups = dict[str, frozenset[str]]
Row = tuple[str, str, Attribution]
# The one main group that stands beside the groups of the agency: opioids together.
BESIDE = PRIMARY_GROUPS[0].code
STATES = Dimension.flat("tox", (FINAL, NOT_FINAL))


def known(death: Death) -> str:
    """Whether the toxicology of a death is known: there is a final result."""
    return FINAL if death.tox == FINAL else NOT_FINAL


def tabulated(counted: Counted, groups: Groups, *, definition: str, periods: Dimension) -> Iterator[Table]:
    """All that ST5 asks beside what is counted for the monitor; ``groups`` are those of the agency."""
    about = definition, periods
    sexes, ages, intents, numbers, main = (
        Dimension.flat(name, [one.code for one in known_ if one.code != TOTAL])
        for name, known_ in (
            ("sex", codes.sexes()),
            ("age", codes.ages(codes.NDM_BANDS)),
            ("intent", codes.values("VS-INTENT")),
            ("number", codes.numbers()),
            ("group", (codes.ALL, *PRIMARY_GROUPS, codes.NO_SUBSTANCE)),
        )
    )
    by_state = [(str(death.year), known(death), where) for death, where in counted]
    by_sex = [(str(death.year), death.sex, where) for death, where in counted]
    yield _by_group(by_state, groups, about, STATES)
    for rows, halves in ((by_state, STATES), (by_sex, sexes)):
        yield from _opioids(rows, about, halves)
        yield _numbered(rows, about, halves, numbers)
    told = [
        (str(death.year), death.sex, known(death), death.intent, _number(where), where.primary_group or UNKNOWN)
        for death, where in counted
    ]
    yield _table("T10 sex", about, (sexes, STATES), ((year, sex, state) for year, sex, state, *_ in told))
    yield _table("T6 sex", about, (intents, sexes), ((year, intent, sex) for year, sex, _, intent, *_ in told))
    aged = [
        (str(death.year), codes.band_of(death.age_known, codes.NDM_BANDS), death.sex, _number(where))
        for death, where in counted
    ]
    yield _table("T13 age", about, (ages, numbers), ((year, age, number) for year, age, _, number in aged))
    yield _table("T13 ages", about, (ages, sexes, numbers), aged, printed=False)
    together = ((year, sex, state, number) for year, sex, state, _, number, _ in told)
    yield _table("T13 people", about, (sexes, STATES, numbers), together, printed=False)
    once: Counter[Codes] = Counter((year, intent, sex, group) for year, sex, _, intent, _, group in told)
    yield Table("T6 people", definition, (periods, intents, sexes, main), once, "hierarchical", "group", printed=False)


def _by_group(rows: Sequence[Row], groups: Groups, about: tuple[str, Dimension], halves: Dimension) -> Table:
    definition, periods = about
    of_substance = {substance: code for code, members in groups.items() for substance in members}
    counts: Counter[Codes] = Counter(
        (year, half, code)
        for year, half, where in rows
        for code in {of_substance[one] for one in where.any_substances if one in of_substance}
    )
    listed = Dimension.listed("euda_group", tuple(groups))
    return Table(f"T5 EUDA {halves.name}", definition, (periods, halves, listed), counts, "any", "euda_group")


def _opioids(rows: Sequence[Row], about: tuple[str, Dimension], halves: Dimension) -> Iterator[Table]:
    """Opioids together, and alone; and the deaths without any substance, which other tables tell too."""
    definition, periods = about
    name = f"T4 opioid {halves.name}"
    listed, alone = (Dimension.listed("group", held) for held in ((BESIDE, UNKNOWN), (BESIDE,)))
    with_any: Counter[Codes] = Counter(
        (year, half, code)
        for year, half, where in rows
        for code in ((BESIDE,) if BESIDE in where.any_primary else () if where.any_substances else (UNKNOWN,))
    )
    yield Table(name, definition, (periods, halves, listed), with_any, "any", "group")
    soles: Counter[Codes] = Counter((year, half, BESIDE) for year, half, where in rows if where.sole_primary == BESIDE)
    yield Table(name, definition, (periods, halves, alone), soles, "sole", "group")


def _numbered(rows: Sequence[Row], about: tuple[str, Dimension], halves: Dimension, numbers: Dimension) -> Table:
    found = ((year, half, _number(where)) for year, half, where in rows)
    return _table(f"T13 {halves.name}", about, (halves, numbers), found)


def _number(where: Attribution) -> str:
    return codes.number_of(len(where.any_substances))


def _table(
    name: str,
    about: tuple[str, Dimension],
    dimensions: tuple[Dimension, ...],
    found: Iterable[Codes],
    *,
    printed: bool = True,
) -> Table:
    definition, periods = about
    return Table(name, definition, (periods, *dimensions), Counter(found), printed=printed)
